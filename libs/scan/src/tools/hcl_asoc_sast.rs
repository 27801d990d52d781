//! HCL AppScan on Cloud, XML report of static analysis: one finding for each item of the issue group.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "hcl_asoc_sast",
    title: "HCL AppScan on Cloud SAST (XML)",
    aliases: &["hcl_appscan_on_cloud_sast", "hcl_appscan_on_cloud_sast_xml"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if !probe.root_is("xml-report") {
        return 0;
    }
    match (probe.root.attr("AsocXmlExportVersion").is_empty(), probe.root.attr("technology")) {
        (_, "DAST") => 30,
        (false, _) | (true, "SAST" | "Mixed") => 97,
        (true, _) => 60,
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("HCL AppScan on Cloud", None);
    let mut xml = input.xml()?;
    while let Some(item) = xml.next(&["item"])? {
        if xml.within("issue-group").is_some() {
            out.push(finding(&item))?;
        }
    }
    Ok(())
}

fn finding(item: &Node) -> Finding {
    let field = |name: &str| item.child(name).and_then(|node| text::some(&node.deep_text()));
    let kind = field("issue-type-name").or_else(|| field("issue-type")).unwrap_or_default();
    let advice: Vec<String> = item.list("fix/item/general/text").filter_map(|node| text::some(&node.text)).collect();
    let file = field("source-file").or_else(|| text::some(item.attr("filename")));
    Finding {
        rule: field("issue-type"),
        cwe: text::cwe_field(&field("cwe").unwrap_or_default()),
        cve: text::cves(item.attr("cve")),
        location: file.map(|file| Location {
            logical: field("entity").or_else(|| field("element")),
            ..Location::file(text::path(&file), field("line").and_then(|line| line.parse().ok()))
        }),
        description: Some(format!(
            "{kind}. Threat class: {}. Risk: {}. Cause: {}",
            field("threat-class").unwrap_or_default(),
            field("security-risks").unwrap_or_default(),
            field("cause-id").unwrap_or_default()
        )),
        evidence: text::some(item.attr("context")),
        anchor: text::some(item.attr("context")),
        remediation: text::some(&advice.join("\n")),
        ..Finding::new(kind, Severity::word(&field("severity").unwrap_or_default()))
    }
}
