//! CycloneDX VEX 1.6 in JSON, written: each statement becomes a vulnerability with its analysis.

use lenient::{Map, Value};
use serde_json::json;

use crate::mapping::{
    Losses, Written, justification_bent, nuance_lost, response_to_cyclonedx, status_to_cyclonedx, to_cyclonedx,
};
use crate::model::{Document, Product, Statement, Status, VersionStatus};
use crate::value::put;

pub(crate) fn write(document: &Document, now: &str) -> Written {
    let mut losses = Losses::default();
    losses.left_out("title", document.title.as_ref());
    losses.left_out("author_namespace", document.author_namespace.as_ref());
    losses.left_out("author_role", document.author_role.as_ref());
    losses.left_out("tlp", document.tlp.as_ref());
    let mut root = Map::new();
    root.insert("bomFormat".to_owned(), "CycloneDX".into());
    root.insert("specVersion".to_owned(), "1.6".into());
    match &document.id {
        Some(id) if is_serial(id) => drop(root.insert("serialNumber".to_owned(), id.clone().into())),
        id => losses.left_out("id", id.as_ref()),
    }
    root.insert("version".to_owned(), document.version.max(1).into());
    // The format has one time: that of the current version.
    let time = document.last_updated.as_ref().or(document.timestamp.as_ref());
    if document.last_updated.is_some() && document.last_updated != document.timestamp {
        losses.left_out("timestamp", document.timestamp.as_ref());
    }
    let mut metadata = json!({"timestamp": time.map_or(now, String::as_str)});
    if let Some(map) = metadata.as_object_mut() {
        if let Some(author) = &document.author {
            map.insert("authors".to_owned(), json!([{"name": author}]));
        }
        if let Some(tooling) = &document.tooling {
            map.insert("tools".to_owned(), json!({"components": [{"type": "application", "name": tooling}]}));
        }
    }
    root.insert("metadata".to_owned(), metadata);
    let mut inventory = Inventory::default();
    let mut vulnerabilities: Vec<Value> = Vec::new();
    for (index, statement) in document.statements.iter().enumerate() {
        losses.statement = Some(index);
        let value = write_statement(statement, &mut inventory, &mut losses);
        if vulnerabilities.contains(&value) {
            losses.add("statements", "says the same as one before and was left out");
        } else {
            vulnerabilities.push(value);
        }
    }
    if !inventory.components.is_empty() {
        root.insert("components".to_owned(), inventory.write());
    }
    root.insert("vulnerabilities".to_owned(), vulnerabilities.into());
    Written { document: Value::Object(root), losses: losses.list }
}

/// Whether an identifier can be a serial number: `urn:uuid:` and a UUID in small letters.
fn is_serial(id: &str) -> bool {
    id.strip_prefix("urn:uuid:").is_some_and(|uuid| {
        let groups: Vec<&str> = uuid.split('-').collect();
        groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
            && uuid.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte) || byte == b'-')
    })
}

/// The components that statements refer to.
#[derive(Debug, Default)]
struct Inventory {
    components: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    reference: String,
    product: Product,
    parts: Vec<Entry>,
}

impl Inventory {
    /// The references for a product: its own, or those of the parts that are meant.
    fn references(&mut self, product: &Product, losses: &mut Losses) -> Vec<(String, Vec<VersionStatus>)> {
        let is_link = product.id.starts_with("urn:cdx:") && product.name.is_none();
        if is_link && product.subcomponents.is_empty() {
            return vec![(product.id.clone(), product.versions.clone())];
        }
        let whole = Product { subcomponents: Vec::new(), versions: Vec::new(), ..product.clone() };
        let at = Self::find(&mut self.components, &whole, "");
        let Some(entry) = self.components.get_mut(at) else { return Vec::new() };
        if product.subcomponents.is_empty() {
            return vec![(entry.reference.clone(), product.versions.clone())];
        }
        let prefix = format!("{}#", entry.reference);
        let mut references = Vec::new();
        for part in &product.subcomponents {
            if !part.subcomponents.is_empty() {
                losses.add("products", format!("parts of the part “{}” were left out", part.display()));
            }
            let plain = Product { subcomponents: Vec::new(), versions: Vec::new(), ..part.clone() };
            let at = Self::find(&mut entry.parts, &plain, &prefix);
            if let Some(entry) = entry.parts.get(at) {
                references.push((entry.reference.clone(), product.versions.clone()));
            }
        }
        references
    }

    /// The place of a product in a list; it is added where it is missing.
    fn find(entries: &mut Vec<Entry>, product: &Product, prefix: &str) -> usize {
        if let Some(at) = entries.iter().position(|entry| entry.product == *product) {
            return at;
        }
        let id = if product.id.is_empty() { product.display() } else { product.id.clone() };
        let id = if id.starts_with(prefix) { id } else { format!("{prefix}{id}") };
        let mut reference = id.clone();
        let mut number = 1_usize;
        while entries.iter().any(|entry| entry.reference == reference) {
            number = number.saturating_add(1);
            reference = format!("{id}#{number}");
        }
        entries.push(Entry { reference, product: product.clone(), parts: Vec::new() });
        entries.len().saturating_sub(1)
    }

    fn write(self) -> Value {
        self.components.into_iter().map(Entry::write).collect()
    }
}

impl Entry {
    fn write(self) -> Value {
        let mut map = Map::new();
        map.insert("type".to_owned(), "library".into());
        map.insert("bom-ref".to_owned(), self.reference.into());
        let name =
            self.product.name.clone().or_else(|| self.product.purl.clone()).unwrap_or_else(|| self.product.id.clone());
        map.insert("name".to_owned(), name.into());
        put(&mut map, "version", self.product.version.as_ref());
        let hashes: Vec<Value> = self
            .product
            .hashes
            .iter()
            .filter_map(|(algorithm, value)| Some(json!({"alg": hash_name(algorithm)?, "content": value})))
            .collect();
        if !hashes.is_empty() {
            map.insert("hashes".to_owned(), hashes.into());
        }
        put(&mut map, "cpe", self.product.cpe.as_ref());
        put(&mut map, "purl", self.product.purl.as_ref());
        if !self.parts.is_empty() {
            map.insert("components".to_owned(), self.parts.into_iter().map(Self::write).collect());
        }
        Value::Object(map)
    }
}

/// Names of digests that CycloneDX knows.
const HASHES: [&str; 12] = [
    "MD5",
    "SHA-1",
    "SHA-256",
    "SHA-384",
    "SHA-512",
    "SHA3-256",
    "SHA3-384",
    "SHA3-512",
    "BLAKE2b-256",
    "BLAKE2b-384",
    "BLAKE2b-512",
    "BLAKE3",
];

fn hash_name(name: &str) -> Option<&'static str> {
    let bare = |name: &str| name.to_ascii_lowercase().replace(['-', '_'], "");
    HASHES.into_iter().find(|known| bare(known) == bare(name))
}

fn write_statement(statement: &Statement, inventory: &mut Inventory, losses: &mut Losses) -> Value {
    let mut map = Map::new();
    put(&mut map, "bom-ref", statement.id.as_ref());
    map.insert("id".to_owned(), statement.vulnerability.name.clone().into());
    if let Some(url) = &statement.vulnerability.id {
        map.insert("source".to_owned(), json!({"url": url}));
    }
    let references: Vec<Value> = statement
        .vulnerability
        .aliases
        .iter()
        .map(|alias| json!({"id": alias, "source": {"name": system(alias)}}))
        .collect();
    if !references.is_empty() {
        map.insert("references".to_owned(), references.into());
    }
    put(&mut map, "description", statement.vulnerability.description.as_ref());
    let mut affects: Vec<Value> = Vec::new();
    for product in &statement.products {
        for digest in product.hashes.iter().filter(|(name, _)| hash_name(name).is_none()) {
            losses.add("products", format!("the digest {} is none that the format knows", digest.0));
        }
        for (reference, versions) in inventory.references(product, losses) {
            let mut item = json!({"ref": reference});
            if let (false, Some(item)) = (versions.is_empty(), item.as_object_mut()) {
                item.insert("versions".to_owned(), versions.iter().map(write_version).collect());
            }
            if !affects.contains(&item) {
                affects.push(item);
            }
        }
    }
    write_analysis(statement, &mut map, losses);
    if !affects.is_empty() {
        map.insert("affects".to_owned(), affects.into());
    }
    Value::Object(map)
}

fn write_version(version: &VersionStatus) -> Value {
    let mut map = Map::new();
    put(&mut map, "version", version.version.as_ref());
    put(&mut map, "range", version.range.as_ref());
    put(&mut map, "status", version.status.as_ref());
    Value::Object(map)
}

fn write_analysis(statement: &Statement, map: &mut Map<String, Value>, losses: &mut Losses) {
    losses.left_out("supplier", statement.supplier.as_ref());
    losses.left_out("action_timestamp", statement.action_timestamp.as_ref());
    let mut analysis = Map::new();
    let nuance = statement.nuance.as_deref();
    match statement.status {
        Some(status) => {
            let state = status_to_cyclonedx(status, nuance);
            if nuance.is_some_and(|nuance| nuance != state) {
                nuance_lost(nuance, losses);
            }
            analysis.insert("state".to_owned(), state.into());
        }
        None => losses.add("status", "is not known, so that the analysis has no state"),
    }
    if let Some(justification) = statement.justification {
        let (word, same) = to_cyclonedx(justification);
        if !same {
            justification_bent(justification, word, losses);
        }
        analysis.insert("justification".to_owned(), word.into());
    }
    let mut responses: Vec<Value> = Vec::new();
    for response in &statement.responses {
        match response_to_cyclonedx(*response) {
            Some((word, same)) => {
                if !same {
                    losses.add(
                        "responses",
                        format!("“{}” became “{word}”, the closest that the format has", response.as_str()),
                    );
                }
                if !responses.contains(&word.into()) {
                    responses.push(word.into());
                }
            }
            None => losses.add("responses", format!("“{}” has no place in the format", response.as_str())),
        }
    }
    if !responses.is_empty() {
        analysis.insert("response".to_owned(), responses.into());
    }
    let detail = if statement.status == Some(Status::NotAffected) {
        if statement.impact_statement.is_some() {
            losses.left_out("status_notes", statement.status_notes.as_ref());
        }
        statement.impact_statement.as_ref().or(statement.status_notes.as_ref())
    } else {
        losses.left_out("impact_statement", statement.impact_statement.as_ref());
        statement.status_notes.as_ref()
    };
    put(&mut analysis, "detail", detail);
    put(&mut analysis, "firstIssued", statement.timestamp.as_ref());
    put(&mut analysis, "lastUpdated", statement.last_updated.as_ref());
    put(map, "recommendation", statement.action_statement.as_ref());
    map.insert("analysis".to_owned(), analysis.into());
}

/// The system that an identifier comes from.
fn system(name: &str) -> &str {
    match name.split('-').next() {
        Some("CVE") => "CVE",
        Some("GHSA") => "GitHub",
        Some(prefix) => prefix,
        None => "",
    }
}
