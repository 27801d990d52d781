//! KICS, JSON: one finding for each query, kind of problem, platform, file, line, key and value.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "kics", title: "KICS (JSON)", aliases: &["kics_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["queries[].query_name", "queries[].files"]) || probe.has_all(&["kics_version", "queries"]) {
        97
    } else if probe.has_all(&["queries_total", "queries"]) {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("KICS", report.opt("kics_version").as_deref());
    for query in report.list("queries") {
        let (platform, category) = (query.text("platform"), query.text("category"));
        let severity = Severity::from_word(query.text("severity")).unwrap_or(Severity::Medium);
        let cwe = query.opt("cwe").unwrap_or_default();
        for item in query.list("files") {
            let (file, line) = (item.text("file_name"), item.line("line"));
            let key = format!(
                "{platform}\n{}\n{}\n{file}\n{line:?}\n{}\n{}",
                query.text("query_name"), item.text("issue_type"), item.text("search_key"), item.text("actual_value")
            );
            out.merge(key, Finding {
                rule: query.opt("query_id"),
                cwe: text::cwe_field(&cwe),
                location: Some(Location {
                    resource: item.first(&["resource_name", "search_key"]),
                    ..Location::file(text::path(file), line)
                }),
                description: Some(format!("{}\nPlatform: {platform}", query.text("description"))),
                evidence: item.opt("actual_value"),
                remediation: item.opt("expected_value"),
                references: query.opt("query_url").into_iter().collect(),
                ..Finding::new(format!("{category}: {}", query.text("query_name")), severity)
            })?;
        }
    }
    Ok(())
}
