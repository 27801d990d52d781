//! IntSights threat alerts, JSON and CSV: one finding for each alert.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "intsights",
    title: "IntSights (JSON, CSV)",
    aliases: &["intsights_report"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Alert ID", "Title", "Severity", "Network Type", "Alert Link"])
        || probe.has_all(&["Alerts[].Details.Severity", "Alerts[]._id"])
    {
        98
    } else if probe.keys == ["Alerts"] {
        75
    } else {
        0
    }
}

/// Address of an alert in the tool's own pages.
const LINK: &str = "https://dashboard.intsights.com/#/threat-command/alerts?search=";

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("IntSights", None);
    if Probe::new(input.head()?).shape == Shape::Table {
        return read_table(input, out);
    }
    let report = input.json()?;
    for item in report.list("Alerts") {
        let id = item.text("_id");
        let mut places = item.list("Assets").iter().filter_map(|asset| asset.opt("Value")).map(|name| Location::host(name, None, None));
        let status = if item.flag("Closed/IsClosed") { Status::Fixed } else { Status::Open };
        out.merge(id, Finding {
            rule: item.first(&["Details/SubType", "Details/Type"]),
            location: places.next(),
            others: places.collect(),
            anchor: text::some(id),
            description: item.opt("Details/Description"),
            references: item.opt("Details/Source/URL").into_iter().chain([format!("{LINK}{id}")]).collect(),
            status,
            ..Finding::new(item.text("Details/Title"), Severity::word(item.text("Details/Severity")))
        })?;
    }
    Ok(())
}

fn read_table(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let needed = ["Alert ID", "Title", "Severity", "Status"];
        if needed.iter().any(|name| row.get(name).is_empty()) {
            out.leave_out("alerts without identifier, title, severity or status");
            continue;
        }
        let closed = row.get("Status").eq_ignore_ascii_case("closed");
        let mut places = row.get("Assets").split([',', ';']).filter_map(text::some).map(|name| Location::host(name, None, None));
        out.merge(row.get("Alert ID"), Finding {
            rule: row.opt("Type"),
            location: places.next(),
            others: places.collect(),
            anchor: row.opt("Alert ID"),
            description: row.opt("Description"),
            references: ["Source URL", "Alert Link"].iter().filter_map(|name| row.opt(name)).collect(),
            status: if closed { Status::Fixed } else { Status::Open },
            ..Finding::new(row.get("Title"), Severity::word(row.get("Severity")))
        })?;
    }
    Ok(())
}
