//! Lynis, its report file (`lynis-report.dat`): warnings are medium, suggestions low.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "lynis", title: "Lynis (report file)", aliases: &["lynis_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let start = probe.head.trim_start();
    if start.starts_with("# Lynis Report") {
        100
    } else if probe.contains("\nlynis_version=") || start.starts_with("lynis_version=") {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.whole()?;
    let value = |name: &str| report.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    out.scanner("Lynis", value("lynis_version"));
    let host = value("hostname").and_then(text::some);
    for line in report.lines() {
        let Some((key, entry)) = line.split_once('=') else { continue };
        let severity = match key.trim() {
            "warning[]" => Severity::Medium,
            "suggestion[]" => Severity::Low,
            _ => continue,
        };
        let mut parts: Vec<&str> = entry.split('|').map(str::trim).collect();
        if parts.last().is_some_and(|last| last.is_empty()) {
            parts.pop();
        }
        let rule = parts.first().copied().unwrap_or_default().to_owned();
        // The text may hold the separator itself: details and solution are the last two of four or more.
        let (words, tail) = match parts.len() {
            0 | 1 => (Vec::new(), Vec::new()),
            2 | 3 => (parts.iter().skip(1).take(1).copied().collect(), parts.iter().skip(2).copied().collect()),
            count => (
                parts.iter().take(count.saturating_sub(2)).skip(1).copied().collect(),
                parts.iter().skip(count.saturating_sub(2)).copied().collect::<Vec<&str>>(),
            ),
        };
        let title = words.join("|");
        let filled = |index: usize| tail.get(index).copied().filter(|part| *part != "-").and_then(text::some);
        let title = if title.is_empty() || title == "-" { rule.clone() } else { title };
        out.push(Finding {
            rule: text::some(&rule),
            location: host.clone().map(|host| Location::host(host, None, None)),
            description: text::some(&title),
            evidence: filled(0),
            remediation: filled(1),
            ..Finding::new(title, severity)
        })?;
    }
    Ok(())
}
