//! Vulnerabilities in a CycloneDX bill of materials, JSON and XML, and of its older vulnerability extension.
//!
//! One finding for each vulnerability and affected component. The severity is that of the last CVSS version 3 rating
//! with a vector, else of the first rating; without ratings it is medium.

use std::collections::HashMap;

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::probe::Shape;
use crate::xml::Node;
use crate::{Component, Cvss, Error, Finding, Input, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "cyclonedx", title: "CycloneDX vulnerabilities (JSON, XML)", aliases: &["cyclonedx_scan", "bom"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let own = probe.root.attributes.iter().any(|(_, value)| value.contains("cyclonedx.org/schema/bom"));
    if probe.value("bomFormat") == "CycloneDX" {
        99
    } else if probe.root_is("bom") {
        if own { 99 } else { 70 }
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("CycloneDX", None);
    if Probe::new(input.head()?).shape == Shape::Xml { read_xml(input, out) } else { read_json(&input.json()?, out) }
}

/// What is said about a vulnerability, whichever the syntax.
struct Entry {
    id: String,
    finding: Finding,
    ratings: Vec<Rating>,
}

/// Method, vector, score and severity.
type Rating = (String, Option<String>, Option<f64>, Option<String>);

impl Entry {
    /// The finding for one component.
    fn with(&self, component: Component) -> Finding {
        let chosen = |word: &Option<String>| word.as_deref().map(Severity::word);
        let mut severity = match self.ratings.first() {
            Some((_, _, _, word)) => chosen(word).unwrap_or(Severity::Medium),
            None => Severity::Medium,
        };
        let mut cvss = None;
        for (method, vector, score, word) in &self.ratings {
            if method.starts_with("CVSSv3") && vector.is_some() {
                severity = chosen(word).or_else(|| score.map(Severity::from_score)).unwrap_or(severity);
            }
            let vector = vector.as_ref().map(|vector| match method.as_str() {
                "CVSSv3" if !vector.starts_with("CVSS:") => format!("CVSS:3.0/{vector}"),
                "CVSSv31" if !vector.starts_with("CVSS:") => format!("CVSS:3.1/{vector}"),
                "CVSSv4" if !vector.starts_with("CVSS:") => format!("CVSS:4.0/{vector}"),
                _ => vector.clone(),
            });
            if cvss.is_none() || method.starts_with("CVSSv3") {
                cvss = Cvss::of(vector, *score).or(cvss);
            }
        }
        let version = component.version.clone().unwrap_or_else(|| "None".to_owned());
        Finding {
            title: format!("{}:{version} | {}", component.name, self.id),
            severity,
            cvss,
            component: Some(component),
            ..self.finding.clone()
        }
    }
}

fn status(state: &str, why: Option<String>) -> Status {
    match state {
        "resolved" | "resolved_with_pedigree" => Status::Fixed,
        "not_affected" => Status::Suppressed(why.or_else(|| Some("not affected".to_owned()))),
        "false_positive" => Status::FalsePositive,
        _ => Status::Open,
    }
}

/// A component that the bill only refers to: the package URL in the reference says its name.
fn unknown(reference: &str) -> Component {
    let plain = reference.rsplit_once("pkg:").map_or(reference, |(_, rest)| rest);
    let plain = plain.split(['?', '#']).next().unwrap_or_default();
    let (path, version) = plain.rsplit_once('@').unwrap_or((plain, ""));
    let name = if reference.contains("pkg:") { path.rsplit('/').next().unwrap_or_default() } else { reference };
    Component::new(name, text::some(version))
}

fn collect<'v>(list: &'v [Value], known: &mut HashMap<&'v str, Component>) {
    for item in list {
        collect(item.list("components"), known);
        let component = Component { purl: item.opt("purl"), ..Component::new(item.text("name"), item.opt("version")) };
        known.insert(item.text("bom-ref"), component);
    }
}

fn read_json(bill: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let mut known = HashMap::new();
    collect(bill.list("components"), &mut known);
    collect(std::slice::from_ref(bill.at("metadata/component").unwrap_or(&Value::Null)), &mut known);
    for item in bill.list("vulnerabilities") {
        let others = item.list("references").iter().map(|one| one.text("id"));
        let (cve, ids) = text::split_ids(std::iter::once(item.text("id")).chain(others));
        let parts: Vec<String> = ["description", "detail"].iter().filter_map(|name| item.opt(name)).collect();
        let ratings = item.list("ratings").iter();
        let entry = Entry {
            id: item.text("id").to_owned(),
            ratings: ratings.map(|one| (one.text("method").to_owned(), one.opt("vector"), one.num("score"), one.opt("severity"))).collect(),
            finding: Finding {
                rule: item.opt("id"),
                cve,
                ids,
                cwe: item.list("cwes").iter().filter_map(|cwe| u32::try_from(cwe.int("")?).ok()).collect(),
                description: text::some(&parts.join("\n")),
                remediation: item.opt("recommendation"),
                references: item.list("advisories").iter().filter_map(|one| one.opt("url")).collect(),
                status: status(item.text("analysis/state"), item.opt("analysis/detail")),
                ..Finding::new("", Severity::Medium)
            },
        };
        for target in item.list("affects") {
            let reference = target.text("ref");
            out.push(entry.with(known.get(reference).cloned().unwrap_or_else(|| unknown(reference))))?;
        }
    }
    Ok(())
}

fn read_xml(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let component = |node: &Node| Component { purl: node.opt("purl"), ..Component::new(node.text("name"), node.opt("version")) };
    let mut known = HashMap::new();
    let mut xml = input.xml()?;
    while let Some(whole) = xml.next(&["component"])? {
        for node in std::iter::once(&whole).chain(whole.all("component")) {
            known.insert(node.attr("bom-ref").to_owned(), component(node));
            for item in node.list("vulnerabilities/vulnerability") {
                out.push(xml_entry(item).with(component(node)))?;
            }
        }
    }
    drop(xml);
    let mut xml = input.xml()?;
    while let Some(item) = xml.next(&["vulnerability", "component"])? {
        if item.name == "component" || xml.within("vulnerabilities").is_none() {
            continue;
        }
        let entry = xml_entry(&item);
        let mut references: Vec<&str> = item.list("affects/target").map(|target| target.text("ref")).collect();
        if item.child("affects").is_none() && !item.attr("ref").is_empty() {
            references.push(item.attr("ref"));
        }
        for reference in references {
            out.push(entry.with(known.get(reference).cloned().unwrap_or_else(|| unknown(reference))))?;
        }
    }
    Ok(())
}

fn xml_entry(item: &Node) -> Entry {
    let others: Vec<&str> = item.list("references/reference").map(|one| one.text("id")).collect();
    let (cve, ids) = text::split_ids(std::iter::once(item.text("id")).chain(others));
    let advice: Vec<String> = item.list("recommendations/recommendation").filter_map(|one| text::some(&one.text)).collect();
    let score = |one: &Node| one.num("score/base").or_else(|| one.num("score"));
    let parts: Vec<String> = ["description", "detail"].iter().filter_map(|name| item.opt(name)).collect();
    let ratings = item.list("ratings/rating");
    Entry {
        id: item.text("id").to_owned(),
        ratings: ratings.map(|one| (one.text("method").to_owned(), one.opt("vector"), score(one), one.opt("severity"))).collect(),
        finding: Finding {
            rule: item.opt("id"),
            cve,
            ids,
            cwe: item.list("cwes/cwe").flat_map(|cwe| text::cwe_field(&cwe.text)).collect(),
            description: text::some(&parts.join("\n")),
            remediation: item.opt("recommendation").or_else(|| text::some(&advice.join("\n"))),
            references: item.list("advisories/advisory").filter_map(|one| one.opt("url").or_else(|| text::some(&one.text))).collect(),
            status: status(item.text("analysis/state"), item.opt("analysis/detail")),
            ..Finding::new("", Severity::Medium)
        },
    }
}
