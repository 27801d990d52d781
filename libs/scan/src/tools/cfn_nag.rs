//! cfn-nag, JSON: one finding for each resource that a violation names; FAIL is high, WARN medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "cfn_nag", title: "cfn-nag (JSON)", aliases: &["cfn_nag_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["filename", "file_results"]) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("cfn-nag", None);
    input.each_json(|file| {
        let path = text::path(file.text("filename"));
        for item in file.list("file_results/violations") {
            let severity = if item.text("type").eq_ignore_ascii_case("fail") { Severity::High } else { Severity::Medium };
            let lines = item.list("line_numbers");
            let mut resources: Vec<&str> = item.texts("logical_resource_ids");
            if resources.is_empty() {
                resources.push("");
            }
            for (index, resource) in resources.into_iter().enumerate() {
                let line = lines.get(index).or_else(|| lines.first()).and_then(|line| line.line(""));
                out.push(Finding {
                    rule: item.opt("id"),
                    location: Some(Location { resource: text::some(resource), ..Location::file(path.as_str(), line) }),
                    description: item.first(&["message", "name"]),
                    ..Finding::new(item.first(&["message", "name"]).unwrap_or_default(), severity)
                })?;
            }
        }
        Ok(())
    })
}
