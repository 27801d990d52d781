//! cargo audit, JSON: one finding for each advisory, package and version; every one is high. Warnings are counted.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "cargo_audit", title: "cargo audit (JSON)", aliases: &["cargoaudit", "cargoaudit_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["vulnerabilities.list", "lockfile"]) {
        98
    } else if probe.has("vulnerabilities.list[].advisory") {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("cargo audit", None);
    for (kind, items) in report.entries("warnings") {
        for _ in items.list("") {
            out.leave_out(&format!("warnings of the kind {kind}"));
        }
    }
    for item in report.list("vulnerabilities/list") {
        let id = item.text("advisory/id");
        let (name, version) = (item.text("package/name"), item.text("package/version"));
        let (cve, ids) = text::split_ids(std::iter::once(id).chain(item.texts("advisory/aliases")));
        let fixed = item.texts("versions/patched").join(", ");
        let links = item.opt("advisory/url").into_iter().chain(item.texts("advisory/references").into_iter().map(str::to_owned));
        out.merge(format!("{id}\n{name}\n{version}"), Finding {
            rule: text::some(id),
            cve,
            ids,
            cvss: Cvss::of(item.opt("advisory/cvss"), None),
            component: Some(Component { fixed_in: text::some(&fixed), ..Component::new(name, text::some(version)) }),
            description: item.opt("advisory/description"),
            remediation: text::some(&fixed).map(|fixed| format!("Update {name} to {fixed}.")),
            references: links.collect(),
            ..Finding::new(format!("[{name} {version}] {}", item.text("advisory/title")), Severity::High)
        })?;
    }
    Ok(())
}
