//! GitHub secret scanning, JSON of its alerts: resolved alerts are info, active and public ones critical, active ones
//! high, others medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "github_secrets_detection_report",
    title: "GitHub secret scanning alerts (JSON)",
    aliases: &["github_secrets", "github_secrets_detection_report_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["secret_type", "state"]) { 96 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("GitHub secret scanning", None);
    input.each_json(|item| {
        let kind = item.first(&["secret_type_display_name", "secret_type"]).unwrap_or_else(|| "Unknown".to_owned());
        let resolved = item.text("state") == "resolved";
        let active = item.text("validity") == "active";
        let severity = match (resolved, active, item.flag("publicly_leaked")) {
            (true, _, _) => Severity::Info,
            (false, true, true) => Severity::Critical,
            (false, true, false) => Severity::High,
            (false, false, _) => Severity::Medium,
        };
        let status = match item.text("resolution") {
            "false_positive" => Status::FalsePositive,
            "revoked" | "pattern_deleted" => Status::Fixed,
            why if resolved => Status::Suppressed(item.opt("resolution_comment").or_else(|| text::some(why))),
            _ => Status::Open,
        };
        let place = "first_location_detected";
        out.push(Finding {
            rule: item.opt("secret_type"),
            cwe: vec![798],
            location: item.at(place).map(|place| Location {
                column: place.line("start_column"),
                end_line: place.line("end_line"),
                ..Location::file(place.text("path"), place.line("start_line"))
            }),
            description: Some(format!(
                "Alert {} of {}: {kind}, state {}, validity {}",
                item.opt("number").unwrap_or_default(), item.text("repository/full_name"),
                item.text("state"), item.text("validity")
            )),
            anchor: item.first(&["html_url", "number"]),
            references: item.opt("html_url").into_iter().collect(),
            status,
            ..Finding::new(format!("Exposed Secret Detected: {kind}"), severity)
        })
    })
}
