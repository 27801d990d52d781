//! TFLint, JSON: one finding for each issue; error is high, warning medium, notice info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "tflint", title: "TFLint (JSON)", aliases: &["tflint_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["issues[].rule.name", "issues[].range"]) {
        98
    } else if probe.keys.len() == 2 && probe.has_all(&["issues", "errors"]) {
        75
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("TFLint", None);
    for error in report.list("errors") {
        out.warn(format!("the tool reports an error: {}", error.text("message")));
    }
    for item in report.list("issues") {
        let severity = match item.text("rule/severity").to_ascii_lowercase().as_str() {
            "error" => Severity::High,
            "notice" => Severity::Info,
            _ => Severity::Medium,
        };
        let (rule, message) = (item.text("rule/name"), item.text("message"));
        out.push(Finding {
            rule: text::some(rule),
            location: Some(Location {
                column: item.line("range/start/column"),
                end_line: item.line("range/end/line"),
                ..Location::file(text::path(item.text("range/filename")), item.line("range/start/line"))
            }),
            description: text::some(message),
            references: item.opt("rule/link").into_iter().collect(),
            ..Finding::new(format!("{rule}: {message}"), severity)
        })?;
    }
    Ok(())
}
