//! Contrast, CSV: one finding for each vulnerability.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "contrast", title: "Contrast (CSV)", aliases: &["contrast_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Vulnerability Name", "Vulnerability ID", "Rule Name", "Application Name"]) { 99 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Contrast", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let name = row.get("Vulnerability Name");
        let weakness = row.get("CWE ID").rsplit('/').next().and_then(|page| page.split('.').next()).unwrap_or_default();
        let status = match row.get("Status") {
            "NotAProblem" | "Not a Problem" => Status::Suppressed(Some("not a problem".to_owned())),
            "Fixed" | "Remediated" => Status::Fixed,
            _ => Status::Open,
        };
        let place = Location { method: row.opt("Request Method"), url: row.opt("Request URI"), ..Location::default() };
        out.merge(row.get("Vulnerability ID"), Finding {
            rule: row.opt("Rule Name"),
            cwe: text::cwe_field(weakness),
            location: row.opt("Request URI").map(|_| place),
            anchor: row.opt("Vulnerability ID"),
            description: text::some(name),
            status,
            ..Finding::new(name, Severity::word(row.get("Severity")))
        })?;
    }
    out.flush()
}
