//! ImmuniWeb: XML with one finding for each vulnerability, JSON of its discovery with one for each
//! advice on an asset.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::xml::Node;
use crate::{Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "immuniweb",
    title: "ImmuniWeb (XML, JSON)",
    aliases: &["immuniweb_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let groups = ["domains", "webapps", "mobileapps", "cloud", "network", "repositories", "incidents"];
    let own = |name: &&&str| probe.has(&format!("{name}[].discovered")) && probe.has(&format!("{name}[].remediations"));
    if probe.root_is("Vulnerabilities") && (probe.element("CWE-ID") || probe.element("PoC")) {
        98
    } else if probe.root_is("Vulnerabilities") && !probe.element("Vulnerability") {
        60
    } else if groups.iter().any(|name| own(&name)) {
        97
    } else if probe.has_all(&["domains", "webapps", "mobileapps"]) {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("ImmuniWeb", None);
    if Probe::new(input.head()?).shape == Shape::Xml {
        let mut xml = input.xml()?;
        while let Some(item) = xml.next(&["Vulnerability"])? {
            let finding = vulnerability(&item);
            let key = format!("{}|{}|{}", item.text("Description"), finding.title, finding.severity.name());
            out.merge(key, finding)?;
        }
        return Ok(());
    }
    let report = input.json()?;
    for (_, items) in report.entries("") {
        for item in items.list("") {
            for remedy in item.texts("remediations") {
                out.push(asset(item, &text::without_html(remedy)))?;
            }
        }
    }
    Ok(())
}

fn vulnerability(item: &Node) -> Finding {
    let rated = item.text("CVSSv3");
    let vector = rated.split_once('[').map(|(_, rest)| rest.trim_end_matches(']').to_owned());
    let (cve, ids) = text::split_ids(item.text("CVE-ID").split([',', ' ', ';']));
    Finding {
        rule: item.opt("Type"),
        cwe: text::cwe_field(item.text("CWE-ID")),
        cve,
        ids,
        cvss: Cvss::of(vector, text::number(rated)),
        location: item.opt("URL").map(Location::url),
        description: item.opt("Description").map(|html| text::without_html(&html)),
        evidence: item.opt("PoC"),
        remediation: item.opt("Remediation"),
        references: item.opt("ID").into_iter().collect(),
        ..Finding::new(item.text("Name"), Severity::word(item.text("Risk")))
    }
}

fn asset(item: &Value, remedy: &str) -> Finding {
    let name = item.text("name");
    let title = match item.opt("leak_name") {
        Some(leak) => format!("{}: {name} - {leak}", item.text("type")),
        None => format!("{}: {name}", item.text("type")),
    };
    let place = item.opt("link").map(Location::url).or_else(|| item.opt("ip").map(|ip| Location::host(ip, None, None)));
    Finding {
        rule: item.opt("section"),
        location: place.or_else(|| text::some(name).map(Location::resource)),
        anchor: Some(text::without_numbers(remedy)),
        description: text::some(remedy),
        remediation: text::some(remedy),
        ..Finding::new(title, Severity::Info)
    }
}
