//! progpilot (PHP), JSON: one finding for each entry; the tool ranks nothing, so every one is medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Step, text};

pub(crate) const TOOL: Tool = Tool { name: "progpilot", title: "progpilot (JSON)", aliases: &["progpilot_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["vuln_name", "vuln_type"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("progpilot", None);
    input.each_json(|item| {
        let file = item.first(&["sink_file", "vuln_file"]).unwrap_or_default();
        let line = item.line("sink_line").or_else(|| item.line("vuln_line"));
        let sources = item.texts("source_name").join(", ");
        let steps = item.list("tainted_flow").iter().zip(0_u32..).flat_map(|(flow, number)| {
            flow.list("").iter().map(move |step| Step {
                flow: number,
                location: Location::file(text::path(step.text("flow_file")), step.line("flow_line")),
                message: step.opt("flow_name"),
            })
        });
        out.push(Finding {
            rule: item.first(&["vuln_rule", "vuln_name"]),
            cwe: text::cwes(item.text("vuln_cwe")),
            location: Some(Location::file(text::path(&file), line)),
            description: Some(item.opt("vuln_description").unwrap_or_else(|| {
                format!("{}: from {sources} to {}", item.text("vuln_type"), item.text("sink_name"))
            })),
            anchor: item.opt("vuln_id"),
            steps: steps.collect(),
            ..Finding::new(item.text("vuln_name"), Severity::Medium)
        })
    })
}
