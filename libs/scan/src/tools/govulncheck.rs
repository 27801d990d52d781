//! govulncheck, JSON of both layouts: one finding for each vulnerability; the tool ranks nothing, so every one is info.
//!
//! Before 1.0 (`Vulns`) neighbouring entries of one CVE are one finding; since then each `osv` entry is one.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, Step, text};

pub(crate) const TOOL: Tool =
    Tool { name: "govulncheck", title: "govulncheck (JSON)", aliases: &["govulncheck_scanner"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.value("config.scanner_name") == "govulncheck" || probe.value("[].config.scanner_name") == "govulncheck" {
        100
    } else if probe.has_all(&["Vulns", "Requires", "Calls"]) {
        96
    } else if probe.has_all(&["Calls", "Imports", "Requires"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut entries = Vec::new();
    input.each_json(|item| {
        entries.push(item.clone());
        Ok(())
    })?;
    for item in &entries {
        if let Some(version) = item.opt("config/scanner_version") {
            out.scanner("govulncheck", Some(&version));
        }
        let mut before = String::new();
        for (number, old) in item.list("Vulns").iter().enumerate() {
            let Some(osv) = old.at("OSV") else { continue };
            let alias = osv.opt("aliases/0").unwrap_or_default();
            if number > 0 && alias == before {
                continue;
            }
            before = alias;
            let version = item.opt(&format!("Requires/Modules/{}/Version", old.opt("RequireSink").unwrap_or_default()));
            out.push(finding(osv, version, Vec::new()))?;
        }
        if let Some(osv) = item.at("osv") {
            let id = osv.text("id");
            let traces = entries.iter().filter(|one| one.text("finding/osv") == id).flat_map(|one| one.list("finding/trace"));
            let traces: Vec<&Value> = traces.collect();
            let version = traces.iter().find_map(|trace| trace.opt("version"));
            out.push(finding(osv, version, traces))?;
        }
    }
    Ok(())
}

fn finding(osv: &Value, version: Option<String>, traces: Vec<&Value>) -> Finding {
    let id = osv.text("id");
    let package = osv.text("affected/0/package/name");
    let path = osv.text("affected/0/ecosystem_specific/imports/0/path");
    let (cve, ids) = text::split_ids(std::iter::once(id).chain(osv.texts("aliases")));
    let fixed = osv.list("affected/0/ranges").iter().flat_map(|range| range.list("events")).filter_map(|event| event.opt("fixed")).next_back();
    let title = [id, package, path].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" - ");
    let steps = traces.iter().map(|trace| Step {
        flow: 0,
        location: Location {
            column: trace.line("position/column"),
            logical: trace.opt("function"),
            ..Location::file(trace.text("position/filename"), trace.line("position/line"))
        },
        message: trace.opt("module"),
    });
    Finding {
        rule: text::some(id),
        cve,
        ids,
        location: text::some(path).map(|path| Location { logical: Some(path), ..Location::default() }),
        component: Some(Component { fixed_in: fixed, ..Component::new(package, version) }),
        description: osv.first(&["summary", "details"]),
        evidence: text::some(&osv.texts("affected/0/ecosystem_specific/imports/0/symbols").join(", ")),
        references: osv.list("references").iter().filter_map(|one| one.opt("url")).collect(),
        steps: steps.take(200).collect(),
        ..Finding::new(title, osv.at("severity").map_or(Severity::Info, |_| Severity::word(osv.text("severity"))))
    }
}
