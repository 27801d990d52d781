//! httpx (ProjectDiscovery), JSON lines: one finding of severity info for each address that answered.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "httpx", title: "httpx (JSON lines)", aliases: &["httpx_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let has = probe.item(&["url", "input", "scheme", "host"]);
    if has && (probe.item(&["status_code"]) || probe.item(&["failed"])) { 95 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("httpx", None);
    input.each_json(|item| {
        if item.flag("failed") {
            out.leave_out("addresses that did not answer");
            return Ok(());
        }
        let url = item.text("url");
        let title = match item.int("status_code") {
            Some(code) => format!("{url} (HTTP {code})"),
            None => url.to_owned(),
        };
        let said = [item.text("title"), item.text("webserver"), &item.texts("tech").join(", ")]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("; ");
        out.merge(title.clone(), Finding {
            rule: Some("http-service".to_owned()),
            location: Some(Location { method: item.opt("method"), ..Location::url(url) }),
            description: text::some(&said),
            ..Finding::new(title, Severity::Info)
        })
    })?;
    out.flush()
}
