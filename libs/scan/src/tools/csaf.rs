//! CSAF 2, JSON: one finding for each product that a vulnerability's status names; not affected and fixed are set aside.
//!
//! The severity is the rating of the product's CVSS score, medium where the advisory gives none.

use std::collections::HashMap;

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool { name: "csaf", title: "CSAF 2 (JSON)", aliases: &["csaf_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("document.csaf_version") { 98 } else { 0 }
}

/// Most nested branches of a product tree that are looked into.
const DEEP: u8 = 30;

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    let version = report.text("document/csaf_version");
    if !version.starts_with('2') {
        return Err(Error::malformed(format!("CSAF {version} is not read, only version 2")));
    }
    out.scanner(report.text("document/publisher/name"), None);
    let mut products = HashMap::new();
    if let Some(tree) = report.at("product_tree") {
        branch(tree, None, None, 0, &mut products);
        for relation in tree.list("relationships") {
            note(relation.at("full_product_name"), None, None, &mut products);
        }
    }
    for item in report.list("vulnerabilities") {
        let id = item.first(&["cve", "ids/0/text", "title"]).unwrap_or_default();
        for (bucket, list) in item.entries("product_status") {
            for product in list.texts("") {
                let component = products.get(product).cloned();
                let component = component.unwrap_or_else(|| Component::new(product, None));
                out.merge(format!("{product}|{id}"), finding(item, &id, bucket, product, component))?;
            }
        }
    }
    out.flush()
}

/// Collects the products of a branch; the nearest product name and version around a product are its own.
fn branch(node: &Value, name: Option<&str>, version: Option<&str>, depth: u8, found: &mut HashMap<String, Component>) {
    if depth > DEEP {
        return;
    }
    let own = node.text("name");
    let (name, version) = match node.text("category") {
        "product_name" => (Some(own), version),
        "product_version" => (name, Some(own)),
        _ => (name, version),
    };
    note(node.at("product"), name, version, found);
    for product in node.list("full_product_names") {
        note(Some(product), name, version, found);
    }
    for child in node.list("branches") {
        branch(child, name, version, depth.saturating_add(1), found);
    }
}

fn note(product: Option<&Value>, name: Option<&str>, version: Option<&str>, found: &mut HashMap<String, Component>) {
    let Some(product) = product else { return };
    let component = Component {
        purl: product.opt("product_identification_helper/purl"),
        ..Component::new(name.unwrap_or_else(|| product.text("name")), version.and_then(text::some))
    };
    found.insert(product.text("product_id").to_owned(), component);
}

fn finding(item: &Value, id: &str, bucket: &str, product: &str, component: Component) -> Finding {
    let scores = item.list("scores").iter().filter(|score| score.texts("products").contains(&product));
    let cvss = scores.filter_map(|score| score.at("cvss_v3").or_else(|| score.at("cvss_v4"))).next_back();
    let score = cvss.and_then(|cvss| cvss.num("baseScore"));
    let severity = cvss.and_then(|cvss| Severity::from_word(cvss.text("baseSeverity")));
    let severity = severity.or_else(|| score.map(Severity::from_score)).unwrap_or(Severity::Medium);
    let status = match bucket {
        "known_not_affected" => Status::Suppressed(Some("known not affected".to_owned())),
        "fixed" | "first_fixed" | "recommended" => Status::Fixed,
        _ => Status::Open,
    };
    let title = match &component.version {
        Some(version) => format!("{}:{version} | {id}", component.name),
        None => format!("{} | {id}", component.name),
    };
    let others = item.list("ids").iter().map(|entry| entry.text("text"));
    let (cve, ids) = text::split_ids(std::iter::once(id).chain(others));
    let notes = item.list("notes").iter().find(|note| ["description", "summary"].contains(&note.text("category")));
    let fixes: Vec<&str> = item
        .list("remediations")
        .iter()
        .filter(|fix| fix.texts("product_ids").contains(&product))
        .map(|fix| fix.text("details"))
        .collect();
    Finding {
        rule: text::some(id),
        cwe: text::cwe_field(item.text("cwe/id")),
        cve,
        ids,
        cvss: Cvss::of(cvss.and_then(|cvss| cvss.opt("vectorString")), score),
        component: Some(component),
        anchor: text::some(product),
        description: notes.and_then(|note| note.opt("text")).or_else(|| item.opt("title")),
        remediation: text::some(&fixes.join("\n")),
        references: item.list("references").iter().filter_map(|reference| reference.opt("url")).collect(),
        status,
        ..Finding::new(title, severity)
    }
}
