//! OpenVEX, JSON: one finding for each product of a statement; affected is medium, the rest info and set aside.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "openvex", title: "OpenVEX (JSON)", aliases: &["openvex_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.value("@context").contains("openvex.dev") && probe.has("statements") { 99 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    if report.at("statements").is_none_or(|list| !list.is_array()) {
        return Err(Error::malformed("the document has no list of statements"));
    }
    if let Some(author) = report.opt("author") {
        out.scanner(&author, None);
    }
    for item in report.list("statements") {
        let id = item.first(&["vulnerability/name", "vulnerability/@id", "vulnerability"]).unwrap_or_default();
        if id.is_empty() || item.text("status").is_empty() {
            out.leave_out("statements without a vulnerability or a status");
            continue;
        }
        for product in item.list("products").iter().filter_map(|product| product.first(&["@id", ""])) {
            out.merge(format!("{product}|{id}"), finding(item, &id, &product))?;
        }
    }
    out.flush()
}

fn finding(item: &Value, id: &str, product: &str) -> Finding {
    let plain = product.split(['?', '#']).next().unwrap_or_default();
    let (name, version) = plain.rsplit_once('@').map_or((plain, None), |(name, version)| (name, text::some(version)));
    let title = match &version {
        Some(version) => format!("{name}:{version} | {id}"),
        None => format!("{name} | {id}"),
    };
    let status = match item.text("status") {
        "not_affected" if item.text("justification") == "inline_mitigations_already_exist" => Status::Fixed,
        "not_affected" => Status::Suppressed(item.first(&["justification", "impact_statement"])),
        "fixed" => Status::Fixed,
        _ => Status::Open,
    };
    let severity = if item.text("status") == "affected" { Severity::Medium } else { Severity::Info };
    let (cve, ids) = text::split_ids(std::iter::once(id).chain(item.texts("vulnerability/aliases")));
    let purl = product.starts_with("pkg:").then(|| product.to_owned());
    Finding {
        rule: text::some(id),
        cve,
        ids,
        component: Some(Component { purl, ..Component::new(name, version) }),
        description: item.first(&["vulnerability/description", "impact_statement", "status_notes"]),
        remediation: item.opt("action_statement"),
        status,
        ..Finding::new(title, severity)
    }
}
