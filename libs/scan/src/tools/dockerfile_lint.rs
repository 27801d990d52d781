//! dockerfile_lint, JSON: one finding for each entry of its three lists; error is high, warn medium, info low.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "dockerfile_lint",
    title: "dockerfile_lint (JSON)",
    aliases: &["dockerfile_lint_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["error.count", "warn.count", "info.count"]) || probe.has_all(&["error.data", "warn.data"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("dockerfile_lint", None);
    for (list, severity) in [("error", Severity::High), ("warn", Severity::Medium), ("info", Severity::Low)] {
        for item in report.list(&format!("{list}/data")) {
            let (label, message) = (item.text("label"), item.text("message"));
            let title = if label.is_empty() { message.to_owned() } else { format!("{label}: {message}") };
            out.push(Finding {
                rule: text::some(label),
                location: Some(Location::file("Dockerfile", item.line("line"))),
                description: item.opt("description"),
                evidence: item.opt("lineContent"),
                anchor: item.opt("lineContent"),
                // An address may come in parts.
                references: text::some(&item.texts("reference_url").concat()).into_iter().collect(),
                ..Finding::new(title, severity)
            })?;
        }
    }
    Ok(())
}
