//! OSS Review Toolkit, evaluated model (JSON): one finding for each rule violation that nobody has resolved.

use std::collections::HashMap;

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "ort",
    title: "OSS Review Toolkit evaluated model (JSON)",
    aliases: &["ort_evaluated_model_importer", "oss_review_toolkit"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["rule_violations", "dependency_trees", "packages"]) || probe.has_all(&["path_excludes", "scope_excludes", "packages"]) {
        98
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("ORT", None);
    let numbered = |list: &'static str| -> HashMap<i64, &Value> {
        report.list(list).iter().filter_map(|entry| entry.int("_id").map(|id| (id, entry))).collect()
    };
    let (packages, licences) = (numbered("packages"), numbered("licenses"));
    for item in report.list("rule_violations") {
        if item.at("resolutions").is_some() {
            out.leave_out("rule violations that are resolved");
            continue;
        }
        let package = item.int("pkg").and_then(|id| packages.get(&id).copied());
        let licence = item.int("license").and_then(|id| licences.get(&id)).map(|entry| entry.text("id"));
        let severity = match item.text("severity").to_ascii_uppercase().as_str() {
            "ERROR" => Severity::High,
            "WARNING" => Severity::Medium,
            "HINT" => Severity::Info,
            _ => Severity::Critical,
        };
        let message = item.text("message");
        let lines = [
            text::some(message),
            licence.map(|licence| format!("Licence: {licence}")),
            item.opt("license_source").map(|source| format!("Source of the licence: {source}")),
        ];
        let file = package.and_then(|package| package.opt("definition_file_path"));
        out.merge(format!("{}|{message}", item.text("rule")), Finding {
            rule: item.opt("rule"),
            location: file.map(|file| Location::file(text::path(&file), None)),
            component: package.map(component),
            anchor: text::some(message),
            description: text::some(&lines.into_iter().flatten().collect::<Vec<_>>().join("\n")),
            remediation: item.opt("how_to_fix"),
            ..Finding::new(item.text("rule"), severity)
        })?;
    }
    Ok(())
}

/// Type, namespace, name and version stand in the identifier, parted by colons.
fn component(package: &Value) -> Component {
    let id = package.text("id");
    let parts: Vec<&str> = id.splitn(4, ':').collect();
    let (name, version) = match parts.as_slice() {
        [_, "", name, version] => ((*name).to_owned(), text::some(version)),
        [_, namespace, name, version] => (format!("{namespace}:{name}"), text::some(version)),
        _ => (id.to_owned(), None),
    };
    Component { purl: package.opt("purl"), ..Component::new(name, version) }
}
