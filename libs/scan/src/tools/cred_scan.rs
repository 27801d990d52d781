//! CredScan, CSV: one finding for each searcher, file and line, all of severity info; suppressed ones are set aside.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "cred_scan", title: "CredScan (CSV)", aliases: &["credscan", "credscan_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Searcher", "Source", "Line"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("CredScan", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let (searcher, file, line) = (row.get("Searcher"), row.get("Source"), row.get("Line"));
        let suppressed = row.get("IsSuppressed").eq_ignore_ascii_case("true");
        out.merge(format!("{searcher}|{file}|{line}"), Finding {
            rule: text::some(searcher),
            cwe: vec![798],
            location: Some(Location::file(text::path(file), line.parse().ok())),
            description: row.opt("Description"),
            status: if suppressed { Status::Suppressed(row.opt("SuppressJustification")) } else { Status::Open },
            ..Finding::new(searcher, Severity::Info)
        })?;
    }
    Ok(())
}
