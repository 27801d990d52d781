//! Nosey Parker, JSON lines: one finding for each secret, file and line; every one is high. Secrets are not repeated.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "noseyparker", title: "Nosey Parker (JSON lines)", aliases: &["nosey_parker", "nosey_parker_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["rule_name", "matches"]) { 95 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Nosey Parker", None);
    input.each_json(|item| {
        let rule = item.text("rule_name");
        let secret = item.first(&["match_content", "rule_text_id"]).unwrap_or_default();
        for found in item.list("matches") {
            let source = found.list("provenance").last();
            let part = |name: &str| source.and_then(|source| source.first(&[&format!("commit_provenance/{name}"), &format!("first_commit/{name}"), &format!("commit/{name}")]));
            let file = part("blob_path").or_else(|| source.and_then(|source| source.first(&["path"]))).unwrap_or_default();
            let line = found.line("location/source_span/start/line");
            let title = match part("commit_metadata/commit_id") {
                Some(commit) => format!("Secret(s) Found in Repository with Commit ID {commit}"),
                None => format!("Secret of kind {rule} found in {file}"),
            };
            let who = part("commit_metadata/committer_name").unwrap_or_default();
            out.merge(format!("{file}\n{secret}\n{line:?}"), Finding {
                rule: item.first(&["rule_text_id", "rule_name"]),
                cwe: vec![798],
                location: Some(Location {
                    column: found.line("location/source_span/start/column"),
                    end_line: found.line("location/source_span/end/line"),
                    ..Location::file(text::path(&file), line)
                }),
                description: Some(format!("{rule}. Committed by {who}")),
                anchor: item.first(&["finding_id", "match_content"]),
                ..Finding::new(title, Severity::High)
            })?;
        }
        Ok(())
    })
}
