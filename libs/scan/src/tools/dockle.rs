//! Dockle, JSON: one finding for each check; `FATAL` is high, `WARN` medium, `INFO` low; ignored checks are left out.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "dockle", title: "Dockle (JSON)", aliases: &["dockle_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["summary.fatal", "details"]) || probe.has_all(&["details[].code", "details[].alerts"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Dockle", None);
    for item in report.list("details") {
        let (code, title) = (item.text("code"), item.text("title"));
        let severity = match item.text("level") {
            "IGNORE" | "SKIP" | "PASS" => {
                out.leave_out("ignored and passed checks");
                continue;
            }
            "FATAL" => Severity::High,
            "INFO" => Severity::Low,
            _ => Severity::Medium,
        };
        out.merge(format!("{code}{title}"), Finding {
            rule: text::some(code),
            location: report.opt("image").map(Location::image),
            description: text::some(&item.texts("alerts").join("\n")),
            ..Finding::new(format!("{code}: {title}"), severity)
        })?;
    }
    Ok(())
}
