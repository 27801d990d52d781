//! composer audit (PHP), JSON: one finding for each package and advisory; without a severity it is medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "composer_audit", title: "composer audit (JSON)", aliases: &["composer", "composer_audit_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("advisories.*[].advisoryId") || probe.has_all(&["advisories", "abandoned"]) {
        97
    } else if probe.contains("\"advisoryId\"") && probe.contains("\"affectedVersions\"") {
        92
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("composer audit", None);
    for (package, advisories) in report.entries("advisories") {
        let listed = advisories.list("").iter();
        for item in listed.chain(advisories.entries("").map(|(_, item)| item)) {
            let ids = item.list("sources").iter().map(|source| source.text("remoteId")).filter(|id| id.starts_with("GHSA-"));
            let (cve, ids) = text::split_ids(std::iter::once(item.text("cve")).chain(ids));
            let affected = item.text("affectedVersions");
            out.merge(format!("{package}\n{}", item.text("advisoryId")), Finding {
                rule: item.opt("advisoryId"),
                cve,
                ids,
                component: Some(Component::new(package.as_str(), None)),
                description: Some(format!("{} Affected versions: {affected}", item.text("title"))),
                remediation: Some(format!("Update {package} to a version outside {affected}.")),
                references: item.opt("link").into_iter().collect(),
                ..Finding::new(
                    format!("{package}: {}", item.text("title")),
                    Severity::from_word(item.text("severity")).unwrap_or(Severity::Medium),
                )
            })?;
        }
    }
    Ok(())
}
