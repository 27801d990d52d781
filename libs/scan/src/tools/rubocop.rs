//! RuboCop (Ruby), JSON: offences of the `Security` department only; fatal is critical, error high, info info, the
//! rest medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "rubocop", title: "RuboCop (JSON)", aliases: &["rubocop_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("metadata.rubocop_version") {
        99
    } else if probe.has("files[].offenses") {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("RuboCop", report.opt("metadata/rubocop_version").as_deref());
    for file in report.list("files") {
        for item in file.list("offenses") {
            let cop = item.text("cop_name");
            if !cop.to_lowercase().starts_with("security") {
                out.leave_out("offences that are not of the department Security");
                continue;
            }
            let severity = match item.text("severity") {
                "fatal" => Severity::Critical,
                "error" => Severity::High,
                "info" => Severity::Info,
                _ => Severity::Medium,
            };
            let message = item.text("message");
            out.push(Finding {
                rule: text::some(cop),
                location: Some(Location {
                    column: item.line("location/start_column"),
                    end_line: item.line("location/last_line"),
                    ..Location::file(text::path(file.text("path")), item.line("location/start_line").or_else(|| item.line("location/line")))
                }),
                description: text::some(message.strip_prefix(cop).map_or(message, |rest| rest.trim_start_matches(": "))),
                ..Finding::new(message, severity)
            })?;
        }
    }
    Ok(())
}
