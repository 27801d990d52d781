//! HackerOne: reports of the API (JSON), and the bug-bounty export (JSON, CSV); one finding for each report.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "h1",
    title: "HackerOne (JSON, CSV)",
    aliases: &["hackerone", "hackerone_cases", "h1_cases"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["id", "title", "severity_rating", "substate", "weakness"])
        || probe.has_all(&["data[].attributes.vulnerability_information", "data[].relationships"])
    {
        98
    } else if probe.has_all(&["findings[].severity_rating", "findings[].substate"]) {
        97
    } else if probe.contains("hackerone.com") && (probe.has("data") || probe.has("findings")) {
        70
    } else if probe.keys == ["data", "links"] {
        55
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("HackerOne", None);
    if Probe::new(input.head()?).shape == Shape::Table {
        let mut table = input.table()?;
        while let Some(row) = table.next()? {
            let cell = |name: &str| row.get(name).to_owned();
            bounty(&cell, out)?;
        }
        return out.flush();
    }
    let report = input.json()?;
    for item in report.list("data") {
        disclosed(item, out)?;
    }
    for item in report.list("findings") {
        bounty(&|name| item.opt(name).unwrap_or_default(), out)?;
    }
    out.flush()
}

/// A closed report: mended, no finding, or set aside.
fn status(state: &str) -> Status {
    match state.to_ascii_lowercase().as_str() {
        "resolved" => Status::Fixed,
        "not-applicable" | "not_applicable" | "spam" => Status::FalsePositive,
        "informative" | "duplicate" => Status::Suppressed(Some(state.to_owned())),
        _ => Status::Open,
    }
}

fn bounty(cell: &dyn Fn(&str) -> String, out: &mut Out<'_>) -> Result<(), Error> {
    let (id, title) = (cell("id"), cell("title"));
    let state = [cell("substate"), cell("state")].into_iter().find(|state| !state.is_empty()).unwrap_or_default();
    out.merge(format!("{id} {title}"), Finding {
        rule: text::some(&cell("weakness")),
        cve: text::cves(&cell("cve_ids")),
        cwe: text::cwes(&cell("weakness")),
        cvss: Cvss::of(None, text::number(&cell("severity_score"))),
        location: text::some(&cell("structured_scope_reference")).map(Location::resource),
        anchor: text::some(&id),
        description: text::some(&cell("weakness")),
        references: text::some(&cell("reference_url")).into_iter().collect(),
        status: status(&state),
        ..Finding::new(title, Severity::word(&cell("severity_rating")))
    })
}

fn disclosed(item: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let id = item.opt("id").unwrap_or_default();
    let severity = item.at("relationships/severity/data/attributes");
    let said = |path: &str| severity.and_then(|severity| severity.opt(path)).unwrap_or_default();
    let weakness = item.at("relationships/weakness/data/attributes");
    let title = format!("#{id} {}", item.text("attributes/title"));
    out.merge(title.clone(), Finding {
        rule: weakness.and_then(|weakness| weakness.first(&["external_id", "name"])),
        cwe: weakness.map(|weakness| text::cwes(weakness.text("external_id"))).unwrap_or_default(),
        cve: item.texts("attributes/cve_ids").into_iter().flat_map(text::cves).collect(),
        cvss: Cvss::of(None, severity.and_then(|severity| severity.num("score"))),
        location: item
            .opt("relationships/structured_scope/data/attributes/asset_identifier")
            .map(Location::resource),
        anchor: text::some(&id),
        description: item.opt("attributes/vulnerability_information"),
        references: item.opt("attributes/issue_tracker_reference_url").into_iter().collect(),
        status: status(item.text("attributes/state")),
        ..Finding::new(title, Severity::word(&said("rating")))
    })
}
