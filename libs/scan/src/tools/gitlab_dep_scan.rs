//! GitLab security reports of dependency and container scanning, JSON: one finding for each entry.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, text};

pub(crate) const TOOL: Tool = Tool {
    name: "gitlab_dep_scan",
    title: "GitLab dependency and container scanning (JSON)",
    aliases: &["gitlab_dependency_scanning", "gitlab_container_scan", "gitlab_container_scanning", "gitlab_dependency_scanning_report"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let kind = probe.value("scan.type");
    if ["dependency_scanning", "container_scanning", "cluster_image_scanning"].contains(&kind) && probe.has("vulnerabilities") {
        97
    } else if probe.has_all(&["vulnerabilities[].location.dependency.package.name", "vulnerabilities[].identifiers"]) {
        93
    } else if probe.has_all(&["version", "vulnerabilities", "dependency_files"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner(report.text("scan/scanner/name"), report.opt("scan/scanner/version").as_deref());
    for item in report.list("vulnerabilities") {
        let name = item.opt("location/dependency/package/name");
        let place = item.opt("location/file").map(|file| Location::file(text::path(&file), None)).unwrap_or_default();
        let version = item.opt("location/dependency/version");
        let finding = super::gitlab_sast::common(item);
        let title = match &name {
            Some(name) if item.at("name").is_none() && item.at("message").is_none() => {
                let id = finding.cve.first().cloned().or_else(|| finding.rule.clone()).unwrap_or_default();
                format!("{id} in {name}-{}", version.as_deref().unwrap_or_default())
            }
            Some(_) | None => finding.title.clone(),
        };
        out.push(Finding {
            title,
            location: Some(Location {
                image: item.opt("location/image"),
                resource: item.opt("location/operating_system"),
                ..place
            }),
            component: name.map(|name| Component::new(name, version)),
            ..finding
        })?;
    }
    Ok(())
}
