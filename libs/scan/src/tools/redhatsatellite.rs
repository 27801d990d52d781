//! Red Hat Satellite, JSON of its errata: one finding for each erratum; without a rating it is low.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "redhatsatellite",
    title: "Red Hat Satellite errata (JSON)",
    aliases: &["red_hat_satellite"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["results[].errata_id", "results[].severity"]) {
        97
    } else if probe.has_all(&["results", "subtotal", "selectable"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Red Hat Satellite", None);
    for item in report.list("results") {
        let severity = match item.text("severity") {
            "Critical" => Severity::Critical,
            "Important" => Severity::High,
            "Moderate" => Severity::Medium,
            _ => Severity::Low,
        };
        let cves = item.list("cves").iter().map(|cve| cve.text("cve_id"));
        let (cve, ids) = text::split_ids(std::iter::once(item.text("errata_id")).chain(cves));
        out.push(Finding {
            rule: item.opt("errata_id"),
            cve,
            ids,
            component: item.texts("packages").first().map(|name| Component::new(*name, None)),
            description: item.first(&["description", "summary"]),
            remediation: item.opt("solution"),
            references: item.list("cves").iter().filter_map(|cve| cve.opt("href")).collect(),
            ..Finding::new(item.first(&["title", "name"]).unwrap_or_default(), severity)
        })?;
    }
    Ok(())
}
