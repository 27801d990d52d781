//! OpenVAS and Greenbone, XML and CSV: one finding for each result; equal rows of a table are one.

use super::Tool;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::xml::Node;
use crate::{Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "openvas",
    title: "OpenVAS and Greenbone (XML, CSV)",
    aliases: &["greenbone", "gvm", "openvas_parser", "openvas_parser_v2"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["NVT Name", "NVT OID"]) {
        return 99;
    }
    let reply = probe.root_is("get_reports_response") || probe.root_is("get_results_response");
    let report = probe.root_is("report") && (probe.element("report") || probe.element("results"));
    let marks = ["gmp", "nvt", "omp", "scan_run_status", "report_format"].iter().any(|name| probe.element(name));
    if reply || (report && marks) {
        95
    } else if report && !probe.root.attr("format_id").is_empty() {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("OpenVAS", None);
    if Probe::new(input.head()?).shape != Shape::Xml {
        return read_table(input, out);
    }
    let mut xml = input.xml()?;
    while let Some(node) = xml.next(&["result"])? {
        if xml.within("results").is_some() || xml.within("get_results_response").is_some() {
            out.push(result(&node))?;
        }
    }
    Ok(())
}

fn result(node: &Node) -> Finding {
    let (port, protocol) = node.text("port").split_once('/').unwrap_or((node.text("port"), ""));
    let tags = node.text("nvt/tags");
    let tag = |name: &str| {
        let found = tags.split('|').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        found.and_then(text::some)
    };
    let refs = |cve: bool| {
        let list = node.list("nvt/refs/ref").filter(move |entry| entry.attr("type").eq_ignore_ascii_case("cve") == cve);
        list.filter_map(|entry| text::some(entry.attr("id")))
    };
    let mut cve: Vec<String> = refs(true).collect();
    cve.extend(text::cves(node.text("nvt/cve")));
    cve.extend(text::cves(node.child("nvt").map(|nvt| nvt.attr("oid")).unwrap_or_default()));
    cve.dedup();
    let score = node.num("severity").or_else(|| node.num("nvt/cvss_base"));
    let word = node.text("threat");
    let severity =
        if word.is_empty() { Severity::from_score(score.unwrap_or_default()) } else { Severity::word(word) };
    Finding {
        rule: node.child("nvt").and_then(|nvt| text::some(nvt.attr("oid"))),
        cve,
        cvss: Cvss::of(tag("cvss_base_vector").or_else(|| node.opt("nvt/severities/severity/value")), score),
        location: Some(Location::host(node.text("host"), port.parse().ok(), text::some(protocol))),
        description: tag("summary").or_else(|| node.opt("description")),
        evidence: node.opt("description"),
        remediation: node.opt("nvt/solution").or_else(|| tag("solution")),
        references: refs(false).collect(),
        ..Finding::new(node.first(&["nvt/name", "name"]).unwrap_or_default(), severity)
    }
}

fn read_table(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let host = row.first(&["Hostname", "IP"]).unwrap_or_default();
        let severity = match row.get("Severity") {
            "Critical" => Severity::Critical,
            "High" => Severity::High,
            "Medium" => Severity::Medium,
            "Low" => Severity::Low,
            _ => Severity::Info,
        };
        let key = ["Port", "Port Protocol", "NVT Name", "Summary", "IP"].map(|name| row.get(name)).join("\n");
        let mut cve = text::cves(row.get("CVEs"));
        cve.extend(text::cves(row.get("NVT OID")));
        cve.dedup();
        out.merge(format!("{host}\n{}\n{key}", severity.name()), Finding {
            rule: row.opt("NVT OID"),
            cve,
            cwe: text::cwe_field(row.get("CWEID")),
            cvss: Cvss::of(None, row.num("CVSS")),
            location: Some(Location::host(host, row.get("Port").parse().ok(), row.opt("Port Protocol"))),
            description: row.opt("Summary"),
            evidence: row.opt("Specific Result"),
            remediation: row.opt("Solution"),
            references: row.get("Other References").split(',').filter_map(text::some).collect(),
            ..Finding::new(row.get("NVT Name"), severity)
        })?;
    }
    out.flush()
}
