//! Trivy, JSON: image, filesystem and cluster reports of schema 1 (an array) and 2.
//!
//! One finding for each vulnerability, failed misconfiguration, secret and licence; passed checks are left out. The
//! severity is the one Trivy chose (`Severity`), the score is that of the source it chose (`SeveritySource`).

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool { name: "trivy", title: "Trivy (JSON)", aliases: &["trivy_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let results = ["Results[].Target", "[].Target", "Resources[].Results[].Target", "Vulnerabilities[].Results[].Target", "Misconfigurations[].Results[].Target", "Findings[].Results[].Target"];
    if probe.has_all(&["SchemaVersion", "ArtifactName"]) {
        98
    } else if results.iter().any(|path| probe.has(path)) {
        90
    } else if probe.has("ClusterName") && (probe.has("Resources") || probe.has("Vulnerabilities") || probe.has("Findings")) {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Trivy", report.at("Trivy/Version").and_then(Value::as_str));
    let artifact = report.text("ArtifactName").to_owned();
    for results in [report.list(""), report.list("Results")] {
        for result in results {
            read_result(result, &artifact, out)?;
        }
    }
    for part in ["Vulnerabilities", "Misconfigurations", "Resources", "Findings"] {
        for resource in report.list(part) {
            let name = [resource.text("Namespace"), resource.text("Kind"), resource.text("Name")];
            let name: Vec<&str> = name.into_iter().filter(|text| !text.is_empty()).collect();
            for result in resource.list("Results") {
                read_result(result, &name.join("/"), out)?;
            }
        }
    }
    Ok(())
}

fn read_result(result: &Value, artifact: &str, out: &mut Out<'_>) -> Result<(), Error> {
    let target = result.text("Target");
    let place = || Location {
        image: text::some(artifact),
        ..Location::file(target, None)
    };
    for item in result.list("Vulnerabilities") {
        out.push(vulnerability(item, result, place()))?;
    }
    for item in result.list("Misconfigurations") {
        if item.text("Status").eq_ignore_ascii_case("PASS") {
            out.leave_out("passed checks");
            continue;
        }
        out.push(misconfiguration(item, place()))?;
    }
    for item in result.list("Secrets") {
        out.push(Finding {
            rule: item.opt("RuleID"),
            location: Some(Location { line: item.line("StartLine"), end_line: item.line("EndLine"), ..place() }),
            description: item.opt("Category"),
            evidence: item.opt("Match"),
            anchor: item.opt("Match"),
            cwe: vec![798],
            ..Finding::new(item.text("Title"), Severity::word(item.text("Severity")))
        })?;
    }
    for item in result.list("Licenses") {
        let name = item.text("Name");
        let package = item.first(&["PkgName", "FilePath"]).unwrap_or_default();
        out.push(Finding {
            rule: text::some(name),
            location: Some(place()),
            component: text::some(&package).map(|name| Component::new(name, None)),
            description: item.opt("Category"),
            ..Finding::new(format!("Licence {name} of {package}"), Severity::word(item.text("Severity")))
        })?;
    }
    Ok(())
}

fn vulnerability(item: &Value, result: &Value, place: Location) -> Finding {
    let id = item.text("VulnerabilityID");
    let (cve, ids) = text::split_ids(std::iter::once(id).chain(item.texts("VendorIDs")));
    let component = Component {
        purl: item.opt("PkgIdentifier/PURL"),
        fixed_in: item.opt("FixedVersion"),
        ..Component::new(item.text("PkgName"), item.opt("InstalledVersion"))
    };
    let source = item.text("SeveritySource");
    let score = item.at(&format!("CVSS/{source}")).or_else(|| item.at("CVSS/nvd")).or_else(|| item.entries("CVSS").map(|(_, value)| value).next());
    let cvss = score.and_then(|score| {
        ["V40", "V3", "V2"].iter().find_map(|version| {
            Cvss::of(score.opt(&format!("{version}Vector")), score.num(&format!("{version}Score")))
        })
    });
    let title = match item.opt("Title") {
        Some(title) => format!("{id} {}: {title}", component.name),
        None => format!("{id} {}", component.name),
    };
    Finding {
        rule: text::some(id),
        cve,
        ids,
        cwe: item.texts("CweIDs").into_iter().flat_map(text::cwe_field).collect(),
        cvss,
        location: Some(Location {
            file: item.opt("PkgPath").or(place.file),
            ..place
        }),
        remediation: component.fixed_in.as_ref().map(|version| format!("Update {} to {version}.", component.name)),
        anchor: result.opt("Type"),
        component: Some(component),
        description: item.opt("Description"),
        references: item.opt("PrimaryURL").into_iter().chain(item.texts("References").into_iter().map(str::to_owned)).collect(),
        status: if item.text("Status") == "fixed" && item.opt("FixedVersion").is_none() { Status::Fixed } else { Status::Open },
        ..Finding::new(title, Severity::word(item.text("Severity")))
    }
}

fn misconfiguration(item: &Value, place: Location) -> Finding {
    let id = item.text("ID");
    Finding {
        rule: text::some(id),
        location: Some(Location {
            line: item.line("CauseMetadata/StartLine"),
            end_line: item.line("CauseMetadata/EndLine"),
            resource: item.opt("CauseMetadata/Resource"),
            ..place
        }),
        description: item.first(&["Message", "Description"]),
        evidence: item.opt("Query"),
        remediation: item.opt("Resolution"),
        references: item.texts("References").into_iter().map(str::to_owned).collect(),
        status: if item.text("Status").eq_ignore_ascii_case("EXCEPTION") { Status::Suppressed(None) } else { Status::Open },
        ..Finding::new(format!("{id} - {}", item.text("Title")), Severity::word(item.text("Severity")))
    }
}
