//! Deepfence ThreatMapper, CSV of malware, secrets, vulnerabilities and compliance: one finding for each row.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "deepfence_threatmapper",
    title: "Deepfence ThreatMapper (CSV)",
    aliases: &["threatmapper", "deepfence_threatmapper_report"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let kinds: [&[&str]; 4] = [
        &["Rule Name", "Class", "Node Name", "Severity"],
        &["Filename", "Content", "Node Name", "Severity"],
        &["cve_id", "cve_severity", "cve_attack_vector"],
        &["compliance_check_type", "test_number", "status"],
    ];
    if kinds.iter().any(|columns| probe.columns(columns)) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Deepfence ThreatMapper", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let resource = row.first(&["Node Name", "host_name", "node_name"]);
        let file = row.first(&["File Name", "Filename"]).map(|file| text::path(&file));
        let location = Some(Location {
            file,
            image: row.first(&["Container Name", "cve_container_image"]),
            resource,
            ..Location::default()
        });
        let finding = if row.has("cve_id") {
            let id = row.get("cve_id");
            let (cve, ids) = text::split_ids([id]);
            Finding {
                rule: text::some(id),
                cve,
                ids,
                cvss: Cvss::of(None, row.num("cve_cvss_score")),
                component: row.opt("cve_caused_by_package").map(|name| Component { fixed_in: row.opt("cve_fixed_in"), ..Component::new(name, None) }),
                description: row.opt("cve_description"),
                references: row.opt("cve_link").into_iter().collect(),
                ..Finding::new(format!("Threatmapper_Vuln_Report-{id}"), Severity::word(row.get("cve_severity")))
            }
        } else if row.has("compliance_check_type") {
            let warned = row.get("status").eq_ignore_ascii_case("warn");
            let passed = row.get("status").eq_ignore_ascii_case("pass");
            Finding {
                rule: row.opt("test_number"),
                description: row.first(&["test_desc", "test_info"]),
                status: if passed { Status::Fixed } else { Status::Open },
                ..Finding::new(
                    format!("Threatmapper_Compliance_Report-{}", row.get("test_number")),
                    if warned { Severity::Medium } else { Severity::Info },
                )
            }
        } else {
            let title = row.first(&["Rule Name", "Name"]).unwrap_or_default();
            Finding {
                rule: row.first(&["Rule Name", "Rule"]),
                description: row.first(&["Summary", "Class"]),
                ..Finding::new(title, Severity::word(row.get("Severity")))
            }
        };
        out.push(Finding { location, ..finding })?;
    }
    Ok(())
}
