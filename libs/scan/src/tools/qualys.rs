//! Qualys vulnerability scans, XML and CSV: of a table, rows of one QID are one finding, their hosts places.
//!
//! The severity is the level from 1 (info) to 5 (critical); entries of the scan report are rated by CVSS first, and the
//! levels of a PCI table are the tool's three: low, medium and high.

use std::collections::HashMap;

use super::Tool;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::table::{self, Table};
use crate::xml::Node;
use crate::{Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "qualys", title: "Qualys (XML, CSV)", aliases: &["qualys_scan", "qualys_vm", "qualys_infrascan_webgui", "qualys_hacker_guardian", "qualys_vmdr"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.shape != Shape::Json && probe.shape != Shape::Xml && header(&probe.head).is_some() {
        return 97;
    }
    if probe.root_is("ASSET_DATA_REPORT") || probe.columns(&["QID", "VULN TITLE"]) {
        97
    } else if probe.root_is("SCAN") && probe.element("IP") {
        70
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Qualys", None);
    if Probe::new(input.head()?).shape == Shape::Xml { read_xml(input, out) } else { read_table(input, out) }
}

fn read_xml(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    if Probe::new(input.head()?).root_is("SCAN") {
        let mut xml = input.xml()?;
        while let Some(found) = xml.next(&["VULN"])? {
            old(&found, xml.around("IP", "value"), out)?;
        }
        return Ok(());
    }
    // The glossary stands behind the hosts.
    let mut glossary = HashMap::new();
    let mut xml = input.xml()?;
    while let Some(details) = xml.next(&["VULN_DETAILS"])? {
        glossary.insert(details.attr("id").to_owned(), details);
    }
    drop(xml);
    let (mut address, mut name) = (String::new(), String::new());
    let mut xml = input.xml()?;
    while let Some(node) = xml.next(&["IP", "DNS", "VULN_INFO"])? {
        match node.name.as_str() {
            "IP" if xml.within("HOST").is_some() => {
                node.text.trim().clone_into(&mut address);
                name.clear();
            }
            "DNS" if xml.within("HOST").is_some() => node.text.trim().clone_into(&mut name),
            "VULN_INFO" => {
                let id = node.child("QID").map(|qid| qid.attr("id")).unwrap_or_default();
                let host = if name.is_empty() { &address } else { &name };
                match glossary.get(id) {
                    Some(details) => out.push(entry(&node, details, id, host))?,
                    None => out.leave_out("entries that the glossary does not describe"),
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn entry(found: &Node, details: &Node, id: &str, host: &str) -> Finding {
    let stated = ["CVSS3_FINAL", "CVSS_FINAL"].iter().find_map(|name| found.opt(name)).filter(|text| text != "-");
    let base = || details.first(&["CVSS3_SCORE/CVSS3_BASE", "CVSS_FINAL"]).filter(|text| text != "-");
    let stated = stated.or_else(base).unwrap_or_default();
    let score = text::number(&stated);
    let vector = stated.split_once('(').and_then(|(_, tail)| text::some(tail.trim_end_matches(')')));
    let severity = match details.int("SEVERITY").or_else(|| found.int("SEVERITY")) {
        Some(level) => Severity::from_level(level.saturating_sub(1)),
        None => Severity::from_score(score.unwrap_or_default()),
    };
    let open = matches!(found.text("VULN_STATUS"), "Active" | "Re-Opened" | "New" | "");
    let number = id.trim_start_matches("qid_");
    let html = |name: &str| text::some(&text::without_html(details.text(name)));
    Finding {
        rule: text::some(number),
        cve: details.list("CVE_ID_LIST/CVE_ID").flat_map(|cve| text::cves(cve.text("ID"))).collect(),
        cvss: Cvss::of(vector, score),
        location: Some(Location::host(host, found.text("PORT").parse().ok(), found.opt("PROTOCOL"))),
        description: html("THREAT"),
        evidence: found.opt("RESULT"),
        remediation: html("SOLUTION"),
        references: details.list("CVE_ID_LIST/CVE_ID").filter_map(|cve| cve.opt("URL")).collect(),
        status: if open { Status::Open } else { Status::Fixed },
        ..Finding::new(format!("QID-{number} | {}", details.text("TITLE")), severity)
    }
}

/// An entry of the scan report, where each stands by itself.
fn old(found: &Node, host: &str, out: &mut Out<'_>) -> Result<(), Error> {
    let score = found.num("CVSS_BASE");
    let severity = match score.filter(|score| *score > 0.0) {
        Some(score) => Severity::from_score(score),
        None => Severity::from_level(found.attr_int("severity").unwrap_or(1).saturating_sub(1)),
    };
    out.push(Finding {
        rule: text::some(found.attr("number")),
        cve: found.list("CVE_ID_LIST/CVE_ID").flat_map(|cve| text::cves(&cve.deep_text())).collect(),
        cvss: Cvss::of(None, score),
        location: Some(Location::host(host, None, None)),
        description: text::some(&text::without_html(found.text("DIAGNOSIS"))),
        evidence: found.opt("RESULT"),
        remediation: text::some(&text::without_html(found.text("SOLUTION"))),
        ..Finding::new(format!("QID-{} | {}", found.attr("number"), found.text("TITLE")), severity)
    })
}

/// Where the line of column names begins: reports may have lines about themselves before it.
fn header(text: &str) -> Option<usize> {
    let mut start = 0_usize;
    for line in text.split_inclusive('\n').take(30) {
        let names: Vec<String> = line.split([',', ';', '\t']).map(|name| table::column(name.trim().trim_matches(['"', '\u{feff}']))).collect();
        let has = |name: &str| names.iter().any(|known| known == name);
        if has("qid") && ((has("title") && (has("threat") || has("severity"))) || has("vuln title")) {
            return Some(start);
        }
        start = start.saturating_add(line.len());
    }
    None
}

/// Each row of some exports is one cell that holds the row.
fn unfolded(text: &str) -> Result<Option<String>, Error> {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut plain = String::new();
    for row in rows.records() {
        let row = row?;
        if row.len() != 1 {
            return Ok(None);
        }
        plain.push_str(row.get(0).unwrap_or_default());
        plain.push('\n');
    }
    Ok(Some(plain))
}

fn read_table(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let whole = input.whole()?;
    let body = header(whole).and_then(|start| whole.get(start..)).unwrap_or(whole);
    let unfolded = if body.starts_with('"') { unfolded(body)? } else { None };
    let body = unfolded.as_deref().unwrap_or(body);
    let mut table = Table::new(Box::new(body.as_bytes()))?;
    while let Some(row) = table.next()? {
        let Some(title) = row.first(&["Title", "VULN TITLE"]).filter(|title| title != "Title") else { continue };
        let (word, level) = (row.get("Severity"), row.get("Q_SEVERITY"));
        let severity = match (level, word.parse::<i64>()) {
            ("1" | "2", _) => Severity::Low,
            ("3", _) => Severity::Medium,
            ("4" | "5", _) => Severity::High,
            (_, Ok(level)) => Severity::from_level(level.saturating_sub(1)),
            (_, Err(_)) => Severity::word(word),
        };
        let base = row.first(&["CVSS3.1 Base", "CVSS3 Base"]).unwrap_or_default();
        let vector = base.split_once('(').and_then(|(_, tail)| text::some(tail.trim_end_matches(')')));
        let host = row.first(&["FQDN", "DNS", "HOSTNAME", "IP", "Asset IPV4", "Asset IPV6", "Asset Name"]).unwrap_or_default();
        let open = matches!(
            row.first(&["Vuln Status", "Status"]).unwrap_or_default().to_ascii_lowercase().as_str(),
            "active" | "re-opened" | "reopened" | "new" | ""
        );
        // In exports of assets each row stands by itself.
        let single = row.has("Asset IPV4") || row.has("Asset Name");
        let title = if single { title } else { format!("QID-{} | {title}", row.get("QID")) };
        let finding = Finding {
            rule: row.opt("QID"),
            cve: text::cves(&row.first(&["CVE ID", "CVEID", "CVE"]).unwrap_or_default()),
            cvss: Cvss::of(vector, text::number(&base)),
            location: Some(Location::host(host, row.get("Port").parse().ok(), row.opt("Protocol"))),
            description: row.opt("Threat"),
            evidence: row.first(&["Results", "RESULT"]),
            remediation: row.opt("Solution"),
            status: if open { Status::Open } else { Status::Fixed },
            ..Finding::new(title, severity)
        };
        if single { out.push(finding)? } else { out.merge(row.get("QID"), finding)? }
    }
    out.flush()
}
