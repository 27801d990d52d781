//! Security Knowledge Framework, CSV of a sprint: one finding for each title and description; the table has no rating.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Severity};

pub(crate) const TOOL: Tool =
    Tool { name: "skf", title: "Security Knowledge Framework (CSV)", aliases: &["skf_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["date", "title", "description", "mitigation"]) && !probe.columns(&["severity"]) { 75 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Security Knowledge Framework", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        out.merge(format!("{}|{}", row.get("title"), row.get("description")), Finding {
            description: row.opt("description"),
            remediation: row.opt("mitigation"),
            ..Finding::new(row.get("title"), Severity::Info)
        })?;
    }
    Ok(())
}
