//! Sysdig vulnerability reports and results of its command line, CSV and JSON: one finding for each row.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::table::Row;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "sysdig",
    title: "Sysdig (CSV, JSON)",
    aliases: &["sysdig_reports", "sysdig_cli", "sysdig_vulnerability_report", "sysdig_cli_report"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Vulnerability ID", "Package name", "Package version", "CVSS version"])
        || probe.columns(&["CVE ID", "CVE Severity", "Package name", "Package version"])
        || probe.has_all(&["data[].vulnName", "data[].packageName"])
        || probe.has_all(&["result.packages[].vulns", "result.packages[].name"])
    {
        97
    } else if probe.has_all(&["result.packages", "result.policyEvaluations"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Sysdig", None);
    if Probe::new(input.head()?).shape == Shape::Table {
        let mut table = input.table()?;
        while let Some(row) = table.next()? {
            out.push(line(&row))?;
        }
        return Ok(());
    }
    let report = input.json()?;
    for item in report.list("data") {
        out.push(entry(item))?;
    }
    let image = report.first(&["result/metadata/pullString", "result/metadata/imageId"]);
    for package in report.list("result/packages") {
        for item in package.list("vulns") {
            out.push(vulnerability(package, item, image.as_deref()))?;
        }
    }
    Ok(())
}

fn line(row: &Row<'_>) -> Finding {
    let id = row.first(&["Vulnerability ID", "CVE ID"]).unwrap_or_default();
    let name = row.get("Package name");
    let (cve, ids) = text::split_ids([id.as_str()]);
    let cluster: Vec<&str> = ["K8S cluster name", "K8S namespace name", "K8S workload name"]
        .iter()
        .map(|column| row.get(column))
        .filter(|part| !part.is_empty())
        .collect();
    let accepted = row.get("Risk accepted").eq_ignore_ascii_case("true");
    Finding {
        rule: text::some(&id),
        cve,
        ids,
        cvss: Cvss::of(row.opt("CVSS vector"), row.num("CVSS score")),
        location: Some(Location {
            file: row.opt("Package path"),
            image: row.opt("Image"),
            resource: text::some(&cluster.join("/")),
            ..Location::default()
        }),
        component: Some(Component { fixed_in: row.first(&["Fix version", "Package suggested fix"]), ..Component::new(name, row.opt("Package version")) }),
        description: row.first(&["Vulnerability description", "CVE description"]),
        references: row.first(&["Vuln link", "CVE URL"]).into_iter().collect(),
        status: if accepted { Status::Suppressed(Some("risk accepted".to_owned())) } else { Status::Open },
        ..Finding::new(format!("{id} - {name}"), Severity::word(&row.first(&["Severity", "CVE severity"]).unwrap_or_default()))
    }
}

fn entry(item: &Value) -> Finding {
    let (id, name) = (item.text("vulnName"), item.text("packageName"));
    let (cve, ids) = text::split_ids([id]);
    let cluster: Vec<&str> = ["k8sClusterName", "k8sNamespaceName", "k8sWorkloadName"]
        .iter()
        .map(|path| item.text(path))
        .filter(|part| !part.is_empty())
        .collect();
    Finding {
        rule: text::some(id),
        cve,
        ids,
        cvss: Cvss::of(item.opt("vulnCvssVector"), item.num("vulnCvssScore")),
        location: Some(Location {
            file: item.opt("packagePath"),
            image: item.opt("imagePullString"),
            resource: text::some(&cluster.join("/")),
            ..Location::default()
        }),
        component: Some(Component { fixed_in: item.opt("vulnFixVersion"), ..Component::new(name, item.opt("packageVersion")) }),
        references: item.opt("vulnLink").into_iter().collect(),
        ..Finding::new(format!("{id}_{}", item.text("vulnFixVersion")), Severity::word(item.text("vulnSeverity")))
    }
}

fn vulnerability(package: &Value, item: &Value, image: Option<&str>) -> Finding {
    let (id, name) = (item.text("name"), package.text("name"));
    let (cve, ids) = text::split_ids([id]);
    let fixed = item.opt("fixedInVersion");
    Finding {
        rule: text::some(id),
        cve,
        ids,
        cvss: Cvss::of(item.opt("cvssScore/value/vector"), item.num("cvssScore/value/score")),
        location: Some(Location { file: package.opt("path"), image: image.map(str::to_owned), ..Location::default() }),
        component: Some(Component { fixed_in: fixed.clone(), ..Component::new(name, package.opt("version")) }),
        remediation: package.opt("suggestedFix"),
        ..Finding::new(
            format!("{id} - {name} - {}", fixed.unwrap_or_default()),
            Severity::word(&item.first(&["severity/value", "severity"]).unwrap_or_default()),
        )
    }
}
