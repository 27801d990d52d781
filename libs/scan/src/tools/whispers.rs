//! Whispers, JSON: one finding for each secret; blocker is critical, critical high, as its first versions name them.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "whispers", title: "Whispers (JSON)", aliases: &["whispers_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["key", "value", "file", "line", "severity", "message"]) { 96 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Whispers", None);
    input.each_json(|item| {
        let severity = match item.text("severity") {
            "BLOCKER" => Severity::Critical,
            "CRITICAL" => Severity::High,
            "MAJOR" => Severity::Medium,
            "MINOR" => Severity::Low,
            word => Severity::word(word),
        };
        let (key, file) = (item.text("key"), item.text("file"));
        out.push(Finding {
            rule: item.first(&["rule_id", "message"]),
            cwe: vec![798],
            location: Some(Location::file(text::path(file), item.line("line"))),
            anchor: text::some(key),
            description: item.opt("message"),
            ..Finding::new(format!("Hardcoded {} \"{key}\" in {file}", item.text("message")), severity)
        })
    })
}
