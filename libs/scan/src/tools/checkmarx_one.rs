//! Checkmarx One, JSON: results of the command line (`results`) and the improved scan report (`scanResults`).
//!
//! One finding for each static, infrastructure and component result. Not exploitable ones are false positives.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, Status, Step, text};

pub(crate) const TOOL: Tool =
    Tool { name: "checkmarx_one", title: "Checkmarx One (JSON)", aliases: &["checkmarx_one_scan", "cxone"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["results[].similarityId", "results[].data"]) || probe.has("scanResults.resultsList") {
        97
    } else if probe.has("iacScanResults") || probe.has("scaScanResults") {
        90
    } else if probe.has_all(&["results", "totalCount", "scanID"]) {
        92
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Checkmarx One", None);
    for item in report.list("results") {
        let kind = item.text("type");
        if !["sast", "kics", "sca", "sca-container"].contains(&kind) {
            out.leave_out(&format!("results of the type {kind}"));
            continue;
        }
        out.push(result(item, kind))?;
    }
    for query in report.list("scanResults/resultsList") {
        let cwe = query.opt("cweId").unwrap_or_default();
        let details = report.list("vulnerabilityDetails").iter().find(|one| !cwe.is_empty() && one.opt("cweId").as_ref() == Some(&cwe));
        for item in query.list("vulnerabilities") {
            out.push(flow(query, item, &cwe, details))?;
        }
    }
    for technology in report.list("iacScanResults/technology") {
        for query in technology.list("queries") {
            for item in query.list("resultsList") {
                out.push(infrastructure(technology, query, item))?;
            }
        }
    }
    for _ in report.list("scaScanResults/packages") {
        out.leave_out("packages of the component scan, whose layout in this report is not published");
    }
    Ok(())
}

fn status(item: &Value) -> Status {
    let state = item.text("state").replace(['_', ' '], "");
    if state.eq_ignore_ascii_case("notexploitable") { Status::FalsePositive } else { Status::Open }
}

fn place(node: &Value) -> Location {
    Location {
        column: node.line("column"),
        logical: node.first(&["fullName", "method"]),
        ..Location::file(node.text("fileName"), node.line("line"))
    }
}

fn result(item: &Value, kind: &str) -> Finding {
    let query = item.text("data/queryName").replace('_', " ");
    let nodes = item.list("data/nodes");
    let file = item.first(&["data/filename", "data/fileName"]);
    let location = nodes.first().map(place).or_else(|| file.map(|file| Location::file(file, item.line("data/line"))));
    let (cve, ids) = text::split_ids([item.text("vulnerabilityDetails/cveName"), item.text("cveId"), if kind.starts_with("sca") { item.text("similarityId") } else { "" }]);
    let package = item.first(&["data/packageIdentifier", "data/packageName"]);
    let title = item.opt("description").unwrap_or_else(|| {
        let word = Severity::word(item.text("severity")).name();
        let subject = if query.is_empty() { item.text("similarityId") } else { query.as_str() };
        format!("{word} {subject}")
    });
    Finding {
        rule: item.first(&["data/queryName", "data/queryId", "similarityId"]),
        cve: cve.clone(),
        ids: if cve.is_empty() { ids } else { Vec::new() },
        cwe: text::cwe_field(&item.opt("vulnerabilityDetails/cweId").unwrap_or_default()),
        cvss: crate::Cvss::of(item.opt("vulnerabilityDetails/cvss/vector"), item.num("vulnerabilityDetails/cvssScore")),
        location,
        component: package.map(|name| Component::new(name, item.opt("data/packageVersion"))),
        description: item.opt("description"),
        evidence: item.opt("data/value"),
        remediation: item.first(&["data/expectedValue", "data/recommendations"]),
        anchor: item.opt("similarityId"),
        status: status(item),
        steps: nodes.iter().map(|node| Step { flow: 0, location: place(node), message: node.opt("name") }).collect(),
        ..Finding::new(title, Severity::word(item.text("severity")))
    }
}

fn flow(query: &Value, item: &Value, cwe: &str, details: Option<&Value>) -> Finding {
    let nodes = item.list("nodes");
    Finding {
        rule: query.opt("queryName"),
        cwe: text::cwe_field(cwe),
        location: Some(Location {
            logical: item.opt("destinationMethod"),
            ..Location::file(item.text("destinationFileName"), item.line("destinationLine"))
        }),
        description: query.opt("description"),
        evidence: item.opt("destinationCode"),
        remediation: details.and_then(|details| details.opt("generalRecommendations")),
        references: query.opt("queryDescriptionLink").into_iter().chain(item.opt("resultViewerLink")).collect(),
        anchor: item.opt("similarityId"),
        status: status(item),
        steps: nodes.iter().map(|node| Step { flow: 0, location: place(node), message: node.opt("code") }).collect(),
        ..Finding::new(
            query.first(&["queryPath", "queryName"]).unwrap_or_else(|| "SAST Finding".to_owned()).replace('_', " "),
            Severity::word(item.text("severity")),
        )
    }
}

fn infrastructure(technology: &Value, query: &Value, item: &Value) -> Finding {
    Finding {
        rule: query.first(&["queryId", "queryName"]),
        location: item.opt("fileName").map(|file| Location::file(file, item.line("line"))),
        description: query.opt("description"),
        evidence: item.opt("actualValue"),
        remediation: item.opt("expectedValue"),
        references: item.opt("resultViewerLink").into_iter().collect(),
        anchor: item.opt("similarityId"),
        status: status(item),
        ..Finding::new(
            format!("{}: {}", technology.text("name"), query.text("queryName")),
            Severity::word(item.text("severity")),
        )
    }
}
