//! Snyk Open Source and Container, JSON of `snyk test`: one project or an array; one finding for each vulnerable path.
//!
//! The severity is that of the CVSS score where there is one, else the one of the entry.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "snyk", title: "Snyk test (JSON)", aliases: &["snyk_scan", "snyk_container"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["vulnerabilities[].semver", "vulnerabilities[].packageName"]) {
        96
    } else if probe.item(&["vulnerabilities", "dependencyCount", "ok"]) {
        94
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Snyk", None);
    let projects = if report.is_array() { report.list("").iter().collect() } else { vec![&report] };
    for project in projects {
        if let Some(error) = project.opt("error") {
            out.warn(format!("Snyk could not test {}: {error}", project.text("path")));
        }
        let file = project.first(&["displayTargetFile", "targetFile"]);
        let container = project.opt("docker/baseImage").is_some() || project.at("docker").is_some();
        for list in [project.list("vulnerabilities"), project.list("applications")] {
            for item in list.iter().filter(|item| item.at("packageName").is_some() || item.at("title").is_some()) {
                out.push(finding(item, file.clone(), container.then(|| project.text("path"))))?;
            }
        }
    }
    Ok(())
}

fn finding(item: &Value, file: Option<String>, image: Option<&str>) -> Finding {
    let severity = item.num("cvssScore").map_or_else(|| Severity::word(item.text("severity")), |score| {
        // Snyk's own score of 0 for licences says nothing.
        if score <= 3.9 { Severity::Low } else { Severity::from_score(score) }
    });
    let path = item.texts("from");
    // The way without versions, for they change with every update.
    let way: Vec<&str> = path.iter().map(|step| step.rsplit_once('@').map_or(*step, |(name, _)| name)).collect();
    let cves = item.texts("identifiers/CVE").into_iter();
    let (cve, mut ids) = text::split_ids(cves.chain(item.texts("identifiers/GHSA")));
    ids.extend(item.opt("id"));
    let package = item.first(&["packageName", "moduleName", "name"]).unwrap_or_default();
    let description = item.opt("description");
    let advice = description.as_deref().and_then(|text| text.split_once("## Remediation")).map(|(_, rest)| {
        rest.split("## References").next().unwrap_or_default().trim().to_owned()
    });
    let location = Location { logical: text::some(&way.join(" > ")), image: image.and_then(text::some), ..Location::default() };
    Finding {
        rule: item.opt("id"),
        cve,
        ids,
        cwe: item.texts("identifiers/CWE").into_iter().flat_map(text::cwe_field).collect(),
        cvss: Cvss::of(item.opt("CVSSv3"), item.num("cvssScore")),
        location: Some(Location { file, ..location }),
        component: Some(Component {
            fixed_in: text::some(&item.texts("fixedIn").join(", ")),
            ..Component::new(package, item.opt("version"))
        }),
        description,
        remediation: advice,
        references: item.list("references").iter().filter_map(|one| one.opt("url")).collect(),
        ..Finding::new(format!("{}: {}", path.first().copied().unwrap_or_default(), item.text("title")), severity)
    }
}
