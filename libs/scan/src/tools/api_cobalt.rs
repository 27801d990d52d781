//! Cobalt.io, JSON of its interface: one finding for each entry whose state the pentest knows.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status};

pub(crate) const TOOL: Tool = Tool {
    name: "api_cobalt",
    title: "Cobalt.io findings of the interface (JSON)",
    aliases: &["cobalt_api", "cobalt_io_api_import"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["data[].resource.affected_targets", "data[].resource.state"])
        || probe.has_all(&["data[].resource.pentest_id", "data[].resource.severity"])
    {
        97
    } else {
        0
    }
}

/// States of an entry that is a finding, open or not.
const STATES: [&str; 10] = [
    "carried_over",
    "check_fix",
    "duplicate",
    "invalid",
    "need_fix",
    "new",
    "out_of_scope",
    "triaging",
    "valid_fix",
    "wont_fix",
];

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Cobalt.io", None);
    for entry in report.list("data") {
        let own = |name: &str| entry.opt(&format!("resource/{name}"));
        let state = entry.text("resource/state");
        if !STATES.contains(&state) {
            out.leave_out("entries in a state that is no finding's");
            continue;
        }
        let status = match state {
            "valid_fix" => Status::Fixed,
            "invalid" => Status::FalsePositive,
            "out_of_scope" | "wont_fix" | "duplicate" => Status::Suppressed(Some(state.replace('_', " "))),
            _ => Status::Open,
        };
        let mut places = entry.texts("resource/affected_targets").into_iter().map(Location::url);
        out.push(Finding {
            rule: own("type_category"),
            location: places.next(),
            others: places.collect(),
            anchor: own("id"),
            description: own("description"),
            evidence: own("proof_of_concept"),
            remediation: own("suggested_fix"),
            references: entry.opt("links/ui/url").into_iter().collect(),
            status,
            ..Finding::new(entry.text("resource/title"), Severity::word(entry.text("resource/severity")))
        })?;
    }
    Ok(())
}
