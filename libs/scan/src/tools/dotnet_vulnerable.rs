//! dotnet list package --vulnerable, JSON: one finding for each vulnerability of a package in a project and framework.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "dotnet_vulnerable",
    title: "dotnet list package --vulnerable (JSON)",
    aliases: &["dotnet", "nuget"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let own = probe.value("parameters").contains("--vulnerable");
    if own && probe.has("projects") {
        98
    } else if probe.has_all(&["projects[].path", "parameters", "sources"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("dotnet list package", None);
    for project in report.list("projects") {
        for framework in project.list("frameworks") {
            let packages = framework.list("topLevelPackages").iter().chain(framework.list("transitivePackages"));
            for package in packages {
                let (name, version) = (package.text("id"), package.text("resolvedVersion"));
                for item in package.list("vulnerabilities") {
                    let link = item.first(&["advisoryurl", "advisoryUrl"]).unwrap_or_default();
                    let id = link.rsplit('/').next().unwrap_or_default();
                    let (cve, ids) = text::split_ids([id]);
                    out.push(Finding {
                        rule: text::some(id),
                        cve,
                        ids,
                        location: Some(Location { logical: framework.opt("framework"), ..Location::file(text::path(project.text("path")), None) }),
                        component: Some(Component::new(name, text::some(version))),
                        description: Some(format!("{name} {version} is affected by {id}")),
                        references: text::some(&link).into_iter().collect(),
                        ..Finding::new(format!("{id} in {name}:{version}"), Severity::word(item.text("severity")))
                    })?;
                }
            }
        }
    }
    Ok(())
}
