//! Bandit (Python), JSON: one finding for each entry of `results`; the severity is `issue_severity`.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "bandit", title: "Bandit (JSON)", aliases: &["bandit_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["results[].issue_severity", "results[].test_id"]) {
        95
    } else if probe.has_all(&["generated_at", "metrics", "results"]) && probe.contains("CONFIDENCE.") {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Bandit", None);
    for error in report.list("errors") {
        out.warn(format!("{} could not be scanned: {}", error.text("filename"), error.text("reason")));
    }
    for item in report.list("results") {
        let code = item.text("code");
        out.push(Finding {
            rule: item.opt("test_id"),
            cwe: item.int("issue_cwe/id").and_then(|id| u32::try_from(id).ok()).into_iter().collect(),
            location: Some(Location {
                column: item.int("col_offset").and_then(|column| u32::try_from(column.saturating_add(1)).ok()),
                end_line: item.list("line_range").last().and_then(|line| line.line("")),
                ..Location::file(text::path(item.text("filename")), item.line("line_number"))
            }),
            description: item.opt("issue_text"),
            evidence: text::some(code),
            anchor: text::some(&text::without_numbers(code)),
            references: item.opt("more_info").or_else(|| item.opt("issue_cwe/link")).into_iter().collect(),
            ..Finding::new(item.text("issue_text"), Severity::word(item.text("issue_severity")))
        })?;
    }
    Ok(())
}
