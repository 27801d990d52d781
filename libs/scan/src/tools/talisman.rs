//! Talisman, JSON: one finding for each failure of a file that commits hold.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "talisman", title: "Talisman (JSON)", aliases: &["talisman_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["results[].failure_list", "results[].filename"]) {
        98
    } else if probe.has_all(&["summary.types", "results"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Talisman", None);
    for result in report.list("results") {
        let file = result.text("filename");
        for issue in result.list("failure_list") {
            let commits = issue.texts("commits").join(" ");
            if commits.is_empty() {
                out.leave_out("failures without a commit");
                continue;
            }
            let severity = Severity::word(issue.text("severity"));
            // The message repeats the secret, so it is only the anchor.
            let message = issue.text("message");
            out.merge(format!("{file}|{message}|{commits}|{}", severity.name()), Finding {
                rule: issue.opt("type"),
                cwe: vec![798],
                location: Some(Location::file(text::path(file), None)),
                anchor: text::some(message),
                ..Finding::new(format!("Secret pattern found in {file} file"), severity)
            })?;
        }
    }
    Ok(())
}
