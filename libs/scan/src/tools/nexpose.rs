//! Nexpose (InsightVM), XML export 2.0: tests that say vulnerable, open ports and hosts that are up; equal titles and
//! severities are one finding. Severities go from 1 to 10.

use std::collections::HashMap;

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "nexpose",
    title: "Nexpose and InsightVM (XML)",
    aliases: &["nexpose_scan", "insightvm"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("NexposeReport") { 100 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Nexpose", None);
    let tree = input.xml()?.tree()?;
    let known: HashMap<String, &Node> = tree
        .list("VulnerabilityDefinitions/vulnerability")
        .map(|definition| (definition.attr("id").to_ascii_lowercase(), definition))
        .collect();
    for node in tree.list("nodes").flat_map(|nodes| nodes.list("node")) {
        let host = node.attr("address");
        tests(node, &Location::host(host, None, None), &known, out)?;
        let up = Finding {
            rule: Some("host-up".to_owned()),
            location: Some(Location::host(host, None, None)),
            description: Some("the host answered".to_owned()),
            ..Finding::new("Host Up", Severity::Info)
        };
        out.merge("host up", up)?;
        for endpoint in node.list("endpoints").flat_map(|endpoints| endpoints.list("endpoint")) {
            let (protocol, port) = (endpoint.attr("protocol"), endpoint.attr("port"));
            let place = Location::host(host, port.parse().ok(), text::some(protocol));
            for service in endpoint.list("services").flat_map(|services| services.list("service")) {
                tests(service, &place, &known, out)?;
                let title = format!("Open port {}/{port}", protocol.to_uppercase());
                out.merge(format!("port {title}"), Finding {
                    rule: Some("open-port".to_owned()),
                    location: Some(place.clone()),
                    description: Some(format!("service {}", service.attr("name"))),
                    ..Finding::new(title, Severity::Info)
                })?;
            }
        }
    }
    out.flush()
}

fn tests(node: &Node, place: &Location, known: &HashMap<String, &Node>, out: &mut Out<'_>) -> Result<(), Error> {
    for test in node.list("tests").flat_map(|tests| tests.list("test")) {
        if !["vulnerable-exploited", "vulnerable-version", "vulnerable-potential"].contains(&test.attr("status")) {
            continue;
        }
        let Some(about) = known.get(&test.attr("id").to_ascii_lowercase()) else {
            out.leave_out("tests without a definition");
            continue;
        };
        let severity = match about.attr_int("severity").unwrap_or_default() {
            9..=i64::MAX => Severity::Critical,
            7..=8 => Severity::High,
            4..=6 => Severity::Medium,
            1..=3 => Severity::Low,
            i64::MIN..=0 => Severity::Info,
        };
        let title = about.attr("title");
        let deep = |name: &str| about.child(name).and_then(|part| text::some(&part.deep_text()));
        let references: Vec<String> =
            about.list("references/reference").filter_map(|reference| text::some(&reference.text)).collect();
        let (cve, _) = text::split_ids(references.iter().map(String::as_str).filter(|reference| text::is_cve(reference)));
        let vector = text::some(about.attr("cvssVector").trim_matches(['(', ')']));
        out.merge(format!("{} {title}", severity.name()), Finding {
            rule: text::some(about.attr("id")),
            cve,
            cvss: Cvss::of(vector, text::number(about.attr("cvssScore"))),
            location: Some(place.clone()),
            description: deep("description"),
            evidence: text::some(&test.deep_text()),
            remediation: deep("solution"),
            references,
            ..Finding::new(title, severity)
        })?;
    }
    Ok(())
}
