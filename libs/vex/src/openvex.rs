//! OpenVEX 0.2.0, read (0.0.1 as well) and written.

use lenient::{Context, Map, Value, mismatch};
use serde_json::json;

use crate::mapping::{Losses, Written, expand, justification_bent, nuance_lost, to_five};
use crate::model::{Document, Format, Justification, Product, Statement, Status, Vulnerability};
use crate::value::{list, put, text, texts, time};

const CONTEXT: &str = "https://openvex.dev/ns/v0.2.0";

pub(crate) fn read(value: &Value, context: &mut Context) -> Document {
    for name in ["@context", "@id", "author", "timestamp", "version"] {
        if value.get(name).is_none() {
            context.error("missing-property", format!("the property “{name}” is missing"));
        }
    }
    let version = match value.get("version") {
        Some(Value::Number(number)) => number.as_u64().unwrap_or(0),
        Some(Value::String(text)) => text.parse().unwrap_or(0),
        _ => 0,
    };
    let mut document = Document {
        format: Some(Format::OpenVex),
        id: text(value, "@id", context),
        author: text(value, "author", context),
        author_role: text(value, "role", context),
        tooling: text(value, "tooling", context),
        timestamp: time(value, "timestamp", context),
        last_updated: time(value, "last_updated", context),
        version,
        ..Document::default()
    };
    let statements = list(value, "statements", context);
    if statements.is_empty() {
        context.error("missing-property", "the document has no statements");
    }
    for (index, item) in statements.iter().enumerate() {
        context.at("statements", |context| {
            context.at(index, |context| {
                if item.is_object() {
                    document.statements.push(statement(item, context));
                } else {
                    mismatch("a statement", item, context);
                }
            });
        });
    }
    document
}

fn statement(value: &Value, context: &mut Context) -> Statement {
    let status = text(value, "status", context);
    let known = status.as_deref().and_then(Status::from_text);
    if let (Some(status), None) = (&status, known) {
        let short: String = status.chars().take(60).collect();
        context.error("value", format!("“{short}” is not a status of OpenVEX"));
    }
    let justification = text(value, "justification", context);
    let known_justification =
        justification.as_deref().and_then(Justification::from_text).filter(|known| to_five(*known).1);
    if let (Some(justification), None) = (&justification, known_justification) {
        let short: String = justification.chars().take(60).collect();
        context.error("value", format!("“{short}” is not a justification of OpenVEX"));
    }
    let products = list(value, "products", context);
    Statement {
        id: text(value, "@id", context),
        vulnerability: vulnerability(value, context),
        products: products.iter().map(|item| product(item, context)).collect(),
        status: known,
        status_notes: text(value, "status_notes", context),
        justification: known_justification,
        impact_statement: text(value, "impact_statement", context),
        action_statement: text(value, "action_statement", context),
        action_timestamp: time(value, "action_statement_timestamp", context),
        supplier: text(value, "supplier", context),
        timestamp: time(value, "timestamp", context),
        last_updated: time(value, "last_updated", context),
        ..Statement::default()
    }
}

fn vulnerability(value: &Value, context: &mut Context) -> Vulnerability {
    match value.get("vulnerability") {
        Some(Value::String(name)) => Vulnerability { name: name.clone(), ..Vulnerability::default() },
        Some(object @ Value::Object(_)) => {
            let id = text(object, "@id", context);
            Vulnerability {
                name: text(object, "name", context).or_else(|| id.clone()).unwrap_or_default(),
                id,
                aliases: texts(object, "aliases", context),
                description: text(object, "description", context),
            }
        }
        _ => Vulnerability::default(),
    }
}

fn product(value: &Value, context: &mut Context) -> Product {
    if let Value::String(id) = value {
        let purl = id.starts_with("pkg:").then(|| id.clone());
        return Product { id: id.clone(), purl, ..Product::default() };
    }
    let empty = Value::Null;
    let identifiers = value.get("identifiers").unwrap_or(&empty);
    let id = text(value, "@id", context);
    let purl = text(identifiers, "purl", context).or_else(|| id.clone().filter(|id| id.starts_with("pkg:")));
    let cpe = text(identifiers, "cpe23", context).or_else(|| text(identifiers, "cpe22", context));
    let hashes = value.get("hashes").and_then(Value::as_object).into_iter().flatten();
    let subcomponents = list(value, "subcomponents", context);
    Product {
        id: id.or_else(|| purl.clone()).or_else(|| cpe.clone()).unwrap_or_default(),
        purl,
        cpe,
        hashes: hashes.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect(),
        subcomponents: subcomponents.iter().map(|item| product(item, context)).collect(),
        ..Product::default()
    }
}

pub(crate) fn write(document: &Document, now: &str) -> Written {
    let mut losses = Losses::default();
    losses.left_out("title", document.title.as_ref());
    losses.left_out("author_namespace", document.author_namespace.as_ref());
    losses.left_out("tlp", document.tlp.as_ref());
    let id = document.id.clone().unwrap_or_else(|| "urn:vex:document".to_owned());
    let id = if id.contains(':') { id } else { format!("urn:vex:{id}") };
    let mut map = Map::new();
    map.insert("@context".to_owned(), CONTEXT.into());
    map.insert("@id".to_owned(), id.into());
    map.insert("author".to_owned(), document.author.clone().unwrap_or_else(|| "Unknown Author".to_owned()).into());
    put(&mut map, "role", document.author_role.as_ref());
    map.insert("timestamp".to_owned(), document.timestamp.clone().unwrap_or_else(|| now.to_owned()).into());
    put(&mut map, "last_updated", document.last_updated.as_ref());
    map.insert("version".to_owned(), document.version.max(1).into());
    put(&mut map, "tooling", document.tooling.as_ref());
    let mut statements: Vec<Value> = Vec::new();
    for (index, statement) in document.statements.iter().enumerate() {
        losses.statement = Some(index);
        if let Some(value) = write_statement(statement, &mut losses) {
            if statements.contains(&value) {
                losses.add("statements", "says the same as one before and was left out");
            } else {
                statements.push(value);
            }
        }
    }
    map.insert("statements".to_owned(), statements.into());
    Written { document: Value::Object(map), losses: losses.list }
}

fn write_statement(statement: &Statement, losses: &mut Losses) -> Option<Value> {
    let Some(status) = statement.status else {
        losses.add("status", "is not known, so that the statement was left out");
        return None;
    };
    nuance_lost(statement.nuance.as_deref(), losses);
    let mut map = Map::new();
    put(&mut map, "@id", statement.id.as_ref().filter(|id| id.contains(':')));
    if statement.id.as_ref().is_some_and(|id| !id.contains(':')) {
        losses.left_out("id", statement.id.as_ref());
    }
    map.insert("vulnerability".to_owned(), write_vulnerability(&statement.vulnerability, losses));
    put(&mut map, "timestamp", statement.timestamp.as_ref());
    put(&mut map, "last_updated", statement.last_updated.as_ref());
    let mut products: Vec<Value> = Vec::new();
    let expanded: Vec<Product> =
        statement.products.iter().flat_map(|product| expand(product, status, losses)).collect();
    for product in expanded {
        let value = write_product(&product, losses);
        if !products.contains(&value) {
            products.push(value);
        }
    }
    if !products.is_empty() {
        map.insert("products".to_owned(), products.into());
    }
    map.insert("status".to_owned(), status.as_str().into());
    put(&mut map, "supplier", statement.supplier.as_ref());
    put(&mut map, "status_notes", statement.status_notes.as_ref());
    if let Some(justification) = statement.justification {
        if status == Status::NotAffected {
            let (word, same) = to_five(justification);
            if !same {
                justification_bent(justification, word.as_str(), losses);
            }
            map.insert("justification".to_owned(), word.as_str().into());
        } else {
            losses.add("justification", "was left out, because the status is another than “not affected”");
        }
    }
    put(&mut map, "impact_statement", statement.impact_statement.as_ref());
    if status == Status::NotAffected && statement.justification.is_none() && statement.impact_statement.is_none() {
        let words = "The supplier gives no reason.";
        map.insert("impact_statement".to_owned(), words.into());
        losses.add("impact_statement", "the format demands a reason and there is none; a sentence says so");
    }
    write_action(statement, status, &mut map, losses);
    Some(Value::Object(map))
}

fn write_action(statement: &Statement, status: Status, map: &mut Map<String, Value>, losses: &mut Losses) {
    let responses: Vec<&str> = statement.responses.iter().map(|response| response.as_str()).collect();
    let action = match (&statement.action_statement, status) {
        (Some(action), _) => {
            if !responses.is_empty() {
                losses.add("responses", format!("have no place in the format: {}", responses.join(", ")));
            }
            Some(action.clone())
        }
        (None, _) if !responses.is_empty() => {
            losses.add("responses", "have no place in the format and became the action statement");
            Some(responses.join(", "))
        }
        (None, Status::Affected) => {
            losses.add("action_statement", "the format demands one and there is none; a sentence says so");
            Some("The supplier names no action.".to_owned())
        }
        (None, Status::NotAffected | Status::Fixed | Status::UnderInvestigation) => None,
    };
    put(map, "action_statement", action.as_ref());
    put(map, "action_statement_timestamp", statement.action_timestamp.as_ref());
}

fn write_vulnerability(vulnerability: &Vulnerability, losses: &mut Losses) -> Value {
    let mut map = Map::new();
    put(&mut map, "@id", vulnerability.id.as_ref().filter(|id| id.contains(':')));
    if vulnerability.id.as_ref().is_some_and(|id| !id.contains(':')) {
        losses.left_out("vulnerability", vulnerability.id.as_ref());
    }
    map.insert("name".to_owned(), vulnerability.name.clone().into());
    put(&mut map, "description", vulnerability.description.as_ref());
    let mut aliases = vulnerability.aliases.clone();
    aliases.sort();
    aliases.dedup();
    if !aliases.is_empty() {
        map.insert("aliases".to_owned(), aliases.into());
    }
    Value::Object(map)
}

/// Names of digests that OpenVEX knows.
const HASHES: [&str; 12] = [
    "md5",
    "sha1",
    "sha-256",
    "sha-384",
    "sha-512",
    "sha3-224",
    "sha3-256",
    "sha3-384",
    "sha3-512",
    "blake2s-256",
    "blake2b-256",
    "blake2b-512",
];

/// The name of a digest as OpenVEX writes it: `SHA-256`, `sha256` and `SHA256` are `sha-256`.
fn hash_name(name: &str) -> Option<&'static str> {
    let bare = |name: &str| name.to_ascii_lowercase().replace(['-', '_'], "");
    HASHES.into_iter().find(|known| bare(known) == bare(name))
}

fn write_product(product: &Product, losses: &mut Losses) -> Value {
    let mut map = Map::new();
    let id = if product.id.contains(':') {
        product.id.clone()
    } else if let Some(purl) = &product.purl {
        purl.clone()
    } else {
        format!("urn:vex:product:{}", product.id.replace(char::is_whitespace, "-"))
    };
    map.insert("@id".to_owned(), id.into());
    if product.name.is_some() && product.purl.is_none() && product.cpe.is_none() {
        losses.add(
            "products",
            format!("the name “{}” has no place in the format; the identifier stays", product.display()),
        );
    }
    let mut identifiers = Map::new();
    put(&mut identifiers, "purl", product.purl.as_ref());
    if let Some(cpe) = &product.cpe {
        let name = if cpe.starts_with("cpe:2.3:") { "cpe23" } else { "cpe22" };
        identifiers.insert(name.to_owned(), cpe.clone().into());
    }
    if !identifiers.is_empty() {
        map.insert("identifiers".to_owned(), identifiers.into());
    }
    let mut hashes = Map::new();
    for (name, value) in &product.hashes {
        match hash_name(name) {
            Some(known) => drop(hashes.insert(known.to_owned(), value.clone().into())),
            None => losses.add("products", format!("the digest {name} is none that the format knows")),
        }
    }
    if !hashes.is_empty() {
        map.insert("hashes".to_owned(), hashes.into());
    }
    let mut parts: Vec<Value> = Vec::new();
    for part in &product.subcomponents {
        if !part.subcomponents.is_empty() {
            losses.add("products", format!("parts of the part “{}” have no place in the format", part.display()));
        }
        let value = write_product(&Product { subcomponents: Vec::new(), ..part.clone() }, losses);
        if !parts.contains(&value) {
            parts.push(value);
        }
    }
    if !parts.is_empty() {
        map.insert("subcomponents".to_owned(), json!(parts));
    }
    Value::Object(map)
}
