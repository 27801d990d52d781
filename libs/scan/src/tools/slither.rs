//! Slither, JSON: one finding for each result of a detector, rated by its impact; an unknown impact is medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "slither", title: "Slither (JSON)", aliases: &["slither_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["results.detectors[].check", "results.detectors[].impact"]) {
        98
    } else if probe.has_all(&["success", "error", "results"]) {
        75
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Slither", None);
    if let Some(error) = report.opt("error") {
        out.warn(format!("the tool reports an error: {}", text::shorten(&error, 300)));
    }
    for item in report.list("results/detectors") {
        let severity = match item.text("impact").to_ascii_lowercase().as_str() {
            "optimization" => Severity::Info,
            word => Severity::from_word(word).unwrap_or(Severity::Medium),
        };
        let check = item.text("check");
        let said = item.text("description");
        let mut places = item.list("elements").iter().filter_map(|element| {
            let file = element.first(&["source_mapping/filename_relative", "source_mapping/filename_short"])?;
            Some(Location {
                logical: element.opt("name"),
                ..Location::file(text::path(&file), element.line("source_mapping/lines/0"))
            })
        });
        let first = said.lines().next().filter(|line| !line.trim().is_empty()).unwrap_or(check);
        out.push(Finding {
            rule: text::some(check),
            location: places.next(),
            others: places.take(100).collect(),
            anchor: item.opt("id"),
            description: text::some(said),
            references: item.opt("reference").into_iter().collect(),
            ..Finding::new(format!("{check}: {first}"), severity)
        })?;
    }
    Ok(())
}
