//! Brakeman (Ruby on Rails), JSON: warnings of one fingerprint are one finding.
//!
//! Brakeman gives a confidence and no severity, so every warning is medium. Ignored warnings are counted only.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "brakeman", title: "Brakeman (JSON)", aliases: &["brakeman_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("scan_info.brakeman_version") {
        99
    } else if probe.has_all(&["scan_info", "warnings"]) || probe.has_all(&["warnings[].warning_type", "warnings[].fingerprint"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Brakeman", report.opt("scan_info/brakeman_version").as_deref());
    for _ in report.list("ignored_warnings") {
        out.leave_out("warnings that the project ignores");
    }
    for item in report.list("warnings") {
        let place = ["location/class", "location/method"].iter().filter_map(|path| item.opt(path)).collect::<Vec<_>>();
        let confidence = item.opt("confidence").map(|word| format!("\nConfidence: {word}")).unwrap_or_default();
        let user_input = item.opt("user_input").map(|text| format!("\nUser input: {text}")).unwrap_or_default();
        let cwe = item.list("cwe_id").iter().filter_map(|id| id.int("")).filter_map(|id| u32::try_from(id).ok());
        let finding = Finding {
            rule: item.first(&["check_name", "warning_code"]),
            cwe: cwe.collect(),
            location: Some(Location {
                logical: text::some(&place.join("#")),
                ..Location::file(text::path(item.text("file")), item.line("line"))
            }),
            description: Some(format!("{}{confidence}{user_input}", item.text("message"))),
            evidence: item.opt("code"),
            anchor: item.opt("fingerprint"),
            references: item.opt("link").into_iter().collect(),
            ..Finding::new(format!("{}. {}", item.text("warning_type"), item.text("message")), Severity::Medium)
        };
        let key = item.opt("fingerprint").unwrap_or_else(|| format!("{}\n{}\n{}", finding.title, item.text("file"), item.int("line").unwrap_or(0)));
        out.merge(key, finding)?;
    }
    Ok(())
}
