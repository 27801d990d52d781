//! Alert Logic, CSV: one finding for each row.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "alertlogic", title: "Alert Logic (CSV)", aliases: &["alert_logic", "alertlogic_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Vulnerability", "CVSS Score", "Deployment Name", "Asset Name"]) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Alert Logic", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let (protocol, port) = row.get("Protocol/Port").split_once('/').unwrap_or_default();
        let host = row.first(&["Asset Name", "IP Address"]).unwrap_or_default();
        out.push(Finding {
            rule: row.opt("Vulnerability ID"),
            cve: text::cves(row.get("CVE")),
            cvss: Cvss::of(None, row.num("CVSS Score")),
            location: Some(Location::host(host, port.parse().ok(), text::some(&protocol.to_lowercase()))),
            anchor: row.opt("Asset Key"),
            description: row.opt("Description"),
            evidence: row.opt("Evidence"),
            remediation: row.opt("Resolution"),
            ..Finding::new(row.get("Vulnerability"), Severity::word(row.get("Severity")))
        })?;
    }
    Ok(())
}
