//! Cyberwatch, JSON of Galeax' export: one finding for each CVE and product, and one for each security issue.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "cyberwatch_galeax",
    title: "Cyberwatch (JSON)",
    aliases: &["cyberwatch"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["cves[].cve_code", "cves[].servers"]) || probe.has("security_issues[].security_issue_title") {
        98
    } else if probe.has_all(&["cves", "security_issues"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Cyberwatch", None);
    for item in report.list("cves").iter().filter(|item| item.at("cve_code").is_some()) {
        let id = item.text("cve_code");
        let products: BTreeMap<&String, &Value> = item.entries("updates_assets").collect();
        for (product, about) in &products {
            out.merge(format!("{id}|{product}"), known(item, id, Some((product, about))))?;
        }
        if products.is_empty() {
            out.merge(id, known(item, id, None))?;
        }
    }
    out.flush()?;
    for item in report.list("security_issues") {
        let title = item.first(&["security_issue_title"]).unwrap_or_else(|| "No title".to_owned());
        let mut places = servers(item);
        let (cve, ids) = text::split_ids(item.texts("cve_announcements"));
        out.push(Finding {
            rule: item.opt("id"),
            cve,
            ids,
            location: places.pop(),
            others: places,
            description: item.opt("security_issue_description").map(|html| text::without_html(&html)),
            status: status(item),
            ..Finding::new(format!("Security Issue - {title}"), Severity::word(item.text("level").trim_start_matches("level_")))
        })?;
    }
    Ok(())
}

fn servers(item: &Value) -> Vec<Location> {
    let mut names: Vec<&str> = item.list("servers").iter().map(|server| server.text("computer_name")).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().rev().filter(|name| !name.is_empty()).map(|name| Location::host(name, None, None)).collect()
}

fn status(item: &Value) -> Status {
    let servers = item.list("servers");
    if !servers.is_empty() && servers.iter().all(|server| !server.flag("active")) { Status::Fixed } else { Status::Open }
}

fn known(item: &Value, id: &str, product: Option<(&str, &Value)>) -> Finding {
    let vector = item.opt("cvss_v3");
    let rated = vector.as_deref().and_then(|vector| cvss::Vector::parse(vector).ok()).map(|vector| vector.base().score().as_f64());
    let score = rated.or_else(|| item.num("cve_score"));
    let (cve, ids) = text::split_ids([id]);
    let mut places = servers(item);
    let title = product.map_or_else(|| id.to_owned(), |(name, _)| format!("{id} on {name}"));
    Finding {
        rule: Some(id.to_owned()),
        cwe: item.texts("cwes/cwe_id").into_iter().flat_map(text::cwe_field).collect(),
        cve,
        ids,
        cvss: Cvss::of(vector, score),
        location: places.pop(),
        others: places,
        component: product.map(|(name, about)| Component::new(name, text::some(&about.texts("versions").join(", ")))),
        status: status(item),
        ..Finding::new(title, Severity::from_score(score.unwrap_or_default()))
    }
}
