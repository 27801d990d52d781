//! Nmap, XML: one finding for each open port number (hosts and protocols as places), and one for each vulnerability
//! that the script `vulners` names.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "nmap", title: "Nmap (XML)", aliases: &["nmap_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("nmaprun") && probe.root.attr("scanner") != "masscan" {
        100
    } else if probe.root_is("nmaprun") {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut xml = input.xml()?;
    let mut named = false;
    while let Some(host) = xml.next(&["host"])? {
        if !named {
            let name = text::some(xml.around("nmaprun", "scanner")).unwrap_or_else(|| "Nmap".to_owned());
            out.scanner(&name, Some(xml.around("nmaprun", "version")));
            named = true;
        }
        let name = host.list("hostnames/hostname").find(|name| name.attr("type") == "PTR");
        let address = host.list("address").find(|address| address.attr("addrtype") != "mac");
        let place = name.map(|name| name.attr("name")).or_else(|| address.map(|address| address.attr("addr")));
        let place = place.unwrap_or_default();
        for port in host.list("ports/port") {
            if port.child("state").is_some_and(|state| state.attr("state") == "open") {
                open_port(port, place, out)?;
            }
        }
    }
    out.flush()
}

fn open_port(port: &Node, host: &str, out: &mut Out<'_>) -> Result<(), Error> {
    let (number, protocol) = (port.attr("portid"), port.attr("protocol"));
    let location = Location::host(host, number.parse().ok(), text::some(protocol));
    for script in port.list("script").filter(|script| script.attr("id") == "vulners") {
        for product in script.list("table") {
            for entry in product.list("table") {
                vulnerability(entry, product.attr("key"), &location, out)?;
            }
        }
    }
    let service = port.child("service");
    let said = |name: &str| service.map(|service| service.attr(name)).unwrap_or_default();
    let words: Vec<&str> =
        ["name", "product", "version", "extrainfo"].into_iter().map(said).filter(|word| !word.is_empty()).collect();
    let scripts: Vec<String> =
        port.list("script").map(|script| format!("{}: {}", script.attr("id"), script.attr("output"))).collect();
    out.merge(format!("port {number}"), Finding {
        rule: Some("open-port".to_owned()),
        location: Some(location),
        component: text::some(said("product")).map(|name| Component::new(name, text::some(said("version")))),
        description: text::some(&words.join(" ")),
        evidence: text::some(&scripts.join("\n")),
        ..Finding::new(format!("Open port: {number}/{protocol}"), Severity::Info)
    })
}

fn vulnerability(entry: &Node, cpe: &str, location: &Location, out: &mut Out<'_>) -> Result<(), Error> {
    let said = |key: &str| {
        let found = entry.list("elem").find(|elem| elem.attr("key").eq_ignore_ascii_case(key));
        found.map(|elem| elem.text.trim()).unwrap_or_default()
    };
    let id = said("id");
    let score = text::number(said("cvss"));
    let mut parts = cpe.split(':').skip(3);
    let product = parts.next().and_then(text::some);
    let version = parts.next().and_then(text::some);
    let (cve, ids) = text::split_ids([id]);
    out.merge(format!("id {id}"), Finding {
        rule: text::some(id),
        cve,
        ids,
        cvss: Cvss::of(None, score),
        location: Some(location.clone()),
        component: product.map(|name| Component::new(name, version)),
        description: Some(format!("{id} ({}) is known for {cpe}", said("type"))),
        ..Finding::new(id, Severity::from_score(score.unwrap_or_default()))
    })
}
