//! Wiz CLI, JSON of directory, image and infrastructure scans: one finding for each vulnerability of a package, each
//! secret (high) and each match of a rule.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "wizcli",
    title: "Wiz CLI (JSON)",
    aliases: &["wizcli_dir", "wizcli_iac", "wizcli_img", "wiz_cli"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let own = ["result.ruleMatches", "result.libraries", "result.osPackages", "result.failedPolicyMatches"];
    if own.iter().any(|path| probe.has(path)) { 96 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Wiz CLI", None);
    for list in ["result/libraries", "result/osPackages"] {
        for package in report.list(list) {
            package.list("vulnerabilities").iter().try_for_each(|item| out.push(vulnerability(package, item)))?;
        }
    }
    for item in report.list("result/secrets") {
        let about = item.text("description");
        out.push(Finding {
            rule: item.opt("type"),
            cwe: vec![798],
            location: Some(Location::file(text::path(item.text("path")), item.line("lineNumber"))),
            description: text::some(about),
            ..Finding::new(format!("Secret: {about}"), Severity::High)
        })?;
    }
    for rule in report.list("result/ruleMatches") {
        for item in rule.list("matches") {
            out.push(Finding {
                rule: rule.opt("rule/id"),
                location: Some(Location {
                    resource: item.opt("resourceName"),
                    ..Location::file(text::path(item.text("fileName")), item.line("lineNumber"))
                }),
                description: rule.opt("rule/name"),
                evidence: item.first(&["matchContent", "found"]),
                remediation: item.first(&["remediationInstructions", "expected"]),
                ..Finding::new(
                    format!("{} - {}", rule.text("rule/name"), item.text("resourceName")),
                    Severity::from_word(rule.text("severity")).unwrap_or_default(),
                )
            })?;
        }
    }
    Ok(())
}

fn vulnerability(package: &Value, item: &Value) -> Finding {
    let (name, id) = (package.text("name"), item.text("name"));
    let (cve, ids) = text::split_ids([id]);
    Finding {
        rule: text::some(id),
        cve,
        ids,
        cvss: Cvss::of(None, item.num("score")),
        location: package.opt("path").map(|path| Location::file(text::path(&path), None)),
        component: Some(Component { fixed_in: item.opt("fixedVersion"), ..Component::new(name, package.opt("version")) }),
        description: item.opt("description").or_else(|| Some(format!("{name} is affected by {id}"))),
        references: item.opt("source").into_iter().collect(),
        ..Finding::new(format!("{name} - {id}"), Severity::word(item.text("severity")))
    }
}
