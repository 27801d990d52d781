//! Meterian, JSON: one finding for each advice on a dependency, rated by its CVSS score, else by its own word.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "meterian", title: "Meterian (JSON)", aliases: &["meterian_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["reports.security.reports", "scores"]) {
        97
    } else if probe.has_all(&["reports.security", "reports.licensing"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Meterian", None);
    if report.at("reports/security/reports").is_none() {
        return Err(Error::malformed("the report has no security part"));
    }
    for part in report.list("reports/security/reports").iter().flat_map(|language| language.list("reports")) {
        let (name, version) = (part.text("dependency/name"), part.text("dependency/version"));
        let fixed = part.first(&["safeVersions/latestPatch", "safeVersions/latestMinor", "safeVersions/latestMajor"]);
        for item in part.list("advices") {
            let (cve, ids) = text::split_ids([item.text("cve")].into_iter().filter(|id| *id != "N/A"));
            let score = item.num("cvss");
            let severity = score.map_or_else(|| Severity::word(item.text("severity")), |score| {
                if score <= 3.9 { Severity::Low } else { Severity::from_score(score) }
            });
            out.push(Finding {
                rule: item.opt("id"),
                cve,
                ids,
                cwe: text::cwe_field(&item.opt("cwe").unwrap_or_default()),
                cvss: Cvss::of(None, score),
                component: Some(Component { fixed_in: fixed.clone(), ..Component::new(name, text::some(version)) }),
                description: item.opt("description"),
                remediation: fixed.clone().map(|fixed| format!("Update {name} to version {fixed}.")),
                references: item.list("links").iter().filter_map(|link| link.opt("url")).collect(),
                ..Finding::new(format!("{name}:{version}"), severity)
            })?;
        }
    }
    Ok(())
}
