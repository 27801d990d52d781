//! Fortify WebInspect, XML: issues with equal weakness, name and severity are one finding with every address.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "microfocus_webinspect",
    title: "Fortify WebInspect (XML)",
    aliases: &["webinspect", "microfocus_webinspect_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("Sessions") && probe.element("Session") {
        98
    } else if probe.root_is("Sessions") {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("WebInspect", None);
    let mut xml = input.xml()?;
    while let Some(session) = xml.next(&["Session"])? {
        for issue in session.list("Issues/Issue") {
            let (key, finding) = finding(&session, issue);
            out.merge(key, finding)?;
        }
    }
    Ok(())
}

fn finding(session: &Node, issue: &Node) -> (String, Finding) {
    let section = |part: &str| {
        issue.list("ReportSection").find(|section| section.text("Name").contains(part)).map(|section| section.text("SectionText"))
    };
    let plain = |part: &str| section(part).map(text::without_html).and_then(|text| text::some(&text));
    let weaknesses: Vec<&Node> =
        issue.list("Classifications/Classification").filter(|node| node.attr("kind") == "CWE").collect();
    let severity = Severity::from_level(issue.int("Severity").unwrap_or_default());
    let title = issue.text("Name");
    let names: Vec<&str> = weaknesses.iter().map(|node| node.text.trim()).collect();
    let key = format!("{}|{title}|{}", names.join("\n"), severity.name());
    let finding = Finding {
        rule: issue.opt("VulnerabilityID").or_else(|| issue.opt("CheckTypeID")),
        cwe: weaknesses.iter().flat_map(|node| text::cwe_field(node.attr("identifier"))).collect(),
        location: session.opt("URL").map(|url| Location {
            parameter: session.opt("AttackParamDescriptor"),
            method: issue.opt("AttackMethod"),
            ..Location::url(url)
        }),
        description: plain("Summary").or_else(|| text::some(&names.join("\n"))),
        evidence: issue.opt("AttackHTTPRequest").map(|it| text::clip(&it, 4_000).to_owned()),
        remediation: plain("Fix"),
        references: plain("Reference").into_iter().collect(),
        ..Finding::new(title, severity)
    };
    (key, finding)
}
