//! DISA STIG Viewer checklists (CKL): one finding for each open rule; the severity is the override where there is one.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "ckl", title: "STIG Viewer checklist (CKL)", aliases: &["stig_viewer"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("CHECKLIST") && (probe.element("STIGS") || probe.element("ASSET")) { 99 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut xml = input.xml()?;
    out.scanner("STIG Viewer", None);
    let mut host = None;
    while let Some(node) = xml.next(&["ASSET", "VULN"])? {
        if node.name == "ASSET" {
            host = node.first(&["HOST_FQDN", "HOST_NAME", "HOST_IP"]);
            continue;
        }
        match node.text("STATUS").to_ascii_lowercase().as_str() {
            "open" => out.push(finding(&node, host.as_deref()))?,
            "not_reviewed" | "not reviewed" => out.leave_out("rules not reviewed yet"),
            _ => out.leave_out("passed and not applicable rules"),
        }
    }
    Ok(())
}

fn finding(node: &Node, host: Option<&str>) -> Finding {
    let data = |name: &str| {
        let found = node.list("STIG_DATA").find(|data| data.text("VULN_ATTRIBUTE") == name);
        found.map(|data| data.text("ATTRIBUTE_DATA")).unwrap_or_default()
    };
    let word = node.opt("SEVERITY_OVERRIDE").unwrap_or_else(|| data("Severity").to_owned());
    let codes = node.list("STIG_DATA").filter(|data| data.text("VULN_ATTRIBUTE") == "CCI_REF");
    Finding {
        rule: text::some(data("Rule_ID")).or_else(|| text::some(data("Vuln_Num"))),
        ids: codes.filter_map(|data| data.opt("ATTRIBUTE_DATA")).collect(),
        location: host.map(|host| Location::host(host, None, None)),
        description: text::some(data("Vuln_Discuss")),
        evidence: node.first(&["FINDING_DETAILS", "COMMENTS"]),
        remediation: text::some(data("Fix_Text")),
        ..Finding::new(data("Rule_Title"), Severity::word(&word))
    }
}
