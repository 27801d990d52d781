//! Qualys Web Application Scanning, XML: one finding for each QID; what was gathered as information is info.

use std::collections::HashMap;

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "qualys_webapp",
    title: "Qualys Web Application Scanning (XML)",
    aliases: &["qualys_was", "qualys_webapp_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("WAS_SCAN_REPORT") || probe.root_is("WAS_WEBAPP_REPORT") { 100 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Qualys WAS", None);
    // The glossary stands behind the results.
    let mut glossary = HashMap::new();
    let mut xml = input.xml()?;
    while let Some(entry) = xml.next(&["QID_LIST", "RESULTS"])? {
        for entry in entry.children.into_iter().filter(|child| child.name == "QID") {
            glossary.insert(entry.text("QID").to_owned(), entry);
        }
    }
    drop(xml);
    let mut xml = input.xml()?;
    while let Some(found) = xml.next(&["VULNERABILITY", "INFORMATION_GATHERED"])? {
        if xml.within("RESULTS").is_none() {
            continue;
        }
        let qid = found.text("QID");
        let entry = glossary.get(qid);
        if found.name == "INFORMATION_GATHERED" {
            out.merge(qid, finding(&found, entry, Severity::Info))?;
            continue;
        }
        let Some(entry) = entry else {
            out.leave_out("entries that the glossary does not describe");
            continue;
        };
        let severity = match entry.int("SEVERITY").unwrap_or(1) {
            i64::MIN..=2 => Severity::Low,
            3 => Severity::Medium,
            4 => Severity::High,
            5..=i64::MAX => Severity::Critical,
        };
        out.merge(qid, finding(&found, Some(entry), severity))?;
    }
    out.flush()
}

fn finding(found: &Node, entry: Option<&Node>, severity: Severity) -> Finding {
    let said = |name: &str| entry.map(|entry| entry.text(name)).filter(|text| *text != "N/A").unwrap_or_default();
    let html = |name: &str| text::some(&text::without_html(said(name)));
    let url = found.first(&["URL", "PAYLOADS/PAYLOAD/REQUEST/URL"]);
    let data = found.child("DATA").and_then(|data| {
        let plain = if data.attr("base64") == "true" { text::base64(&data.text).ok() } else { None };
        text::some(&plain.unwrap_or_else(|| data.text.clone()))
    });
    Finding {
        rule: found.opt("QID"),
        cwe: text::cwes(said("CWE")),
        cvss: Cvss::of(
            entry.and_then(|entry| entry.opt("CVSS_V3/ATTACK_VECTOR")),
            entry.and_then(|entry| entry.num("CVSS_V3/BASE").or_else(|| entry.num("CVSS_BASE"))),
        ),
        location: url.map(|url| Location {
            parameter: found.opt("PARAM"),
            method: found.opt("PAYLOADS/PAYLOAD/REQUEST/METHOD"),
            ..Location::url(url)
        }),
        description: html("DESCRIPTION"),
        evidence: data.or_else(|| found.opt("PAYLOADS/PAYLOAD/PAYLOAD")),
        remediation: html("SOLUTION"),
        status: if found.text("STATUS").to_ascii_lowercase().contains("fixed") { Status::Fixed } else { Status::Open },
        ..Finding::new(
            text::some(said("TITLE")).unwrap_or_else(|| format!("QID {}", found.text("QID"))),
            severity,
        )
    }
}
