//! Dalfox, JSON and JSON lines: one finding for each result; an unknown rating is medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "dalfox", title: "Dalfox (JSON)", aliases: &["dalfox_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["inject_type", "poc_type", "param"]) || probe.item(&["message_str", "payload", "param"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Dalfox", None);
    input.each_json(|item| {
        // The tool ends its list with an empty entry.
        if item.entries("").next().is_none() {
            return Ok(());
        }
        let parameter = item.text("param");
        let said = item.first(&["message_str"]).unwrap_or_else(|| format!("XSS in parameter {parameter}"));
        let title = if parameter.is_empty() { said.clone() } else { format!("{parameter}: {said}") };
        // The query holds the payload, another one at each attempt.
        let page = item.text("data").split(['?', '#']).next().unwrap_or_default();
        out.push(Finding {
            rule: text::some(&format!("{}-{}", item.text("type"), item.text("inject_type"))),
            cwe: text::cwe_field(item.text("cwe")),
            location: text::some(page).map(|page| Location {
                method: item.opt("method"),
                parameter: text::some(parameter),
                ..Location::url(page)
            }),
            description: text::some(&said),
            evidence: item.first(&["payload", "evidence"]),
            ..Finding::new(title, Severity::from_word(item.text("severity")).unwrap_or(Severity::Medium))
        })
    })
}
