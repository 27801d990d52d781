//! 42Crunch API audit, JSON: one finding for each security issue; criticality 5 is critical, 1 info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity};

pub(crate) const TOOL: Tool =
    Tool { name: "crunch42", title: "42Crunch API audit (JSON)", aliases: &["42crunch", "crunch42_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let own = |prefix: &str| probe.has(&format!("{prefix}report.security")) && probe.has(&format!("{prefix}report.data"));
    if own("") || own("[].") || (probe.item(&["report.security.issues"])) { 96 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("42Crunch", None);
    input.each_json(|report| {
        for (rule, group) in report.entries("report/security/issues") {
            for issue in group.list("issues") {
                let level = issue.int("criticality").unwrap_or(1);
                // One below low is not expected, and importers count it as high.
                let severity = if level < 1 { Severity::High } else { Severity::from_level(level.saturating_sub(1)) };
                out.push(Finding {
                    rule: Some(rule.clone()),
                    location: issue.opt("pointer").map(Location::resource),
                    anchor: issue.opt("fingerprint"),
                    description: issue.first(&["specificDescription"]).or_else(|| group.opt("description")),
                    ..Finding::new(rule.as_str(), severity)
                })?;
            }
        }
        Ok(())
    })
}
