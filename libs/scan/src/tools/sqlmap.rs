//! sqlmap, its log and its CSV of results: one finding of severity high for each injectable parameter.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "sqlmap", title: "sqlmap (log, CSV)", aliases: &["sqlmap_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Target URL", "Place", "Parameter", "Technique(s)"]) {
        99
    } else if probe.contains("sqlmap identified the following") || probe.contains("sqlmap resumed the following") {
        98
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("sqlmap", None);
    if Probe::new(input.head()?).columns(&["Target URL", "Place"]) {
        let mut table = input.table()?;
        while let Some(row) = table.next()? {
            if !row.get("Parameter").is_empty() {
                let said = format!("techniques {} {}", row.get("Technique(s)"), row.get("Note(s)"));
                put(row.get("Target URL"), row.get("Place"), row.get("Parameter"), &said, out)?;
            }
        }
        return out.flush();
    }
    let mut current: Option<(String, String, Vec<String>)> = None;
    for line in input.whole()?.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("Parameter:") {
            close(current.take(), out)?;
            let (name, place) = rest.trim().rsplit_once('(').unwrap_or((rest.trim(), ""));
            current = Some((name.trim().to_owned(), place.trim_end_matches(')').to_owned(), Vec::new()));
        } else if let Some((_, _, said)) = &mut current
            && ["Type:", "Title:", "Payload:"].iter().any(|field| line.starts_with(field))
        {
            said.push(line.to_owned());
        }
    }
    close(current, out)?;
    out.flush()
}

fn close(entry: Option<(String, String, Vec<String>)>, out: &mut Out<'_>) -> Result<(), Error> {
    match entry {
        Some((name, place, said)) => put("", &place, &name, &said.join("\n"), out),
        None => Ok(()),
    }
}

fn put(url: &str, place: &str, parameter: &str, said: &str, out: &mut Out<'_>) -> Result<(), Error> {
    let at = if url.is_empty() { Location::default() } else { Location::url(url) };
    let method = ["GET", "POST", "PUT"].contains(&place).then(|| place.to_owned());
    out.merge(format!("{url} {place} {parameter}"), Finding {
        rule: Some("sql-injection".to_owned()),
        cwe: vec![89],
        location: Some(Location { method, parameter: text::some(parameter), ..at }),
        description: Some(format!("the {place} parameter {parameter} is part of an SQL statement")),
        evidence: text::some(said),
        remediation: Some("hand the value to the database as a bound parameter".to_owned()),
        ..Finding::new(format!("SQL injection in {place} parameter '{parameter}'"), Severity::High)
    })
}
