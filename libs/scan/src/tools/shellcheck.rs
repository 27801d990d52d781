//! ShellCheck, JSON (both layouts): one finding for each comment; error is high, warning medium, info low, style info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "shellcheck", title: "ShellCheck (JSON)", aliases: &["shellcheck_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let own = ["file", "line", "endLine", "level", "code"];
    if probe.item(&own) || own.iter().all(|name| probe.has(&format!("comments[].{name}"))) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("ShellCheck", None);
    input.each_json(|page| {
        let single = page.at("code").map(|_| page);
        single.into_iter().chain(page.list("comments")).try_for_each(|item| {
            let severity = match item.text("level").to_ascii_lowercase().as_str() {
                "error" => Severity::High,
                "warning" => Severity::Medium,
                "style" => Severity::Info,
                _ => Severity::Low,
            };
            let rule = item.opt("code").map(|code| format!("SC{code}"));
            let message = item.text("message");
            let title: Vec<String> = rule.clone().into_iter().chain(text::some(message)).collect();
            out.push(Finding {
                location: Some(Location {
                    column: item.line("column"),
                    end_line: item.line("endLine"),
                    end_column: item.line("endColumn"),
                    ..Location::file(text::path(item.text("file")), item.line("line"))
                }),
                description: text::some(message),
                references: rule.iter().map(|rule| format!("https://www.shellcheck.net/wiki/{rule}")).collect(),
                rule,
                ..Finding::new(title.join(": "), severity)
            })
        })
    })
}
