//! secretlint, JSON: one finding for each rule, message, file and line; errors are high, warnings medium, info info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "secretlint", title: "secretlint (JSON)", aliases: &["secretlint_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["[].filePath", "[].messages", "[].sourceContentType"]) {
        98
    } else if probe.has_all(&["[].filePath", "[].messages[].messageId", "[].messages[].ruleParentId"]) {
        96
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("secretlint", None);
    input.each_json(|file| {
        let path = file.text("filePath");
        for item in file.list("messages") {
            if !["", "message"].contains(&item.text("type")) {
                out.leave_out("entries that are no messages");
                continue;
            }
            let rule = item.text("ruleId");
            let short = rule.rsplit('/').next().unwrap_or_default();
            let short = short.strip_prefix("secretlint-rule-").unwrap_or(short);
            let severity = match item.text("severity") {
                "warning" => Severity::Medium,
                "info" => Severity::Info,
                _ => Severity::High,
            };
            let subject = [item.text("messageId"), short, "secret"].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
            let line = item.line("loc/start/line");
            let column = item.int("loc/start/column").and_then(|column| u32::try_from(column.saturating_add(1)).ok());
            let name = path.rsplit('/').next().unwrap_or_default();
            out.merge(format!("{rule}\n{}\n{path}\n{line:?}", item.text("messageId")), Finding {
                rule: item.opt("messageId").map(|message| format!("{short}/{message}")).or_else(|| text::some(short)),
                cwe: vec![798],
                location: Some(Location { column, end_line: item.line("loc/end/line"), ..Location::file(text::path(path), line) }),
                description: item.opt("message"),
                references: item.opt("docsUrl").into_iter().collect(),
                ..Finding::new(format!("Hard coded {subject} found in {name}"), severity)
            })?;
        }
        Ok(())
    })
}
