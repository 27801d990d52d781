//! Semgrep, JSON of the scanner (`results`) and of its supply chain API (`vulns`).
//!
//! Results of one rule on one line of one file are one finding. `ERROR` is high, `WARNING` medium, `INFO` low.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "semgrep", title: "Semgrep (JSON)", aliases: &["semgrep_json", "opengrep"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["results[].check_id", "results[].extra"]) || probe.has("vulns[].dependencyFileLocation") {
        95
    } else if probe.has_all(&["results", "errors", "paths"]) || probe.has_all(&["vulns", "cursor"]) {
        80
    } else {
        0
    }
}

/// What Semgrep writes instead of a value to those who have not logged in.
const WITHHELD: &str = "requires login";

pub(crate) fn severity(word: &str) -> Severity {
    match word.to_ascii_uppercase().as_str() {
        "ERROR" => Severity::High,
        "WARNING" => Severity::Medium,
        "INFO" => Severity::Low,
        word => Severity::word(word),
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Semgrep", report.at("version").and_then(Value::as_str));
    for error in report.list("errors").iter().take(20) {
        if let Some(message) = error.first(&["message", "long_msg", "short_msg"]) {
            out.warn(format!("Semgrep reports an error: {}", text::shorten(&message, 200)));
        }
    }
    for item in report.list("results") {
        let key = format!("{}\n{}\n{}", item.text("check_id"), item.text("path"), item.int("start/line").unwrap_or(0));
        out.merge(key, result(item))?;
    }
    for item in report.list("vulns") {
        let place = item.text("dependencyFileLocation/path");
        let line = item.line("dependencyFileLocation/startLine");
        out.merge(format!("{}\n{place}\n{}", item.text("title"), line.unwrap_or(0)), vulnerability(item))?;
    }
    Ok(())
}

fn result(item: &Value) -> Finding {
    let given = |path: &str| item.opt(path).filter(|text| text != WITHHELD);
    let regex = item.at("extra/fix_regex").map(|fix| format!("Replace by the expression {fix}"));
    Finding {
        rule: item.opt("check_id"),
        cwe: item.texts("extra/metadata/cwe").into_iter().flat_map(text::cwe_field).collect(),
        location: Some(Location {
            column: item.line("start/col"),
            end_line: item.line("end/line"),
            end_column: item.line("end/col"),
            ..Location::file(text::path(item.text("path")), item.line("start/line"))
        }),
        description: item.opt("extra/message"),
        evidence: given("extra/lines"),
        anchor: given("extra/lines").map(|lines| text::without_numbers(&lines)),
        remediation: item.opt("extra/fix").or(regex),
        references: item.texts("extra/metadata/references").into_iter().map(str::to_owned).collect(),
        status: if item.flag("extra/is_ignored") { Status::Suppressed(None) } else { Status::Open },
        ..Finding::new(item.text("check_id"), severity(item.text("extra/severity")))
    }
}

fn vulnerability(item: &Value) -> Finding {
    let references = "advisory/references";
    let (cve, ids) = text::split_ids(
        item.texts("advisory/references/cveIds").into_iter().chain([item.text("advisory/ghsaId")]),
    );
    let path = item.text("dependencyFileLocation/path");
    Finding {
        rule: item.first(&["advisory/ruleId", "repositoryId"]),
        cve,
        ids,
        cwe: item.texts("advisory/references/cweIds").into_iter().flat_map(text::cwe_field).collect(),
        location: text::some(path).map(|path| Location::file(path, item.line("dependencyFileLocation/startLine"))),
        component: item
            .first(&["matchedDependency/name", "dependency/name"])
            .map(|name| crate::Component::new(name, item.first(&["matchedDependency/versionSpecifier", "dependency/version"]))),
        description: item.opt("advisory/description"),
        references: item.at(references).map(|list| list.texts("urls")).unwrap_or_default().into_iter().map(str::to_owned).collect(),
        ..Finding::new(item.text("title"), severity(item.text("advisory/severity")))
    }
}
