//! WPScan, JSON: vulnerabilities (of WordPress, plugins and themes) are medium, interesting findings info.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "wpscan", title: "WPScan (JSON)", aliases: &["wpscan_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("interesting_findings") && (probe.has("target_url") || probe.has("banner")) {
        99
    } else if probe.has_all(&["target_url", "effective_url"]) || probe.contains("WordPress Security Scanner") {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("WPScan", report.opt("banner/version").as_deref());
    let site = report.opt("target_url").unwrap_or_default();
    for group in ["plugins", "themes"] {
        for (name, part) in report.entries(group) {
            vulnerabilities(part, name, &site, out)?;
        }
    }
    if let Some(theme) = report.at("main_theme") {
        vulnerabilities(theme, theme.text("slug"), &site, out)?;
    }
    if let Some(version) = report.at("version") {
        vulnerabilities(version, "wordpress", &site, out)?;
    }
    for item in report.list("interesting_findings") {
        let url = item.text("url");
        let title = format!("Interesting finding: {}", item.text("to_s"));
        out.merge(format!("interesting {title} {url}"), Finding {
            rule: item.opt("type"),
            location: Some(Location::url(url)),
            description: item.opt("found_by"),
            evidence: text::some(&item.texts("interesting_entries").join("\n")),
            references: references(item),
            ..Finding::new(title, Severity::Info)
        })?;
    }
    if let Some(error) = report.opt("scan_aborted") {
        out.warn(format!("the scan was aborted: {error}"));
    }
    out.flush()
}

fn vulnerabilities(part: &Value, name: &str, site: &str, out: &mut Out<'_>) -> Result<(), Error> {
    let version = part.first(&["version/number", "number"]);
    for item in part.list("vulnerabilities") {
        let id = item.texts("references/wpvulndb").first().copied().unwrap_or_default().to_owned();
        let key = if id.is_empty() { format!("{name} {}", item.text("title")) } else { id.clone() };
        let cve = item.texts("references/cve").into_iter().flat_map(|number| {
            let number = number.trim_start_matches("CVE-");
            text::cves(&format!("CVE-{number}"))
        });
        out.merge(key, Finding {
            rule: text::some(&id),
            cwe: vec![1035],
            cve: cve.collect(),
            location: Some(Location::url(part.opt("location").unwrap_or_else(|| site.to_owned()))),
            component: Some(Component { fixed_in: item.opt("fixed_in"), ..Component::new(name, version.clone()) }),
            description: item.opt("title"),
            remediation: item.opt("fixed_in").map(|version| format!("fixed in {version}")),
            references: references(item),
            ..Finding::new(item.text("title"), Severity::Medium)
        })?;
    }
    Ok(())
}

fn references(item: &Value) -> Vec<String> {
    let lists = item.entries("references").map(|(kind, _)| (kind, item.texts(&format!("references/{kind}"))));
    lists
        .flat_map(|(kind, entries)| {
            entries.into_iter().map(move |entry| if kind == "url" { entry.to_owned() } else { format!("{kind} {entry}") })
        })
        .collect()
}
