//! OWASP Dependency-Check, XML: one finding for each vulnerability, weakness and file, related files included.
//!
//! The severity is the one of the entry, else that of CVSS version 3, else of version 2; other words are medium.
//! Suppressed vulnerabilities are findings with that status.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "dependency_check",
    title: "OWASP Dependency-Check (XML)",
    aliases: &["owasp_dependency_check", "dependency_check_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let own = probe.root.attributes.iter().any(|(_, value)| value.contains("dependency-check"));
    if probe.root_is("analysis") && (own || probe.element("scanInfo") || probe.element("dependencies")) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut xml = input.xml()?;
    while let Some(node) = xml.next(&["dependency", "engineVersion"])? {
        if node.name == "engineVersion" {
            out.scanner("OWASP Dependency-Check", text::some(&node.text).as_deref());
            continue;
        }
        let Some(list) = node.child("vulnerabilities") else { continue };
        for item in &list.children {
            let suppressed = item.name == "suppressedVulnerability";
            if !suppressed && item.name != "vulnerability" {
                continue;
            }
            let mut files = vec![(node.text("fileName"), node.text("filePath"))];
            if !suppressed {
                let related = node.list("relatedDependencies/relatedDependency");
                files.extend(related.map(|one| (one.text("fileName"), one.text("filePath"))).filter(|(name, _)| !name.is_empty()));
            }
            for (name, path) in files {
                let finding = finding(&node, item, name, path);
                let key = format!("{}\n{}\n{:?}", item.text("name"), name.to_lowercase(), finding.cwe);
                out.merge(key, Finding { status: status(item, suppressed), ..finding })?;
            }
        }
    }
    Ok(())
}

fn status(item: &Node, suppressed: bool) -> Status {
    if suppressed { Status::Suppressed(item.opt("notes")) } else { Status::Open }
}

fn severity(item: &Node) -> Severity {
    let word = item.first(&["severity", "cvssV4/baseSeverity", "cvssV3/baseSeverity", "cvssV2/severity"]).unwrap_or_default();
    Severity::from_word(&word).unwrap_or(Severity::Medium)
}

/// Name, version and address of the package: from a package URL, a Maven name, a CPE, or what evidence says.
fn component(node: &Node) -> Component {
    let package = node.list("identifiers/package").next().map(|package| package.text("id")).unwrap_or_default();
    if let Some(rest) = package.strip_prefix("pkg:") {
        let (path, version) = rest.split_once('?').map_or(rest, |(head, _)| head).rsplit_once('@').unwrap_or((rest, ""));
        let name = path.split_once('/').map_or(path, |(_, name)| name);
        let name = name.rsplit_once('/').map_or_else(|| name.to_owned(), |(space, name)| format!("{space}:{name}"));
        return Component { purl: Some(package.to_owned()), ..Component::new(name, text::some(version)) };
    }
    let identifier = |kind: &str| node.list("identifiers/identifier").find(|one| one.attr("type") == kind).map(|one| one.text("name"));
    if let Some(name) = identifier("maven") {
        let (name, version) = name.rsplit_once(':').unwrap_or((name, ""));
        return Component::new(name, text::some(version));
    }
    if let Some(cpe) = identifier("cpe") {
        let mut parts = cpe.split(':').skip(2);
        let name = [parts.next(), parts.next()].into_iter().flatten().collect::<Vec<_>>().join(":");
        return Component::new(name, parts.next().and_then(text::some));
    }
    let evidence = |kind: &str| node.list("evidenceCollected/evidence").find(|one| one.attr("type") == kind).and_then(|one| one.opt("value"));
    Component::new(evidence("product").unwrap_or_else(|| node.text("fileName").to_owned()), evidence("version"))
}

fn finding(node: &Node, item: &Node, file: &str, path: &str) -> Finding {
    let name = item.text("name");
    let component = component(node);
    let mut cwe: Vec<u32> = item.list("cwes/cwe").flat_map(|cwe| text::cwe_field(cwe.text.trim())).collect();
    cwe.extend(text::cwe_field(item.text("cwe")).into_iter().take(usize::from(cwe.is_empty())));
    let (cve, ids) = text::split_ids([name]);
    let version = component.version.as_deref().unwrap_or_default();
    let ghsa = ids.into_iter().filter(|id| id.starts_with("GHSA-")).collect();
    let score = item.num("cvssV3/baseScore").or_else(|| item.num("cvssV2/score"));
    let title = format!("{}:{version} | {name} (in {file})", component.name.rsplit(':').next().unwrap_or_default());
    Finding {
        rule: text::some(name),
        cve,
        ids: ghsa,
        cwe: if cwe.is_empty() { vec![1035] } else { cwe },
        cvss: Cvss::of(item.opt("cvssV3/vector"), score),
        location: Some(Location::file(text::path(if path.is_empty() { file } else { path }), None)),
        description: item.opt("description"),
        references: item.list("references/reference").filter_map(|one| one.first(&["url", "name"])).collect(),
        component: Some(component),
        ..Finding::new(title, severity(item))
    }
}
