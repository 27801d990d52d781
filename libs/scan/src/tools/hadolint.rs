//! Hadolint, JSON: one finding for each rule, file, line and column; `error` is critical, `warning` high, the rest
//! info, as the importer that the lists come from ranks them.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "hadolint", title: "Hadolint (JSON)", aliases: &["hadolint_dockerfile_check"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["code", "message", "file", "level"]) { 90 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Hadolint", None);
    input.each_json(|item| {
        let (code, file) = (item.text("code"), item.text("file"));
        let severity = match item.text("level") {
            "error" => Severity::Critical,
            "warning" => Severity::High,
            _ => Severity::Info,
        };
        let key = format!("{}-{}{code}{file}", item.int("line").unwrap_or(0), item.int("column").unwrap_or(0));
        out.merge(key, Finding {
            rule: text::some(code),
            location: Some(Location { column: item.line("column"), ..Location::file(text::path(file), item.line("line")) }),
            description: item.opt("message"),
            ..Finding::new(format!("{code}: {}", item.text("message")), severity)
        })
    })
}
