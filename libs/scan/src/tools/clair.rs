//! Clair, JSON of clair-scanner and of Klar: one finding for each entry; negligible is low, Defcon1 critical.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "clair", title: "Clair (JSON)", aliases: &["clair_scan", "klar", "clair_klar"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("vulnerabilities[].featurename") || probe.has("LayerCount") {
        98
    } else if probe.has_all(&["image", "unapproved", "vulnerabilities"]) {
        96
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Clair", None);
    let image = report.opt("image");
    for item in report.list("vulnerabilities") {
        let names = ["vulnerability", "featurename", "featureversion", "severity", "fixedby", "link", "namespace"];
        out.push(finding(item, names, image.clone()))?;
    }
    for (_, items) in report.entries("Vulnerabilities") {
        for item in items.list("") {
            let names = ["Name", "FeatureName", "FeatureVersion", "Severity", "FixedBy", "Link", "NamespaceName"];
            out.push(finding(item, names, image.clone()))?;
        }
    }
    Ok(())
}

fn finding(item: &Value, names: [&str; 7], image: Option<String>) -> Finding {
    let [id, name, version, severity, fixed, link, namespace] = names.map(|name| item.text(name));
    let (cve, ids) = text::split_ids([id]);
    let severity = if severity.eq_ignore_ascii_case("defcon1") { Severity::Critical } else { Severity::word(severity) };
    Finding {
        rule: text::some(id),
        cve,
        ids,
        location: image.map(Location::image).or_else(|| text::some(namespace).map(Location::resource)),
        component: Some(Component { fixed_in: text::some(fixed), ..Component::new(name, text::some(version)) }),
        description: item.first(&["description", "Description"]),
        remediation: text::some(fixed).map(|fixed| format!("Update {name} to version {fixed}.")),
        references: text::some(link).into_iter().collect(),
        ..Finding::new(format!("{id} - ({name}, {version})"), severity)
    }
}
