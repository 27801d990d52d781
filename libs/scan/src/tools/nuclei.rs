//! Nuclei, JSON and JSON lines: entries of one template, kind, matcher and host are one finding.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "nuclei", title: "Nuclei (JSON, JSON lines)", aliases: &["nuclei_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let named = probe.item(&["template-id"]) || probe.item(&["templateID"]);
    if named && probe.item(&["info.severity"]) {
        98
    } else if named && probe.item(&["info.name"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Nuclei", None);
    input.each_json(|item| {
        let key = ["template-id", "templateID"].iter().find_map(|name| item.opt(name)).unwrap_or_default();
        let matched = item.first(&["matched", "matched-at"]).unwrap_or_default();
        let host = text::url_parts(&matched).0.unwrap_or_default();
        let matcher = item.first(&["matcher-name", "matcher_name"]).unwrap_or_default();
        out.merge(format!("{key}\n{}\n{matcher}\n{host}", item.text("type")), finding(item, &key, &matched, matcher))
    })?;
    out.flush()
}

fn finding(item: &Value, rule: &str, matched: &str, matcher: String) -> Finding {
    // A severity outside the usual words, such as unknown, counts as low.
    let severity = match item.text("info/severity").to_ascii_lowercase().as_str() {
        "critical" => Severity::Critical,
        "high" => Severity::High,
        "medium" => Severity::Medium,
        "info" => Severity::Info,
        _ => Severity::Low,
    };
    let ids = item.texts("info/classification/cve-id");
    let results = item.texts("extracted-results").join("\n");
    Finding {
        rule: text::some(rule),
        cwe: item.texts("info/classification/cwe-id").into_iter().flat_map(text::cwe_field).collect(),
        cve: ids.into_iter().flat_map(text::cves).collect(),
        cvss: Cvss::of(item.opt("info/classification/cvss-metrics"), item.num("info/classification/cvss-score")),
        location: text::some(matched).or_else(|| item.opt("host")).map(Location::url),
        anchor: text::some(&matcher),
        description: item.opt("info/description"),
        evidence: text::some(&results).or_else(|| item.opt("request")),
        remediation: item.opt("info/remediation"),
        references: item.texts("info/reference").into_iter().map(str::to_owned).collect(),
        ..Finding::new(item.text("info/name"), severity)
    }
}
