//! CSAF VEX 2.0, written: statements become product status, flags, impact threats and remediations.

use std::collections::BTreeMap;

use lenient::{Map, Value};
use serde_json::json;

use crate::mapping::{Losses, Written, expand, justification_bent, nuance_lost, response_to_csaf, to_five};
use crate::model::{Document, Product, Response, Statement, Status, Vulnerability};
use crate::value::put;

pub(crate) fn write(document: &Document, now: &str) -> Written {
    let mut losses = Losses::default();
    let mut tree = Tree::default();
    let mut vulnerabilities: Vec<(Vulnerability, Map<String, Value>)> = Vec::new();
    for (index, statement) in document.statements.iter().enumerate() {
        losses.statement = Some(index);
        write_statement(statement, &mut tree, &mut vulnerabilities, &mut losses);
    }
    losses.statement = None;
    let mut root = Map::new();
    root.insert("document".to_owned(), head(document, now, &mut losses));
    let said = vulnerabilities.into_iter().map(|(_, map)| map).filter(|map| {
        map.get("product_status").and_then(Value::as_object).is_some_and(|statuses| !statuses.is_empty())
    });
    let vulnerabilities: Vec<Value> = said.map(Value::Object).collect();
    if !tree.names.is_empty() {
        root.insert("product_tree".to_owned(), tree.write());
    }
    if !vulnerabilities.is_empty() {
        root.insert("vulnerabilities".to_owned(), vulnerabilities.into());
    }
    Written { document: Value::Object(root), losses: losses.list }
}

fn head(document: &Document, now: &str, losses: &mut Losses) -> Value {
    let created = document.timestamp.clone().unwrap_or_else(|| now.to_owned());
    let current = document.last_updated.clone().unwrap_or_else(|| created.clone());
    let version = document.version.max(1);
    let id = document.id.clone().unwrap_or_else(|| "vex".to_owned());
    let category = match document.author_role.as_deref() {
        Some(role @ ("coordinator" | "discoverer" | "other" | "translator" | "user" | "vendor")) => role,
        Some(role) => {
            losses.add("author_role", format!("“{role}” became “vendor”: the format has a closed list"));
            "vendor"
        }
        None => "vendor",
    };
    let namespace = document.author_namespace.clone().unwrap_or_else(|| {
        losses.add("author_namespace", "the format demands an address of the author; one was made from the identifier");
        namespace(&id)
    });
    let mut history = Vec::new();
    for number in 1..=version.min(100) {
        let number = if version > 100 { version - 100 + number } else { number };
        let last = number == version;
        history.push(json!({
            "date": if last { &current } else { &created },
            "number": number.to_string(),
            "summary": if last { "Current version." } else { "Earlier version." },
        }));
    }
    let mut tracking = json!({
        "current_release_date": current,
        "id": id.trim(),
        "initial_release_date": created,
        "revision_history": history,
        "status": "final",
        "version": version.to_string(),
    });
    if let (Some(tooling), Some(map)) = (&document.tooling, tracking.as_object_mut()) {
        map.insert("generator".to_owned(), json!({"engine": {"name": tooling}}));
    }
    let mut head = json!({
        "category": "csaf_vex",
        "csaf_version": "2.0",
        "publisher": {
            "category": category,
            "name": document.author.as_deref().unwrap_or("Unknown author"),
            "namespace": namespace,
        },
        "title": document.title.clone().unwrap_or_else(|| format!("Statements on vulnerabilities ({})", id.trim())),
        "tracking": tracking,
    });
    if let (Some(label), Some(map)) = (&document.tlp, head.as_object_mut()) {
        let label = match label.as_str() {
            "CLEAR" => "WHITE",
            "AMBER+STRICT" => {
                losses.add("tlp", "AMBER+STRICT became AMBER: CSAF 2.0 has no label for it");
                "AMBER"
            }
            other => other,
        };
        map.insert("distribution".to_owned(), json!({"tlp": {"label": label}}));
    }
    head
}

/// Scheme and host of an address, or a name that says that nobody is known.
fn namespace(id: &str) -> String {
    match id.split_once("://") {
        Some((scheme @ ("http" | "https"), rest)) => format!("{scheme}://{}", rest.split('/').next().unwrap_or(rest)),
        _ => "urn:vex:unknown-author".to_owned(),
    }
}

/// The product tree under construction.
#[derive(Debug, Default)]
struct Tree {
    names: Vec<Value>,
    relationships: Vec<Value>,
    /// Identifier in the tree by identity of the product.
    known: BTreeMap<String, String>,
}

impl Tree {
    /// The identifiers for a product: one for itself, or one for each part that is meant.
    fn identifiers(&mut self, product: &Product) -> Vec<String> {
        let whole = Product { subcomponents: Vec::new(), ..product.clone() };
        let id = self.plain(&whole);
        if product.subcomponents.is_empty() {
            return vec![id];
        }
        let mut ids = Vec::new();
        for part in &product.subcomponents {
            for part_id in self.identifiers(part) {
                ids.push(self.part_of(&part_id, &part.display(), &id, &whole.display()));
            }
        }
        ids
    }

    fn plain(&mut self, product: &Product) -> String {
        let key = format!(
            "{:?}",
            (&product.id, &product.purl, &product.cpe, &product.name, &product.version, &product.hashes)
        );
        if let Some(id) = self.known.get(&key) {
            return id.clone();
        }
        let id = self.unused(if product.id.is_empty() { "product" } else { &product.id });
        let mut helper = Map::new();
        put(&mut helper, "cpe", product.cpe.as_ref());
        if !product.hashes.is_empty() {
            let hashes: Vec<Value> = product
                .hashes
                .iter()
                .map(|(algorithm, value)| {
                    let algorithm = algorithm.to_ascii_lowercase().replace("sha-", "sha");
                    json!({"algorithm": algorithm, "value": value.to_ascii_lowercase()})
                })
                .collect();
            helper.insert("hashes".to_owned(), json!([{"file_hashes": hashes, "filename": product.display()}]));
        }
        put(&mut helper, "purl", product.purl.as_ref());
        let mut name = json!({"name": product.display(), "product_id": id});
        if let (false, Some(map)) = (helper.is_empty(), name.as_object_mut()) {
            map.insert("product_identification_helper".to_owned(), helper.into());
        }
        self.names.push(name);
        self.known.insert(key, id.clone());
        id
    }

    fn part_of(&mut self, part: &str, part_name: &str, whole: &str, whole_name: &str) -> String {
        let key = format!("relationship {part:?} {whole:?}");
        if let Some(id) = self.known.get(&key) {
            return id.clone();
        }
        let id = self.unused(&format!("{whole}:{part}"));
        self.relationships.push(json!({
            "category": "default_component_of",
            "full_product_name": {"name": format!("{part_name} as a component of {whole_name}"), "product_id": id},
            "product_reference": part,
            "relates_to_product_reference": whole,
        }));
        self.known.insert(key, id.clone());
        id
    }

    fn unused(&self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        let mut number = 1_usize;
        while self.known.values().any(|known| *known == id) {
            number = number.saturating_add(1);
            id = format!("{wanted}#{number}");
        }
        id
    }

    fn write(mut self) -> Value {
        // By identifier, so that the same statements give the same document.
        self.names.sort_by_key(|name| name.get("product_id").map(ToString::to_string));
        self.relationships.sort_by_key(|relationship| relationship.get("full_product_name").map(ToString::to_string));
        let mut tree = Map::new();
        tree.insert("full_product_names".to_owned(), self.names.into());
        if !self.relationships.is_empty() {
            tree.insert("relationships".to_owned(), self.relationships.into());
        }
        Value::Object(tree)
    }
}

fn write_statement(
    statement: &Statement,
    tree: &mut Tree,
    vulnerabilities: &mut Vec<(Vulnerability, Map<String, Value>)>,
    losses: &mut Losses,
) {
    let Some(status) = statement.status else {
        losses.add("status", "is not known, so that the statement was left out");
        return;
    };
    let mut ids: Vec<String> = Vec::new();
    for product in statement.products.iter().flat_map(|product| expand(product, status, losses)) {
        ids.extend(tree.identifiers(&product));
    }
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        losses.add("products", "the format demands products, so that the statement was left out");
        return;
    }
    losses.left_out("id", statement.id.as_ref());
    losses.left_out("status_notes", statement.status_notes.as_ref());
    losses.left_out("supplier", statement.supplier.as_ref());
    losses.left_out("timestamp", statement.timestamp.as_ref());
    let key = match (status, statement.nuance.as_deref()) {
        (Status::NotAffected, nuance) => {
            nuance_lost(nuance, losses);
            "known_not_affected"
        }
        (Status::Affected, Some("first_affected")) => "first_affected",
        (Status::Affected, Some("last_affected")) => "last_affected",
        (Status::Affected, nuance) => {
            nuance_lost(nuance, losses);
            "known_affected"
        }
        (Status::Fixed, Some("first_fixed")) => "first_fixed",
        (Status::Fixed, nuance) => {
            nuance_lost(nuance, losses);
            "fixed"
        }
        (Status::UnderInvestigation, nuance) => {
            nuance_lost(nuance, losses);
            "under_investigation"
        }
    };
    // Statements on one vulnerability share its entry.
    losses.left_out("vulnerability", statement.vulnerability.id.as_ref());
    let name = &statement.vulnerability.name;
    if !vulnerabilities.iter().any(|(known, _)| known.name == *name) {
        vulnerabilities.push((statement.vulnerability.clone(), entry(&statement.vulnerability)));
    }
    let Some((_, map)) = vulnerabilities.iter_mut().find(|(known, _)| known.name == *name) else { return };
    let statuses = map.entry("product_status").or_insert_with(|| json!({}));
    ids.retain(|id| {
        let contradicted = contradicts(statuses, key, id);
        if contradicted {
            losses
                .add("status", format!("“{id}” has another status before, and a product can have one only; left out"));
        }
        !contradicted
    });
    if ids.is_empty() {
        return;
    }
    for id in &ids {
        push(statuses, key, id.clone().into());
    }
    match status {
        Status::NotAffected => not_affected(statement, &ids, map, losses),
        Status::Affected | Status::UnderInvestigation => remediate(statement, status, &ids, map, losses),
        Status::Fixed => {
            losses.left_out("action_statement", statement.action_statement.as_ref());
            losses.left_out("impact_statement", statement.impact_statement.as_ref());
        }
    }
}

/// The entry of a vulnerability that has none yet.
fn entry(wanted: &Vulnerability) -> Map<String, Value> {
    let mut map = Map::new();
    let mut names: Vec<&String> = std::iter::once(&wanted.name).chain(&wanted.aliases).collect();
    if let Some(cve) = names.iter().position(|name| is_cve(name)) {
        map.insert("cve".to_owned(), names.remove(cve).clone().into());
    }
    let ids: Vec<Value> = names.iter().map(|name| json!({"system_name": system(name), "text": name})).collect();
    if !ids.is_empty() {
        map.insert("ids".to_owned(), ids.into());
    }
    let words = wanted.description.clone().unwrap_or_else(|| format!("Vulnerability {}.", wanted.name));
    map.insert("notes".to_owned(), json!([{"category": "description", "text": words}]));
    map
}

/// Whether a name is a CVE identifier.
fn is_cve(name: &str) -> bool {
    let mut parts = name.split('-');
    parts.next() == Some("CVE")
        && parts.next().is_some_and(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()))
        && parts.next().is_some_and(|number| number.len() >= 4 && number.bytes().all(|byte| byte.is_ascii_digit()))
        && parts.next().is_none()
}

/// The system that an identifier comes from.
fn system(name: &str) -> &'static str {
    match name.split('-').next() {
        Some("GHSA") => "GitHub Security Advisories",
        Some("GO") => "Go Vulnerability Database",
        Some("PYSEC") => "Python Packaging Advisory Database",
        Some("RUSTSEC") => "RustSec Advisory Database",
        Some("OSV") => "OSV",
        Some("CVE") => "CVE",
        _ => "Identifier",
    }
}

/// Whether a product has a status already that excludes the one under `key` (CSAF 2.0, 6.1.6).
fn contradicts(statuses: &Value, key: &str, id: &str) -> bool {
    let group = |key: &str| match key {
        "first_affected" | "known_affected" | "last_affected" => 0,
        "first_fixed" | "fixed" => 1,
        "known_not_affected" => 2,
        _ => 3,
    };
    let lists = statuses.as_object().into_iter().flatten();
    lists
        .filter(|(other, _)| group(other) != group(key))
        .any(|(_, list)| list.as_array().is_some_and(|list| list.iter().any(|known| known.as_str() == Some(id))))
}

fn push(target: &mut Value, name: &str, item: Value) {
    let Some(map) = target.as_object_mut() else { return };
    if let Some(list) = map.entry(name).or_insert_with(|| json!([])).as_array_mut()
        && !list.contains(&item)
    {
        list.push(item);
    }
}

fn add(map: &mut Map<String, Value>, name: &str, item: Value) {
    if let Some(list) = map.entry(name).or_insert_with(|| json!([])).as_array_mut() {
        list.push(item);
    }
}

fn not_affected(statement: &Statement, ids: &[String], map: &mut Map<String, Value>, losses: &mut Losses) {
    if let Some(justification) = statement.justification {
        let (label, same) = to_five(justification);
        if !same {
            justification_bent(justification, label.as_str(), losses);
        }
        let mut flag = json!({"label": label.as_str(), "product_ids": ids});
        if let (Some(date), Some(flag)) = (&statement.last_updated, flag.as_object_mut()) {
            flag.insert("date".to_owned(), date.clone().into());
        }
        add(map, "flags", flag);
    } else {
        losses.left_out("last_updated", statement.last_updated.as_ref());
    }
    let impact = match (&statement.impact_statement, statement.justification) {
        (Some(impact), _) => Some(impact.clone()),
        (None, None) => {
            losses.add("impact_statement", "the format demands a reason and there is none; a sentence says so");
            Some("The supplier gives no reason.".to_owned())
        }
        (None, Some(_)) => None,
    };
    if let Some(impact) = impact {
        add(map, "threats", json!({"category": "impact", "details": impact, "product_ids": ids}));
    }
    losses.left_out("action_statement", statement.action_statement.as_ref());
}

fn remediate(statement: &Statement, status: Status, ids: &[String], map: &mut Map<String, Value>, losses: &mut Losses) {
    losses.left_out("impact_statement", statement.impact_statement.as_ref());
    losses.left_out("last_updated", statement.last_updated.as_ref());
    if status != Status::Affected && statement.action_statement.is_none() && statement.responses.is_empty() {
        return;
    }
    let details = statement.action_statement.clone().unwrap_or_else(|| {
        losses.add("action_statement", "the format demands one and there is none; a sentence says so");
        "The supplier names no action.".to_owned()
    });
    // Without a response nothing says what kind of action it is; a mitigation claims least.
    let responses = if statement.responses.is_empty() { &[Response::Mitigation][..] } else { &statement.responses };
    let mut written: Vec<&str> = Vec::new();
    for response in responses {
        let (category, same) = response_to_csaf(*response);
        if !same {
            losses.add(
                "responses",
                format!("“{}” became “{category}”, the closest that the format has", response.as_str()),
            );
        }
        if written.contains(&category) {
            continue;
        }
        written.push(category);
        let mut remediation = json!({"category": category, "details": details, "product_ids": ids});
        if let (Some(date), Some(remediation)) = (&statement.action_timestamp, remediation.as_object_mut()) {
            remediation.insert("date".to_owned(), date.clone().into());
        }
        add(map, "remediations", remediation);
    }
}
