//! huskyCI, JSON: one finding for each entry that a tool rates high, medium or low; equal entries are one.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "huskyci", title: "huskyCI (JSON)", aliases: &["huskyci_report"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("huskyciresults") { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("huskyCI", None);
    for (_, tools) in report.entries("huskyciresults") {
        for (_, rated) in tools.entries("") {
            for (word, items) in rated.entries("") {
                // The lists are called highvulns, mediumvulns, lowvulns and nosecvulns.
                let severity = match word.to_ascii_lowercase().trim_end_matches("vulns") {
                    "high" => Severity::High,
                    "medium" => Severity::Medium,
                    "low" => Severity::Low,
                    _ => {
                        items.list("").iter().for_each(|_| out.leave_out("entries that are set aside in the code"));
                        continue;
                    }
                };
                for item in items.list("") {
                    out.merge(format!("{}|{item}", severity.name()), Finding {
                        rule: item.first(&["type", "title"]),
                        cve: text::cves(&item.first(&["title"]).unwrap_or_default()),
                        location: item.opt("file").map(|file| Location::file(text::path(&file), item.line("line"))),
                        description: item.opt("details"),
                        evidence: item.opt("code"),
                        anchor: item.opt("code").map(|code| text::without_numbers(&code)),
                        ..Finding::new(item.first(&["title", "details"]).unwrap_or_default(), severity)
                    })?;
                }
            }
        }
    }
    Ok(())
}
