//! Kubescape, JSON: one finding for each resource, failed control and rule that did not pass.
//!
//! The severity follows the score of the control: up to 4 low, up to 7 medium, up to 9 high, above critical; info where
//! the summary does not know the control.

use std::collections::HashMap;

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity};

pub(crate) const TOOL: Tool =
    Tool { name: "kubescape", title: "Kubescape (JSON)", aliases: &["kubescape_json", "kubescape_json_importer"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["summaryDetails", "results"]) || probe.has("summaryDetails.controls") { 96 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Kubescape", None);
    let mut results: HashMap<&str, &Value> = HashMap::new();
    for result in report.list("results") {
        results.entry(result.text("resourceID")).or_insert(result);
    }
    let controls = report.at("summaryDetails/controls");
    for resource in report.list("resources") {
        let id = resource.text("resourceID");
        let Some(result) = results.get(id) else { continue };
        for control in result.list("controls") {
            let failed = control.at("status/status").is_none() || control.text("status/status") == "failed";
            for rule in control.list("rules") {
                if rule.text("status") == "passed" || !failed {
                    out.leave_out("passed rules");
                    continue;
                }
                let about = controls.and_then(|controls| controls.as_object()?.get(control.text("controlID")));
                out.push(finding(id, control, rule, about))?;
            }
        }
    }
    Ok(())
}

fn finding(id: &str, control: &Value, rule: &Value, about: Option<&Value>) -> Finding {
    let mut parts = id.rsplit('/');
    let (name, kind) = (parts.next().unwrap_or_default(), parts.next());
    let place = kind.map_or_else(|| id.to_owned(), |kind| format!("{kind} {name}"));
    let severity = about.map_or(Severity::Info, |about| {
        let score = about.num("scoreFactor").unwrap_or(0.0);
        if score <= 4.0 {
            Severity::Low
        } else if score <= 7.0 {
            Severity::Medium
        } else if score <= 9.0 {
            Severity::High
        } else {
            Severity::Critical
        }
    });
    let paths = rule.list("paths").iter().filter_map(|path| path.first(&["failedPath", "fixPath/path"]));
    Finding {
        rule: control.opt("controlID"),
        location: Some(Location { logical: rule.opt("name"), ..Location::resource(id) }),
        description: about.and_then(|about| about.opt("description")).or_else(|| Some(format!("{id} fails the control {}", control.text("name")))),
        evidence: crate::text::some(&paths.collect::<Vec<_>>().join("\n")),
        remediation: about.and_then(|about| about.opt("remediation")),
        ..Finding::new(format!("{} - {place}", control.text("name")), severity)
    }
}
