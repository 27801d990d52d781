//! Black Duck, CSV of security (alone or in its archive): one finding for each vulnerability, origin and source.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "blackduck", title: "Black Duck security (CSV)", aliases: &["black_duck", "blackduck_hub_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Vulnerability id", "Security Risk", "Vulnerability source"]) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Black Duck", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let id = row.get("Vulnerability id");
        let origin = row.first(&["Channel version origin id", "Component origin id", "Origin id"]).unwrap_or_default();
        let source = row.get("Vulnerability source");
        let (cve, ids) = text::split_ids([id]);
        let name = row.first(&["Component name", "Project name"]).unwrap_or_default();
        let version = row.first(&["Component version name", "Version", "Channel version origin name"]);
        let finding = Finding {
            rule: text::some(id),
            cve,
            ids,
            cvss: Cvss::of(None, row.num("Base score")),
            component: Some(Component::new(name, version)),
            description: row.opt("Description"),
            remediation: row.opt("Remediation status"),
            references: row.opt("URL").into_iter().collect(),
            ..Finding::new(format!("{id} - {origin}"), Severity::word(row.get("Security Risk")))
        };
        out.merge(format!("{} | {source}", finding.title), finding)?;
    }
    Ok(())
}
