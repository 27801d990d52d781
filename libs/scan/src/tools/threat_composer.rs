//! Threat Composer, JSON: one finding for each threat with an action; the priority is the severity, else info.

use std::collections::HashMap;

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "threat_composer", title: "Threat Composer (JSON)", aliases: &["threatcomposer", "threatcomposer_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["threats", "applicationInfo"]) {
        97
    } else if probe.has_all(&["applicationInfo", "assumptions", "mitigations"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Threat Composer", None);
    if report.at("threats").is_none() {
        out.warn("the model has no list of threats");
    }
    let mitigations: HashMap<&str, &Value> = report.list("mitigations").iter().map(|one| (one.text("id"), one)).collect();
    for item in report.list("threats") {
        if item.at("threatAction").is_none() {
            out.leave_out("threats without an action");
            continue;
        }
        let about = |key: &str| item.list("metadata").iter().find(|one| one.text("key") == key);
        let links = report.list("mitigationLinks").iter().filter(|link| link.text("linkedId") == item.text("id"));
        let advice: Vec<&str> = links.filter_map(|link| mitigations.get(link.text("mitigationId"))).map(|one| one.text("content")).collect();
        let stride = about("STRIDE").map(|one| one.texts("value").join(", ")).unwrap_or_default();
        let comments = about("Comments").map(|one| one.text("value")).unwrap_or_default();
        let description: Vec<String> = [("", item.text("statement")), ("STRIDE: ", &stride), ("Comments: ", comments)]
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(label, text)| format!("{label}{text}"))
            .collect();
        let priority = about("Priority").map(|one| one.text("value")).unwrap_or_default();
        out.push(Finding {
            rule: item.opt("numericId"),
            description: text::some(&description.join("\n")),
            remediation: text::some(&advice.join("\n")),
            anchor: item.opt("id"),
            status: match item.text("status") {
                "threatResolved" => Status::Fixed,
                "threatResolvedNotUseful" => Status::FalsePositive,
                _ => Status::Open,
            },
            ..Finding::new(item.text("threatAction"), Severity::word(priority))
        })?;
    }
    Ok(())
}
