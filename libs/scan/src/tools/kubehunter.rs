//! kube-hunter, JSON: one finding for each vulnerability of a place; equal entries are one.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "kubehunter", title: "kube-hunter (JSON)", aliases: &["kube_hunter", "kubehunter_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["vulnerabilities[].vid", "vulnerabilities[].hunter"]) {
        99
    } else if probe.has_all(&["nodes", "services", "vulnerabilities"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("kube-hunter", None);
    for item in report.list("vulnerabilities") {
        let key = ["hunter", "category", "location", "description", "vulnerability", "evidence", "vid"]
            .map(|name| item.opt(name).unwrap_or_default())
            .join("\n");
        let (host, port, _) = text::url_parts(item.text("location"));
        out.merge(key, Finding {
            rule: item.opt("vid"),
            cve: text::cves(item.text("vulnerability")),
            location: Some(Location::host(host.unwrap_or_default(), port, None)),
            description: item.opt("description"),
            evidence: item.opt("evidence"),
            references: item.opt("avd_reference").into_iter().collect(),
            ..Finding::new(item.text("vulnerability"), Severity::word(item.text("severity")))
        })?;
    }
    out.flush()
}
