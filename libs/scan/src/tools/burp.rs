//! Burp Suite, XML: issues of one type are one finding, its addresses as places.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "burp", title: "Burp Suite (XML)", aliases: &["burp_scan", "burp_suite"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if !probe.root_is("issues") {
        0
    } else if !probe.root.attr("burpVersion").is_empty() {
        100
    } else if probe.element("serialNumber") {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut xml = input.xml()?;
    let mut named = false;
    while let Some(node) = xml.next(&["issue"])? {
        if !named {
            out.scanner("Burp Suite", Some(xml.around("issues", "burpVersion")));
            named = true;
        }
        let key = node.opt("type").unwrap_or_else(|| node.text("name").to_owned());
        out.merge(key, finding(&node))?;
    }
    out.flush()
}

fn finding(node: &Node) -> Finding {
    let word = node.text("severity");
    let html = |name: &str| text::some(&text::without_html(node.text(name)));
    let join = |first: Option<String>, second: Option<String>| {
        text::some(&[first, second].into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
    };
    let request = node.child("requestresponse/request");
    let evidence = request.and_then(|request| {
        let plain = if request.attr("base64") == "true" { text::base64(&request.text).ok() } else { None };
        text::some(&plain.unwrap_or_else(|| request.text.clone()))
    });
    let references: Vec<String> =
        html("references").unwrap_or_default().lines().map(str::to_owned).collect();
    let classes = node.text("vulnerabilityClassifications");
    let address = format!("{}{}", node.text("host"), node.text("path"));
    Finding {
        rule: node.opt("type"),
        cwe: text::cwes(classes),
        location: Some(Location {
            method: request.and_then(|request| text::some(request.attr("method"))),
            ..Location::url(address)
        }),
        description: join(html("issueDetail"), html("issueBackground")),
        evidence,
        remediation: join(html("remediationDetail"), html("remediationBackground")),
        references,
        status: if word.eq_ignore_ascii_case("false positive") { Status::FalsePositive } else { Status::Open },
        ..Finding::new(node.text("name"), Severity::word(word))
    }
}
