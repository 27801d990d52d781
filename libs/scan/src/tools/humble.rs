//! humble, JSON: one finding of severity medium for each header that is missing, telling, deprecated or empty.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "humble", title: "humble (JSON)", aliases: &["humble_json_importer"], recognise, read };

/// Beginning of a section's number, and how its findings are called.
const SECTIONS: [(&str, &str); 4] = [
    ("[1. ", "Missing header: "),
    ("[2. ", "Available fingerprint:"),
    ("[3. ", "Deprecated header: "),
    ("[4. ", "Empty HTTP response header: "),
];

fn recognise(probe: &Probe) -> u8 {
    if probe.keys.iter().any(|key| key.starts_with("[0. Info]")) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("humble", None);
    let url = report.entries("").find(|(name, _)| name.starts_with("[0. ")).and_then(|(_, about)| about.opt("URL"));
    for (begin, label) in SECTIONS {
        for header in report.entries("").filter(|(name, _)| name.starts_with(begin)).flat_map(|(_, list)| list.texts("")) {
            if header.starts_with("Nothing to report") {
                continue;
            }
            out.push(Finding {
                rule: text::some(header.split(':').next().unwrap_or(header)),
                location: url.clone().map(Location::url),
                description: Some(format!("{}{header}", label.trim_end())),
                ..Finding::new(format!("{label}{header}"), Severity::Medium)
            })?;
        }
    }
    Ok(())
}
