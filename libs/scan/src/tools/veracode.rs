//! Veracode: detailed report (XML 1.5) and findings of its REST interface (JSON).
//!
//! XML: one finding for each issue number, and one for each vulnerability of a component. JSON: one for each entry of
//! a static, dynamic or component scan that is not closed. Severity 5 is critical, 4 high, 3 medium, 2 low, else info.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::xml::Node;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "veracode", title: "Veracode (XML, JSON)", aliases: &["veracode_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("detailedreport") {
        99
    } else if probe.has_all(&["findings[].finding_details", "findings[].scan_type"])
        || probe.has("_embedded.findings[].finding_details")
    {
        97
    } else {
        0
    }
}

fn severity(level: i64) -> Severity {
    Severity::from_level(level.saturating_sub(1))
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Veracode", None);
    if Probe::new(input.head()?).shape != Shape::Xml {
        let report = input.json()?;
        for items in [report.list("findings"), report.list("_embedded/findings")] {
            items.iter().try_for_each(|item| entry(item, out))?;
        }
        return Ok(());
    }
    let mut xml = input.xml()?;
    while let Some(node) = xml.next(&["category", "component"])? {
        if node.name == "component" {
            for item in node.list("vulnerabilities/vulnerability") {
                out.push(vulnerability(&node, item))?;
            }
            continue;
        }
        let advice = node.child("recommendations").map(advice);
        for weakness in node.list("cwe") {
            for kind in ["staticflaws", "dynamicflaws", "manualflaws"] {
                for item in weakness.child(kind).into_iter().flat_map(|flaws| &flaws.children) {
                    if item.name == "flaw" {
                        out.merge(item.attr("issueid"), flaw(item, advice.clone()))?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn advice(node: &Node) -> String {
    let mut lines = Vec::new();
    for paragraph in node.list("para") {
        lines.push(paragraph.attr("text").to_owned());
        lines.extend(paragraph.list("bulletitem").map(|item| format!("* {}", item.attr("text"))));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

fn flaw(item: &Node, remediation: Option<String>) -> Finding {
    let lower = |name: &str| item.attr(name).to_lowercase();
    let line: Option<u32> = item.attr("line").parse().ok();
    // The line is that of the function; the relative location is a percentage or a count of lines, as the tool has it.
    let line = line.map(|line| line.saturating_add(item.attr("functionrelativelocation").parse().unwrap_or(0)));
    let mut status = Status::Open;
    if lower("mitigation_status") == "accepted" {
        let why = item.list("mitigations/mitigation").last().map(|one| format!("{}: {}", one.attr("action"), one.attr("description")));
        let remediation = lower("remediation_status");
        status = if remediation.replace(' ', "").contains("falsepositive") {
            Status::FalsePositive
        } else if remediation == "fixed" {
            Status::Fixed
        } else {
            Status::Suppressed(why)
        };
    } else if lower("remediation_status") == "fixed" {
        status = Status::Fixed;
    }
    let file = format!("{}{}", item.attr("sourcefilepath"), item.attr("sourcefile"));
    let location = text::some(item.attr("url")).map(Location::url).unwrap_or_else(|| Location {
        logical: text::some(item.attr("functionprototype")),
        ..Location::file(text::path(&file), line)
    });
    Finding {
        rule: text::some(item.attr("type")).or_else(|| text::some(item.attr("cweid"))),
        cwe: text::cwe_field(item.attr("cweid")),
        location: Some(Location { parameter: text::some(item.attr("vuln_parameter")), ..location }),
        description: text::some(item.attr("description")),
        remediation,
        status,
        ..Finding::new(item.attr("categoryname"), severity(item.attr_int("severity").unwrap_or(0)))
    }
}

fn vulnerability(component: &Node, item: &Node) -> Finding {
    let library_id = component.attr("library_id");
    let library = match library_id.strip_prefix("maven:").and_then(|rest| rest.split(':').nth(1)) {
        Some(name) => name,
        None => component.attr("library"),
    };
    let version = component.attr("version");
    let set_aside = item.attr("mitigation").eq_ignore_ascii_case("true");
    let why = item.list("mitigations/mitigation").last().map(|one| format!("{}: {}", one.attr("action"), one.attr("description")));
    let (cve, ids) = text::split_ids([item.attr("cve_id")]);
    Finding {
        rule: text::some(item.attr("cve_id")),
        cve,
        ids,
        cwe: text::cwe_field(item.attr("cwe_id")),
        cvss: Cvss::of(None, text::number(item.attr("cvss_score"))),
        location: component.child("file_paths/file_path").map(|path| Location::file(text::path(path.attr("value")), None)),
        component: Some(Component::new(library, text::some(version))),
        description: text::some(item.attr("cve_summary")),
        status: if set_aside { Status::Suppressed(why) } else { Status::Open },
        ..Finding::new(
            format!("Vulnerable component: {library}:{version}"),
            severity(item.attr_int("severity").unwrap_or(0)),
        )
    }
}

fn entry(item: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let kind = item.text("scan_type");
    if item.text("finding_status/status") == "CLOSED" {
        out.leave_out("closed findings");
        return Ok(());
    }
    if !["STATIC", "DYNAMIC", "SCA"].contains(&kind) {
        out.leave_out(&format!("findings of the scan type {kind}"));
        return Ok(());
    }
    let detail = |path: &str| item.opt(&format!("finding_details/{path}"));
    let version = detail("version");
    let cve = detail("cve/name").unwrap_or_default();
    let library = detail("component_filename").map(|name| without_version(&name, version.as_deref().unwrap_or_default()));
    let names = if kind == "SCA" { [detail("cwe/name"), None] } else { [detail("finding_category/name"), detail("cwe/name")] };
    let title = names.into_iter().flatten().next();
    let title = title.or_else(|| library.as_ref().map(|library| format!("{library} - {cve}")));
    let location = match kind {
        "STATIC" => detail("file_path").map(|file| Location {
            logical: detail("procedure"),
            ..Location::file(text::path(&file), item.line("finding_details/file_line_number"))
        }),
        "DYNAMIC" => detail("url")
            .map(Location::url)
            .or_else(|| detail("hostname").map(|host| Location::host(host, detail("port").and_then(|port| port.parse().ok()), None)))
            .map(|location| Location { parameter: detail("vulnerable_parameter"), ..location }),
        _ => detail("component_path/0/path").map(|path| Location::file(text::path(&path), None)),
    };
    let vector = detail("cve/cvss3/vector").or_else(|| detail("cvss"));
    let vector = vector.map(|vector| if vector.starts_with("AV:") { format!("CVSS:3.1/{vector}") } else { vector });
    let score = item.num("finding_details/cve/cvss3/score").or_else(|| item.num("finding_details/cvss"));
    let (cves, ids) = text::split_ids([cve.as_str()]);
    let level = item.int("finding_details/severity").unwrap_or(1);
    out.push(Finding {
        rule: detail("finding_category/id").or_else(|| text::some(&cve)).or_else(|| detail("cwe/id")),
        cve: cves,
        ids,
        cwe: text::cwe_field(&detail("cwe/id").unwrap_or_default()),
        cvss: Cvss::of(vector, score),
        location,
        component: library.map(|library| Component::new(library, version)),
        description: item.opt("description").map(|text| text::without_html(&text)),
        occurrences: item.int("count").and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
        ..Finding::new(title.unwrap_or_else(|| format!("{kind} Finding")), severity(level))
    })
}

/// The name of a library from that of its file.
fn without_version(file: &str, version: &str) -> String {
    if version.is_empty() {
        return file.to_owned();
    }
    let name = file.replace(version, "").replace("-.", ".").replace("_.", ".");
    name.trim_end_matches(['-', '_']).to_owned()
}
