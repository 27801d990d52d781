//! Safety (Python), JSON: one finding for each vulnerability that is not ignored; without a rating it is medium.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "safety", title: "Safety (JSON)", aliases: &["safety_scan", "pyup_safety"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["report_meta", "vulnerabilities"]) || probe.has_all(&["vulnerabilities[].vulnerability_id", "vulnerabilities[].package_name"]) {
        98
    } else if probe.has("[][]") && !probe.has("[][][]") && probe.keys.is_empty() && !probe.has("[].*") {
        65
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    let version = report.first(&["report_meta/safety_version"]);
    out.scanner("Safety", version.as_deref());
    for item in report.list("vulnerabilities") {
        if item.flag("ignored") {
            out.leave_out("ignored vulnerabilities");
            continue;
        }
        out.push(finding(item))?;
    }
    // Up to version 1 each entry is a list: package, affected versions, installed version, text, identifier.
    for row in report.list("") {
        let cell = |index: &str| row.opt(index).unwrap_or_default();
        let (name, id) = (cell("0"), cell("4"));
        out.merge(id.as_str(), Finding {
            rule: text::some(&id),
            cve: text::cves(&cell("3")),
            ids: vec![format!("pyup.io-{id}")],
            component: Some(Component::new(name.as_str(), text::some(&cell("2")))),
            description: text::some(&cell("3")),
            ..Finding::new(format!("{name} ({})", cell("1")), Severity::Medium)
        })?;
    }
    Ok(())
}

fn finding(item: &Value) -> Finding {
    let id = item.opt("vulnerability_id").unwrap_or_default();
    let name = item.text("package_name");
    let score = ["severity/cvssv3/base_score", "severity/cvssv2/base_score"].iter().find_map(|path| item.num(path));
    let word = item.first(&["severity/cvssv3/base_severity", "severity"]);
    let severity = word.and_then(|word| Severity::from_word(&word)).or_else(|| score.map(Severity::from_score));
    let fixed: Vec<&str> = item.texts("fixed_versions").into_iter().filter(|version| !version.is_empty()).collect();
    let (cve, ids) = text::split_ids([item.text("CVE")]);
    Finding {
        rule: text::some(&id),
        cve,
        ids,
        cvss: Cvss::of(item.first(&["severity/cvssv3/vector_string", "severity/cvssv2/vector_string"]), score),
        component: Some(Component {
            fixed_in: fixed.first().map(|version| (*version).to_owned()),
            ..Component::new(name, item.opt("analyzed_version"))
        }),
        description: item.opt("advisory"),
        remediation: fixed.first().map(|version| format!("Upgrade {name} to {version}.")),
        references: item.opt("more_info_url").into_iter().collect(),
        ..Finding::new(format!("{name}: {id}"), severity.unwrap_or(Severity::Medium))
    }
}
