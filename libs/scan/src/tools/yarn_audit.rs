//! yarn audit, JSON lines of Yarn 1 (`auditAdvisory`) and of Yarn 2 and later (`value`, `children`).
//!
//! Yarn 1: one finding for each advisory and module. Later: one for each line. A report of an error is refused.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "yarn_audit", title: "yarn audit (JSON lines)", aliases: &["yarn", "yarn_audit_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["value", "children.Severity"]) || probe.contains("\"auditAdvisory\"") || probe.contains("\"auditSummary\"") {
        97
    } else if probe.item(&["type", "data"]) && probe.contains("yarn") {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("yarn audit", None);
    input.each_json(|item| match item.text("type") {
        "auditAdvisory" => {
            let Some(node) = item.at("data/advisory") else { return Ok(()) };
            let key = format!("{} {}", node.opt("id").unwrap_or_default(), node.text("module_name"));
            out.merge(key, advisory(node))
        }
        "error" => Err(Error::malformed(format!("yarn audit itself failed: {}", item.text("data")))),
        _ if item.at("children").is_some() => out.push(entry(item)),
        _ => Ok(()),
    })
}

fn advisory(node: &Value) -> Finding {
    let module = node.text("module_name");
    let (cve, ids) = text::split_ids(node.texts("cves").into_iter().chain([node.text("github_advisory_id")]));
    let paths = node.list("findings").iter().flat_map(|found| found.texts("paths"));
    let cwe: Vec<u32> = node.texts("cwe").into_iter().flat_map(text::cwe_field).collect();
    Finding {
        rule: node.opt("id"),
        cve,
        ids,
        cwe: if cwe.is_empty() { vec![1035] } else { cwe },
        cvss: Cvss::of(node.opt("cvss/vectorString"), node.num("cvss/score").filter(|score| *score > 0.0)),
        others: paths.take(1_000).map(|path| Location { logical: Some(path.to_owned()), ..Location::default() }).collect(),
        component: Some(Component { fixed_in: node.opt("patched_versions"), ..Component::new(module, node.opt("findings/0/version")) }),
        description: node.opt("overview"),
        remediation: node.opt("recommendation"),
        references: node.opt("url").into_iter().collect(),
        ..Finding::new(
            format!("{} - ({module}, {})", node.text("title"), node.text("vulnerable_versions")),
            Severity::word(node.text("severity")),
        )
    }
}

fn entry(item: &Value) -> Finding {
    let part = |name: &str| item.opt(&format!("children/{name}"));
    let title = part("ID").filter(|id| id.contains('(')).or_else(|| part("Issue")).unwrap_or_else(|| item.text("value").to_owned());
    let ids: Vec<String> = part("URL").iter().filter_map(|url| url.rsplit('/').next()).filter(|id| id.starts_with("GHSA-")).map(str::to_owned).collect();
    Finding {
        rule: part("ID"),
        cve: text::cves(&part("Issue").unwrap_or_default()),
        ids,
        component: Some(Component::new(item.text("value"), item.texts("children/Tree Versions").first().map(|version| (*version).to_owned()))),
        description: part("Issue"),
        references: part("URL").into_iter().collect(),
        ..Finding::new(title, Severity::word(item.text("children/Severity")))
    }
}
