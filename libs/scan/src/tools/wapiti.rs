//! Wapiti, XML and JSON: one finding for each class, message and level, the requests as places; levels 0 to 4.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::xml::Node;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "wapiti", title: "Wapiti (XML, JSON)", aliases: &["wapiti_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("report") && probe.element("report_infos") {
        99
    } else if probe.has_all(&["classifications", "vulnerabilities", "infos.target"]) {
        97
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Wapiti", None);
    if Probe::new(input.head()?).shape != Shape::Xml {
        read_json(input, out)?;
        return out.flush();
    }
    let mut xml = input.xml()?;
    let mut target = String::new();
    while let Some(node) = xml.next(&["info", "vulnerability"])? {
        if node.name == "vulnerability" {
            for entry in node.list("entries/entry") {
                put(&node, entry, &target, out)?;
            }
        } else if node.attr("name") == "target" {
            node.text.trim().clone_into(&mut target);
        }
    }
    out.flush()
}

fn put(class: &Node, entry: &Node, target: &str, out: &mut Out<'_>) -> Result<(), Error> {
    let severity = Severity::from_level(entry.int("level").filter(|level| *level <= 4).unwrap_or_default());
    let title = format!("{}: {}", class.attr("name"), entry.text("info"));
    let titles: Vec<&str> = class.list("references/reference").map(|reference| reference.text("title")).collect();
    let page = format!("{}{}", target.trim_end_matches('/'), entry.text("path"));
    out.merge(format!("{}\n{title}\n{}", class.text("description"), severity.name()), Finding {
        rule: text::some(class.attr("name")),
        cwe: titles.iter().flat_map(|title| text::cwes(title)).collect(),
        location: Some(Location {
            method: entry.opt("method"),
            parameter: entry.opt("parameter"),
            ..Location::url(page)
        }),
        description: class.opt("description"),
        evidence: entry.opt("http_request"),
        remediation: class.opt("solution"),
        references: class.list("references/reference").filter_map(|reference| reference.opt("url")).collect(),
        ..Finding::new(title, severity)
    })
}

fn read_json(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    let target = report.text("infos/target").trim_end_matches('/');
    for (class, entries) in report.entries("vulnerabilities") {
        let about = report.get("classifications").and_then(|list| list.get(class));
        let said = |name: &str| about.map(|about| about.text(name)).unwrap_or_default();
        for entry in entries.list("") {
            let severity = Severity::from_level(entry.int("level").filter(|level| *level <= 4).unwrap_or_default());
            let title = format!("{class}: {}", entry.text("info"));
            let references = about.map(|about| about.entries("ref").map(|(name, url)| (name.clone(), url.text("").to_owned())));
            let references: Vec<(String, String)> = references.into_iter().flatten().collect();
            out.merge(format!("{title}\n{}", severity.name()), Finding {
                rule: text::some(class),
                cwe: references.iter().flat_map(|(name, _)| text::cwes(name)).collect(),
                location: Some(Location {
                    method: entry.opt("method"),
                    parameter: entry.opt("parameter"),
                    ..Location::url(format!("{target}{}", entry.text("path")))
                }),
                description: text::some(said("desc")),
                evidence: entry.opt("http_request"),
                remediation: text::some(said("sol")),
                references: references.iter().map(|(_, url)| url.clone()).collect(),
                ..Finding::new(title, severity)
            })?;
        }
    }
    Ok(())
}
