//! golangci-lint, JSON: one finding for each issue of its security linters (gosec, bidichk); the others are counted.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "golangci_lint", title: "golangci-lint (JSON)", aliases: &["golangci_lint_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("Issues[].FromLinter") {
        98
    } else if probe.has_all(&["Issues", "Report.Linters"]) {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("golangci-lint", None);
    for item in report.list("Issues") {
        let linter = item.text("FromLinter");
        if !["gosec", "bidichk"].contains(&linter) {
            out.leave_out("issues of linters that do not look for weaknesses");
            continue;
        }
        let severity = match item.text("Severity").to_ascii_lowercase().as_str() {
            "error" => Severity::High,
            "info" => Severity::Info,
            word => Severity::from_word(word).unwrap_or(Severity::Medium),
        };
        let said = item.text("Text");
        let rule = said.split_once(':').map(|(rule, _)| rule).filter(|rule| rule.starts_with('G') && rule.len() == 4);
        let source = item.texts("SourceLines").join("\n");
        out.push(Finding {
            rule: text::some(rule.unwrap_or(linter)),
            location: Some(Location {
                column: item.line("Pos/Column"),
                ..Location::file(text::path(item.text("Pos/Filename")), item.line("Pos/Line"))
            }),
            description: text::some(said),
            anchor: text::some(&text::without_numbers(&source)),
            evidence: text::some(&source),
            ..Finding::new(said, severity)
        })?;
    }
    Ok(())
}
