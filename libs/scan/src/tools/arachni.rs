//! Arachni, JSON: issues of one name and severity are one finding, their pages places.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "arachni", title: "Arachni (JSON)", aliases: &["arachni_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.contains("\"Arachni/") && probe.has_all(&["seed", "options"]) {
        99
    } else if probe.has_all(&["seed", "sitemap", "issues"]) {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Arachni", report.opt("version").as_deref());
    for item in report.list("issues") {
        let severity = Severity::word(item.text("severity"));
        let url = item.first(&["vector/action", "vector/url", "response/url"]).unwrap_or_default();
        out.merge(format!("{}{}", severity.name(), item.text("name")), Finding {
            rule: item.first(&["check/shortname", "name"]),
            cwe: text::cwe_field(&item.opt("cwe").unwrap_or_default()),
            location: Some(Location {
                method: item.opt("request/method").map(|method| method.to_uppercase()),
                parameter: item.opt("vector/affected_input_name"),
                ..Location::url(url)
            }),
            description: item.opt("description"),
            evidence: item.first(&["proof", "signature"]),
            remediation: item.opt("remedy_guidance"),
            references: item.entries("references").filter_map(|(_, link)| text::some(link.text(""))).collect(),
            ..Finding::new(item.text("name"), severity)
        })?;
    }
    out.flush()
}
