//! Xeol, JSON: one finding for each package whose cycle has an end of life; with a date it is critical, without info.
//!
//! The tool lists what is past its end, so the date is not compared with today.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "xeol", title: "Xeol (JSON)", aliases: &["xeol_parser"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["matches[].Cycle", "matches[].artifact"]) || probe.value("descriptor.name") == "xeol" { 99 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Xeol", report.opt("descriptor/version").as_deref());
    for item in report.list("matches") {
        let date = item.text("Cycle/Eol");
        let digits = date.len() == 10 && date.bytes().filter(u8::is_ascii_digit).count() == 8;
        let product = item.first(&["Cycle/ProductName"]).unwrap_or_else(|| "Unknown product".to_owned());
        out.push(Finding {
            rule: Some(format!("{product} {}", item.text("Cycle/ReleaseCycle"))),
            cwe: vec![672],
            location: item.first(&["artifact/locations/0/path"]).map(|path| Location::file(text::path(&path), None)),
            component: item.opt("artifact/name").map(|name| Component {
                purl: item.opt("artifact/purl"),
                ..Component::new(name, item.opt("artifact/version"))
            }),
            description: digits.then(|| format!("{product} {} reached its end of life on {date}.", item.text("Cycle/ReleaseCycle"))),
            references: item.opt("Cycle/ProductPermalink").into_iter().collect(),
            ..Finding::new(format!("{product} EOL Information"), if digits { Severity::Critical } else { Severity::Info })
        })?;
    }
    Ok(())
}
