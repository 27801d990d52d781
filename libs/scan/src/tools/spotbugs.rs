//! SpotBugs and FindBugs, XML: one finding for each instance hash; priority 1 is high, 2 medium, 3 low.
//!
//! Reports without hashes (written without messages) have one finding for each title and text.

use std::collections::HashMap;

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "spotbugs",
    title: "SpotBugs (XML)",
    aliases: &["findbugs", "findsecbugs", "spotbugs_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("BugCollection") { 99 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut patterns = HashMap::new();
    let mut xml = input.xml()?;
    while let Some(pattern) = xml.next(&["BugPattern"])? {
        patterns.insert(pattern.attr("type").to_owned(), text::without_html(&pattern.deep_text()));
    }
    drop(xml);
    let mut xml = input.xml()?;
    while let Some(bug) = xml.next(&["BugInstance"])? {
        out.scanner("SpotBugs", text::some(xml.around("BugCollection", "version")).as_deref());
        let hash = bug.attr("instanceHash");
        let title = bug.opt("ShortMessage").unwrap_or_else(|| bug.attr("type").to_owned());
        let key = if hash.is_empty() { format!("{title}\n{}", bug.deep_text()) } else { hash.to_owned() };
        out.merge(key, finding(&bug, title, patterns.get(bug.attr("type")).cloned()))?;
    }
    Ok(())
}

fn finding(bug: &Node, title: String, remediation: Option<String>) -> Finding {
    let severity = match bug.attr("priority") {
        "1" => Severity::High,
        "2" => Severity::Medium,
        "3" => Severity::Low,
        _ => Severity::Info,
    };
    let method = bug.child("Method").map(|method| format!("{}.{}", method.attr("classname"), method.attr("name")));
    let line = bug.child("SourceLine").or_else(|| bug.child("Method/SourceLine")).or_else(|| bug.child("Class/SourceLine"));
    Finding {
        rule: text::some(bug.attr("type")),
        cwe: text::cwe_field(bug.attr("cweid")),
        location: line.map(|line| Location {
            end_line: line.attr("end").parse().ok(),
            logical: method.or_else(|| text::some(line.attr("classname"))),
            ..Location::file(
                [line.attr("sourcepath"), line.attr("sourcefile"), line.attr("classname")]
                    .into_iter()
                    .find(|path| !path.is_empty())
                    .unwrap_or_default(),
                line.attr("start").parse().ok(),
            )
        }),
        description: bug.opt("LongMessage"),
        remediation,
        anchor: text::some(bug.attr("instanceHash")),
        ..Finding::new(title, severity)
    }
}
