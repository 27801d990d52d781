//! AnchoreCTL policy evaluations, JSON: one finding for each violation; the severity is one that the description begins
//! with, else stop is critical, warn medium, the rest low.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "anchorectl_policies",
    title: "AnchoreCTL policies (JSON)",
    aliases: &["anchore_policies", "anchorectl_policies_report"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has("[].detail[].gate") || probe.has("evaluations[].details[].gate") {
        98
    } else if probe.has_all(&["[].finalAction", "[].policyId"]) || probe.has_all(&["evaluatedTag", "evaluations"]) {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("AnchoreCTL", None);
    for image in report.list("") {
        image.list("detail").iter().try_for_each(|item| out.push(finding(item)))?;
    }
    for image in report.list("evaluations") {
        image.list("details").iter().try_for_each(|item| out.push(finding(item)))?;
    }
    Ok(())
}

fn finding(item: &Value) -> Finding {
    let (policy, gate, trigger) = (item.text("policyId"), item.text("gate"), item.text("triggerId"));
    let description = item.text("description");
    let word = description.split([' ', ':', ',']).next().unwrap_or_default();
    let levels = ["critical", "high", "medium", "low", "info"];
    let stated = levels.contains(&word.to_ascii_lowercase().as_str()).then(|| Severity::word(word));
    let severity = stated.unwrap_or(match item.text("status") {
        "stop" => Severity::Critical,
        "warn" => Severity::Medium,
        _ => Severity::Low,
    });
    Finding {
        rule: item.first(&["triggerName", "policyId"]),
        cve: text::cves(trigger),
        location: item.opt("tag").map(Location::image),
        description: text::some(description),
        anchor: text::some(trigger),
        ..Finding::new(format!("{policy} - gate|{gate} - trigger|{trigger}"), severity)
    }
}
