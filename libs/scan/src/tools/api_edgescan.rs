//! Edgescan, JSON: one finding for each vulnerability; severity 5 is critical, 1 info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "api_edgescan",
    title: "Edgescan (JSON)",
    aliases: &["edgescan", "edgescan_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let own = ["asset_id", "location", "cwes", "severity"];
    if probe.item(&own) || own.iter().all(|name| probe.has(&format!("vulnerabilities[].{name}"))) { 96 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Edgescan", None);
    input.each_json(|page| {
        let single = page.at("name").is_some().then_some(page);
        single.into_iter().chain(page.list("vulnerabilities")).try_for_each(|item| {
            let severity = match item.int("severity") {
                Some(level) => Severity::from_level(level.saturating_sub(1)),
                None => Severity::word(item.text("severity")),
            };
            let place = item.text("location");
            let location = if place.contains("://") { Location::url(place) } else { Location::host(place, None, None) };
            let (cve, ids) = text::split_ids(item.texts("cves"));
            let status = item.text("status");
            out.push(Finding {
                rule: item.first(&["definition_id", "vulnerability_definition_id"]),
                cwe: item.texts("cwes").into_iter().flat_map(text::cwe_field).collect(),
                cve,
                ids,
                cvss: Cvss::of(item.opt("cvss_vector"), item.num("cvss_score")),
                location: text::some(place).map(|_| location),
                anchor: item.opt("asset_name"),
                description: item.opt("description").map(|html| text::without_html(&html)),
                remediation: item.opt("remediation").map(|html| text::without_html(&html)),
                status: if status.eq_ignore_ascii_case("closed") { Status::Fixed } else { Status::Open },
                ..Finding::new(item.text("name"), severity)
            })
        })
    })
}
