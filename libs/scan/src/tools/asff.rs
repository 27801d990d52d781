//! AWS Security Finding Format, JSON: one finding for each entry; archived ones are set aside, passed ones mended.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "asff",
    title: "AWS Security Finding Format (ASFF) and GuardDuty (JSON)",
    aliases: &["aws_asff", "security_hub", "asff_scan", "guardduty"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let inside = |path: &str| {
        probe.item(&[path]) || probe.has(&format!("Findings[].{path}")) || probe.has(&format!("findings[].{path}"))
    };
    if inside("ProductArn") && (inside("GeneratorId") || inside("SchemaVersion")) {
        99
    } else if inside("SchemaVersion") && inside("Service") && inside("Arn") {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    input.each_json(|value| {
        // What Security Hub exports may repeat a finding.
        for list in ["Findings", "findings"] {
            if value.at(list).is_some_and(Value::is_array) {
                return value.list(list).iter().try_for_each(|item| one(item, item.opt("Id"), out));
            }
        }
        one(value, None, out)
    })
}

fn one(item: &Value, id: Option<String>, out: &mut Out<'_>) -> Result<(), Error> {
    if let Some(name) = item.first(&["ProductName", "ProductFields/aws/securityhub/ProductName"]) {
        out.scanner(&name, None);
    }
    let severity = Severity::from_word(item.text("Severity/Label")).unwrap_or_else(|| {
        let number = item.num("Severity/Normalized");
        // GuardDuty's own form has a bare number from 0 to 10.
        let number = number.or_else(|| item.num("Severity").map(|number| number * 10.0)).unwrap_or_default();
        if number >= 90.0 {
            Severity::Critical
        } else if number >= 70.0 {
            Severity::High
        } else if number >= 40.0 {
            Severity::Medium
        } else if number >= 1.0 {
            Severity::Low
        } else {
            Severity::Info
        }
    });
    let state = item.text("RecordState");
    let workflow = item.text("Workflow/Status");
    let status = if item.text("Compliance/Status") == "PASSED" || workflow == "RESOLVED" {
        Status::Fixed
    } else if state == "ARCHIVED" || workflow == "SUPPRESSED" {
        Status::Suppressed(item.first(&["Note/Text"]))
    } else {
        Status::Open
    };
    let place = |resource: &Value| Location::resource(resource.text("Id"));
    let vulnerability = item.at("Vulnerabilities/0");
    let inside = |path: &str| vulnerability.and_then(|vulnerability| vulnerability.opt(path));
    let ids: Vec<&str> = item.list("Vulnerabilities").iter().map(|vulnerability| vulnerability.text("Id")).collect();
    let (cve, ids) = text::split_ids(ids);
    let score = vulnerability.and_then(|vulnerability| vulnerability.num("Cvss/0/BaseScore"));
    let component = inside("VulnerablePackages/0/Name").map(|name| Component {
        fixed_in: inside("VulnerablePackages/0/FixedInVersion"),
        ..Component::new(name, inside("VulnerablePackages/0/Version"))
    });
    let finding = Finding {
        rule: item.first(&["Compliance/SecurityControlId", "GeneratorId", "Type"]),
        cve,
        ids,
        cvss: Cvss::of(inside("Cvss/0/BaseVector"), score),
        location: item.list("Resources").first().map(place),
        others: item.list("Resources").iter().skip(1).map(place).collect(),
        component,
        description: item.opt("Description"),
        remediation: item.opt("Remediation/Recommendation/Text"),
        references: item.opt("Remediation/Recommendation/Url").into_iter().collect(),
        status,
        ..Finding::new(item.text("Title"), severity)
    };
    match id {
        Some(id) => out.merge(id, finding),
        None => out.push(finding),
    }
}
