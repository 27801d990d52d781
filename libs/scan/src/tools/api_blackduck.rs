//! Black Duck, JSON of its interface: one finding for each vulnerable component of a project version.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "api_blackduck",
    title: "Black Duck of the interface (JSON)",
    aliases: &["blackduck_api"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let own = ["componentName", "vulnerabilityWithRemediation"];
    if probe.item(&own) || own.iter().all(|name| probe.has(&format!("items[].{name}"))) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Black Duck", None);
    input.each_json(|page| {
        let single = page.at("vulnerabilityWithRemediation").map(|_| page);
        single.into_iter().chain(page.list("items")).try_for_each(|entry| {
            let own = |name: &str| entry.opt(&format!("vulnerabilityWithRemediation/{name}"));
            let id = own("vulnerabilityName").unwrap_or_default();
            let related = entry.text("vulnerabilityWithRemediation/relatedVulnerability").to_owned();
            let (mut cve, ids) = text::split_ids([id.as_str()]);
            cve.extend(text::cves(&related));
            cve.dedup();
            let (name, version) = (entry.text("componentName"), entry.opt("componentVersionName"));
            let status = match own("remediationStatus").unwrap_or_default().as_str() {
                "IGNORED" | "MITIGATED" | "NOT_AFFECTED" => Status::Suppressed(own("remediationComment")),
                "PATCHED" | "REMEDIATION_COMPLETE" => Status::Fixed,
                _ if entry.flag("ignored") => Status::Suppressed(None),
                _ => Status::Open,
            };
            let score = own("overallScore").or_else(|| own("baseScore")).and_then(|score| text::number(&score));
            out.push(Finding {
                rule: text::some(&id),
                cwe: own("cweId").map(|cwe| text::cwe_field(&cwe)).unwrap_or_default(),
                cve,
                ids,
                cvss: Cvss::of(None, score),
                component: Some(Component::new(name, version.clone())),
                anchor: entry.opt("componentVersionOriginId"),
                description: own("description"),
                references: text::some(&related).into_iter().collect(),
                status,
                ..Finding::new(
                    format!("{id} in {name}:{}", version.unwrap_or_default()),
                    Severity::word(&own("severity").unwrap_or_default()),
                )
            })
        })
    })
}
