//! Kiuwan Code Security, CSV: one finding for each rule, file and line; priorities from very low (info) to very high.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "kiuwan", title: "Kiuwan Code Security (CSV)", aliases: &["kiuwan_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Rule code", "Rule", "Priority", "Line number"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Kiuwan", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let severity = match row.get("Priority").to_ascii_lowercase().as_str() {
            "low" => Severity::Low,
            "normal" => Severity::Medium,
            "high" => Severity::High,
            "very high" => Severity::Critical,
            _ => Severity::Info,
        };
        let names = [
            "Rule", "Vulnerability type", "CWE Scope", "Line number", "Line text", "Normative", "Rule code", "Status",
            "Source file", "Source line number", "Source line text", "File",
        ];
        let key: Vec<&str> = names.iter().map(|name| row.get(name)).collect();
        let muted = row.get("Muted").eq_ignore_ascii_case("yes");
        out.merge(format!("{}|{}", severity.name(), key.join("|")), Finding {
            rule: row.opt("Rule code"),
            cwe: text::cwe_field(row.get("CWE")),
            location: Some(Location::file(text::path(row.get("File")), row.get("Line number").parse().ok())),
            description: row.opt("Vulnerability type"),
            evidence: row.opt("Line text"),
            anchor: row.opt("Line text").map(|line| text::without_numbers(&line)),
            status: if muted { Status::Suppressed(None) } else { Status::Open },
            ..Finding::new(row.get("Rule"), severity)
        })?;
    }
    Ok(())
}
