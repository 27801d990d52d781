//! Vuls, JSON: one finding for each package that a CVE affects, rated by the highest score of all sources.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "vuls", title: "Vuls (JSON)", aliases: &["vuls_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["scannedCves", "serverName"]) || probe.item(&["scannedCves", "jsonVersion"]) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    input.each_json(|host| {
        out.scanner("Vuls", host.opt("scannedVersion").as_deref());
        for (id, entry) in host.entries("scannedCves") {
            let packages = entry.list("affectedPackages");
            for package in packages {
                out.push(finding(id, entry, Some(package), host))?;
            }
            if packages.is_empty() {
                out.push(finding(id, entry, None, host))?;
            }
        }
        Ok(())
    })
}

/// What the sources say; each is one entry or a list of them.
fn contents(entry: &Value) -> Vec<&Value> {
    let parts = entry.entries("cveContents").flat_map(|(_, part)| part.as_array().map_or(std::slice::from_ref(part), Vec::as_slice));
    parts.filter(|part| part.is_object()).collect()
}

fn finding(id: &str, entry: &Value, package: Option<&Value>, host: &Value) -> Finding {
    let contents = contents(entry);
    let mut best: (f64, Option<String>) = (0.0, None);
    for content in &contents {
        for version in ["cvss40", "cvss3", "cvss2"] {
            if let Some(score) = content.num(&format!("{version}Score")).filter(|score| *score > best.0) {
                best = (score, content.opt(&format!("{version}Vector")));
            }
        }
    }
    let said = |name: &str| contents.iter().find_map(|content| content.opt(name));
    let name = package.and_then(|package| package.opt("name"));
    let installed = name.as_ref().and_then(|name| host.at("packages").and_then(|all| all.get(name)));
    let version = package.and_then(|package| package.opt("version")).or_else(|| installed.and_then(|one| one.opt("version")));
    let (cve, ids) = text::split_ids([id]);
    let mut cwe: Vec<u32> = contents.iter().flat_map(|content| content.texts("cweIDs")).flat_map(text::cwe_field).collect();
    cwe.sort_unstable();
    cwe.dedup();
    Finding {
        rule: Some(id.to_owned()),
        cwe,
        cve,
        ids,
        cvss: Some(best.0).filter(|score| *score > 0.0).and_then(|score| Cvss::of(best.1, Some(score))),
        location: host.opt("serverName").map(|name| Location::host(name, None, None)),
        component: name.map(|name| Component {
            fixed_in: package.and_then(|package| package.opt("fixedIn")),
            ..Component::new(name, version)
        }),
        description: said("summary"),
        references: said("sourceLink").into_iter().collect(),
        ..Finding::new(said("title").map_or_else(|| id.to_owned(), |title| format!("{id}: {title}")), Severity::from_score(best.0))
    }
}
