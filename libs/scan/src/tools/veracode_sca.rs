//! Veracode SourceClear, CSV and JSON: one finding for each issue that is a vulnerability of a library.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::table::Row;
use crate::{Component, Cvss, Error, Finding, Input, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "veracode_sca",
    title: "Veracode SourceClear (CSV, JSON)",
    aliases: &["sourceclear", "veracode_sourceclear", "veracode_sourceclear_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Issue type", "Library", "Version in use"])
        || probe.has_all(&["_embedded.issues[].library", "_embedded.issues[].issue_type"])
    {
        98
    } else if probe.has("_embedded.issues") {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Veracode SourceClear", None);
    if Probe::new(input.head()?).shape == Shape::Table {
        let mut table = input.table()?;
        while let Some(row) = table.next()? {
            if row.get("Issue type").eq_ignore_ascii_case("vulnerability") {
                out.push(line(&row))?;
            } else {
                out.leave_out("issues that are no vulnerability");
            }
        }
        return Ok(());
    }
    let report = input.json()?;
    for item in report.list("_embedded/issues") {
        if item.text("issue_type").eq_ignore_ascii_case("vulnerability") {
            out.push(issue(item))?;
        } else {
            out.leave_out("issues that are no vulnerability");
        }
    }
    Ok(())
}

/// The tool writes the identifier with or without its first part.
fn cve(text: &str) -> Option<String> {
    let text = text.trim();
    match text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("cve")) {
        _ if text.is_empty() => None,
        true => Some(text.to_ascii_uppercase()),
        false => Some(format!("CVE-{text}")),
    }
}

fn line(row: &Row<'_>) -> Finding {
    let maven = row.get("Package manager").eq_ignore_ascii_case("maven").then(|| row.opt("Coordinate 2")).flatten();
    let library = maven.or_else(|| row.opt("Library")).unwrap_or_default();
    let version = row.opt("Version in use");
    let id = cve(row.get("CVE"));
    let done = row.get("Ignored").eq_ignore_ascii_case("true") || row.get("Status").eq_ignore_ascii_case("resolved");
    Finding {
        rule: id.clone().or_else(|| row.opt("Issue ID")),
        cve: id.iter().cloned().collect(),
        cvss: Cvss::of(None, row.num("CVSS score").filter(|score| *score > 0.0)),
        component: Some(Component::new(library.as_str(), version.clone())),
        description: row.opt("Title"),
        status: if done { Status::Fixed } else { Status::Open },
        ..Finding::new(
            format!("{library}:{} | {}", version.unwrap_or_default(), id.unwrap_or_default()),
            Severity::word(row.get("Severity")),
        )
    }
}

fn issue(item: &Value) -> Finding {
    let maven = item.text("library/id").strip_prefix("maven:").and_then(|rest| rest.split(':').nth(1)).map(str::to_owned);
    let library = maven.or_else(|| item.opt("library/name")).unwrap_or_default();
    let version = item.opt("library/version");
    let id = cve(item.text("vulnerability/cve"));
    let score = item.num("vulnerability/cvss3_score").filter(|score| *score > 0.0).or_else(|| item.num("severity"));
    let vector = item.opt("vulnerability/cvss3_vector").map(|vector| match vector.starts_with("CVSS:") {
        true => vector,
        false => format!("CVSS:3.1/{vector}"),
    });
    let closed = item.flag("Ignored") || matches!(item.text("issue_status").to_ascii_lowercase().as_str(), "resolved" | "fixed");
    Finding {
        rule: id.clone().or_else(|| item.opt("id")),
        cwe: item.opt("vulnerability/cwe_id").map(|cwe| text::cwe_field(&cwe)).unwrap_or_default(),
        cve: id.iter().cloned().collect(),
        cvss: Cvss::of(vector, score),
        component: Some(Component::new(library.as_str(), version.clone())),
        description: item.first(&["vulnerability/overview", "vulnerability/title"]),
        references: item.opt("_links/html/href").into_iter().collect(),
        status: if closed { Status::Fixed } else { Status::Open },
        ..Finding::new(
            format!("{library}:{} | {}", version.unwrap_or_default(), id.unwrap_or_default()),
            Severity::from_score(score.unwrap_or_default()),
        )
    }
}
