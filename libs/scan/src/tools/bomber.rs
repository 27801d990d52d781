//! bomber, JSON: one finding for each vulnerability of a package; a rating that it does not know is medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "bomber", title: "bomber (JSON)", aliases: &["bomber_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["packages[].coordinates", "meta"]) {
        98
    } else if probe.has_all(&["meta.provider", "packages"]) {
        92
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("bomber", report.opt("meta/version").as_deref());
    for package in report.list("packages") {
        let purl = package.text("coordinates");
        let (path, version) = purl.rsplit_once('@').unwrap_or((purl, ""));
        let name = path.split_once('/').map_or(path, |(_, name)| name);
        for item in package.list("vulnerabilities") {
            let (cve, ids) = text::split_ids([item.text("cve"), item.text("id")]);
            let severity = match item.text("severity").to_ascii_uppercase().as_str() {
                "UNSPECIFIED" => Severity::Info,
                word => Severity::from_word(word).unwrap_or(Severity::Medium),
            };
            out.push(Finding {
                rule: item.opt("id"),
                cwe: item.texts("cwe").into_iter().flat_map(text::cwe_field).collect(),
                cve,
                ids,
                component: Some(Component { purl: text::some(purl), ..Component::new(name, text::some(version)) }),
                description: item.opt("description"),
                references: item.opt("reference").into_iter().collect(),
                ..Finding::new(item.first(&["title", "id"]).unwrap_or_default(), severity)
            })?;
        }
    }
    Ok(())
}
