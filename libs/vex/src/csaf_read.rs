//! CSAF VEX (2.0 and 2.1), read: product status, flags, impact threats and remediations become statements.

use std::collections::{BTreeMap, BTreeSet};

use lenient::{Context, Value};

use crate::mapping::{response_from_csaf, to_five};
use crate::model::{Document, Format, Justification, Product, Response, Statement, Status, Vulnerability};
use crate::value::{list, text, texts, time};

/// Deepest nesting of branches and relationships that is followed.
const DEEPEST: usize = 60;

pub(crate) fn read(value: &Value, context: &mut Context) -> Document {
    let empty = Value::Null;
    let head = value.get("document").unwrap_or(&empty);
    let tracking = head.get("tracking").unwrap_or(&empty);
    let publisher = head.get("publisher").unwrap_or(&empty);
    let mut document = context.at("document", |context| Document {
        format: Some(Format::Csaf),
        title: text(head, "title", context),
        id: text(tracking, "id", context),
        author: text(publisher, "name", context),
        author_namespace: text(publisher, "namespace", context),
        author_role: text(publisher, "category", context),
        tooling: tracking.get("generator").and_then(|made| text(made.get("engine")?, "name", context)),
        timestamp: time(tracking, "initial_release_date", context),
        last_updated: time(tracking, "current_release_date", context),
        version: version(tracking),
        tlp: head.get("distribution").and_then(|shared| text(shared.get("tlp")?, "label", context)),
        ..Document::default()
    });
    let category = head.get("category").and_then(Value::as_str).unwrap_or_default();
    if category != "csaf_vex" {
        context.at("document", |context| {
            context.at("category", |context| {
                context.warning(
                    "category",
                    format!("the category is “{category}”, not csaf_vex; its statements are read all the same"),
                );
            });
        });
    }
    let products = products(value.get("product_tree").unwrap_or(&empty), context);
    let groups = groups(value.get("product_tree").unwrap_or(&empty));
    for (index, item) in list(value, "vulnerabilities", context).iter().enumerate() {
        context.at("vulnerabilities", |context| {
            context.at(index, |context| {
                document.statements.extend(statements(item, &products, &groups, context));
            });
        });
    }
    document
}

/// The number of a version: `3` of `3`, and the first of `3.1.0`.
fn version(tracking: &Value) -> u64 {
    let text = tracking.get("version").and_then(Value::as_str).unwrap_or_default();
    text.split('.').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

type Products = BTreeMap<String, Product>;
type Groups = BTreeMap<String, Vec<String>>;

fn products(tree: &Value, context: &mut Context) -> Products {
    let mut products = Products::new();
    for item in list(tree, "full_product_names", context) {
        full_name(item, None, &mut products);
    }
    branches(tree, &mut None, 0, &mut products);
    // A relationship may build on another one, which may come later: so until nothing new is found.
    let relationships = list(tree, "relationships", context);
    for _ in 0..DEEPEST {
        let known = products.len();
        for item in relationships {
            relationship(item, &mut products);
        }
        if products.len() == known {
            break;
        }
    }
    products
}

fn branches(node: &Value, version: &mut Option<String>, depth: usize, products: &mut Products) {
    if depth > DEEPEST {
        return;
    }
    for branch in node.get("branches").and_then(Value::as_array).into_iter().flatten() {
        let before = version.clone();
        if branch.get("category").and_then(Value::as_str) == Some("product_version") {
            *version = branch.get("name").and_then(Value::as_str).map(str::to_owned);
        }
        if let Some(product) = branch.get("product") {
            full_name(product, version.as_ref(), products);
        }
        branches(branch, version, depth + 1, products);
        *version = before;
    }
}

fn full_name(value: &Value, version: Option<&String>, products: &mut Products) {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let Some(id) = text(value, "product_id") else { return };
    let empty = Value::Null;
    let helper = value.get("product_identification_helper").unwrap_or(&empty);
    let purls = helper.get("purls").and_then(Value::as_array);
    let purl = text(helper, "purl").or_else(|| purls?.first()?.as_str().map(str::to_owned));
    let mut hashes = Vec::new();
    for file in helper.get("hashes").and_then(Value::as_array).into_iter().flatten() {
        for hash in file.get("file_hashes").and_then(Value::as_array).into_iter().flatten() {
            hashes.extend(text(hash, "algorithm").zip(text(hash, "value")));
        }
    }
    let product = Product {
        id: id.clone(),
        name: text(value, "name"),
        version: version.cloned(),
        purl,
        cpe: text(helper, "cpe"),
        hashes,
        ..Product::default()
    };
    products.insert(id, product);
}

/// A part in a product is the product with the part as subcomponent.
fn relationship(value: &Value, products: &mut Products) {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let Some(name) = value.get("full_product_name") else { return };
    let Some(id) = name.get("product_id").and_then(Value::as_str) else { return };
    let (Some(part), Some(whole)) = (text("product_reference"), text("relates_to_product_reference")) else { return };
    let (Some(part), Some(whole)) = (products.get(part), products.get(whole)) else { return };
    if products.contains_key(id) {
        return;
    }
    let mut product = whole.clone();
    product.subcomponents.push(part.clone());
    products.insert(id.to_owned(), product);
}

fn groups(tree: &Value) -> Groups {
    let list = tree.get("product_groups").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|group| {
        let id = group.get("group_id")?.as_str()?.to_owned();
        let members = group.get("product_ids")?.as_array()?;
        Some((id, members.iter().filter_map(Value::as_str).map(str::to_owned).collect()))
    })
    .collect()
}

/// Everything that is said of one product in one vulnerability.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    status: Option<Status>,
    nuance: Option<String>,
    justification: Option<Justification>,
    impact: Option<String>,
    action: Option<String>,
    action_time: Option<String>,
    responses: BTreeSet<Response>,
    since: Option<String>,
}

const STATUSES: [(&str, Status); 8] = [
    ("known_not_affected", Status::NotAffected),
    ("known_affected", Status::Affected),
    ("first_affected", Status::Affected),
    ("last_affected", Status::Affected),
    ("fixed", Status::Fixed),
    ("first_fixed", Status::Fixed),
    ("under_investigation", Status::UnderInvestigation),
    ("unknown", Status::UnderInvestigation),
];

fn statements(value: &Value, products: &Products, groups: &Groups, context: &mut Context) -> Vec<Statement> {
    let mut said: BTreeMap<(String, Status), Said> = BTreeMap::new();
    let empty = Value::Null;
    let status = value.get("product_status").unwrap_or(&empty);
    for (name, status_of) in STATUSES {
        for id in texts(status, name, context) {
            let entry = said.entry((id, status_of)).or_default();
            entry.status = Some(status_of);
            let plain = matches!(name, "known_not_affected" | "known_affected" | "fixed" | "under_investigation");
            if !plain && entry.nuance.is_none() {
                entry.nuance = Some(name.to_owned());
            }
        }
    }
    flags(value, groups, &mut said, context);
    threats(value, groups, &mut said, context);
    remediations(value, groups, &mut said, context);
    let mut by_content: BTreeMap<Said, Vec<Product>> = BTreeMap::new();
    for ((id, _), content) in said {
        let product = products.get(&id).cloned().unwrap_or_else(|| {
            context.error("product", format!("the product “{id}” is not in the product tree"));
            Product { id: id.clone(), ..Product::default() }
        });
        by_content.entry(content).or_default().push(product);
    }
    let vulnerability = vulnerability(value, context);
    by_content
        .into_iter()
        .map(|(said, products)| Statement {
            vulnerability: vulnerability.clone(),
            products,
            status: said.status,
            nuance: said.nuance,
            justification: said.justification,
            impact_statement: said.impact,
            action_statement: said.action,
            action_timestamp: said.action_time,
            responses: said.responses.into_iter().collect(),
            last_updated: said.since,
            ..Statement::default()
        })
        .collect()
}

/// The products that a flag, threat or remediation is about.
fn targets(item: &Value, groups: &Groups) -> Vec<String> {
    let ids = |name: &str| item.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let grouped = ids("group_ids").filter_map(|id| groups.get(id)).flatten().cloned();
    ids("product_ids").map(str::to_owned).chain(grouped).collect()
}

fn flags(value: &Value, groups: &Groups, said: &mut BTreeMap<(String, Status), Said>, context: &mut Context) {
    for flag in list(value, "flags", context) {
        let label = flag.get("label").and_then(Value::as_str).unwrap_or_default();
        let justification = Justification::from_text(label).filter(|known| to_five(*known).1);
        if justification.is_none() {
            context.error("value", format!("“{label}” is not a flag of CSAF"));
        }
        let date = text(flag, "date", context);
        for id in targets(flag, groups) {
            if let Some(entry) = said.get_mut(&(id, Status::NotAffected)) {
                entry.justification = justification.or(entry.justification);
                entry.since = date.clone().or_else(|| entry.since.take());
            }
        }
    }
}

fn threats(value: &Value, groups: &Groups, said: &mut BTreeMap<(String, Status), Said>, context: &mut Context) {
    for threat in list(value, "threats", context) {
        if threat.get("category").and_then(Value::as_str) != Some("impact") {
            continue;
        }
        let Some(details) = text(threat, "details", context) else { continue };
        let targets = targets(threat, groups);
        let everything = targets.is_empty();
        for ((id, status), entry) in said.iter_mut() {
            if *status == Status::NotAffected && (everything || targets.contains(id)) {
                append(&mut entry.impact, &details);
            }
        }
    }
}

fn remediations(value: &Value, groups: &Groups, said: &mut BTreeMap<(String, Status), Said>, context: &mut Context) {
    for remediation in list(value, "remediations", context) {
        let category = remediation.get("category").and_then(Value::as_str).unwrap_or_default();
        let response = response_from_csaf(category);
        let details = text(remediation, "details", context);
        let url = text(remediation, "url", context);
        let date = text(remediation, "date", context);
        let targets = targets(remediation, groups);
        for ((id, status), entry) in said.iter_mut() {
            let concerned = *status == Status::Affected || *status == Status::UnderInvestigation;
            if !concerned || !(targets.contains(id)) {
                continue;
            }
            entry.responses.extend(response);
            if let Some(details) = &details {
                append(&mut entry.action, details);
            }
            if let Some(url) = &url {
                append(&mut entry.action, url);
            }
            entry.action_time = date.clone().or_else(|| entry.action_time.take());
        }
    }
}

fn append(target: &mut Option<String>, text: &str) {
    match target {
        Some(known) if known.lines().any(|line| line == text) || known == text => {}
        Some(known) => {
            known.push('\n');
            known.push_str(text);
        }
        None => *target = Some(text.to_owned()),
    }
}

fn vulnerability(value: &Value, context: &mut Context) -> Vulnerability {
    let mut names: Vec<String> = text(value, "cve", context).into_iter().collect();
    names.extend(list(value, "ids", context).iter().filter_map(|id| id.get("text")?.as_str().map(str::to_owned)));
    let notes = list(value, "notes", context);
    let description = notes
        .iter()
        .find(|note| note.get("category").and_then(Value::as_str) == Some("description"))
        .or_else(|| notes.iter().find(|note| note.get("category").and_then(Value::as_str) == Some("summary")))
        .and_then(|note| note.get("text")?.as_str().map(str::to_owned));
    let mut names = names.into_iter();
    Vulnerability {
        name: names.next().or_else(|| text(value, "title", context)).unwrap_or_default(),
        aliases: names.collect(),
        description,
        ..Vulnerability::default()
    }
}
