//! njsscan (Node.js), JSON: one finding for each rule, file and line; severities as those of Semgrep.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use super::semgrep::severity;
use crate::{Error, Finding, Input, Location, text};

pub(crate) const TOOL: Tool = Tool { name: "njsscan", title: "njsscan (JSON)", aliases: &["njsscan_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("njsscan_version") {
        99
    } else if probe.has_all(&["nodejs", "templates"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("njsscan", report.opt("njsscan_version").as_deref());
    for section in ["nodejs", "templates"] {
        for (rule, item) in report.entries(section) {
            for place in item.list("files") {
                let (file, line) = (place.text("file_path"), place.line("match_lines/0"));
                out.merge(format!("{section}\n{rule}\n{file}\n{line:?}"), Finding {
                    rule: Some(rule.clone()),
                    cwe: text::cwes(item.text("metadata/cwe")),
                    location: Some(Location {
                        end_line: place.line("match_lines/1"),
                        column: place.line("match_position/0"),
                        ..Location::file(text::path(file), line)
                    }),
                    description: item.opt("metadata/description"),
                    evidence: place.opt("match_string"),
                    anchor: place.opt("match_string").map(|code| text::without_numbers(&code)),
                    references: item.opt("metadata/reference").into_iter().collect(),
                    ..Finding::new(rule.as_str(), severity(item.text("metadata/severity")))
                })?;
            }
        }
    }
    Ok(())
}
