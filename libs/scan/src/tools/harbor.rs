//! Harbor, JSON of a scan report: one finding for each vulnerability of a package; only the tool's five words are rated.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "harbor",
    title: "Harbor (JSON)",
    aliases: &["harbor_vulnerability", "harbor_vulnerability_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let kinds = ["vnd.scanner.adapter.vuln.report", "vnd.security.vulnerability.report"];
    if probe.keys.iter().any(|key| kinds.iter().any(|kind| key.contains(kind))) {
        99
    } else if probe.has_all(&["vulnerabilities[].fix_version", "vulnerabilities[].package"]) {
        90
    } else if probe.has_all(&["*.vulnerabilities[].fix_version", "*.vulnerabilities[].package"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let document = input.json()?;
    let wrapped = document.entries("").map(|(_, part)| part).find(|part| part.is_object() && part.at("vulnerabilities").is_some());
    let report = wrapped.unwrap_or(&document);
    out.scanner(report.first(&["scanner/name"]).as_deref().unwrap_or("Harbor"), report.opt("scanner/version").as_deref());
    for item in report.list("vulnerabilities") {
        let (id, name, version) = (item.text("id"), item.text("package"), item.opt("version"));
        let title = format!("{id} - {name} ({})", version.clone().unwrap_or_default());
        let (cve, ids) = text::split_ids([id]);
        let severity = match item.text("severity").to_ascii_lowercase().as_str() {
            word @ ("critical" | "high" | "medium" | "low") => Severity::word(word),
            _ => Severity::Info,
        };
        let fixed = item.opt("fix_version");
        out.merge(title.clone(), Finding {
            rule: text::some(id),
            cwe: item.texts("cwe_ids").into_iter().flat_map(text::cwe_field).collect(),
            cve,
            ids,
            cvss: Cvss::of(
                item.first(&["preferred_cvss/vector_v3", "preferred_cvss/vector_v2"]),
                item.num("preferred_cvss/score_v3").or_else(|| item.num("preferred_cvss/score_v2")),
            ),
            location: item.texts("artifact_digests").first().map(|digest| Location::image(*digest)),
            component: Some(Component { fixed_in: fixed.clone(), ..Component::new(name, version) }),
            description: item.opt("description"),
            remediation: fixed.map(|fixed| format!("Update {name} to version {fixed}.")),
            references: item.texts("links").into_iter().map(str::to_owned).collect(),
            ..Finding::new(title, severity)
        })?;
    }
    Ok(())
}
