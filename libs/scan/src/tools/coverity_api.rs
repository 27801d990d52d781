//! Coverity Connect, JSON of a view (`/api/viewContents/issues`): security issues and resource leaks.
//!
//! Other quality issues are counted only. Severity is `displayImpact`; dismissed issues are suppressed or false.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status};

pub(crate) const TOOL: Tool =
    Tool { name: "coverity_api", title: "Coverity Connect view (JSON)", aliases: &["coverity"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("viewContentsV1") { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Coverity", None);
    for item in report.list("viewContentsV1/rows") {
        let leak = item.text("displayType") == "Resource leak" || item.text("displayCategory") == "Resource leaks";
        if item.text("displayIssueKind") != "Security" && !leak {
            out.leave_out("quality issues that are no resource leaks");
            continue;
        }
        let classification = item.text("classification");
        let status = match item.text("status") {
            "Fixed" => Status::Fixed,
            "New" | "Triaged" | "" => Status::Open,
            _ if classification == "False Positive" => Status::FalsePositive,
            status => Status::Suppressed(Some(format!("{status}: {classification}"))),
        };
        let count = item.int("occurrenceCount").and_then(|count| u32::try_from(count).ok()).unwrap_or(1);
        out.push(Finding {
            rule: item.first(&["checker", "displayType"]),
            cwe: item.int("cwe").and_then(|cwe| u32::try_from(cwe).ok()).into_iter().collect(),
            location: item.opt("displayFile").map(|file| Location {
                logical: item.opt("displayFunction"),
                ..Location::file(file, item.line("lineNumber"))
            }),
            description: Some(format!(
                "{} ({}), status {}, classification {classification}",
                item.text("displayType"), item.text("displayCategory"), item.text("status")
            )),
            anchor: item.opt("cid"),
            status,
            occurrences: count,
            ..Finding::new(item.text("displayType"), Severity::word(item.text("displayImpact")))
        })?;
    }
    Ok(())
}
