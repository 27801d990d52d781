//! Orca Security alerts, JSON and CSV: one finding for each alert, rated by its score as CVSS does.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Component, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "orca_security",
    title: "Orca Security alerts (JSON, CSV)",
    aliases: &["orca", "orca_security_alerts"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["OrcaScore", "Title"]) || probe.item(&["OrcaScore", "Title"]) || probe.has("data[].OrcaScore") {
        98
    } else {
        0
    }
}

/// One alert, whatever the format.
struct Alert {
    title: Option<String>,
    category: Option<String>,
    source: Option<String>,
    resource: Option<String>,
    account: Option<String>,
    score: Option<f64>,
    status: Option<String>,
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Orca Security", None);
    if Probe::new(input.head()?).shape == Shape::Table {
        let mut table = input.table()?;
        while let Some(row) = table.next()? {
            out.push(finding(Alert {
                title: row.opt("Title"),
                category: row.opt("Category"),
                source: row.opt("Source"),
                resource: row.opt("Inventory.Name"),
                account: row.opt("CloudAccount.Name"),
                score: row.num("OrcaScore"),
                status: row.opt("Status"),
            }))?;
        }
        return Ok(());
    }
    input.each_json(|page| {
        let single = page.at("OrcaScore").or_else(|| page.at("Title")).map(|_| page);
        single.into_iter().chain(page.list("data")).try_for_each(|item| {
            out.push(finding(Alert {
                title: item.opt("Title"),
                category: item.opt("Category"),
                source: item.opt("Source"),
                resource: item.first(&["Inventory/Name", "Inventory.Name"]),
                account: item.first(&["CloudAccount/Name", "CloudAccount.Name"]),
                score: item.num("OrcaScore"),
                status: item.opt("Status"),
            }))
        })
    })
}

fn finding(alert: Alert) -> Finding {
    let resource = alert.resource.or_else(|| alert.source.clone());
    let lines: Vec<String> = [("Category", &alert.category), ("Account", &alert.account), ("Source", &alert.source)]
        .iter()
        .filter_map(|(label, value)| value.as_ref().map(|value| format!("{label}: {value}")))
        .collect();
    let closed = alert.status.as_deref().is_some_and(|status| !status.eq_ignore_ascii_case("open"));
    let status = match alert.status {
        Some(word) if closed && word.eq_ignore_ascii_case("closed") => Status::Fixed,
        Some(word) if closed => Status::Suppressed(Some(word)),
        Some(_) | None => Status::Open,
    };
    Finding {
        rule: alert.category,
        location: resource.clone().map(Location::resource),
        component: resource.map(|name| Component::new(name, None)),
        anchor: alert.account,
        description: text::some(&lines.join("\n")),
        status,
        ..Finding::new(
            alert.title.unwrap_or_else(|| "Orca Security alert".to_owned()),
            Severity::from_score(alert.score.unwrap_or_default()),
        )
    }
}
