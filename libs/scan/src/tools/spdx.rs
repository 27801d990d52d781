//! SPDX 2, JSON and tag-value: one finding for each vulnerability that a security reference of a package names.
//!
//! The format gives no rating, so every finding is medium. Identifiers of platforms (CPE) are no findings.

use regex::Regex;
use serde_json::{Value, json};

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Component, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "spdx",
    title: "SPDX 2 with security references (JSON, tag-value)",
    aliases: &["spdx_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let version = probe.value("spdxVersion");
    let tag = probe.head.lines().take(50).any(|line| line.trim_start_matches('\u{feff}').starts_with("SPDXVersion:"));
    if version.starts_with("SPDX-2") || version.starts_with("SPDX-1") || (probe.shape != Shape::Json && tag) { 96 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let is_json = Probe::new(input.head()?).shape == Shape::Json;
    let packages = if is_json { input.json()?.list("packages").to_vec() } else { tag_values(input.whole()?) };
    let ghsa = Regex::new("(?i)GHSA(-[23456789cfghjmpqrvwx]{4}){3}").map_err(|error| Error::malformed(error.to_string()))?;
    for package in &packages {
        let own = |name: &str| package.opt(name).filter(|value| !matches!(value.as_str(), "NOASSERTION" | "NONE"));
        let name = own("name").unwrap_or_else(|| "unknown component".to_owned());
        let version = own("versionInfo");
        let purl = package.list("externalRefs").iter().find(|entry| entry.text("referenceType") == "purl");
        let component = Component {
            purl: purl.and_then(|entry| entry.opt("referenceLocator")),
            ..Component::new(name.as_str(), version.clone())
        };
        let shown = version.map_or_else(|| name.clone(), |version| format!("{name}:{version}"));
        for entry in package.list("externalRefs") {
            let category = entry.text("referenceCategory").eq_ignore_ascii_case("SECURITY");
            if !category || !matches!(entry.text("referenceType"), "advisory" | "fix" | "url" | "swid") {
                continue;
            }
            let said = format!("{} {}", entry.text("referenceLocator"), entry.text("comment"));
            let others = ghsa.find_iter(&said).map(|found| found.as_str().to_ascii_uppercase());
            for id in text::cves(&said).into_iter().chain(others) {
                let (cve, ids) = text::split_ids([id.as_str()]);
                let key = format!("{}|{id}", own("SPDXID").unwrap_or_else(|| name.clone()));
                out.merge(key, Finding {
                    rule: Some(id.clone()),
                    cve,
                    ids,
                    component: Some(component.clone()),
                    description: Some(format!("The bill of materials names {id} as a security reference of {shown}.")),
                    references: entry.opt("referenceLocator").into_iter().collect(),
                    ..Finding::new(format!("{shown} | {id}"), Severity::Medium)
                })?;
            }
        }
    }
    Ok(())
}

/// Packages of a tag-value document in the shape of the JSON form.
fn tag_values(text: &str) -> Vec<Value> {
    let mut packages: Vec<Value> = Vec::new();
    for line in text.lines() {
        let Some((tag, value)) = line.trim().split_once(':') else { continue };
        let value = value.trim();
        if tag == "PackageName" {
            packages.push(json!({"name": value, "externalRefs": []}));
            continue;
        }
        let Some(package) = packages.last_mut().and_then(Value::as_object_mut) else { continue };
        match tag {
            "SPDXID" if !package.contains_key("SPDXID") => {
                package.insert("SPDXID".to_owned(), json!(value));
            }
            "PackageVersion" => {
                package.insert("versionInfo".to_owned(), json!(value));
            }
            "ExternalRef" => {
                let mut parts = value.splitn(3, char::is_whitespace).map(str::trim);
                if let (Some(category), Some(kind), Some(locator), Some(list)) =
                    (parts.next(), parts.next(), parts.next(), package.get_mut("externalRefs").and_then(Value::as_array_mut))
                {
                    list.push(json!({"referenceCategory": category, "referenceType": kind, "referenceLocator": locator}));
                }
            }
            "ExternalRefComment" => {
                let last = package.get_mut("externalRefs").and_then(Value::as_array_mut).and_then(|list| list.last_mut());
                if let Some(entry) = last.and_then(Value::as_object_mut) {
                    entry.insert("comment".to_owned(), json!(value));
                }
            }
            _ => {}
        }
    }
    packages
}
