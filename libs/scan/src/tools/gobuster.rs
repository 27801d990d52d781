//! Gobuster, its text output: one finding of severity info for each path that answered.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "gobuster", title: "Gobuster (text)", aliases: &["gobuster_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let hit = |line: &&str| line.contains("(Status: ") && line.contains("[Size: ");
    if probe.head.lines().find(|line| !line.trim().is_empty()).as_ref().is_some_and(hit) {
        95
    } else if probe.contains("Gobuster v") {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Gobuster", None);
    for line in input.whole()?.lines() {
        let Some((path, rest)) = line.split_once("(Status:") else { continue };
        let path = path.trim().trim_start_matches("Found:").trim();
        let status: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
        let path = if path.contains("://") || path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let place = if path.contains("://") {
            Location::url(path.clone())
        } else {
            Location { url: Some(path.clone()), ..Location::default() }
        };
        out.merge(format!("{status} {path}"), Finding {
            rule: Some(format!("http-{status}")),
            location: Some(place),
            evidence: text::some(line),
            ..Finding::new(format!("HTTP {status}: {path}"), Severity::Info)
        })?;
    }
    out.flush()
}
