//! dirsearch, JSON: one finding of severity info for each path that answered.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "dirsearch", title: "dirsearch (JSON)", aliases: &["dirsearch_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["info.args", "results"]) && probe.contains("dirsearch") {
        98
    } else if probe.has_all(&["results[].content-length", "results[].status", "results[].url"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("dirsearch", None);
    for item in report.list("results") {
        let url = item.text("url");
        let status = item.opt("status").unwrap_or_default();
        out.merge(format!("{status} {url}"), Finding {
            rule: Some(format!("http-{status}")),
            location: Some(Location::url(url)),
            evidence: item.opt("redirect").map(|target| format!("redirects to {target}")),
            ..Finding::new(format!("HTTP {status}: {}", text::url_path(url)), Severity::Info)
        })?;
    }
    out.flush()
}
