//! Nancy (Sonatype), JSON: one finding for each vulnerability of a Go module; the tool does not rate, so all are info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "nancy", title: "Nancy (JSON)", aliases: &["nancy_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["audited", "vulnerable", "num_vulnerable"]) || probe.has("vulnerable[].Coordinates") { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Nancy", report.opt("version").as_deref());
    for package in report.list("vulnerable") {
        let purl = package.text("Coordinates");
        let (path, version) = purl.rsplit_once('@').unwrap_or((purl, ""));
        let name = path.split_once(':').map_or(path, |(_, name)| name);
        for item in package.list("Vulnerabilities") {
            let id = item.first(&["Id", "ID"]);
            let (cve, ids) = text::split_ids([item.text("Cve"), id.as_deref().unwrap_or_default()]);
            let references = [item.opt("Reference"), package.opt("Reference")];
            out.push(Finding {
                rule: id,
                cwe: text::cwes(&[item.text("Title"), item.text("Cwe")].join(" ")),
                cve,
                ids,
                cvss: Cvss::of(item.opt("CvssVector"), item.num("CvssScore")),
                component: Some(Component { purl: text::some(purl), ..Component::new(name, text::some(version)) }),
                description: item.opt("Description"),
                references: references.into_iter().flatten().collect(),
                status: if item.flag("Excluded") { Status::Suppressed(None) } else { Status::Open },
                ..Finding::new(item.text("Title"), Severity::Info)
            })?;
        }
    }
    Ok(())
}
