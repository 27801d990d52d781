//! Kiuwan Insights, JSON: one finding for each component of a vulnerability that is not muted; unrated ones are low.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "kiuwan_sca", title: "Kiuwan Insights (JSON)", aliases: &["kiuwan_sca_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["securityRisk", "components", "cve"]) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Kiuwan", None);
    input.each_json(|row| {
        if row.flag("muted") {
            out.leave_out("muted vulnerabilities");
            return Ok(());
        }
        let severity = Severity::from_word(row.text("securityRisk")).unwrap_or(Severity::Low);
        let (cve, ids) = text::split_ids([row.text("cve")]);
        let cwe = text::cwes(row.text("cwe"));
        for part in row.list("components") {
            let (name, version) = (part.text("artifact"), part.text("version"));
            let title = match name.is_empty() || version.is_empty() {
                true => row.first(&["cve"]).unwrap_or_else(|| "Unnamed finding".to_owned()),
                false => format!("{name} v{version}"),
            };
            out.merge(format!("{}|{}|{name}|{version}|{cwe:?}", row.text("description"), severity.name()), Finding {
                rule: row.first(&["cve", "id"]),
                cwe: cwe.clone(),
                cve: cve.clone(),
                ids: ids.clone(),
                cvss: Cvss::of(None, row.num("cVSSv3BaseScore").or_else(|| row.num("cVSSv2BaseScore"))),
                component: Some(Component::new(name, text::some(version))),
                description: row.opt("description"),
                ..Finding::new(title, severity)
            })?;
        }
        Ok(())
    })
}
