//! Wiz, CSV of issues and of vulnerability findings: one finding for each row; resolved rows have the status fixed.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::table::Row;
use crate::{Component, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool { name: "wiz", title: "Wiz issues and findings (CSV)", aliases: &["wiz_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Title", "Severity", "Control ID", "Issue ID"]) || probe.columns(&["WizURL", "FindingStatus", "DetailedName"]) {
        98
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Wiz", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let finding = if row.has("DetailedName") { vulnerability(&row) } else { issue(&row) };
        out.push(finding)?;
    }
    Ok(())
}

fn status(word: &str, why: Option<String>) -> Status {
    match word.to_ascii_lowercase().as_str() {
        "resolved" => Status::Fixed,
        "rejected" | "ignored" => Status::Suppressed(why),
        _ => Status::Open,
    }
}

fn issue(row: &Row<'_>) -> Finding {
    Finding {
        rule: row.opt("Control ID"),
        location: row.first(&["Resource external ID", "Resource Name"]).map(|resource| Location {
            host: row.opt("Resource Region"),
            ..Location::resource(resource)
        }),
        description: row.opt("Description"),
        remediation: row.opt("Remediation Recommendation"),
        references: row.opt("Wiz URL").into_iter().collect(),
        status: status(row.get("Status"), row.first(&["Resolution", "Note"])),
        ..Finding::new(row.get("Title"), Severity::word(row.get("Severity")))
    }
}

fn vulnerability(row: &Row<'_>) -> Finding {
    let (id, package, version) = (row.get("Name"), row.get("DetailedName"), row.get("Version"));
    let (cve, ids) = text::split_ids([id]);
    let place = row.opt("LocationPath").map(|path| Location::file(text::path(&path), None)).unwrap_or_default();
    let word = row.first(&["VendorSeverity", "CVSSSeverity", "Severity"]).unwrap_or_default();
    Finding {
        rule: text::some(id),
        cve,
        ids,
        location: Some(Location { resource: row.first(&["AssetName", "ProviderUniqueId"]), ..place }),
        component: Some(Component { fixed_in: row.opt("FixedVersion"), ..Component::new(package, text::some(version)) }),
        description: Some(format!("{package} {version} is affected by {id}")),
        remediation: row.opt("Remediation"),
        references: row.opt("Link").into_iter().chain(row.opt("WizURL")).collect(),
        status: status(row.get("FindingStatus"), row.opt("ResolutionReason")),
        ..Finding::new(format!("{id}: {package} {version}"), Severity::word(&word))
    }
}
