//! Crashtest Security, JSON: one finding for each entry of a scanner, and one for each CVE that is tied to it.

use std::collections::HashMap;

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "crashtest_security",
    title: "Crashtest Security (JSON)",
    aliases: &["crashtest_security_json_file"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let own = |prefix: &str| {
        probe.has(&format!("{prefix}descriptions"))
            && ["commandinjection", "fingerprinting", "sqlinjection", "portscan", "ssl", "xss"]
                .iter()
                .any(|name| probe.has(&format!("{prefix}findings.{name}")))
    };
    if own("") || own("data.") {
        97
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    let report = report.at("data").unwrap_or(&report);
    out.scanner("Crashtest Security", None);
    let descriptions: HashMap<&str, &Value> =
        report.list("descriptions").iter().map(|entry| (entry.text("slug"), entry)).collect();
    for (scanner, entries) in report.entries("findings") {
        for entry in entries.list("") {
            let about = descriptions.get(entry.text("finding_description_slug")).copied();
            out.push(finding(scanner, entry, about))?;
            for cve in entry.list("cve_findings") {
                out.push(tied(entry, cve))?;
            }
        }
    }
    Ok(())
}

fn finding(scanner: &str, entry: &Value, about: Option<&Value>) -> Finding {
    let slug = entry.text("finding_description_slug");
    let score = about.and_then(|about| about.num("baseScore"));
    let title = about.and_then(|about| about.opt("title")).or_else(|| text::some(slug)).unwrap_or_else(|| scanner.to_owned());
    let information = entry.opt("information");
    // The addresses stand in the sentence, between quotation marks.
    let url = information.as_deref().and_then(|said| said.split('"').find(|part| part.contains("://")));
    Finding {
        rule: text::some(slug),
        cve: text::cves(&title),
        cvss: Cvss::of(None, score),
        location: url.map(Location::url),
        component: entry.opt("product").map(|name| Component::new(name, entry.opt("version"))),
        description: about.and_then(|about| about.opt("description")).or_else(|| information.clone()),
        anchor: information.as_deref().map(text::without_numbers),
        evidence: information,
        remediation: about.and_then(|about| about.opt("how_to_fix")),
        references: ["reference_owasp", "reference_resolution"]
            .iter()
            .filter_map(|name| about.and_then(|about| about.opt(name)))
            .collect(),
        ..Finding::new(title, Severity::from_score(score.unwrap_or_default()))
    }
}

fn tied(entry: &Value, cve: &Value) -> Finding {
    let id = cve.text("cve_id");
    let score = cve.num("cvss");
    Finding {
        rule: text::some(id),
        cve: text::cves(id),
        cvss: Cvss::of(None, score),
        component: cve.opt("product").or_else(|| entry.opt("product")).map(|name| Component::new(name, cve.opt("version"))),
        description: cve.opt("information"),
        ..Finding::new(id, Severity::from_score(score.unwrap_or_default()))
    }
}
