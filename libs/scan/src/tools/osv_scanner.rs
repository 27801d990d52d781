//! OSV-Scanner, JSON: one finding for each vulnerability of a package; without a severity it is low.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "osv_scanner", title: "OSV-Scanner (JSON)", aliases: &["osv", "osv_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["results[].source", "results[].packages"]) {
        97
    } else if probe.has("experimental_config") && probe.has("results") {
        92
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("OSV-Scanner", None);
    for source in report.list("results") {
        for package in source.list("packages") {
            for item in package.list("vulnerabilities") {
                out.push(finding(source.text("source/path"), package, item))?;
            }
        }
    }
    Ok(())
}

fn finding(path: &str, package: &Value, item: &Value) -> Finding {
    let (name, id) = (package.text("package/name"), item.text("id"));
    let (cve, ids) = text::split_ids(std::iter::once(id).chain(item.texts("aliases")));
    let affected = item.list("affected");
    let first = affected.iter().flat_map(|one| one.list("database_specific/cwes")).filter_map(|one| one.opt("cweId"));
    let weaknesses = item.texts("database_specific/cwe_ids").into_iter().map(str::to_owned);
    let mut cwe: Vec<u32> = Vec::new();
    for number in first.chain(weaknesses).flat_map(|text| text::cwe_field(&text)) {
        if !cwe.contains(&number) {
            cwe.push(number);
        }
    }
    let events = affected.iter().filter(|one| one.text("package/name") == name).flat_map(|one| one.list("ranges")).flat_map(|range| range.list("events"));
    let fixed: Vec<String> = events.filter_map(|event| event.opt("fixed")).collect();
    let word = item.text("database_specific/severity");
    let vector = item.list("severity").iter().filter(|one| one.text("type").starts_with("CVSS")).find_map(|one| one.opt("score"));
    Finding {
        rule: text::some(id),
        cve,
        ids,
        cwe,
        cvss: Cvss::of(vector, None),
        location: text::some(path).map(|path| Location::file(path, None)),
        component: Some(Component {
            purl: affected.iter().find_map(|one| one.opt("package/purl")),
            fixed_in: text::some(&fixed.join(", ")),
            ..Component::new(name, package.opt("package/version"))
        }),
        description: item.first(&["summary", "details"]),
        evidence: item.opt("details").filter(|_| item.at("summary").is_some()),
        references: item.list("references").iter().filter_map(|one| one.opt("url")).collect(),
        ..Finding::new(format!("{id}_{name}"), if word.is_empty() { Severity::Low } else { Severity::word(word) })
    }
}
