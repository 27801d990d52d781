//! ClamAV, what clamscan prints: one finding of severity high for each signature that a file matches.

use super::Tool;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "clamav", title: "ClamAV (text)", aliases: &["clamscan", "clamav_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if matches!(probe.shape, Shape::Json | Shape::JsonLines | Shape::Xml) {
        return 0;
    }
    let lines = || probe.head.lines().take(5_000).map(str::trim_end);
    if lines().any(|line| line.contains("SCAN SUMMARY") && line.starts_with("---")) {
        97
    } else if lines().any(|line| line.ends_with(" FOUND") && line.contains(": ")) {
        70
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let whole = input.whole()?;
    let version = whole.lines().find_map(|line| line.strip_prefix("Engine version:"));
    out.scanner("ClamAV", version);
    for line in whole.lines().map(str::trim) {
        let hit = line.strip_suffix(" FOUND").and_then(|rest| rest.rsplit_once(": "));
        let Some((path, signature)) = hit.filter(|(_, signature)| !signature.contains(char::is_whitespace)) else { continue };
        out.merge(format!("{path}|{signature}"), Finding {
            rule: text::some(signature),
            cwe: vec![506],
            location: Some(Location::file(text::path(path), None)),
            ..Finding::new(format!("Malware detected: {signature} in {path}"), Severity::High)
        })?;
    }
    Ok(())
}
