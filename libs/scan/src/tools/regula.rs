//! Regula, JSON: one finding for each rule and resource that failed; a rule without a rating is medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "regula", title: "Regula (JSON)", aliases: &["regula_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("rule_results[].rule_id") || probe.item(&["rule_result", "rule_id", "resource_id"]) {
        98
    } else if probe.has_all(&["rule_results", "summary"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Regula", None);
    for item in report.list("rule_results").iter().chain(report.list("")) {
        if !item.text("rule_result").eq_ignore_ascii_case("fail") {
            out.leave_out("rules that passed or are waived");
            continue;
        }
        let severity = match item.text("rule_severity").to_ascii_lowercase().as_str() {
            "informational" => Severity::Info,
            word @ ("critical" | "high" | "medium" | "low") => Severity::word(word),
            _ => Severity::Medium,
        };
        let (rule, resource) = (item.text("rule_id"), item.text("resource_id"));
        let file = item.first(&["filepath", "source_location/0/path"]).unwrap_or_default();
        out.merge(format!("{rule}:{resource}"), Finding {
            rule: text::some(rule),
            location: Some(Location {
                resource: text::some(resource),
                ..Location::file(text::path(&file), item.line("source_location/0/line"))
            }),
            description: item.first(&["rule_description", "rule_message"]),
            references: item.opt("rule_remediation_doc").into_iter().collect(),
            ..Finding::new(item.first(&["rule_summary", "rule_name", "rule_id"]).unwrap_or_default(), severity)
        })?;
    }
    Ok(())
}
