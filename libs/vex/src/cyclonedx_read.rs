//! CycloneDX VEX (1.4 and later, JSON), read: each vulnerability with its analysis becomes a statement.

use std::collections::BTreeMap;

use lenient::{Context, Value};

use crate::mapping::{from_cyclonedx, status_from_cyclonedx};
use crate::model::{Document, Format, Product, Response, Statement, Status, VersionStatus, Vulnerability};
use crate::value::{list, text, time};

/// Deepest nesting of components that is followed.
const DEEPEST: usize = 60;

pub(crate) fn read(value: &Value, context: &mut Context) -> Document {
    let empty = Value::Null;
    let metadata = value.get("metadata").unwrap_or(&empty);
    let mut document = Document {
        format: Some(Format::CycloneDx),
        id: text(value, "serialNumber", context),
        author: author(metadata),
        tooling: tooling(metadata),
        timestamp: time(metadata, "timestamp", context),
        version: value.get("version").and_then(Value::as_u64).unwrap_or(0),
        ..Document::default()
    };
    let mut products = BTreeMap::new();
    if let Some(component) = metadata.get("component") {
        components(std::slice::from_ref(component), None, 0, &mut products);
    }
    components(list(value, "components", context), None, 0, &mut products);
    for (index, item) in list(value, "vulnerabilities", context).iter().enumerate() {
        context.at("vulnerabilities", |context| {
            context.at(index, |context| {
                let mut statement = statement(item, &products, context);
                // Without “affects” it is about what the document describes.
                let subject = metadata.get("component").and_then(|subject| subject.get("bom-ref")?.as_str());
                if let (true, Some(subject)) = (statement.products.is_empty(), subject) {
                    statement.products.extend(products.get(subject).cloned());
                }
                document.statements.push(statement);
            });
        });
    }
    if document.statements.is_empty() {
        context.warning("statements", "the document has no vulnerabilities, and so no statements");
    }
    document
}

fn author(metadata: &Value) -> Option<String> {
    let name = |value: &Value| value.get("name").and_then(Value::as_str).map(str::to_owned);
    let first = metadata.get("authors").and_then(Value::as_array).and_then(|list| list.first()).and_then(name);
    first.or_else(|| metadata.get("supplier").and_then(name)).or_else(|| metadata.get("manufacturer").and_then(name))
}

/// The first tool, in the form of 1.5 or the older one.
fn tooling(metadata: &Value) -> Option<String> {
    let tools = metadata.get("tools")?;
    let list = tools.get("components").unwrap_or(tools).as_array()?;
    list.first()?.get("name")?.as_str().map(str::to_owned)
}

/// Collects components by reference; one within another is a part of it.
fn components(list: &[Value], parent: Option<&Product>, depth: usize, products: &mut BTreeMap<String, Product>) {
    if depth > DEEPEST {
        return;
    }
    for item in list {
        let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
        let group = text("group").filter(|group| !group.is_empty());
        let name = text("name").map(|name| group.map_or_else(|| name.clone(), |group| format!("{group}/{name}")));
        let hashes = item.get("hashes").and_then(Value::as_array).into_iter().flatten();
        let product = Product {
            id: text("bom-ref").or_else(|| text("purl")).unwrap_or_default(),
            name,
            version: text("version"),
            purl: text("purl"),
            cpe: text("cpe"),
            hashes: hashes
                .filter_map(|hash| {
                    Some((hash.get("alg")?.as_str()?.to_owned(), hash.get("content")?.as_str()?.to_owned()))
                })
                .collect(),
            ..Product::default()
        };
        let nested = item.get("components").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        components(nested, Some(&product), depth + 1, products);
        if let Some(reference) = text("bom-ref") {
            let meant = match parent {
                Some(parent) => Product { subcomponents: vec![product], ..parent.clone() },
                None => product,
            };
            products.insert(reference, meant);
        }
    }
}

fn statement(value: &Value, products: &BTreeMap<String, Product>, context: &mut Context) -> Statement {
    let empty = Value::Null;
    let analysis = value.get("analysis").unwrap_or(&empty);
    let state = text(analysis, "state", context);
    let status = state.as_deref().and_then(status_from_cyclonedx);
    if let (Some(state), None) = (&state, status) {
        let short: String = state.chars().take(60).collect();
        context.error("value", format!("“{short}” is not a state of CycloneDX"));
    }
    let justification = text(analysis, "justification", context);
    let known = justification.as_deref().and_then(from_cyclonedx);
    if let (Some(justification), None) = (&justification, known) {
        let short: String = justification.chars().take(60).collect();
        context.error("value", format!("“{short}” is not a justification of CycloneDX"));
    }
    let detail = text(analysis, "detail", context);
    let advice = [text(value, "recommendation", context), text(value, "workaround", context)];
    let advice: Vec<String> = advice.into_iter().flatten().collect();
    let advice = (!advice.is_empty()).then(|| advice.join("\n"));
    // One text serves all in CycloneDX: what it is depends on the status.
    let (impact, action, notes) = match status {
        Some(Status::NotAffected) => (detail, advice, None),
        Some(Status::Affected) if advice.is_none() => (None, detail, None),
        Some(Status::Affected | Status::Fixed | Status::UnderInvestigation) | None => (None, advice, detail),
    };
    Statement {
        id: text(value, "bom-ref", context),
        vulnerability: vulnerability(value, context),
        products: list(value, "affects", context).iter().map(|item| product(item, products)).collect(),
        status,
        nuance: state.filter(|state| matches!(state.as_str(), "false_positive" | "resolved_with_pedigree")),
        status_notes: notes,
        justification: known,
        impact_statement: impact,
        action_statement: action,
        responses: list(analysis, "response", context)
            .iter()
            .filter_map(|response| Response::from_text(response.as_str()?))
            .collect(),
        timestamp: time(analysis, "firstIssued", context),
        last_updated: time(analysis, "lastUpdated", context),
        ..Statement::default()
    }
}

fn vulnerability(value: &Value, context: &mut Context) -> Vulnerability {
    let name = text(value, "id", context).unwrap_or_default();
    let references = list(value, "references", context);
    let mut aliases: Vec<String> =
        references.iter().filter_map(|reference| reference.get("id")?.as_str().map(str::to_owned)).collect();
    aliases.retain(|alias| *alias != name);
    aliases.sort();
    aliases.dedup();
    Vulnerability {
        name,
        id: value.get("source").and_then(|source| text(source, "url", context)),
        aliases,
        description: text(value, "description", context),
    }
}

fn product(value: &Value, products: &BTreeMap<String, Product>) -> Product {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let reference = text(value, "ref").unwrap_or_default();
    // A link into another document ends with the reference there.
    let mut product = products.get(&reference).cloned().unwrap_or_else(|| {
        let name = reference.split_once('#').map_or(reference.as_str(), |(_, name)| name);
        let purl = name.starts_with("pkg:").then(|| name.to_owned());
        Product { id: reference, purl, ..Product::default() }
    });
    let versions = value.get("versions").and_then(Value::as_array).into_iter().flatten();
    product.versions = versions
        .map(|item| VersionStatus {
            version: text(item, "version"),
            range: text(item, "range"),
            status: text(item, "status"),
        })
        .collect();
    product
}
