//! Conftest, JSON: a failure (`deny`) is high, a warning medium; exceptions and skipped policies are no findings.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "conftest", title: "Conftest (JSON)", aliases: &["conftest_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let parts = ["successes", "failures", "warnings"];
    if probe.has_all(&["[].filename", "[].namespace"]) && parts.iter().any(|part| probe.has(&format!("[].{part}"))) { 95 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Conftest", None);
    input.each_json(|file| {
        for (list, severity) in [("failures", Severity::High), ("warnings", Severity::Medium)] {
            for item in file.list(list) {
                let title = item.opt("msg").unwrap_or_else(|| "Conftest policy violation".to_owned());
                out.push(Finding {
                    rule: item.opt("metadata/query").or_else(|| file.opt("namespace")),
                    location: Some(Location::file(text::path(file.text("filename")), None)),
                    description: item.first(&["metadata/details/description", "msg"]),
                    ..Finding::new(title, severity)
                })?;
            }
        }
        for (list, what) in [("exceptions", "rules that the policy excepts"), ("skipped", "skipped policies")] {
            for _ in file.list(list) {
                out.leave_out(what);
            }
        }
        Ok(())
    })
}
