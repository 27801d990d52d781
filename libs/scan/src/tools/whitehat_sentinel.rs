//! WhiteHat Sentinel, JSON: one finding for each vulnerability with the addresses of its attack vectors.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "whitehat_sentinel", title: "WhiteHat Sentinel (JSON)", aliases: &["whitehat"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["collection[].attack_vectors", "collection[].class"]) {
        98
    } else if probe.keys == ["collection"] {
        70
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("WhiteHat Sentinel", None);
    for item in report.list("collection") {
        out.merge(item.opt("id").unwrap_or_default(), finding(item))?;
    }
    Ok(())
}

fn finding(item: &Value) -> Finding {
    let vectors = item.list("attack_vectors");
    let mut places = vectors.iter().filter_map(|vector| {
        vector.opt("request/url").map(|url| Location {
            method: vector.opt("request/method"),
            parameter: vector.opt("request/param_name"),
            ..Location::url(url)
        })
    });
    // The customer's own rating goes first; note, low, … begin at 1, where 1 is still informational.
    let risk = item.int("custom_risk").filter(|risk| *risk > 0).or_else(|| item.int("risk")).unwrap_or_default();
    let mut cwe: Vec<u32> = Vec::new();
    for tag in vectors.iter().flat_map(|vector| vector.texts("scanner_tags")) {
        cwe.extend(text::cwes(tag).into_iter().filter(|number| !cwe.contains(number)).collect::<Vec<_>>());
    }
    let status = match item.text("status") {
        "invalid" => Status::FalsePositive,
        "closed" | "mitigated" => Status::Fixed,
        "accepted" | "out_of_scope" => Status::Suppressed(item.opt("reason")),
        _ => Status::Open,
    };
    let plain = |path: &str| item.opt(path).map(|html| text::without_html(&html));
    let location = places.next().or_else(|| item.opt("url").map(Location::url));
    Finding {
        rule: item.opt("class"),
        cwe,
        location,
        others: places.collect(),
        anchor: item.opt("id"),
        description: plain("description/description"),
        evidence: plain("description/description_prepend"),
        remediation: plain("solution/solution"),
        references: item.opt("href").into_iter().collect(),
        status,
        ..Finding::new(item.text("class"), Severity::from_level(risk.saturating_sub(1)))
    }
}
