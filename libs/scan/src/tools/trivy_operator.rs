//! Trivy Operator, JSON of its cluster resources, one or many: vulnerabilities, failed checks, secrets, and failed checks
//! of compliance reports.
//!
//! One finding for each entry; a compliance check without a severity has that of its control.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "trivy_operator", title: "Trivy Operator (JSON)", aliases: &["trivy_operator_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let version = ["apiVersion", "[].apiVersion", "items[].apiVersion"].map(|path| probe.value(path));
    if version.iter().any(|version| version.starts_with("aquasecurity.github.io/")) {
        100
    } else if probe.keys.iter().any(|key| key.ends_with("reports.aquasecurity.github.io")) {
        99
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Trivy Operator", None);
    resource(&report, out)?;
    let lists = report.entries("").filter(|(name, _)| name.ends_with("reports.aquasecurity.github.io") || *name == "items");
    for list in lists.map(|(_, list)| list.list("")).chain([report.list("")]) {
        list.iter().try_for_each(|one| resource(one, out))?;
    }
    Ok(())
}

fn resource(one: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let labels = one.at("metadata/labels").and_then(Value::as_object);
    let label = |name: &str| labels.and_then(|labels| labels.get(&format!("trivy-operator.{name}"))).and_then(Value::as_str);
    let names = ["resource.namespace", "resource.kind", "resource.name", "container.name"].map(label);
    let service = names.into_iter().flatten().filter(|name| !name.is_empty()).collect::<Vec<_>>().join("/");
    let image = one.opt("report/artifact/repository").map(|name| format!("{name}:{}", one.text("report/artifact/tag")));
    let place = || Location { resource: text::some(&service), image: image.clone(), ..Location::default() };
    for item in one.list("report/vulnerabilities") {
        let id = item.text("vulnerabilityID");
        let (cve, ids) = text::split_ids([id]);
        out.push(Finding {
            rule: text::some(id),
            cve,
            ids,
            cvss: Cvss::of(None, item.num("score")),
            location: Some(Location { file: item.opt("target"), ..place() }),
            component: Some(Component { fixed_in: item.opt("fixedVersion"), purl: item.opt("packagePURL"), ..Component::new(item.text("resource"), item.opt("installedVersion")) }),
            description: item.first(&["description", "title"]),
            references: item.opt("primaryLink").into_iter().collect(),
            ..Finding::new(format!("{id} {} {}", item.text("resource"), item.text("title")), Severity::word(item.text("severity")))
        })?;
    }
    for item in one.list("report/checks") {
        out.push(check(item, place(), item.text("severity"), ""))?;
    }
    for item in one.list("report/secrets") {
        out.push(Finding {
            rule: item.opt("ruleID"),
            cwe: vec![798],
            location: Some(Location { file: item.opt("target"), ..place() }),
            description: item.opt("title"),
            evidence: item.opt("match"),
            ..Finding::new(format!("Secret detected in {} - {}", item.text("target"), item.text("title")), Severity::word(item.text("severity")))
        })?;
    }
    for result in one.list("status/detailReport/results") {
        for item in result.list("checks") {
            if item.at("success").is_some() && !item.flag("success") {
                let target = Location::resource(item.text("target"));
                let severity = item.first(&["severity"]).unwrap_or_else(|| result.text("severity").to_owned());
                out.push(check(item, target, &severity, result.text("id")))?;
            } else {
                out.leave_out("passed checks");
            }
        }
    }
    Ok(())
}

fn check(item: &Value, place: Location, severity: &str, control: &str) -> Finding {
    let (id, title) = (item.text("checkID"), item.text("title"));
    let place_name = place.resource.clone().unwrap_or_default();
    Finding {
        rule: text::some(id),
        description: item.opt("description"),
        evidence: text::some(&item.texts("messages").join("\n")),
        remediation: item.opt("remediation"),
        references: text::some(id).map(|id| format!("https://avd.aquasec.com/misconfig/kubernetes/{}", id.to_lowercase())).into_iter().collect(),
        location: Some(place),
        ..Finding::new(
            if control.is_empty() { format!("{id} - {title}") } else { format!("{control} {id} {place_name}") },
            Severity::word(severity),
        )
    }
}
