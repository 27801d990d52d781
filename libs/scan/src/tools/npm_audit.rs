//! npm audit, JSON: version 1 (npm 6, `advisories`) and version 2 (npm 7 and later, `vulnerabilities`).
//!
//! Version 1: one finding for each advisory and module. Version 2: one for each vulnerable package, as the report's own
//! totals count them; entries of equal title and severity are one finding.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "npm_audit",
    title: "npm audit (JSON)",
    aliases: &["npm", "npm_audit_7_plus", "npm_audit_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["auditReportVersion", "vulnerabilities"]) || probe.has("audit.auditReportVersion") {
        95
    } else if probe.has_all(&["advisories", "metadata"]) && (probe.has("actions") || probe.has("advisories.*.module_name")) {
        90
    } else if probe.has_all(&["advisories", "metadata.vulnerabilities"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("npm audit", None);
    if report.at("error").is_some() && report.at("advisories").is_none() {
        return Err(Error::malformed(format!("npm audit itself failed: {}", report.text("error/summary"))));
    }
    let report = report.at("audit").unwrap_or(&report);
    for (_, node) in report.entries("advisories") {
        out.merge(format!("{} {}", node.opt("id").unwrap_or_default(), node.text("module_name")), advisory(node))?;
    }
    for (_, node) in report.entries("vulnerabilities") {
        let finding = package(node);
        out.merge(format!("{}{}", finding.title, finding.severity.name()), finding)?;
    }
    Ok(())
}

fn advisory(node: &Value) -> Finding {
    let module = node.text("module_name");
    let (cve, ids) = text::split_ids(node.texts("cves").into_iter().chain([node.text("github_advisory_id")]));
    let cwes = node.texts("cwe").into_iter().flat_map(text::cwe_field).collect();
    let paths = node.list("findings").iter().flat_map(|found| found.texts("paths"));
    let mut places = paths.take(1_000).map(|path| Location { logical: Some(path.to_owned()), ..Location::default() });
    Finding {
        rule: node.opt("id"),
        cve,
        ids,
        cwe: cwes,
        cvss: Cvss::of(node.opt("cvss/vectorString"), node.num("cvss/score").filter(|score| *score > 0.0)),
        // The way to the module changes with every update of others, so it is no part of the identity.
        others: places.by_ref().collect(),
        component: Some(Component {
            fixed_in: node.opt("patched_versions"),
            ..Component::new(module, node.opt("findings/0/version"))
        }),
        description: node.opt("overview"),
        remediation: node.opt("recommendation"),
        references: node.opt("url").into_iter().collect(),
        ..Finding::new(
            format!("{} - ({module}, {})", node.text("title"), node.text("vulnerable_versions")),
            Severity::word(node.text("severity")),
        )
    }
}

fn package(node: &Value) -> Finding {
    let name = node.text("name");
    let causes: Vec<&Value> = node.list("via").iter().filter(|via| via.is_object()).collect();
    let first = node.at("via/0").filter(|via| via.is_object());
    let title = first.and_then(|via| via.opt("title")).unwrap_or_else(|| name.to_owned());
    let ghsa = causes.iter().filter_map(|via| via.text("url").rsplit('/').next()).filter(|id| id.starts_with("GHSA-"));
    let through = node.texts("via").join(", ");
    let fix = node.opt("fixAvailable/name").zip(node.opt("fixAvailable/version"));
    Finding {
        rule: first.and_then(|via| via.opt("source")),
        ids: text::split_ids(ghsa).1,
        cwe: causes.iter().flat_map(|via| via.texts("cwe")).flat_map(text::cwe_field).collect(),
        cvss: first.and_then(|via| Cvss::of(via.opt("cvss/vectorString"), via.num("cvss/score").filter(|score| *score > 0.0))),
        location: node.opt("nodes/0").map(|path| Location::file(path, None)),
        component: Some(Component::new(name, None)),
        description: Some(format!(
            "{name} {}{}",
            node.text("range"),
            if through.is_empty() { String::new() } else { format!(" depends on vulnerable versions of {through}") }
        )),
        remediation: fix.map(|(name, version)| format!("Update {name} to version {version}.")),
        references: causes.iter().filter_map(|via| via.opt("url")).collect(),
        ..Finding::new(title, Severity::word(node.text("severity")))
    }
}
