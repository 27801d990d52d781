//! The exchange format for tools without a reader: CSV with `Title`, `Severity` and `Description`, or JSON with
//! `findings`, in the column and key names that DefectDojo's generic import made common.
//!
//! CSV rows of equal severity, title and description are one finding. In JSON each entry is one, and title, severity
//! and description are required.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::table::Row;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "generic",
    title: "generic findings (CSV, JSON)",
    aliases: &["generic_findings_import", "generic_csv", "generic_json"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Title", "Severity", "Description"]) {
        60
    } else if probe.has_all(&["findings[].title", "findings[].severity", "findings[].description"]) {
        55
    } else if probe.keys == ["findings"] {
        50
    } else {
        0
    }
}

/// Keys that DefectDojo's format knows and this reader has no use for are not complained about.
const KNOWN: &[&str] = &[
    "title", "severity", "description", "date", "cve", "cwe", "cvssv3", "cvssv3_score", "cvssv4", "cvssv4_score",
    "mitigation", "impact", "references", "active", "verified", "false_p", "duplicate", "out_of_scope", "under_review",
    "risk_accepted", "is_mitigated", "file_path", "line", "component_name", "component_version", "endpoints", "files",
    "tags", "unique_id_from_tool", "vuln_id_from_tool", "vulnerability_ids", "static_finding", "dynamic_finding",
    "epss_score", "epss_percentile", "fix_available", "fix_version", "known_exploited", "ransomware_used", "kev_date",
    "steps_to_reproduce", "severity_justification", "numerical_severity", "nb_occurences", "service", "publish_date",
    "planned_remediation_date", "planned_remediation_version", "effort_for_fixing", "sast_source_line",
    "sast_source_object", "sast_sink_object", "sast_source_file_path", "scanner_confidence", "param", "payload",
    "hash_code", "mitigated", "thread_id", "refs", "url", "locations",
];

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    if Probe::new(input.head()?).shape == Shape::Json {
        return read_json(&input.json()?, out);
    }
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        if !row.has("Title") {
            return Err(Error::malformed("the table has no column Title"));
        }
        let finding = from_row(&row);
        let key = format!("{}|{}|{}", finding.severity.name(), finding.title, row.get("Description"));
        out.merge(key, finding)?;
    }
    Ok(())
}

fn from_row(row: &Row<'_>) -> Finding {
    let truth = |name: &str| row.get(name).to_ascii_lowercase().starts_with('t');
    let ids = row.first(&["Vulnerability Id", "CVE"]).unwrap_or_default();
    let (cve, ids) = text::split_ids(ids.split([',', ' ']));
    let score = row.num("CVSSV4_score").or_else(|| row.num("CVSSV3_score"));
    Finding {
        cve,
        ids,
        cwe: text::cwe_field(&row.first(&["CweId", "CWE"]).unwrap_or_default()),
        cvss: Cvss::of(row.first(&["CVSSV4", "CVSSV3"]), score),
        location: row.first(&["Url", "Endpoint"]).map(Location::url).or_else(|| {
            row.first(&["FilePath", "file_path", "File"])
                .map(|file| Location::file(text::path(&file), row.get("Line").parse().ok()))
        }),
        component: row.opt("Component_name").map(|name| Component::new(name, row.opt("Component_version"))),
        description: row.opt("Description"),
        remediation: row.opt("Mitigation"),
        references: row.get("References").lines().filter_map(text::some).collect(),
        status: if truth("FalsePositive") { Status::FalsePositive } else { Status::Open },
        ..Finding::new(row.get("Title"), Severity::word(row.get("Severity")))
    }
}

fn read_json(report: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner(report.text("name"), report.at("version").and_then(Value::as_str));
    let mut unknown: Vec<&str> = Vec::new();
    for (index, item) in report.list("findings").iter().enumerate() {
        for key in ["title", "severity", "description"] {
            if item.at(key).is_none() {
                return Err(Error::malformed(format!("finding {index} has no {key}")));
            }
        }
        for (key, _) in item.entries("") {
            if !KNOWN.contains(&key.as_str()) && !unknown.contains(&key.as_str()) && unknown.len() < 20 {
                unknown.push(key);
            }
        }
        out.push(from_item(item))?;
    }
    if !unknown.is_empty() {
        out.warn(format!("keys that are not part of the generic format were not read: {}", unknown.join(", ")));
    }
    Ok(())
}

fn from_item(item: &Value) -> Finding {
    let (cve, ids) = text::split_ids(item.texts("vulnerability_ids").into_iter().chain([item.text("cve")]));
    let score = item.num("cvssv4_score").or_else(|| item.num("cvssv3_score"));
    let component = item.opt("component_name").map(|name| Component {
        fixed_in: item.opt("fix_version"),
        ..Component::new(name, item.opt("component_version"))
    });
    let mut places: Vec<Location> = Vec::new();
    if let Some(file) = item.opt("file_path") {
        places.push(Location::file(text::path(&file), item.line("line")));
    }
    for endpoint in item.list("endpoints") {
        places.push(match endpoint.as_str() {
            Some(address) => Location::url(address),
            None => Location {
                url: None,
                ..Location::host(
                    endpoint.text("host"),
                    endpoint.int("port").and_then(|port| u16::try_from(port).ok()),
                    endpoint.opt("protocol"),
                )
            },
        });
    }
    let mut places = places.into_iter();
    Finding {
        rule: item.opt("vuln_id_from_tool"),
        cve,
        ids,
        cwe: item.opt("cwe").map(|cwe| text::cwe_field(&cwe)).unwrap_or_default(),
        cvss: Cvss::of(item.first(&["cvssv4", "cvssv3"]), score),
        location: places.next(),
        others: places.collect(),
        component,
        description: item.opt("description"),
        remediation: item.opt("mitigation"),
        references: item.text("references").lines().filter_map(text::some).collect(),
        anchor: item.opt("unique_id_from_tool"),
        status: if item.flag("false_p") { Status::FalsePositive } else { Status::Open },
        ..Finding::new(item.text("title"), Severity::word(item.text("severity")))
    }
}
