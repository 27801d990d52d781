//! VisualCodeGrepper, XML and CSV (which has no header line): priority 1 is critical, 2 high, 3 medium, 4 and 5 low,
//! the rest info; equal issues are one finding.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::probe::Shape;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "vcg", title: "VisualCodeGrepper (XML, CSV)", aliases: &["vcg_scan", "visualcodegrepper"], recognise, read };

/// The words of the second column in a table without a header line.
const KINDS: [&str; 8] =
    ["critical", "high", "medium", "standard", "low", "suspicious comment", "potential issue", "potentially unsafe"];

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("CodeIssueCollection") {
        return 99;
    }
    let line = probe.head.lines().next().unwrap_or_default().to_lowercase();
    let mut cells = line.split(',').map(|cell| cell.trim_matches(['\u{feff}', '"', ' ']));
    let priority = cells.next().is_some_and(|cell| ["1", "2", "3", "4", "5", "6", "7"].contains(&cell));
    let kind = cells.next().is_some_and(|cell| KINDS.contains(&cell));
    if probe.shape == Shape::Table && priority && kind { 80 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("VisualCodeGrepper", None);
    if Probe::new(input.head()?).shape == Shape::Xml {
        let mut xml = input.xml()?;
        while let Some(issue) = xml.next(&["CodeIssue"])? {
            let cells = ["Priority", "Severity", "Title", "Description", "FileName", "Line", "CodeLine"].map(|name| issue.text(name));
            put(&cells, out)?;
        }
        return Ok(());
    }
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input.reader()?);
    for row in rows.records() {
        let row = row?;
        let cells = [0, 1, 2, 3, 4, 5, 6].map(|index| row.get(index).unwrap_or_default());
        put(&cells, out)?;
    }
    Ok(())
}

fn put(cells: &[&str; 7], out: &mut Out<'_>) -> Result<(), Error> {
    let [priority, kind, title, description, file, line, code] = *cells;
    let level = text::number(priority).unwrap_or(6.0);
    let severity = if level < 1.0 {
        Severity::Info
    } else if level < 2.0 {
        Severity::Critical
    } else if level < 3.0 {
        Severity::High
    } else if level < 4.0 {
        Severity::Medium
    } else if level < 6.0 {
        Severity::Low
    } else {
        Severity::Info
    };
    out.merge(cells.join("\n"), Finding {
        rule: text::some(kind),
        location: text::some(file).map(|file| Location::file(text::path(&file), line.parse().ok())),
        description: text::some(description),
        evidence: text::some(code),
        anchor: text::some(&text::without_numbers(code)),
        ..Finding::new(title, severity)
    })
}
