//! GitLab security reports of static analysis and secret detection, JSON: one finding for each identifier (`id`, in
//! old reports `cve`). Unknown and undefined severities are info.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "gitlab_sast",
    title: "GitLab SAST and secret detection (JSON)",
    aliases: &["gitlab_sast_report", "gitlab_secret_detection", "gitlab_secret_detection_report"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let kind = probe.value("scan.type");
    if ["sast", "secret_detection", "sast_iac"].contains(&kind) && probe.has("vulnerabilities") {
        97
    } else if !kind.is_empty() || probe.has("vulnerabilities[].location.dependency.package.name") {
        0
    } else if probe.has_all(&["vulnerabilities[].identifiers", "vulnerabilities[].location.file"]) {
        88
    } else if probe.keys.len() <= 4 && probe.has_all(&["version", "vulnerabilities", "remediations"]) {
        55
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    let version = report.opt("scan/scanner/version");
    out.scanner(report.text("scan/scanner/name"), version.as_deref());
    for item in report.list("vulnerabilities") {
        let key = item.first(&["id", "cve"]).unwrap_or_else(|| item.to_string());
        out.merge(key, finding(item))?;
    }
    Ok(())
}

/// What all reports of this family say of a vulnerability, but for its place.
pub(crate) fn common(item: &Value) -> Finding {
    let kind = |one: &Value, wanted: &str| one.text("type").eq_ignore_ascii_case(wanted);
    let identifiers = item.list("identifiers");
    let values = |wanted: &'static str| identifiers.iter().filter(move |one| kind(one, wanted)).filter_map(|one| one.opt("value"));
    let others = identifiers.iter().filter(|one| !kind(one, "cwe") && !kind(one, "cve"));
    let rule = identifiers.iter().find(|one| !kind(one, "cwe") && !kind(one, "owasp")).and_then(|one| one.opt("value"));
    let dismissed = item.list("flags").iter().any(|flag| flag.text("type") == "flagged-as-likely-false-positive");
    Finding {
        rule: rule.or_else(|| item.first(&["category", "cve"])),
        cve: text::split_ids(values("cve").collect::<Vec<_>>().iter().map(String::as_str)).0,
        cwe: values("cwe").flat_map(|value| text::cwe_field(&value)).collect(),
        description: item.first(&["description", "message"]),
        remediation: item.opt("solution"),
        references: item.list("links").iter().filter_map(|link| link.opt("url")).chain(others.filter_map(|one| one.opt("url"))).collect(),
        status: if dismissed { Status::FalsePositive } else { Status::Open },
        ..Finding::new(
            item.first(&["name", "message", "description", "id", "cve"]).unwrap_or_default(),
            Severity::word(item.text("severity")),
        )
    }
}

fn finding(item: &Value) -> Finding {
    let names: Vec<&str> = ["location/class", "location/method"].iter().map(|path| item.text(path)).filter(|name| !name.is_empty()).collect();
    Finding {
        location: item.at("location").map(|place| Location {
            end_line: place.line("end_line"),
            logical: text::some(&names.join("#")),
            ..Location::file(text::path(place.text("file")), place.line("start_line"))
        }),
        evidence: item.opt("raw_source_code_extract").filter(|_| item.text("category") != "secret_detection"),
        ..common(item)
    }
}
