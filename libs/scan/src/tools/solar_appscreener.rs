//! Solar appScreener, CSV of detailed results: one finding for each row.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "solar_appscreener", title: "Solar appScreener (CSV)", aliases: &["solar_appscreener_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Vulnerability", "Severity Level", "Recommendations"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Solar appScreener", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let mut lines = row.get("Line").split('-').map(|line| line.trim().parse().ok());
        let line = lines.next().flatten();
        let rejected = row.get("Status").eq_ignore_ascii_case("rejected");
        let finding = Finding {
            rule: row.opt("Vulnerability"),
            cwe: text::cwes(row.get("Links")),
            location: row.opt("File").map(|file| Location { end_line: lines.next().flatten(), ..Location::file(text::path(&file), line) }),
            description: row.opt("Description"),
            evidence: row.opt("Trace"),
            remediation: row.opt("Recommendations"),
            references: row.get("Links").split_whitespace().filter(|word| word.contains("://")).map(str::to_owned).collect(),
            status: if rejected { Status::FalsePositive } else { Status::Open },
            ..Finding::new(row.get("Vulnerability"), Severity::word(row.get("Severity Level")))
        };
        out.push(finding)?;
    }
    Ok(())
}
