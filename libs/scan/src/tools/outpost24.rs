//! Outpost24 (OUTSCAN), XML: one finding for each detail, rated by its CVSS score, else by its risk.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "outpost24", title: "Outpost24 (XML)", aliases: &["outpost24_scan", "outscan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("main") && (probe.element("detaillist") || probe.contains("outpost24")) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Outpost24", None);
    let mut xml = input.xml()?;
    while let Some(node) = xml.next(&["detail"])? {
        let score = node.num("cvss_v3_score").or_else(|| node.num("cvss_score"));
        let severity = match score {
            Some(score) => Severity::from_score(score),
            None => Severity::from_level(node.int("risk").unwrap_or_default()),
        };
        let host = node.first(&["hostname", "virtualhost", "ip"]).unwrap_or_default();
        let port = node.text("portinfo/portnumber").parse().ok();
        let protocol = node.opt("portinfo/protocol").map(|protocol| protocol.to_lowercase());
        out.push(Finding {
            rule: node.opt("id"),
            cve: node.list("cve/id").flat_map(|id| text::cves(&id.text)).collect(),
            cvss: Cvss::of(node.first(&["cvss_v3_vector", "cvss_vector"]), score),
            location: Some(Location::host(host, port, protocol)),
            description: node.opt("description"),
            evidence: node.opt("information"),
            remediation: node.opt("solution"),
            references: node.list("referencelist/reference").filter_map(|reference| reference.opt("url")).collect(),
            status: if node.text("falsepositive") == "1" { Status::FalsePositive } else { Status::Open },
            ..Finding::new(node.text("name"), severity)
        })?;
    }
    Ok(())
}
