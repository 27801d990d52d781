//! CodeChecker, JSON of `CodeChecker parse`: one finding for each report hash and place; style and unspecified are info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, Step, text};

pub(crate) const TOOL: Tool =
    Tool { name: "codechecker", title: "CodeChecker (JSON)", aliases: &["codechecker_report_native"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["reports[].report_hash", "reports[].checker_name"]) {
        97
    } else if probe.keys == ["version", "reports"] {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("CodeChecker", None);
    for item in report.list("reports") {
        let path = item.first(&["file/path", "file/original_path", "file/id"]).unwrap_or_default();
        let why = item.opt("source_code_comments/0/message");
        let status = match item.text("review_status") {
            "false_positive" | "suppressed" => Status::FalsePositive,
            "intentional" => Status::Suppressed(why),
            _ => Status::Open,
        };
        let texts = ["report_hash", "analyzer_result_file_path", "analyzer_name", "category", "checker_name", "message"];
        let key = texts.map(|name| item.text(name)).join("\n");
        let key = format!("{key}\n{path}\n{}\n{}", item.int("line").unwrap_or(0), item.int("column").unwrap_or(0));
        let steps = item.list("bug_path_events").iter().map(|event| Step {
            flow: 0,
            location: Location {
                column: event.line("column"),
                ..Location::file(text::path(event.text("file/path")), event.line("line"))
            },
            message: event.opt("message"),
        });
        out.merge(key, Finding {
            rule: item.opt("checker_name"),
            location: Some(Location { column: item.line("column"), ..Location::file(text::path(&path), item.line("line")) }),
            description: item.opt("message"),
            anchor: item.opt("report_hash"),
            status,
            steps: steps.collect(),
            ..Finding::new(item.first(&["checker_name", "message"]).unwrap_or_default(), Severity::word(item.text("severity")))
        })?;
    }
    Ok(())
}
