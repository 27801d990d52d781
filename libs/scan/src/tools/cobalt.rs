//! Cobalt.io, CSV export: one finding for each title, type and description; the table has no rating, so all are info.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "cobalt", title: "Cobalt.io (CSV)", aliases: &["cobalt_io_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Title", "StepsToReproduce", "SuggestedFix"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Cobalt.io", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        // An apostrophe in front keeps spreadsheets from taking the text for a formula.
        let own = |name: &str| text::some(row.get(name).strip_prefix('\'').unwrap_or(row.get(name)));
        let title = own("Title").unwrap_or_default();
        let key = format!("{title}|{}|{}", row.get("Type"), row.get("Description"));
        out.merge(key, Finding {
            rule: own("Type"),
            location: own("BugTargets").or_else(|| own("Target")).map(Location::url),
            description: own("Description"),
            evidence: own("StepsToReproduce"),
            remediation: own("SuggestedFix"),
            references: own("ResearcherUrl").into_iter().collect(),
            ..Finding::new(title, Severity::Info)
        })?;
    }
    Ok(())
}
