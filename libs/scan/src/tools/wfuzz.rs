//! Wfuzz, JSON: one finding for each address and answer: 2xx high, 4xx medium, all else low.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity};

pub(crate) const TOOL: Tool = Tool { name: "wfuzz", title: "Wfuzz (JSON)", aliases: &["wfuzz_json_report"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["chars", "lines", "payload", "url", "words"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Wfuzz", None);
    input.each_json(|item| {
        let code = item.int("code").unwrap_or_default();
        let severity = match code {
            200..=299 => Severity::High,
            400..=499 => Severity::Medium,
            _ => Severity::Low,
        };
        let url = item.text("url");
        out.merge(format!("{url}|{code}"), Finding {
            rule: Some(code.to_string()),
            cwe: vec![200],
            location: Some(Location::url(url)),
            evidence: item.opt("payload"),
            ..Finding::new(format!("Found {url}"), severity)
        })
    })
}
