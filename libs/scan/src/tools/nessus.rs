//! Nessus, Tenable.io, Tenable.sc and Tenable WAS: `.nessus` version 2 (XML) and CSV exports.
//!
//! XML: entries of one plugin and severity are one finding, their hosts its places. CSV: rows of the same name,
//! severity, host, port and synopsis are one finding. The severity of an XML entry follows its CVSS v3 base score
//! where it has one (the cut between low and medium is at 5, as the importer that the lists come from has it).

use super::Tool;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::table::Row;
use crate::xml::Node;
use crate::{Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "nessus",
    title: "Nessus and Tenable (.nessus, CSV)",
    aliases: &["tenable", "tenable_scan", "nessus_was"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("NessusClientData_v2") {
        100
    } else if probe.columns(&["Plugin ID", "Risk", "Host"])
        || probe.columns(&["Plugin", "Plugin Name", "Severity"])
        || probe.columns(&["definition.id", "definition.name"])
        || probe.columns(&["asset.name", "severity", "definition.synopsis"])
    {
        95
    } else if probe.root_is("NessusClientData") {
        40
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Nessus", None);
    if Probe::new(input.head()?).shape == Shape::Xml {
        read_xml(input, out)
    } else {
        read_table(input, out)
    }
}

fn read_xml(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut xml = input.xml()?;
    let mut fqdn = None;
    while let Some(node) = xml.next(&["HostProperties", "ReportItem"])? {
        if node.name == "HostProperties" {
            fqdn = node.list("tag").find(|tag| tag.attr("name") == "host-fqdn").and_then(|tag| text::some(&tag.text));
            continue;
        }
        let host = fqdn.clone().unwrap_or_else(|| xml.around("ReportHost", "name").to_owned());
        let finding = item(&node, &host);
        out.merge(format!("{}{}", finding.severity.name(), node.attr("pluginName")), finding)?;
    }
    Ok(())
}

fn item(node: &Node, host: &str) -> Finding {
    let score = node.num("cvss3_base_score");
    let severity = match score {
        Some(score) if (4.0..5.0).contains(&score) => Severity::Low,
        Some(score) => Severity::from_score(score),
        None => Severity::from_level(node.attr_int("severity").unwrap_or_default()),
    };
    let vector = node.opt("cvss3_vector").map(|vector| versioned(&vector)).or_else(|| node.opt("cvss_vector"));
    let protocol = text::some(node.attr("protocol"));
    let port = node.attr("port").parse().ok();
    let location = if host.contains("://") { Location::url(host) } else { Location::host(host, port, protocol) };
    let references = node.list("see_also").flat_map(|see| see.text.split_whitespace()).map(str::to_owned);
    Finding {
        rule: text::some(node.attr("pluginID")),
        cve: node.list("cve").flat_map(|cve| text::cves(&cve.text)).collect(),
        cwe: node.list("cwe").flat_map(|cwe| text::cwe_field(&cwe.text)).collect(),
        cvss: Cvss::of(vector, score.or_else(|| node.num("cvss_base_score"))),
        location: Some(location),
        description: node.first(&["description", "synopsis"]),
        evidence: node.opt("plugin_output"),
        remediation: node.opt("solution"),
        references: references.chain(node.list("xref").filter_map(|xref| text::some(&xref.text))).collect(),
        ..Finding::new(node.attr("pluginName"), severity)
    }
}

fn versioned(vector: &str) -> String {
    if vector.starts_with("CVSS:") { vector.to_owned() } else { format!("CVSS:3.0/{vector}") }
}

fn read_table(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let title = row.first(&["Name", "Plugin Name", "definition.name", "asset.name"]);
        let Some(title) = title else { continue };
        let finding = entry(&row, title);
        let host = row.first(&["Host", "asset.host_name"]).unwrap_or_default();
        let port = row.first(&["Port", "asset.port"]).unwrap_or_default();
        let synopsis = row.first(&["Synopsis", "definition.synopsis"]).unwrap_or_default();
        out.merge(format!("{}\n{}\n{host}\n{port}\n{synopsis}", finding.severity.name(), finding.title), finding)?;
    }
    Ok(())
}

fn entry(row: &Row<'_>, title: String) -> Finding {
    let word = row.first(&["Risk", "severity"]).unwrap_or_default();
    let severity = word.parse().map_or_else(|_| Severity::word(&word), Severity::from_level);
    let host = row.first(&["Host", "asset.host_name", "DNS Name", "IP Address"]).unwrap_or_default();
    let port = row.first(&["Port", "asset.port"]).and_then(|port| port.parse().ok());
    let protocol = row.opt("Protocol").map(|protocol| protocol.to_lowercase());
    let location = if host.contains("://") { Location::url(host) } else { Location::host(host, port, protocol) };
    let vector = row.first(&["CVSS V3 Vector", "CVSS3 Vector", "definition.cvss3.base_vector"]);
    let score = ["CVSSv3", "CVSS V3 Base Score", "CVSS3 Base Score", "CVSS v3.0 Base Score", "definition.cvss3.base_score"];
    Finding {
        rule: row.first(&["Plugin ID", "Plugin", "definition.id"]),
        cve: text::cves(&row.first(&["CVE", "definition.cve"]).unwrap_or_default()),
        cvss: Cvss::of(vector.map(|vector| versioned(&vector)), score.iter().find_map(|name| row.num(name))),
        location: Some(location),
        description: row.first(&["Description", "definition.description", "Synopsis", "definition.synopsis"]),
        evidence: row.first(&["Plugin Output", "output"]),
        remediation: row.first(&["Solution", "Steps to Remediate", "definition.solution"]),
        references: row
            .first(&["See Also", "definition.see_also"])
            .map(|text| text.split_whitespace().map(str::to_owned).collect())
            .unwrap_or_default(),
        ..Finding::new(title, severity)
    }
}
