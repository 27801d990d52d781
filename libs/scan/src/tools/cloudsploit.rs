//! CloudSploit, JSON: one finding for each title, message, resource and region; FAIL is critical, WARN medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status};

pub(crate) const TOOL: Tool =
    Tool { name: "cloudsploit", title: "CloudSploit (JSON)", aliases: &["cloudsploit_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["plugin", "category", "title", "status", "region"]) {
        97
    } else if probe.item(&["category", "title", "resource", "region", "status", "message"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("CloudSploit", None);
    input.each_json(|item| {
        let region = item.texts("region").join(",");
        let severity = match item.text("status").to_ascii_uppercase().as_str() {
            "FAIL" => Severity::Critical,
            "WARN" => Severity::Medium,
            _ => Severity::Info,
        };
        let passed = item.text("status").eq_ignore_ascii_case("ok");
        let (title, message, resource) = (item.text("title"), item.text("message"), item.text("resource"));
        out.merge(format!("{title}|{message}|{resource}|{region}"), Finding {
            rule: item.first(&["plugin", "title"]),
            location: Some(Location { host: crate::text::some(&region), ..Location::resource(resource) }),
            anchor: crate::text::some(&crate::text::without_numbers(message)),
            description: item.opt("description"),
            evidence: item.opt("message"),
            status: if passed { Status::Fixed } else { Status::Open },
            ..Finding::new(title, severity)
        })
    })
}
