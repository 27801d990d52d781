//! Polaris, JSON: one finding for each check that an object, its pod or a container fails; danger is high.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "polaris", title: "Polaris (JSON)", aliases: &["polaris_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["PolarisOutputVersion", "Results"]) || probe.has_all(&["Results[].PodResult", "Results[].Kind"]) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Polaris", report.opt("PolarisOutputVersion").as_deref());
    let file = report.opt("SourceName").filter(|_| report.text("SourceType") == "Path");
    for object in report.list("Results") {
        let name: Vec<&str> =
            ["Namespace", "Kind", "Name"].iter().map(|path| object.text(path)).filter(|part| !part.is_empty()).collect();
        let name = name.join("/");
        for checks in [object.at("Results"), object.at("PodResult/Results")].into_iter().flatten() {
            failed(checks, &name, file.as_deref(), out)?;
        }
        for container in object.list("PodResult/ContainerResults") {
            if let Some(checks) = container.at("Results") {
                failed(checks, &format!("{name}/{}", container.text("Name")), file.as_deref(), out)?;
            }
        }
    }
    Ok(())
}

fn failed(checks: &Value, name: &str, file: Option<&str>, out: &mut Out<'_>) -> Result<(), Error> {
    for (id, check) in checks.entries("").filter(|(_, check)| check.is_object()) {
        if check.flag("Success") {
            out.leave_out("passed checks");
            continue;
        }
        let severity = match check.text("Severity").to_ascii_lowercase().as_str() {
            "danger" => Severity::High,
            "ignore" => Severity::Info,
            _ => Severity::Medium,
        };
        out.push(Finding {
            rule: Some(id.clone()),
            location: Some(Location { file: file.map(text::path), ..Location::resource(name) }),
            description: check.first(&["Message", "Category"]),
            ..Finding::new(check.opt("Message").unwrap_or_else(|| id.clone()), severity)
        })?;
    }
    Ok(())
}
