//! Bugcrowd, CSV export: one finding for each submission; priority 1 is critical, 4 low.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "bugcrowd", title: "Bugcrowd (CSV)", aliases: &["bugcrowd_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["reference_number", "bounty_code", "vrt_lineage"]) { 99 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Bugcrowd", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let severity = match row.get("priority") {
            "1" => Severity::Critical,
            "2" => Severity::High,
            "3" => Severity::Medium,
            "4" => Severity::Low,
            _ => Severity::Info,
        };
        let status = match row.get("substate") {
            "resolved" => Status::Fixed,
            "not_applicable" | "not_reproducible" => Status::FalsePositive,
            _ => Status::Open,
        };
        let description = row.get("description");
        let key = ["title", "description", "reference_number", "bug_url"].map(|name| row.get(name)).join("\n");
        out.merge(key, Finding {
            rule: row.opt("vrt_lineage"),
            cwe: text::cwes(row.get("vulnerability_references")),
            location: row.opt("bug_url").map(Location::url).or_else(|| row.opt("target_name").map(Location::resource)),
            anchor: row.opt("reference_number"),
            description: text::some(description),
            evidence: row.first(&["http_request", "extra_info"]),
            remediation: row.opt("remediation_advice"),
            references: row.get("vulnerability_references").split_whitespace().map(str::to_owned).collect(),
            status,
            ..Finding::new(row.get("title"), severity)
        })?;
    }
    out.flush()
}
