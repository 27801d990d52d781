//! GitGuardian ggshield, JSON: one finding for each secret, file and lines; every one is high. Secrets come masked.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "ggshield", title: "ggshield (JSON)", aliases: &["ggshield_scan", "gitguardian"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("scans[].entities_with_incidents") || probe.has("entities_with_incidents") {
        97
    } else if probe.has_all(&["scans", "total_incidents"]) || probe.has("secrets_engine_version") {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("ggshield", None);
    scan(&report, out)?;
    report.list("scans").iter().try_for_each(|one| scan(one, out))
}

fn scan(scan: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    for entity in scan.list("entities_with_incidents") {
        let file = entity.text("filename");
        for incident in entity.list("incidents") {
            let kind = incident.first(&["type", "detector"]).unwrap_or_default();
            for item in incident.list("occurrences") {
                let title = format!("Hard coded {kind} found in {file}");
                let lines = [item.int("line_start").unwrap_or(0), item.int("line_end").unwrap_or(0)];
                let who = scan.opt("extra_info/author").map(|who| format!(" by {who}")).unwrap_or_default();
                let key = format!("{title}\n{}\n{lines:?}", item.text("match"));
                out.merge(key, Finding {
                    rule: Some(kind.clone()),
                    cwe: vec![798],
                    location: Some(Location {
                        end_line: item.line("line_end"),
                        column: item.line("index_start"),
                        ..Location::file(text::path(file), item.line("line_start"))
                    }),
                    description: Some(format!(
                        "{}: {kind}, validity {}. Commit {}{who}",
                        incident.text("policy"), incident.text("validity"), scan.text("id")
                    )),
                    evidence: item.opt("match"),
                    anchor: incident.opt("ignore_sha"),
                    ..Finding::new(title, Severity::High)
                })?;
            }
        }
    }
    Ok(())
}
