//! StackHawk, JSON of a completed scan: one finding for each plugin with all paths.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "stackhawk",
    title: "StackHawk (JSON)",
    aliases: &["stackhawk_hawkscan", "hawkscan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has("scanCompleted.scan") && (probe.value("service") == "StackHawk" || probe.has("scanCompleted.scan.hawkscanVersion")) {
        99
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    let Some(scan) = report.at("scanCompleted") else {
        return Err(Error::malformed("the scan is not complete: scanCompleted is missing"));
    };
    out.scanner("StackHawk", scan.opt("scan/hawkscanVersion").as_deref());
    let component = scan.opt("scan/application").map(|name| Component::new(name, scan.opt("scan/env")));
    for item in scan.list("findings") {
        let host = item.text("host").trim_end_matches('/');
        let paths = item.list("paths");
        let mut places = paths.iter().map(|path| Location {
            method: path.opt("method"),
            ..Location::url(format!("{host}{}", path.text("path")))
        });
        let all = |word: &str| !paths.is_empty() && paths.iter().all(|path| path.text("status") == word);
        let status = if all("FALSE_POSITIVE") {
            Status::FalsePositive
        } else if all("RISK_ACCEPTED") {
            Status::Suppressed(Some("risk accepted".to_owned()))
        } else {
            Status::Open
        };
        let first = places.next();
        out.merge(item.opt("pluginId").unwrap_or_default(), Finding {
            rule: item.opt("pluginId"),
            cwe: text::cwe_field(&item.first(&["cweId", "cwe"]).unwrap_or_default()),
            location: first.or_else(|| text::some(host).map(Location::url)),
            others: places.collect(),
            component: component.clone(),
            description: item.first(&["pluginDescription", "category"]),
            references: item.opt("findingURL").into_iter().collect(),
            status,
            ..Finding::new(item.text("pluginName"), Severity::word(item.text("severity")))
        })?;
    }
    Ok(())
}
