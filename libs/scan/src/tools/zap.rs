//! ZAP (and OWASP ZAP), XML and JSON: one finding for each alert of a site, its instances as places.
//!
//! The severity is `riskcode`: 0 info, 1 low, 2 medium, 3 high.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::xml::Node;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "zap", title: "ZAP (XML, JSON)", aliases: &["owasp_zap", "zaproxy", "zap_scan"], recognise, read };

/// Places of one alert that are kept; more are only counted.
const PLACES: usize = 1_000;

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("OWASPZAPReport") {
        100
    } else if probe.has_all(&["site[].alerts[].pluginid"]) || (probe.value("@programName") == "ZAP") {
        95
    } else if probe.has_all(&["@generated", "@version", "site"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    if Probe::new(input.head()?).shape != Shape::Xml {
        return read_json(&input.json()?, out);
    }
    let mut xml = input.xml()?;
    let mut named = false;
    loop {
        let (mut instances, mut count) = (Vec::new(), 0_usize);
        let alert = xml.next_without(&["alertitem"], "instance", &mut |instance| {
            count = count.saturating_add(1);
            if instances.len() < PLACES {
                instances.push(place(|name| instance.text(name).to_owned()));
            }
        })?;
        let Some(node) = alert else { break };
        if !named {
            out.scanner("ZAP", Some(xml.around("OWASPZAPReport", "version")));
            named = true;
        }
        let site = xml.around("site", "name").to_owned();
        let finding = finding(&|name| field(&node, name), &site, instances);
        let count = u32::try_from(count.max(1)).unwrap_or(u32::MAX);
        out.push(Finding { occurrences: count, ..finding })?;
    }
    Ok(())
}

fn field(node: &Node, name: &str) -> String {
    node.text(name).to_owned()
}

fn read_json(report: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("ZAP", report.at("@version").and_then(Value::as_str));
    let one = report.at("site").filter(|site| site.is_object());
    for site in report.list("site").iter().chain(one) {
        for alert in site.list("alerts") {
            let instances =
                alert.list("instances").iter().map(|instance| place(|name| instance.opt(name).unwrap_or_default()));
            out.push(finding(&|name| alert.opt(name).unwrap_or_default(), site.text("@name"), instances.collect()))?;
        }
    }
    Ok(())
}

/// An instance and its evidence.
fn place(get: impl Fn(&str) -> String) -> (Location, String) {
    let location = Location {
        method: text::some(&get("method")),
        parameter: text::some(&get("param")),
        ..Location::url(get("uri"))
    };
    (location, get("evidence"))
}

fn finding(get: &dyn Fn(&str) -> String, site: &str, instances: Vec<(Location, String)>) -> Finding {
    let title = [get("name"), get("alert")].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let level = get("riskcode").trim().parse().unwrap_or_default();
    let count = instances.len();
    let evidence = instances.first().and_then(|(_, evidence)| text::some(evidence));
    let mut places: Vec<Location> = instances.into_iter().map(|(location, _)| location).collect();
    // The crawler meets pages in another order each time: with several, the stable place is the site.
    let first = if places.len() == 1 { places.pop() } else { text::some(site).map(Location::url) };
    Finding {
        rule: [get("alertRef"), get("pluginid")].iter().find_map(|text| text::some(text)),
        cwe: text::cwe_field(&get("cweid")),
        anchor: text::some(site),
        location: first,
        others: places,
        description: text::some(&text::without_html(&get("desc"))),
        evidence,
        remediation: text::some(&text::without_html(&get("solution"))),
        references: text::without_html(&get("reference")).lines().map(str::to_owned).collect(),
        status: if get("confidence").trim() == "0" { Status::FalsePositive } else { Status::Open },
        occurrences: u32::try_from(count.max(1)).unwrap_or(u32::MAX),
        ..Finding::new(title, Severity::from_level(level))
    }
}
