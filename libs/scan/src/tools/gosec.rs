//! gosec (Go), JSON: issues of one rule and text on one line of one file are one finding.
//!
//! An issue that `#nosec` or an exclusion sets aside is suppressed, with the justification given.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "gosec", title: "gosec (JSON)", aliases: &["gosec_scanner"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["Issues[].rule_id", "Issues[].details"]) || probe.has("GosecVersion") {
        97
    } else if probe.has_all(&["Issues", "Stats"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("gosec", report.opt("GosecVersion").as_deref());
    for (file, errors) in report.entries("Golang errors") {
        out.warn(format!("{file} could not be checked: {}", errors.text("0/error")));
    }
    for item in report.list("Issues") {
        let range = item.opt("line").unwrap_or_default();
        let mut lines = range.split('-').map(|line| line.trim().parse::<u32>().ok());
        let line = lines.next().flatten();
        let (rule, file) = (item.text("rule_id"), item.text("file"));
        let title = format!("{} - rule {rule}", item.text("details"));
        let set_aside = item.list("suppressions").first().map(|one| one.opt("justification"));
        let set_aside = set_aside.or_else(|| item.flag("nosec").then_some(None));
        let cwe = item.first(&["cwe/id", "cwe/ID"]).unwrap_or_default();
        let finding = Finding {
            rule: item.opt("rule_id"),
            cwe: text::cwe_field(&cwe),
            location: Some(Location {
                column: item.line("column"),
                end_line: lines.next().flatten(),
                ..Location::file(text::path(file), line)
            }),
            description: item.opt("details"),
            evidence: item.opt("code"),
            anchor: item.opt("code").map(|code| text::without_numbers(&code)),
            references: item.first(&["cwe/url", "cwe/URL"]).into_iter().collect(),
            status: set_aside.map_or(Status::Open, Status::Suppressed),
            ..Finding::new(title, Severity::word(item.text("severity")))
        };
        out.merge(format!("{}\n{file}\n{}", finding.title, line.unwrap_or(0)), finding)?;
    }
    Ok(())
}
