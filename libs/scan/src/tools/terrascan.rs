//! Terrascan, JSON: one finding for each violation of a rule at one place of a resource.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "terrascan", title: "Terrascan (JSON)", aliases: &["terrascan_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["results.violations[].rule_id", "results.violations[].resource_name"]) {
        98
    } else if probe.has_all(&["results.violations", "results.scan_summary"]) || probe.has_all(&["results.violations", "results.count"]) {
        92
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Terrascan", None);
    for item in report.list("results/violations") {
        let own = |name: &str| item.opt(name).unwrap_or_default();
        let severity = match own("severity").to_ascii_uppercase().as_str() {
            "HIGH" => Severity::High,
            "MEDIUM" => Severity::Medium,
            "LOW" => Severity::Low,
            _ => Severity::Info,
        };
        let names = ["rule_id", "rule_name", "resource_name", "resource_type", "file", "line"];
        let resource = format!("{}/{}", own("resource_type"), own("resource_name"));
        out.merge(names.map(own).join("|"), Finding {
            rule: item.opt("rule_id"),
            location: Some(Location { resource: Some(resource), ..Location::file(text::path(&own("file")), item.line("line")) }),
            description: item.opt("description"),
            ..Finding::new(format!("{}: {}", own("category"), own("rule_name")), severity)
        })?;
    }
    Ok(())
}
