//! cfn-lint, JSON: one finding for each match; an error is high, a warning medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "cfn_lint", title: "cfn-lint (JSON)", aliases: &["cfn_lint_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["Rule.Id", "Filename", "Level"]) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("cfn-lint", None);
    input.each_json(|item| {
        let severity = match item.text("Level").to_ascii_uppercase().as_str() {
            "FATAL" => Severity::Critical,
            "ERROR" => Severity::High,
            "INFORMATIONAL" => Severity::Info,
            _ => Severity::Medium,
        };
        let path: Vec<String> = item.list("Location/Path").iter().filter_map(|part| part.opt("")).collect();
        out.push(Finding {
            rule: item.opt("Rule/Id"),
            location: Some(Location {
                column: item.line("Location/Start/ColumnNumber"),
                end_line: item.line("Location/End/LineNumber"),
                logical: text::some(&path.join("/")),
                ..Location::file(text::path(item.text("Filename")), item.line("Location/Start/LineNumber"))
            }),
            anchor: item.opt("Id"),
            description: item.first(&["Message", "Rule/Description"]),
            references: item.opt("Rule/Source").into_iter().collect(),
            ..Finding::new(item.first(&["Rule/ShortDescription", "Rule/Id"]).unwrap_or_default(), severity)
        })
    })
}
