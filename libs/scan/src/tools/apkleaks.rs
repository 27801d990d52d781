//! APKLeaks, JSON: one finding for each pattern that matched; the tool ranks nothing, so every one is medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Severity};

pub(crate) const TOOL: Tool = Tool { name: "apkleaks", title: "APKLeaks (JSON)", aliases: &["apkleaks_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["package", "results[].matches"]) {
        95
    } else if probe.keys == ["package", "results"] {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("APKLeaks", None);
    let package = report.text("package");
    for item in report.list("results") {
        let matches = item.texts("matches");
        let name = item.opt("name").unwrap_or_else(|| "APKLeaks pattern".to_owned());
        let place = if package.is_empty() { String::new() } else { format!(" found in {package}") };
        out.push(Finding {
            rule: Some(name.clone()),
            component: (!package.is_empty()).then(|| Component::new(package, None)),
            description: Some(format!("The pattern {name} matches {} times.", matches.len())),
            evidence: Some(matches.into_iter().take(100).collect::<Vec<_>>().join("\n")),
            occurrences: u32::try_from(item.list("matches").len()).unwrap_or(u32::MAX),
            ..Finding::new(format!("{name}{place}"), Severity::Medium)
        })?;
    }
    Ok(())
}
