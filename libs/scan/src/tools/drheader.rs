//! DrHEADer, JSON: one finding for each rule that an address breaks.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "drheader", title: "DrHEADer (JSON)", aliases: &["drheader_json_importer"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let flat = probe.has_all(&["[].rule", "[].severity", "[].message"]);
    let plain = ["[].expected", "[].delimiter", "[].value"].iter().any(|path| probe.has(path));
    if probe.has_all(&["[].url", "[].report[].rule", "[].report[].severity"]) {
        95
    } else if flat && plain {
        88
    } else if flat && (probe.contains("Header ") || probe.contains("Cookie")) {
        70
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("DrHEADer", None);
    input.each_json(|item| {
        if item.at("report").is_some() {
            return item.list("report").iter().try_for_each(|entry| one(entry, item.text("url"), out));
        }
        one(item, "", out)
    })
}

fn one(item: &Value, url: &str, out: &mut Out<'_>) -> Result<(), Error> {
    let said = ["expected", "avoid", "anomaly", "anomalies"].iter().filter_map(|name| {
        let texts = item.texts(name);
        (!texts.is_empty()).then(|| format!("{name}: {}", texts.join(", ")))
    });
    let said: Vec<String> = item.opt("value").map(|value| format!("value: {value}")).into_iter().chain(said).collect();
    out.push(Finding {
        rule: item.opt("rule"),
        location: text::some(url).map(Location::url),
        anchor: item.opt("message"),
        description: item.opt("message"),
        evidence: text::some(&said.join("\n")),
        ..Finding::new(format!("Header: {}", item.text("rule")), Severity::word(item.text("severity")))
    })
}
