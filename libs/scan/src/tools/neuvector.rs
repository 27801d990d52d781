//! NeuVector, JSON of scans (`report`) and of compliance (`items`).
//!
//! Scans: one finding for each vulnerability, package, version and severity. Compliance: one for each test; `HIGH` is
//! high, `WARN` medium, `INFO` low, the rest info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "neuvector",
    title: "NeuVector (JSON)",
    aliases: &["neuvector_rest", "neuvector_compliance"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has("report.vulnerabilities[].package_name") || probe.has_all(&["items[].test_number", "items[].level"]) {
        97
    } else if probe.has_all(&["report.vulnerabilities", "report.modules"]) || probe.has("kubernetes_cis_version") {
        94
    } else if probe.has("report.vulnerabilities") || probe.has("report.checks[].test_number") {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("NeuVector", None);
    for item in report.list("report/vulnerabilities") {
        let (id, name, version) = (item.text("name"), item.text("package_name"), item.text("package_version"));
        let (cve, ids) = text::split_ids([id]);
        out.merge(format!("{id}\n{name}\n{version}\n{}", item.text("severity")), Finding {
            rule: text::some(id),
            cve,
            ids,
            cvss: Cvss::of(item.opt("vectors_v3"), item.num("score_v3").filter(|score| *score > 0.0)),
            component: Some(Component { fixed_in: item.opt("fixed_version"), ..Component::new(name, text::some(version)) }),
            description: item.opt("description"),
            remediation: item.opt("fixed_version"),
            references: item.opt("link").into_iter().collect(),
            ..Finding::new(format!("{id}: {name} - {version}"), Severity::word(item.text("severity")))
        })?;
    }
    // A report of vulnerabilities has checks beside them, which its compliance report gives with more detail.
    let both = report.at("report/vulnerabilities").is_some();
    let checks = if both { &[] } else { report.list("report/checks") };
    if both {
        report.list("report/checks").iter().for_each(|_| out.leave_out("compliance checks beside vulnerabilities"));
    }
    for item in report.list("items").iter().chain(checks) {
        let level = item.text("level").to_ascii_lowercase();
        let severity = match level.as_str() {
            "high" => Severity::High,
            "warn" => Severity::Medium,
            "info" => Severity::Low,
            _ => Severity::Info,
        };
        let number = item.text("test_number");
        let about = item.text("description");
        let key = [item.text("type"), item.first(&["category", "catalog"]).unwrap_or_default().as_str(), number, about].join("\n");
        out.merge(key, Finding {
            rule: text::some(number),
            description: text::some(about),
            evidence: text::some(&item.texts("message").join("\n")),
            remediation: item.opt("remediation"),
            ..Finding::new(format!("{number} - {about}"), severity)
        })?;
    }
    Ok(())
}
