//! tfsec, JSON: results of one rule on the same lines of one file are one finding; passed ones are left out.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "tfsec", title: "tfsec (JSON)", aliases: &["tfsec_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["results[].rule_id", "results[].location.filename"]) {
        95
    } else if probe.keys == ["results"] && !probe.has("results[]") {
        55
    } else {
        0
    }
}

fn severity(word: &str) -> Severity {
    match word.to_ascii_uppercase().as_str() {
        "ERROR" => Severity::High,
        "WARNING" => Severity::Medium,
        word => Severity::from_word(word).unwrap_or(Severity::Low),
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("tfsec", None);
    for item in report.list("results") {
        if item.flag("passed") {
            out.leave_out("passed checks");
            continue;
        }
        let rule = item.text("rule_id");
        let (start, end) = (item.line("location/start_line"), item.line("location/end_line"));
        let file = item.text("location/filename");
        let mut references: Vec<String> = item.texts("links").into_iter().map(str::to_owned).collect();
        if references.is_empty() {
            references.extend(item.opt("link"));
        }
        let key = format!("{}\n{rule}\n{file}\n{start:?}\n{end:?}", item.text("rule_provider"));
        out.merge(key, Finding {
            rule: text::some(rule),
            location: Some(Location { end_line: end, resource: item.opt("resource"), ..Location::file(text::path(file), start) }),
            description: item.opt("description"),
            evidence: item.opt("impact"),
            remediation: item.opt("resolution"),
            references,
            ..Finding::new(
                item.first(&["rule_description", "description", "rule_id"]).unwrap_or_default(),
                severity(item.text("severity")),
            )
        })?;
    }
    Ok(())
}
