//! Gitleaks, JSON of versions up to 7 (`offender`) and since 8 (`Secret`).
//!
//! Leaks of one secret on one line of one file are one finding, whatever commits have it. The secret itself is not
//! repeated in the finding.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "gitleaks", title: "Gitleaks (JSON)", aliases: &["gitleaks_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["offender", "rule"]) || probe.item(&["RuleID", "Secret"]) {
        97
    } else if probe.item(&["RuleID", "StartLine", "Match"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Gitleaks", None);
    input.each_json(|item| {
        if item.at("rule").is_some() {
            let key = format!("{}\n{}\n{}", item.text("offender"), item.text("file"), item.int("lineNumber").unwrap_or(0));
            out.merge(key, old(item))
        } else if item.at("Description").is_some() || item.at("RuleID").is_some() {
            let finding = new(item);
            let key = format!("{}\n{}\n{}", finding.title, item.text("Secret"), item.int("StartLine").unwrap_or(0));
            out.merge(key, finding)
        } else {
            out.warn("an entry has neither `rule` nor `RuleID` and is passed over");
            Ok(())
        }
    })
}

/// What is known of the commit, in lines.
fn commit(item: &Value, parts: &[(&str, &str)]) -> String {
    let lines = parts.iter().filter_map(|(label, path)| Some(format!("{label}: {}", item.opt(path)?)));
    lines.collect::<Vec<_>>().join("\n")
}

fn masked(line: &str, secret: &str) -> Option<String> {
    text::some(&if secret.is_empty() { line.to_owned() } else { line.replace(secret, "*****") })
}

fn old(item: &Value) -> Finding {
    let rule = item.text("rule");
    let critical = ["Github", "AWS", "Heroku"].iter().any(|name| rule.contains(name));
    Finding {
        rule: item.opt("rule"),
        cwe: vec![798],
        location: Some(Location::file(text::path(item.text("file")), item.line("lineNumber"))),
        description: Some(commit(item, &[("Commit", "commit"), ("Date", "date"), ("Author", "author"), ("Message", "commitMessage")])),
        evidence: masked(item.text("line"), item.text("offender")),
        anchor: item.opt("offender"),
        references: item.opt("leakURL").into_iter().collect(),
        ..Finding::new(format!("Hard Coded {rule}"), if critical { Severity::Critical } else { Severity::High })
    }
}

fn new(item: &Value) -> Finding {
    let file = item.text("File");
    let reason = item.first(&["Description", "RuleID"]).unwrap_or_default();
    Finding {
        rule: item.opt("RuleID"),
        cwe: vec![798],
        location: Some(Location {
            column: item.line("StartColumn"),
            end_line: item.line("EndLine"),
            end_column: item.line("EndColumn"),
            ..Location::file(text::path(file), item.line("StartLine"))
        }),
        description: Some(commit(item, &[("Commit", "Commit"), ("Date", "Date"), ("Author", "Author"), ("Message", "Message")])),
        evidence: masked(item.text("Match"), item.text("Secret")),
        anchor: item.opt("Secret"),
        references: item.opt("Link").into_iter().collect(),
        ..Finding::new(format!("Hard coded {reason} found in {file}"), Severity::High)
    }
}
