//! CyCognito, JSON of its interface: one finding for each issue.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "cycognito", title: "CyCognito (JSON)", aliases: &["cycognito_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["affected_asset", "base_severity", "issue_type"]) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("CyCognito", None);
    input.each_json(|item| {
        let (cve, ids) = text::split_ids(item.texts("cve_ids"));
        let port = item.int("port").and_then(|port| u16::try_from(port).ok());
        let asset = item.text("affected_asset");
        // The kind of asset stands before its name.
        let host = asset.rsplit_once('/').map_or(asset, |(_, name)| name);
        out.push(Finding {
            rule: item.opt("issue_id"),
            cve,
            ids,
            cvss: Cvss::of(None, item.num("base_severity_score")),
            location: text::some(host).map(|host| Location::host(host, port, None)),
            anchor: item.opt("id"),
            description: item.first(&["summary", "comment"]),
            evidence: item.opt("evidence"),
            remediation: text::some(&item.texts("remediation_steps").join("\n")),
            references: item.texts("references").into_iter().map(str::to_owned).collect(),
            status: if item.opt("resolved_at").is_some() { Status::Fixed } else { Status::Open },
            ..Finding::new(item.text("title"), Severity::word(item.text("base_severity")))
        })
    })
}
