//! Coverity command line (`--local-format json`): issues of kind `SECURITY`; severity is the impact.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Step};

pub(crate) const TOOL: Tool =
    Tool { name: "coverity_scan", title: "Coverity scan (JSON)", aliases: &["coverity_scan_json_report"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.value("type") == "Coverity issues" {
        100
    } else if probe.has_all(&["issues[].checkerProperties", "issues[].mergeKey"]) {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Coverity", None);
    for item in report.list("issues") {
        if !item.texts("checkerProperties/issueKinds").contains(&"SECURITY") {
            out.leave_out("issues that are no security issues");
            continue;
        }
        let events = item.list("events");
        let main = events.iter().find(|event| event.flag("main")).and_then(|event| event.opt("eventDescription"));
        let long = item.opt("checkerProperties/subcategoryLongDescription");
        let rule = [item.text("checkerName"), item.text("subcategory")].join("/");
        let cwe = item.int("checkerProperties/cweCategory").and_then(|cwe| u32::try_from(cwe).ok());
        out.push(Finding {
            rule: Some(rule),
            cwe: cwe.into_iter().collect(),
            location: item.first(&["strippedMainEventFilePathname", "mainEventFilePathname"]).map(|file| Location {
                column: item.line("mainEventColumnNumber"),
                logical: item.opt("functionDisplayName"),
                ..Location::file(file, item.line("mainEventLineNumber"))
            }),
            description: match (long, main) {
                (Some(long), Some(main)) if long != main => Some(format!("{long}\n{main}")),
                (long, main) => long.or(main),
            },
            remediation: events.iter().find(|event| event.flag("remediation")).and_then(|event| event.opt("eventDescription")),
            anchor: item.opt("mergeKey"),
            steps: events.iter().filter(|event| !event.flag("remediation")).map(|event| Step {
                flow: 0,
                location: Location::file(event.first(&["strippedFilePathname", "filePathname"]).unwrap_or_default(), event.line("lineNumber")),
                message: event.opt("eventDescription"),
            }).collect(),
            ..Finding::new(item.text("checkerProperties/subcategoryShortDescription"), Severity::word(item.text("checkerProperties/impact")))
        })?;
    }
    Ok(())
}
