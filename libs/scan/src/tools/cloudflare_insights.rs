//! Cloudflare Security Insights, CSV and JSON: one finding for each insight; dismissed and resolved ones are set aside.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "cloudflare_insights",
    title: "Cloudflare Security Insights (CSV, JSON)",
    aliases: &["cloudflare"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let own = ["severity", "issue_class", "issue_type", "subject"];
    if probe.columns(&own) || probe.item(&own) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Cloudflare", None);
    if Probe::new(input.head()?).shape == Shape::Table {
        let mut table = input.table()?;
        while let Some(row) = table.next()? {
            let status = match row.get("status").to_ascii_lowercase().as_str() {
                "resolved" | "mitigated" | "closed" | "fixed" => Status::Fixed,
                _ => Status::Open,
            };
            out.push(finding(status, |name| match name {
                "advice" => row.opt("recommended_action"),
                name => row.opt(name),
            }))?;
        }
        return Ok(());
    }
    input.each_json(|item| {
        let status = if item.flag("dismissed") { Status::Suppressed(None) } else { Status::Open };
        out.push(finding(status, |name| match name {
            "advice" => item.opt("resolve_text"),
            name => item.opt(name),
        }))
    })
}

fn finding(status: Status, get: impl Fn(&str) -> Option<String>) -> Finding {
    let (kind, subject) = (get("issue_type"), get("subject"));
    let severity = match get("severity").unwrap_or_default().to_ascii_lowercase().as_str() {
        word @ ("low" | "moderate" | "high" | "critical") => Severity::word(word),
        _ => Severity::Info,
    };
    let title: Vec<String> = [kind.clone(), subject.clone()].into_iter().flatten().collect();
    Finding {
        rule: get("issue_class").or(kind),
        location: subject.map(|subject| match subject.contains("://") {
            true => Location::url(subject),
            false => Location::host(subject, None, None),
        }),
        description: get("insight").or_else(|| get("risk")),
        evidence: get("detection_method"),
        remediation: get("advice"),
        status,
        ..Finding::new(text::some(&title.join(": ")).unwrap_or_else(|| "Cloudflare insight".to_owned()), severity)
    }
}
