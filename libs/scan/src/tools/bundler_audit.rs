//! bundler-audit, text and JSON: one finding for each gem, version and advisory; unknown criticality is medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Component, Cvss, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "bundler_audit",
    title: "bundler-audit (text, JSON)",
    aliases: &["bundleraudit", "bundler_audit_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let starts = |word: &str| probe.head.lines().take(400).any(|line| line.starts_with(word));
    if probe.has_all(&["results[].gem", "results[].advisory"]) {
        98
    } else if probe.shape == Shape::Json || probe.shape == Shape::Xml {
        0
    } else if starts("Name: ") && starts("Criticality: ") && starts("Solution: ") {
        95
    } else if starts("No vulnerabilities found") {
        60
    } else {
        0
    }
}

/// Unknown criticality does not mean harmless.
fn severity(word: &str) -> Severity {
    match word.to_ascii_lowercase().as_str() {
        "" | "unknown" => Severity::Medium,
        word => Severity::word(word),
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("bundler-audit", None);
    if Probe::new(input.head()?).shape == Shape::Json {
        let report = input.json()?;
        for item in report.list("results").iter().filter(|item| item.at("advisory").is_some()) {
            let own = |name: &str| item.opt(&format!("advisory/{name}"));
            put(out, |name| match name {
                "Name" => item.opt("gem/name"),
                "Version" => item.opt("gem/version"),
                "CVE" => own("cve").map(|cve| format!("CVE-{}", cve.trim_start_matches("CVE-"))),
                "GHSA" => own("ghsa").map(|id| format!("GHSA-{}", id.trim_start_matches("GHSA-"))),
                "Advisory" => own("id"),
                "Criticality" => own("criticality"),
                "Score" => own("cvss_v3").or_else(|| own("cvss_v2")),
                "Solution" => text::some(&item.texts("advisory/patched_versions").join(", ")),
                other => own(&other.to_ascii_lowercase()),
            })?;
        }
        return Ok(());
    }
    let whole = input.whole()?.replace("\r\n", "\n");
    for block in whole.split("\n\n") {
        let mut lines = block.lines().skip_while(|line| !line.starts_with("Name: "));
        let Some(first) = lines.next() else { continue };
        let fields: Vec<(&str, &str)> = std::iter::once(first).chain(lines).filter_map(|line| line.split_once(": ")).collect();
        put(out, |name| fields.iter().find(|(known, _)| *known == name).and_then(|(_, value)| text::some(value)))?;
    }
    Ok(())
}

fn put(out: &mut Out<'_>, field: impl Fn(&str) -> Option<String>) -> Result<(), Error> {
    let get = |name: &str| field(name).unwrap_or_default();
    let id = ["CVE", "Advisory", "GHSA"].iter().find_map(|name| field(name)).unwrap_or_default();
    let (name, version) = (get("Name"), get("Version"));
    let severity = severity(&get("Criticality"));
    let (cve, ids) = text::split_ids([id.as_str(), get("GHSA").as_str()]);
    out.merge(format!("{name}|{version}|{id}|{}", severity.name()), Finding {
        rule: text::some(&id),
        cve,
        ids,
        cvss: Cvss::of(None, field("Score").and_then(|score| text::number(&score))),
        component: Some(Component { purl: Some(format!("pkg:gem/{name}@{version}")), ..Component::new(name.as_str(), text::some(&version)) }),
        description: field("Description").or_else(|| field("Title")),
        remediation: field("Solution"),
        references: field("URL").into_iter().collect(),
        ..Finding::new(format!("Gem {name}: {} [{id}]", get("Title")), severity)
    })
}
