//! Scout Suite, its JavaScript or JSON: one finding for each flagged rule of a service; danger is critical.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "scout_suite",
    title: "Scout Suite (JavaScript, JSON)",
    aliases: &["scoutsuite", "scout_suite_scan", "aws_scout2"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let head = probe.head.trim_start_matches('\u{feff}').trim_start();
    if head.starts_with("scoutsuite_results") || head.starts_with("aws_info") {
        100
    } else if probe.has_all(&["account_id", "last_run", "services"]) {
        96
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let whole = input.whole()?;
    let json = whole.find('{').and_then(|start| whole.get(start..)).unwrap_or_default().trim_end().trim_end_matches(';');
    let report: Value = serde_json::from_str(json)?;
    out.scanner("Scout Suite", report.opt("last_run/version").as_deref());
    let account = report.opt("account_id");
    for (service, content) in report.entries("services") {
        for (rule, entry) in content.entries("findings") {
            let items = entry.texts("items");
            if items.is_empty() {
                out.leave_out("rules that flag nothing");
                continue;
            }
            let severity = match entry.text("level") {
                "danger" => Severity::Critical,
                "warning" => Severity::Medium,
                _ => Severity::Info,
            };
            let title = text::without_html(entry.text("description"));
            let mut places = items.iter().map(|item| Location { host: account.clone(), ..Location::resource(*item) });
            out.merge(format!("{}|{title}", severity.name()), Finding {
                rule: Some(rule.clone()),
                location: places.next(),
                others: places.take(1_000).collect(),
                anchor: Some(service.clone()),
                description: entry.first(&["rationale", "description"]).map(|html| text::without_html(&html)),
                remediation: entry.opt("remediation").map(|html| text::without_html(&html)),
                references: entry.texts("references").into_iter().map(str::to_owned).collect(),
                ..Finding::new(title, severity)
            })?;
        }
    }
    Ok(())
}
