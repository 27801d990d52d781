//! Google Cloud Artifact Registry, JSON of a vulnerability summary: one finding for each entry of a severity.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "gcloud_artifact_scan",
    title: "Google Cloud Artifact Registry (JSON)",
    aliases: &["google_cloud_artifact_vulnerability_scan", "gcloud"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has("package_vulnerability_summary") { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Google Cloud Artifact Registry", None);
    for (word, items) in report.entries("package_vulnerability_summary/vulnerabilities") {
        let severity = if word.eq_ignore_ascii_case("minimal") { Severity::Info } else { Severity::word(word) };
        for item in items.list("") {
            let issue = "vulnerability/packageIssue/0";
            let own = |name: &str| item.opt(&format!("{issue}/{name}"));
            let id = item.first(&["vulnerability/shortDescription"]).unwrap_or_default();
            let (cve, ids) = text::split_ids([id.as_str()]);
            let urls = item.list("vulnerability/relatedUrls").iter().filter_map(|url| url.opt("url"));
            out.push(Finding {
                rule: text::some(&id),
                cve,
                ids,
                cvss: Cvss::of(item.opt("vulnerability/cvssv3/vectorString"), item.num("vulnerability/cvssScore")),
                location: item.opt("resourceUri").map(Location::image),
                component: own("affectedPackage").map(|name| Component {
                    fixed_in: own("fixedVersion/fullName"),
                    ..Component::new(name, own("affectedVersion/fullName"))
                }),
                description: item.opt("vulnerability/longDescription"),
                references: urls.collect(),
                ..Finding::new(item.first(&["noteName", "name"]).unwrap_or_default(), severity)
            })?;
        }
    }
    Ok(())
}
