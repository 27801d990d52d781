//! Horusec, JSON: one finding for each entry of `analysisVulnerabilities`.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool { name: "horusec", title: "Horusec (JSON)", aliases: &["horusec_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("analysisVulnerabilities") { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Horusec", report.opt("version").as_deref().map(|version| version.trim_start_matches('v')));
    if let Some(errors) = report.opt("errors") {
        out.warn(format!("Horusec reports errors: {}", text::shorten(&errors, 300)));
    }
    for entry in report.list("analysisVulnerabilities") {
        let Some(item) = entry.at("vulnerabilities") else { continue };
        let (title, details) = item.text("details").split_once('\n').unwrap_or((item.text("details"), ""));
        let status = match item.text("type") {
            "False Positive" => Status::FalsePositive,
            "Risk Accepted" => Status::Suppressed(None),
            "Corrected" => Status::Fixed,
            _ => Status::Open,
        };
        out.push(Finding {
            rule: item.first(&["rule_id", "ruleID", "securityTool"]),
            cve: text::cves(item.text("details")),
            cwe: text::cwes(item.text("details")),
            location: Some(Location {
                column: item.line("column"),
                ..Location::file(text::path(item.text("file")), item.line("line"))
            }),
            description: text::some(details),
            evidence: item.opt("code"),
            anchor: item.opt("vulnHash"),
            status,
            ..Finding::new(title, Severity::word(item.text("severity")))
        })?;
    }
    Ok(())
}
