//! firmwalker, its text report: one finding of severity info for each file or text of a section.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "firmwalker", title: "firmwalker (text)", aliases: &["firmwalker_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.contains("***Firmware Directory***") { 99 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("firmwalker", None);
    let mut section: Option<String> = None;
    for line in input.whole()?.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(title) = line.strip_prefix("***").and_then(|rest| rest.strip_suffix("***")) {
            let title = title.trim();
            let skipped = title.eq_ignore_ascii_case("firmware directory") || title.to_lowercase().starts_with("list ");
            let title = title.strip_prefix("Search for").map_or(title, str::trim);
            section = (!skipped).then(|| title.to_owned());
            continue;
        }
        let Some(section) = &section else { continue };
        if line.starts_with("#####") || line.starts_with("-----") {
            continue;
        }
        let (path, matched) = match line.split_once(':') {
            Some((path, matched)) if line.starts_with('/') => (path, text::some(matched)),
            Some(_) | None => (line, None),
        };
        // What matched may be a secret: it tells findings apart, and is not repeated.
        out.merge(format!("{section}\n{line}"), Finding {
            rule: text::some(section),
            location: path.starts_with('/').then(|| Location::file(path, None)),
            anchor: matched.as_deref().map(text::without_numbers),
            description: Some(format!("found by a search for {section}")),
            ..Finding::new(format!("{path} ({section})"), Severity::Info)
        })?;
    }
    out.flush()
}
