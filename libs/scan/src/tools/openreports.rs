//! OpenReports and policy reports of Kubernetes, JSON: one finding for each result; passed ones are fixed.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "openreports",
    title: "OpenReports, policy reports (JSON)",
    aliases: &["policy_report", "kyverno"],
    recognise,
    read,
};

/// Whether this names the group of a report.
fn group(version: &str) -> bool {
    version.starts_with("openreports.io/") || version.starts_with("wgpolicyk8s.io/")
}

fn recognise(probe: &Probe) -> u8 {
    if ["apiVersion", "items[].apiVersion", "[].apiVersion"].iter().any(|path| group(probe.value(path))) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    input.each_json(|page| {
        let single = page.at("results").map(|_| page);
        single.into_iter().chain(page.list("items")).filter(|report| group(report.text("apiVersion"))).try_for_each(|report| {
            report.list("results").iter().try_for_each(|result| {
                out.scanner(result.text("source"), None);
                out.push(finding(report, result))
            })
        })
    })
}

fn finding(report: &Value, result: &Value) -> Finding {
    let own = |name: &str| result.opt(&format!("properties/{name}"));
    let scope = report.at("scope").or_else(|| result.at("resources/0"));
    let place = [report.opt("metadata/namespace"), scope.and_then(|scope| scope.opt("kind")), scope.and_then(|scope| scope.opt("name"))];
    let place: Vec<String> = place.into_iter().flatten().collect();
    let policy = result.text("policy");
    let (cve, _) = text::split_ids([policy]);
    let package = own("pkgName");
    let title = match (&package, cve.is_empty()) {
        (Some(name), false) => format!("{policy} in {name}"),
        (_, _) => format!("{policy}: {}", result.text("message")),
    };
    let status = match result.text("result") {
        "pass" => Status::Fixed,
        "skip" => Status::Suppressed(None),
        _ => Status::Open,
    };
    let fixed = own("fixedVersion");
    Finding {
        rule: result.first(&["rule", "policy"]),
        cve,
        location: text::some(&place.join("/")).map(Location::resource),
        component: package.map(|name| Component { fixed_in: fixed.clone(), ..Component::new(name, own("installedVersion")) }),
        anchor: result.opt("rule"),
        description: result.opt("message"),
        evidence: result.opt("category"),
        remediation: fixed.map(|version| format!("Upgrade to version {version}.")),
        references: own("primaryURL").into_iter().collect(),
        status,
        ..Finding::new(title, Severity::word(result.text("severity")))
    }
}
