//! JFrog Xray, JSON: violations report (`rows`), summary of artifacts, on-demand binary scans, and the older `data` list.
//!
//! One finding for each row, issue, or vulnerability and component.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "jfrog_xray",
    title: "JFrog Xray (JSON)",
    aliases: &["xray", "jfrog_xray_scan", "jfrog_xray_unified", "jfrog_xray_api_summary_artifact", "jfrog_xray_on_demand_binary_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has("rows[].vulnerable_component")
        || probe.has_all(&["artifacts[].general", "artifacts[].issues"])
        || probe.has("data[].source_comp_id")
        || probe.has_all(&["[].vulnerabilities", "[].component_id", "[].scan_id"])
        || probe.has_all(&["[].vulnerabilities[].components", "[].vulnerabilities[].issue_id"])
    {
        97
    } else if probe.has_all(&["rows", "total_rows"]) || probe.has_all(&["data", "total_count"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("JFrog Xray", None);
    for item in report.list("rows") {
        let (name, version) = package(item.text("vulnerable_component"));
        let finding = common(item, name, version, &item.texts("fixed_versions").join(", "));
        let title = [item.text("issue_id"), item.text("summary")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        out.push(Finding {
            title: title.join(" - "),
            location: item.opt("path").map(|path| Location { resource: item.opt("impacted_artifact"), ..Location::file(path, None) }),
            ..finding
        })?;
    }
    for artifact in report.list("artifacts") {
        let whole = artifact.text("general/name");
        let (name, version) = whole.rsplit_once(':').unwrap_or((whole, ""));
        for item in artifact.list("issues") {
            let place = item.texts("impact_path").first().map(|path| Location::file(*path, None));
            out.push(Finding { location: place, ..common(item, name, version, "") })?;
        }
    }
    for item in report.list("data") {
        let (name, version) = package(item.text("source_comp_id"));
        let fixed = item.texts("component_versions/fixed_versions").join(", ");
        let details = item.at("component_versions/more_details").cloned().unwrap_or_default();
        let ratings = common(&details, name, version, &fixed);
        let parts = ["id", "summary", "provider", "source_comp_id", "component_versions/more_details/cves/0/cve"];
        out.merge(parts.map(|path| item.text(path)).join("|"), Finding { cve: ratings.cve, cwe: ratings.cwe, cvss: ratings.cvss, description: ratings.description, ..common(item, name, version, &fixed) })?;
    }
    for scan in report.list("") {
        for item in scan.list("vulnerabilities") {
            for (id, component) in item.entries("components") {
                let (name, version) = package(id);
                let finding = common(item, name, version, &component.texts("fixed_versions").join(", "));
                let title = finding.title.trim_start_matches("Issue summary: ").lines().next().unwrap_or_default().to_owned();
                let place = component.first(&["impact_paths/0/0/full_path", "impact_paths/0/0/component_id"]).map(Location::resource);
                out.merge(format!("{title}\n{id}"), Finding { title, location: place, ..finding })?;
            }
        }
    }
    Ok(())
}

/// Name and version in `pypi://Jinja2:2.11.2`.
fn package(id: &str) -> (&str, &str) {
    let plain = id.split_once("://").map_or(id, |(_, rest)| rest);
    plain.rsplit_once(':').unwrap_or((plain, ""))
}

fn common(item: &Value, name: &str, version: &str, fixed: &str) -> Finding {
    let cves = item.list("cves");
    let vectors = ["cvss_v3_vector", "cvss_v3", "cvss_v2_vector", "cvss_v2"];
    let best = cves.iter().max_by(|left, right| {
        left.num("cvss_v3_score").unwrap_or(0.0).total_cmp(&right.num("cvss_v3_score").unwrap_or(0.0))
    });
    // The older form has the score in front: `7.5/CVSS:3.0/AV:N…`.
    let raw = best.and_then(|best| best.first(&vectors)).unwrap_or_default();
    let (front, vector) = match raw.split_once('/') {
        Some((score, vector)) if score.parse::<f64>().is_ok() => (score.parse().ok(), vector),
        Some(_) | None => (raw.parse().ok(), raw.as_str()),
    };
    let score = best.and_then(|best| best.num("cvss_v3_score").or_else(|| best.num("cvss_v2_score"))).or(front);
    let (cve, _) = text::split_ids(cves.iter().map(|one| one.text("cve")));
    let cwe = cves.iter().flat_map(|one| one.texts("cwe")).flat_map(text::cwe_field).collect();
    Finding {
        rule: item.first(&["issue_id", "id"]),
        cve,
        ids: item.opt("issue_id").into_iter().collect(),
        cwe,
        cvss: Cvss::of(text::some(vector), score),
        component: text::some(name).map(|name| Component { fixed_in: text::some(fixed), ..Component::new(name, text::some(version)) }),
        description: item.first(&["description", "summary"]),
        remediation: text::some(fixed).map(|fixed| format!("Update {name} to {fixed}.")),
        references: item.texts("references").into_iter().map(str::to_owned).collect(),
        ..Finding::new(item.text("summary"), Severity::word(item.text("severity")))
    }
}
