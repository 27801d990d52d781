//! Checkmarx SAST, XML (`CxXMLResults`) and the JSON report with SAST, SCA and KICS results.
//!
//! XML: results of one weakness, severity and sink file are one finding. JSON: one for each vulnerability.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::xml::Node;
use crate::{Component, Error, Finding, Input, Location, Severity, Status, Step, text};

pub(crate) const TOOL: Tool = Tool {
    name: "checkmarx",
    title: "Checkmarx SAST (XML, JSON)",
    aliases: &["checkmarx_scan", "checkmarx_scan_detailed"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let parts = ["scanResults.sast", "scanResults.sca", "scanResults.kics"];
    if probe.root_is("CxXMLResults") {
        99
    } else if parts.iter().any(|path| probe.has(path)) {
        96
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    if Probe::new(input.head()?).shape != Shape::Xml {
        out.scanner("Checkmarx", None);
        return read_json(&input.json()?, out);
    }
    let mut xml = input.xml()?;
    while let Some(result) = xml.next(&["Result"])? {
        out.scanner("Checkmarx", text::some(xml.around("CxXMLResults", "CheckmarxVersion")).as_deref());
        let Some(query) = xml.within("Query") else { continue };
        let finding = result_of(query, &result);
        let sink = finding.location.as_ref().and_then(|place| place.file.clone()).unwrap_or_default();
        out.merge(format!("{}\n{}\n{sink}", query.attr("cweId"), result.attr("Severity")), finding)?;
    }
    Ok(())
}

fn result_of(query: &Node, result: &Node) -> Finding {
    let nodes: Vec<&Node> = result.list("Path").last().map(|path| path.list("PathNode").collect()).unwrap_or_default();
    let place = |node: &Node| Location {
        column: node.int("Column").and_then(|column| u32::try_from(column).ok()).filter(|column| *column > 0),
        ..Location::file(node.text("FileName"), node.text("Line").parse().ok())
    };
    let sink = nodes.last().map(|node| place(node)).filter(|sink| sink.file.as_deref() != Some(""));
    let name = query.attr("name").replace('_', " ");
    let file = sink.as_ref().and_then(|sink| sink.file.as_deref()).and_then(|file| file.rsplit('/').next());
    let title = file.map_or_else(|| name.clone(), |file| format!("{name} ({file})"));
    let steps = nodes.iter().map(|node| Step { flow: 0, location: place(node), message: node.opt("Name") });
    let status = if result.attr("FalsePositive").eq_ignore_ascii_case("true") { Status::FalsePositive } else { Status::Open };
    Finding {
        rule: text::some(query.attr("id")),
        cwe: text::cwe_field(query.attr("cweId")),
        location: sink.clone(),
        description: Some(format!("{name}. Language: {}. Categories: {}", query.attr("Language"), query.attr("categories"))),
        evidence: nodes.last().and_then(|node| node.opt("Snippet/Line/Code")),
        references: text::some(result.attr("DeepLink")).into_iter().collect(),
        status,
        steps: steps.collect(),
        ..Finding::new(title, Severity::word(result.attr("Severity")))
    }
}

fn read_json(report: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    for language in report.list("scanResults/sast/languages") {
        for query in language.list("queries") {
            for item in query.list("vulnerabilities") {
                out.push(flow(query, item))?;
            }
        }
    }
    for package in report.list("scanResults/sca/packages") {
        for item in package.list("vulnerabilities") {
            let (cve, ids) = text::split_ids([item.text("cveId"), item.text("cveName")]);
            out.push(Finding {
                rule: item.first(&["cveId", "id"]),
                cve,
                ids,
                cwe: text::cwe_field(&item.opt("cwe").unwrap_or_default()),
                component: Some(component(package.text("name"), item.text("version"))),
                description: item.opt("description"),
                status: status(item),
                ..Finding::new(
                    format!("{} in {}", item.first(&["cveName", "cveId", "id"]).unwrap_or_default(), package.text("name")),
                    Severity::word(item.text("severity")),
                )
            })?;
        }
    }
    for platform in report.list("scanResults/kics/results") {
        for item in platform.list("vulnerabilities") {
            out.push(Finding {
                rule: item.first(&["queryId", "queryName"]),
                location: item.opt("fileName").map(|file| Location::file(text::path(&file), item.line("line"))),
                description: item.opt("description"),
                evidence: item.opt("actualValue"),
                remediation: item.opt("expectedValue"),
                anchor: item.opt("similarityId"),
                status: status(item),
                ..Finding::new(
                    format!("{}: {}", platform.text("name"), item.text("queryName")),
                    Severity::word(item.text("severity")),
                )
            })?;
        }
    }
    Ok(())
}

fn status(item: &Value) -> Status {
    let set_aside = ["state", "status"].iter().any(|path| item.text(path).replace('_', " ").eq_ignore_ascii_case("not exploitable"));
    if set_aside { Status::FalsePositive } else { Status::Open }
}

fn flow(query: &Value, item: &Value) -> Finding {
    let place = |node: &Value| Location {
        column: node.line("column"),
        logical: node.first(&["fullName", "method"]),
        ..Location::file(node.text("fileName"), node.line("line"))
    };
    let nodes = item.list("nodes");
    Finding {
        rule: query.first(&["queryId", "queryName"]),
        cwe: text::cwe_field(&item.opt("cweId").unwrap_or_default()),
        location: nodes.last().map(place),
        description: query.opt("description"),
        anchor: item.opt("similarityId"),
        status: status(item),
        steps: nodes.iter().map(|node| Step { flow: 0, location: place(node), message: node.opt("name") }).collect(),
        ..Finding::new(query.text("queryName").replace('_', " "), Severity::word(item.text("severity")))
    }
}

/// A package that is named with its ecosystem and version: `Npm-underscore-1.10.2`.
fn component(name: &str, version: &str) -> Component {
    let plain = name.strip_suffix(version).map_or(name, |head| head.trim_end_matches('-'));
    let plain = plain.split_once('-').map_or(plain, |(_, name)| name);
    Component::new(if version.is_empty() { name } else { plain }, text::some(version))
}
