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
    // The definitions stand behind the nodes.
    let mut known = HashMap::new();
    let mut xml = input.xml()?;
    while let Some(definition) = xml.next(&["vulnerability"])? {
        if xml.within("VulnerabilityDefinitions").is_some() {
            known.insert(definition.attr("id").to_ascii_lowercase(), Definition::of(&definition));
        }
    }
    drop(xml);
    let mut xml = input.xml()?;
    while let Some(node) = xml.next(&["node"])? {
        let host = node.attr("address");
        tests(&node, &Location::host(host, None, None), &known, out)?;
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

/// What the report says of a vulnerability, in less memory than its element.
struct Definition {
    id: String,
    title: String,
    severity: Severity,
    cvss: Option<Cvss>,
    description: Option<String>,
    solution: Option<String>,
    references: Vec<String>,
}

impl Definition {
    fn of(node: &Node) -> Self {
        let severity = match node.attr_int("severity").unwrap_or_default() {
            9..=i64::MAX => Severity::Critical,
            7..=8 => Severity::High,
            4..=6 => Severity::Medium,
            1..=3 => Severity::Low,
            i64::MIN..=0 => Severity::Info,
        };
        let deep = |name: &str| node.child(name).and_then(|part| text::some(&part.deep_text()));
        let vector = text::some(node.attr("cvssVector").trim_matches(['(', ')']));
        Self {
            id: node.attr("id").to_owned(),
            title: node.attr("title").to_owned(),
            severity,
            cvss: Cvss::of(vector, text::number(node.attr("cvssScore"))),
            description: deep("description"),
            solution: deep("solution"),
            references: node.list("references/reference").filter_map(|one| text::some(&one.text)).collect(),
        }
    }
}

fn tests(node: &Node, place: &Location, known: &HashMap<String, Definition>, out: &mut Out<'_>) -> Result<(), Error> {
    for test in node.list("tests").flat_map(|tests| tests.list("test")) {
        if !["vulnerable-exploited", "vulnerable-version", "vulnerable-potential"].contains(&test.attr("status")) {
            continue;
        }
        let Some(about) = known.get(&test.attr("id").to_ascii_lowercase()) else {
            out.leave_out("tests without a definition");
            continue;
        };
        let references = about.references.iter().map(String::as_str);
        let (cve, _) = text::split_ids(references.filter(|reference| text::is_cve(reference)));
        out.merge(format!("{} {}", about.severity.name(), about.title), Finding {
            rule: text::some(&about.id),
            cve,
            cvss: about.cvss.clone(),
            location: Some(place.clone()),
            description: about.description.clone(),
            evidence: text::some(&test.deep_text()),
            remediation: about.solution.clone(),
            references: about.references.clone(),
            ..Finding::new(about.title.as_str(), about.severity)
        })?;
    }
    Ok(())
}
