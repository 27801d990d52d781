//! Acunetix, XML and (Acunetix 360) JSON: one finding for each title, its pages as places.

use super::Tool;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::xml::Node;
use crate::{Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "acunetix",
    title: "Acunetix (XML, 360 JSON)",
    aliases: &["acunetix360", "acunetix_scan", "acunetix360_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("ScanGroup") {
        97
    } else if super::invicti::is_json(probe) && (probe.contains("Acunetix") || probe.contains("acunetix")) {
        96
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Acunetix", None);
    if Probe::new(input.head()?).shape != Shape::Xml {
        return super::invicti::read_json(&input.json()?, out);
    }
    let mut xml = input.xml()?;
    let mut start = String::new();
    while let Some(node) = xml.next(&["StartURL", "ReportItem"])? {
        if node.name == "StartURL" {
            node.text.trim().clone_into(&mut start);
            continue;
        }
        let finding = item(&node, &start);
        out.merge(format!("{}|{}|{}", finding.title, node.text("Impact"), node.text("Recommendation")), finding)?;
    }
    out.flush()
}

fn item(node: &Node, start: &str) -> Finding {
    let address = format!("{}/{}", start.trim_end_matches('/'), node.text("Affects").trim_start_matches('/'));
    let details = [node.text("Description"), node.text("Details")].map(text::without_html).join("\n\n");
    let references = node.list("References/Reference").filter_map(|reference| reference.opt("URL")).collect();
    let false_positive = matches!(node.text("IsFalsePositive").to_ascii_lowercase().as_str(), "true" | "1" | "yes");
    Finding {
        rule: node.first(&["ModuleName", "Name"]),
        cwe: node.list("CWEList/CWE").flat_map(|cwe| text::cwe_field(&cwe.text)).collect(),
        cve: node.list("CVEList/CVE").flat_map(|cve| text::cves(&cve.deep_text())).collect(),
        cvss: Cvss::of(
            node.first(&["CVSS3/Descriptor", "CVSS/Descriptor"]),
            node.num("CVSS3/Score").or_else(|| node.num("CVSS/Score")),
        ),
        location: Some(Location { parameter: node.opt("Parameter"), ..Location::url(address) }),
        description: text::some(&details),
        evidence: node.child("TechnicalDetails").and_then(|details| text::some(&details.deep_text())),
        remediation: node.opt("Recommendation").map(|advice| text::without_html(&advice)),
        references,
        status: if false_positive { Status::FalsePositive } else { Status::Open },
        ..Finding::new(node.text("Name"), Severity::from_word(node.text("Severity")).unwrap_or(Severity::Critical))
    }
}
