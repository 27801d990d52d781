//! Semgrep AppSec Platform, JSON of its interface: one finding for each match identifier.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "semgrep_pro",
    title: "Semgrep AppSec Platform (JSON)",
    aliases: &["semgrep_pro_json_report", "semgrep_platform"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["findings[].rule_name", "findings[].match_based_id"]) || probe.has_all(&["findings[].rule_name", "findings[].triage_state"]) {
        98
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Semgrep", None);
    for item in report.list("findings") {
        let severity = match item.text("severity").to_ascii_lowercase().as_str() {
            "error" => Severity::High,
            "warning" => Severity::Medium,
            "info" => Severity::Low,
            word => Severity::word(word),
        };
        let title = item.first(&["rule_name"]).unwrap_or_else(|| "No title".to_owned());
        let (file, line) = (text::path(item.text("location/file_path")), item.line("location/line"));
        let key = item.opt("match_based_id").unwrap_or_else(|| format!("{title}{file}{line:?}"));
        let status = match (item.text("status"), item.text("triage_state")) {
            ("fixed" | "removed", _) => Status::Fixed,
            (_, "ignored" | "provisionally_ignored") => Status::Suppressed(item.first(&["triage_comment", "triage_reason"])),
            (_, _) => Status::Open,
        };
        out.merge(key, Finding {
            rule: text::some(&title),
            cwe: item.texts("rule/cwe_names").into_iter().flat_map(text::cwes).collect(),
            location: Some(Location {
                column: item.line("location/column"),
                end_line: item.line("location/end_line"),
                ..Location::file(file, line)
            }),
            anchor: item.opt("match_based_id"),
            description: item.first(&["rule_message", "rule/message"]),
            remediation: item.first(&["assistant/guidance/summary", "assistant/autofix/explanation"]),
            references: item.opt("line_of_code_url").into_iter().collect(),
            status,
            ..Finding::new(title, severity)
        })?;
    }
    Ok(())
}
