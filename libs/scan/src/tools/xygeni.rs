//! Xygeni, JSON of its scanners for code, dependencies and secrets: one finding for each entry, and one for each secret
//! of a file, however many lines have it.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Step, text};

pub(crate) const TOOL: Tool =
    Tool { name: "xygeni", title: "Xygeni (JSON)", aliases: &["xygeni_sast_scan", "xygeni_sca_scan", "xygeni_secrets_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.value("metadata.format").ends_with("xygeni") {
        100
    } else if probe.has("metadata.scanType") && probe.has("metadata.reportProperties") {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    let properties = report.at("metadata/reportProperties");
    let version = properties.and_then(|properties| properties.as_object()?.get("tool.version")?.as_str());
    out.scanner("Xygeni", version);
    let kind = report.text("metadata/scanType").to_lowercase();
    match kind.as_str() {
        "sast" => report.list("vulnerabilities").iter().try_for_each(|item| out.push(code(item))),
        "deps" => report.list("dependencies").iter().try_for_each(|package| {
            package.list("vulnerabilities").iter().try_for_each(|item| out.push(dependency(package, item)))
        }),
        "secrets" => report.list("secrets").iter().try_for_each(|item| {
            out.merge(item.first(&["uniqueHash", "issueId"]).unwrap_or_else(|| item.to_string()), secret(item))
        }),
        kind => Err(Error::malformed(format!("this is a Xygeni report of the kind {kind}; sast, deps and secrets can be read"))),
    }
}

fn place(item: &Value) -> Location {
    Location {
        end_line: item.line("location/endLine"),
        column: item.line("location/beginColumn"),
        ..Location::file(text::path(item.text("location/filepath")), item.line("location/beginLine"))
    }
}

fn weaknesses(item: &Value) -> Vec<u32> {
    let mut found: Vec<u32> = item.int("cwe").and_then(|cwe| u32::try_from(cwe).ok()).into_iter().collect();
    let texts = item.texts("cwes").into_iter().chain(item.texts("tags"));
    for number in texts.flat_map(text::cwes) {
        if !found.contains(&number) {
            found.push(number);
        }
    }
    found
}

fn code(item: &Value) -> Finding {
    let frames = item.list("codeFlows/0/frames").iter();
    Finding {
        rule: item.opt("detector"),
        cwe: weaknesses(item),
        location: Some(place(item)),
        description: item.opt("explanation"),
        evidence: item.opt("location/code"),
        anchor: item.opt("uniqueHash"),
        steps: frames.map(|frame| Step { flow: 0, location: place(frame), message: frame.first(&["injectionPoint", "kind"]) }).collect(),
        ..Finding::new(
            item.opt("detector").unwrap_or_else(|| "Xygeni SAST finding".to_owned()),
            Severity::word(item.text("severity")),
        )
    }
}

fn dependency(package: &Value, item: &Value) -> Finding {
    let (cve, ids) = text::split_ids([item.text("cve"), item.text("id")].into_iter().chain(item.texts("aliases")));
    Finding {
        rule: item.first(&["issueId", "id"]),
        cve,
        ids,
        cwe: weaknesses(item),
        cvss: Cvss::of(None, item.num("overallCvssScore")),
        component: Some(Component {
            fixed_in: item.opt("fixedVersion"),
            ..Component::new(package.text("name"), package.opt("version"))
        }),
        description: item.opt("description"),
        references: item.texts("references").into_iter().map(str::to_owned).collect(),
        ..Finding::new(
            item.first(&["cve", "id"]).unwrap_or_else(|| "Xygeni SCA finding".to_owned()),
            Severity::word(item.text("severity")),
        )
    }
}

fn secret(item: &Value) -> Finding {
    let path = item.text("location/filepath");
    let name = path.rsplit('/').next().unwrap_or_default();
    let kind = item.first(&["type", "detector"]).unwrap_or_else(|| "secret".to_owned());
    let cwe = weaknesses(item);
    Finding {
        rule: item.opt("detector"),
        cwe: if cwe.is_empty() { vec![798] } else { cwe },
        location: Some(place(item)),
        description: item.opt("description"),
        evidence: item.opt("location/code"),
        anchor: item.opt("uniqueHash"),
        ..Finding::new(format!("{kind} secret detected in {name}"), Severity::word(item.text("severity")))
    }
}
