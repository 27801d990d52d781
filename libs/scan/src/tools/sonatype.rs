//! Sonatype Lifecycle (Nexus IQ), JSON: one finding for each security issue of a component, rated by its score.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "sonatype",
    title: "Sonatype Lifecycle, Nexus IQ (JSON)",
    aliases: &["nexus_iq", "sonatype_application_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["components[].componentIdentifier", "components[].securityData"]) {
        97
    } else if probe.has_all(&["components", "matchSummary"]) {
        94
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Sonatype Lifecycle", None);
    for node in report.list("components") {
        let of = |name: &str| node.opt(&format!("componentIdentifier/coordinates/{name}"));
        let name = of("artifactId").or_else(|| of("packageId")).or_else(|| of("name")).or_else(|| node.opt("displayName")).unwrap_or_default();
        let name = of("groupId").map_or_else(|| name.clone(), |group| format!("{group}:{name}"));
        let component = Component { purl: node.opt("packageUrl"), ..Component::new(name.as_str(), of("version")) };
        for item in node.list("securityData/securityIssues") {
            let (cve, ids) = text::split_ids([item.text("reference")]);
            let score = item.num("severity").unwrap_or(0.0);
            let severity = if score <= 3.9 { Severity::Low } else { Severity::from_score(score) };
            let status = match item.text("status") {
                "Not Applicable" => Status::FalsePositive,
                "Acknowledged" => Status::Suppressed(Some("acknowledged".to_owned())),
                _ => Status::Open,
            };
            out.push(Finding {
                rule: item.opt("reference"),
                cve,
                ids,
                cwe: text::cwe_field(&item.opt("cwe").unwrap_or_default()),
                cvss: Cvss::of(item.opt("cvssVector"), Some(score)),
                location: node.texts("pathnames").first().map(|path| Location::file(*path, None)),
                component: Some(component.clone()),
                description: Some(format!("{} in {name}, category {}", item.text("reference"), item.text("threatCategory"))),
                references: item.opt("url").into_iter().collect(),
                status,
                ..Finding::new(format!("{} - {name} {}", item.text("reference"), of("version").unwrap_or_default()), severity)
            })?;
        }
    }
    Ok(())
}
