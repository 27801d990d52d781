//! Trustwave, CSV: one finding for each row; the severity is a letter.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "trustwave", title: "Trustwave (CSV)", aliases: &["trustwave_scan", "trustwave_scan_csv"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Target Name", "Vulnerability Name", "Remediation", "Evidence"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Trustwave", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let severity = match row.get("Severity") {
            "C" => Severity::Critical,
            "H" => Severity::High,
            "M" => Severity::Medium,
            "L" => Severity::Low,
            word => Severity::word(word),
        };
        let host = row.first(&["Domain", "IP"]).unwrap_or_default();
        let protocol = row.opt("Protocol").map(|protocol| protocol.to_lowercase());
        out.push(Finding {
            rule: row.opt("Vulnerability Name"),
            cve: text::cves(row.get("CVE")),
            location: Some(Location::host(host, row.get("Port").parse().ok(), protocol)),
            description: row.opt("Description"),
            evidence: row.opt("Evidence"),
            remediation: row.opt("Remediation"),
            ..Finding::new(row.get("Vulnerability Name"), severity)
        })?;
    }
    Ok(())
}
