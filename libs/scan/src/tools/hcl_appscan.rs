//! HCL AppScan Standard and Enterprise, XML of dynamic analysis: one finding for each item of the issue group.

use std::collections::HashMap;

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "hcl_appscan",
    title: "HCL AppScan DAST (XML)",
    aliases: &["hclappscan_xml", "ibm_appscan_dast", "appscan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if !probe.root_is("xml-report") {
        return 0;
    }
    match (probe.root.attr("technology"), probe.root.attr("xmlExportVersion").is_empty()) {
        ("DAST", _) => 98,
        ("", false) => 80,
        (_, _) => 40,
    }
}

/// Groups that issues refer to by the identifier of their items.
const GROUPS: [&str; 8] = [
    "issue-type-group",
    "url-group",
    "entity-group",
    "remediation-group",
    "security-risk-group",
    "threat-class-group",
    "cause-group",
    "fix-recommendation-group",
];

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.xml()?.tree()?;
    out.scanner("HCL AppScan", report.child("scan-information").and_then(|about| about.opt("product-version")).as_deref());
    let mut known: HashMap<(&str, &str), &Node> = HashMap::new();
    for group in GROUPS {
        known.extend(report.child(group).into_iter().flat_map(|node| &node.children).map(|item| ((group, item.attr("id")), item)));
    }
    for item in report.list("issue-group/item") {
        out.push(finding(item, &known))?;
    }
    Ok(())
}

fn finding(item: &Node, known: &HashMap<(&str, &str), &Node>) -> Finding {
    let own = |name: &str| item.child(name).and_then(|node| text::some(&node.deep_text()));
    let group = |group: &'static str, name: &str| own(name).and_then(|id| known.get(&(group, id.as_str())).copied());
    let named = |group_name: &'static str, name: &str| {
        group(group_name, name).and_then(|node| node.opt("name").or_else(|| text::some(&node.text))).or_else(|| own(name))
    };
    let kind = named("issue-type-group", "issue-type").or_else(|| own("issue-type-name"));
    let url = named("url-group", "url").filter(|url| url.contains("://"));
    let host = own("host").map(|host| Location::host(host, own("port").and_then(|port| port.parse().ok()), own("scheme")));
    let place = url.map(Location::url).or(host).map(|place| Location {
        method: item.child("url").and_then(|url| text::some(url.attr("original_request_method"))),
        parameter: named("entity-group", "entity"),
        ..place
    });
    let word = own("severity").or_else(|| own("severity-id")).unwrap_or_default();
    let severity = match word.as_str() {
        "0" => Severity::Info,
        "1" => Severity::Low,
        "2" => Severity::Medium,
        "3" => Severity::High,
        "4" => Severity::Critical,
        word => Severity::word(word),
    };
    let vector = own("cvss-vector").map(|vector| match vector.starts_with("AV:") && vector.contains("/PR:") {
        true => format!("CVSS:3.1/{vector}"),
        false => vector,
    });
    let reasoning = item.list("variant-group/item").find_map(|variant| variant.opt("reasoning"));
    let remediation = own("remediation");
    let advice = group("remediation-group", "remediation").map(|node| text::shorten(&node.deep_text(), 2_000));
    let about = ["security-risks", "cause-id", "threat-class"].iter().zip(["security-risk-group", "cause-group", "threat-class-group"]);
    let about: Vec<String> = about.filter_map(|(name, group)| named(group, name)).collect();
    Finding {
        rule: own("issue-type"),
        cwe: text::cwe_field(&own("cwe").unwrap_or_default()),
        cvss: Cvss::of(vector, own("cvss-score").and_then(|score| text::number(&score))),
        location: place,
        anchor: own("entity"),
        description: text::some(&reasoning.into_iter().chain(about).collect::<Vec<_>>().join("\n")),
        evidence: item.list("variant-group/item").find_map(|variant| variant.opt("test-http-traffic")).map(|it| text::clip(&it, 4_000).to_owned()),
        remediation: advice.filter(|advice| !advice.is_empty()).or(remediation),
        ..Finding::new(kind.unwrap_or_default(), severity)
    }
}
