//! Bugcrowd, JSON of its interface: one finding for each submission; priority 1 is critical, 4 low, 5 info.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "api_bugcrowd",
    title: "Bugcrowd submissions of the interface (JSON)",
    aliases: &["bugcrowd_api", "bugcrowd_api_import"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let has = |name: &str| probe.item(&[&format!("attributes.{name}")]) || probe.has(&format!("data[].attributes.{name}"));
    if has("bug_url") && (has("vrt_id") || has("remediation_advice") || has("vulnerability_references")) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Bugcrowd", None);
    input.each_json(|page| {
        if page.at("attributes").is_some() {
            return submission(page, out);
        }
        page.list("data").iter().filter(|item| item.at("attributes").is_some()).try_for_each(|item| submission(item, out))
    })
}

fn submission(item: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let own = |name: &str| item.opt(&format!("attributes/{name}"));
    let state = item.text("attributes/state").replace('-', "_").to_ascii_lowercase();
    let severity = match item.int("attributes/severity") {
        _ if state == "not_applicable" => Severity::Info,
        Some(level @ 1..=5) => Severity::from_level(5_i64.saturating_sub(level)),
        Some(_) | None => Severity::Info,
    };
    let status = match state.as_str() {
        "resolved" => Status::Fixed,
        "not_reproducible" => Status::FalsePositive,
        "out_of_scope" | "not_applicable" | "informational" | "duplicate" => Status::Suppressed(Some(state)),
        _ => Status::Open,
    };
    let references = item.text("attributes/vulnerability_references");
    out.push(Finding {
        rule: own("vrt_id"),
        cwe: text::cwes(references),
        location: own("bug_url").map(Location::url),
        anchor: item.opt("id"),
        description: own("description"),
        evidence: own("http_request").or_else(|| own("extra_info")),
        remediation: own("remediation_advice"),
        references: item.opt("links/self").into_iter().chain(text::some(references)).collect(),
        status,
        ..Finding::new(item.text("attributes/title"), severity)
    })
}
