//! Infer, `report.json`: one finding for each issue; errors are high, warnings medium, info low, advice info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Step, text};

pub(crate) const TOOL: Tool = Tool { name: "infer", title: "Infer (JSON)", aliases: &["infer_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["bug_type", "qualifier"]) { 96 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Infer", None);
    input.each_json(|item| {
        let severity = match item.text("severity").to_ascii_uppercase().as_str() {
            "ERROR" => Severity::High,
            "INFO" => Severity::Low,
            "ADVICE" | "LIKE" => Severity::Info,
            _ => Severity::Medium,
        };
        let steps = item.list("bug_trace").iter().map(|step| Step {
            flow: 0,
            location: Location {
                column: step.line("column_number"),
                ..Location::file(text::path(step.text("filename")), step.line("line_number"))
            },
            message: step.opt("description"),
        });
        out.push(Finding {
            rule: item.opt("bug_type"),
            location: Some(Location {
                column: item.line("column"),
                logical: item.opt("procedure"),
                ..Location::file(text::path(item.text("file")), item.line("line"))
            }),
            description: item.opt("qualifier"),
            anchor: item.first(&["hash", "key"]),
            steps: steps.collect(),
            ..Finding::new(
                item.first(&["bug_type_hum", "bug_type"]).unwrap_or_else(|| "Infer issue".to_owned()),
                severity,
            )
        })
    })
}
