//! pip-audit, JSON: one finding for each vulnerability of a package; the tool ranks nothing, so every one is medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "pip_audit", title: "pip-audit (JSON)", aliases: &["pip_audit_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["dependencies[].vulns", "dependencies[].name"]) || probe.has_all(&["[].name", "[].version", "[].vulns"]) {
        96
    } else if probe.keys.first().is_some_and(|key| key == "dependencies") && probe.keys.iter().all(|key| ["dependencies", "fixes"].contains(&key.as_str())) {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("pip-audit", None);
    for package in report.list("dependencies").iter().chain(report.list("")) {
        let (name, version) = (package.text("name"), package.text("version"));
        for item in package.list("vulns") {
            let id = item.text("id");
            let (cve, ids) = text::split_ids(std::iter::once(id).chain(item.texts("aliases")));
            let fixed = item.texts("fix_versions").join(", ");
            out.push(Finding {
                rule: text::some(id),
                cve,
                ids,
                cwe: vec![1395],
                component: Some(Component { fixed_in: text::some(&fixed), ..Component::new(name, text::some(version)) }),
                description: item.opt("description"),
                remediation: text::some(&fixed).map(|fixed| format!("Update {name} to version {fixed}.")),
                ..Finding::new(format!("{id} in {name}:{version}"), Severity::Medium)
            })?;
        }
    }
    Ok(())
}
