//! Wazuh vulnerabilities, JSON: answers of the interface up to 4.7, and search results since 4.8.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "wazuh", title: "Wazuh vulnerabilities (JSON)", aliases: &["wazuh_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("hits.hits[]._source.vulnerability") || probe.has_all(&["data.affected_items", "data.total_affected_items"]) {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Wazuh", None);
    let report = input.json()?;
    for item in report.list("data/affected_items") {
        old(item, out)?;
    }
    for item in report.list("hits/hits").iter().filter_map(|hit| hit.at("_source")) {
        new(item, out)?;
    }
    out.flush()
}

fn old(item: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    if item.text("condition") == "Package unfixed" || item.text("severity").eq_ignore_ascii_case("untriaged") {
        out.leave_out("vulnerabilities without a fix or not rated yet");
        return Ok(());
    }
    let (cve, ids) = text::split_ids([item.text("cve")]);
    let host = item.first(&["agent_ip", "agent_name"]);
    let key = ["title", "cve", "agent_ip", "agent_name", "name", "version"].map(|name| item.opt(name).unwrap_or_default());
    out.merge(key.join("\n"), Finding {
        rule: item.opt("cve"),
        cve,
        ids,
        cvss: Cvss::of(None, item.num("cvss3_score").filter(|score| *score > 0.0).or_else(|| item.num("cvss2_score"))),
        location: host.map(|host| Location::host(host, None, None)),
        component: item.opt("name").map(|name| Component::new(name, item.opt("version"))),
        description: item.first(&["condition", "title"]),
        references: item.texts("external_references").into_iter().map(str::to_owned).collect(),
        ..Finding::new(format!("{} (version: {})", item.text("title"), item.text("version")), Severity::word(item.text("severity")))
    })
}

fn new(item: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let id = item.text("vulnerability/id");
    let (cve, ids) = text::split_ids([id]);
    let version = item.opt("package/version");
    let title = format!("{id} affects (version: {})", version.clone().unwrap_or_default());
    let key = ["agent/id", "vulnerability/id", "package/name", "package/version"].map(|name| item.opt(name).unwrap_or_default());
    out.merge(key.join("\n"), Finding {
        rule: text::some(id),
        cve,
        ids,
        cvss: Cvss::of(None, item.num("vulnerability/score/base")),
        location: item.first(&["agent/name", "agent/id"]).map(|host| Location::host(host, None, None)),
        component: item.opt("package/name").map(|name| Component::new(name, version)),
        description: item.opt("vulnerability/description"),
        references: item.opt("vulnerability/reference").into_iter().collect(),
        ..Finding::new(title, Severity::word(item.text("vulnerability/severity")))
    })
}
