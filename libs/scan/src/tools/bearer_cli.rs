//! Bearer CLI, JSON: lists of findings by severity; one finding for each fingerprint. `warning` is below low: info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "bearer_cli", title: "Bearer CLI (JSON)", aliases: &["bearer"], recognise, read };

const LEVELS: [&str; 5] = ["critical", "high", "medium", "low", "warning"];

fn recognise(probe: &Probe) -> u8 {
    let any = LEVELS.iter().any(|level| {
        probe.has(&format!("{level}[].cwe_ids")) && probe.has(&format!("{level}[].fingerprint"))
    });
    if any { 95 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Bearer", None);
    for (level, items) in report.entries("") {
        for item in items.list("") {
            let (file, line) = (item.text("filename"), item.line("line_number"));
            let number = line.map(|line| line.to_string()).unwrap_or_default();
            let column = if item.at("sink/column").is_some() { item.line("sink/column/start") } else { None };
            out.merge(item.text("fingerprint"), Finding {
                rule: item.opt("id"),
                cwe: item.texts("cwe_ids").into_iter().flat_map(text::cwe_field).collect(),
                location: Some(Location { column, end_line: item.line("sink/end"), ..Location::file(text::path(file), line) }),
                description: item.opt("description"),
                evidence: item.first(&["code_extract", "snippet", "sink/content"]),
                anchor: item.opt("fingerprint"),
                references: item.opt("documentation_url").into_iter().collect(),
                ..Finding::new(format!("{} in {file}:{number}", item.text("title")), Severity::word(level))
            })?;
        }
    }
    Ok(())
}
