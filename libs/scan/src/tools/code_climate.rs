//! Code Climate issues, JSON, as ansible-lint and GitLab's code quality write them: one finding for each issue.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "code_climate",
    title: "Code Climate issues, ansible-lint (JSON)",
    aliases: &["ansible_lint", "ansible_lint_scan", "gitlab_code_quality"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["check_name", "location.path"]) {
        95
    } else if probe.item(&["fingerprint", "location.path", "location.lines", "severity"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    input.each_json(|item| {
        let severity = match item.text("severity").to_ascii_lowercase().as_str() {
            "blocker" => Severity::Critical,
            "critical" => Severity::High,
            "major" => Severity::Medium,
            "info" => Severity::Info,
            _ => Severity::Low,
        };
        let place = item.at("location");
        let line = ["positions/begin/line", "positions/begin", "lines/begin"].iter().find_map(|path| place.and_then(|place| place.line(path)));
        let said = item.opt("description");
        let rule = item.opt("check_name");
        let title: Vec<String> = [rule.clone(), said.clone()].into_iter().flatten().collect();
        let advice = item.opt("content/body");
        out.push(Finding {
            rule,
            location: Some(Location::file(text::path(item.text("location/path")), line)),
            anchor: item.opt("fingerprint"),
            description: advice.or(said),
            references: item.opt("url").into_iter().collect(),
            ..Finding::new(title.join(": "), severity)
        })
    })
}
