//! DevAudit with OSS Index, JSON: one finding for each vulnerability of a package, rated by its CVSS score.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "ossindex_devaudit",
    title: "DevAudit (JSON)",
    aliases: &["devaudit", "ossindex_devaudit_sca_scan_importer"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has("Packages[].Package") {
        98
    } else if probe.keys == ["Packages"] {
        75
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("DevAudit", None);
    for entry in report.list("Packages") {
        let (name, version) = (entry.text("Package/name"), entry.text("Package/version"));
        for item in entry.list("Vulnerabilities") {
            let id = item.opt("id").unwrap_or_default();
            let cwe = text::cwes(item.text("cwe"));
            let (cve, ids) = text::split_ids([item.text("cve"), id.as_str()]);
            let score = item.num("cvssScore");
            let shown = cwe.first().copied().unwrap_or(1035);
            out.merge(id.as_str(), Finding {
                rule: text::some(&id),
                cwe: vec![shown],
                cve,
                ids,
                cvss: Cvss::of(item.opt("cvssVector"), score),
                component: Some(Component::new(name, text::some(version))),
                description: item.first(&["description", "title"]),
                references: item.opt("reference").into_iter().collect(),
                ..Finding::new(
                    format!("{}:{name} - ({version}, CWE-{shown})", entry.text("Package/pm")),
                    Severity::from_score(score.unwrap_or_default()),
                )
            })?;
        }
    }
    Ok(())
}
