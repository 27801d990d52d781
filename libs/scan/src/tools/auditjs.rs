//! AuditJS, JSON: one finding for each vulnerability, whatever packages have it; the severity follows the score.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "auditjs", title: "AuditJS (JSON)", aliases: &["auditjs_scan", "ossindex"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["[].coordinates", "[].vulnerabilities"]) { 96 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("AuditJS", None);
    input.each_json(|package| {
        let purl = package.text("coordinates");
        let (path, version) = purl.rsplit_once('@').unwrap_or((purl, ""));
        let name = path.split_once('/').map_or(path, |(_, name)| name);
        for item in package.list("vulnerabilities") {
            let (cve, ids) = text::split_ids([item.text("cve"), item.text("id")]);
            out.merge(item.text("id"), Finding {
                rule: item.opt("id"),
                cve,
                ids,
                cwe: text::cwes(&[item.text("cwe"), item.text("title")].join(" ")),
                cvss: Cvss::of(item.opt("cvssVector"), item.num("cvssScore")),
                component: Some(Component { purl: text::some(purl), ..Component::new(name, text::some(version)) }),
                description: item.opt("description"),
                references: item.opt("reference").into_iter().collect(),
                ..Finding::new(item.text("title"), Severity::from_score(item.num("cvssScore").unwrap_or(0.0)))
            })?;
        }
        Ok(())
    })
}
