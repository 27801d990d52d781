//! PHP_CodeSniffer with its security standard, JSON: one finding for each rule and place; severity from 1 to 10.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "php_security_audit",
    title: "PHP_CodeSniffer security audit (JSON)",
    aliases: &["php_security_audit_v2", "phpcs", "phpcs_security_audit"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["totals.errors", "totals.warnings", "files"]) && probe.contains("\"source\"") {
        96
    } else if probe.has_all(&["totals.errors", "totals.warnings", "totals.fixable", "files"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("PHP_CodeSniffer", None);
    for (file, entry) in report.entries("files") {
        for item in entry.list("messages") {
            let level = item.int("severity").unwrap_or_default();
            let severity = match level {
                9.. => Severity::Critical,
                7 | 8 => Severity::High,
                5 | 6 => Severity::Medium,
                _ => Severity::Low,
            };
            let (rule, line, column) = (item.text("source"), item.line("line"), item.line("column"));
            out.merge(format!("{rule}|{file}|{line:?}|{column:?}"), Finding {
                rule: text::some(rule),
                location: Some(Location { column, ..Location::file(text::path(file), line) }),
                description: item.opt("message"),
                anchor: item.opt("message").map(|said| text::without_numbers(&said)),
                ..Finding::new(rule, severity)
            })?;
        }
    }
    Ok(())
}
