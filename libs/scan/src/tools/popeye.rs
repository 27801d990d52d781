//! Popeye, JSON: one finding for each issue of a resource; errors are high, warnings low, the rest info; level 0 is
//! left out.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "popeye", title: "Popeye (JSON)", aliases: &["popeye_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("popeye") { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Popeye", None);
    for part in report.list("popeye/sanitizers").iter().chain(report.list("popeye/sections")) {
        let kind = part.first(&["sanitizer", "linter"]).unwrap_or_default();
        for (resource, issues) in part.entries("issues") {
            for item in issues.list("") {
                let severity = match item.int("level") {
                    None | Some(0) => continue,
                    Some(1) => Severity::Info,
                    Some(2) => Severity::Low,
                    Some(_) => Severity::High,
                };
                let message = item.text("message");
                let code = message.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(code, _)| code);
                out.merge(format!("{kind}\n{resource}\n{message}\n{}\n{severity:?}", item.text("group")), Finding {
                    rule: code.and_then(text::some),
                    location: Some(Location { logical: item.opt("group"), ..Location::resource(resource.as_str()) }),
                    description: text::some(message),
                    ..Finding::new(format!("{kind} {resource} {message}"), severity)
                })?;
            }
        }
    }
    Ok(())
}
