//! ESLint, JSON: one finding for each message; severity 2 is high, 1 medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "eslint", title: "ESLint (JSON)", aliases: &["eslint_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["[].filePath", "[].messages", "[].errorCount"]) {
        95
    } else if probe.has_all(&["[].filePath", "[].messages"]) {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("ESLint", None);
    input.each_json(|file| {
        let path = text::path(file.text("filePath"));
        for _ in file.list("suppressedMessages") {
            out.leave_out("messages that the code suppresses");
        }
        for item in file.list("messages") {
            let message = item.text("message");
            let rule = item.opt("ruleId");
            let title = match &rule {
                Some(rule) => format!("{message} Test ID: {rule}"),
                None => message.to_owned(),
            };
            let severity = match item.int("severity") {
                Some(2) => Severity::High,
                Some(1) => Severity::Medium,
                Some(_) | None => Severity::Info,
            };
            out.push(Finding {
                rule,
                location: Some(Location {
                    column: item.line("column"),
                    end_line: item.line("endLine"),
                    end_column: item.line("endColumn"),
                    ..Location::file(path.clone(), item.line("line"))
                }),
                description: text::some(message),
                ..Finding::new(title, severity)
            })?;
        }
        Ok(())
    })
}
