//! kube-score, JSON: one finding for each check of an object graded critical (1, high) or warning (5, medium).

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "kube_score", title: "kube-score (JSON)", aliases: &["kube_score_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["object_name", "checks[].check", "checks[].grade"]) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("kube-score", None);
    input.each_json(|object| {
        for item in object.list("checks") {
            let severity = match item.int("grade") {
                Some(1) if !item.flag("skipped") => Severity::High,
                Some(5) if !item.flag("skipped") => Severity::Medium,
                Some(_) | None => {
                    out.leave_out("passed and skipped checks");
                    continue;
                }
            };
            let said = |name: &str| {
                let parts: Vec<&str> = item.list("comments").iter().map(|comment| comment.text(name)).filter(|part| !part.is_empty()).collect();
                text::some(&parts.join("\n"))
            };
            out.push(Finding {
                rule: item.opt("check/id"),
                location: Some(Location {
                    file: object.opt("file_name").map(|file| text::path(&file)),
                    line: object.line("file_row"),
                    ..Location::resource(object.text("object_name"))
                }),
                description: said("summary").or_else(|| item.opt("check/comment")),
                remediation: said("description"),
                ..Finding::new(item.first(&["check/name", "check/id"]).unwrap_or_default(), severity)
            })?;
        }
        Ok(())
    })
}
