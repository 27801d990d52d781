//! Prisma Cloud Compute (Twistlock): twistcli JSON of images and repositories, and CSV of images and hosts.
//!
//! JSON: one finding for each vulnerability, package, version and severity, and one for each failed compliance check.
//! CSV: rows that are equal but for their place are one finding.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::probe::Shape;
use crate::table::Row;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "twistlock",
    title: "Prisma Cloud Compute, Twistlock (JSON, CSV)",
    aliases: &["twistlock_image_scan", "prisma", "prisma_cloud", "twistcli"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let image = ["results[].vulnerabilityDistribution", "results[].complianceDistribution", "results[].packages"];
    if image.iter().any(|path| probe.has(path)) || probe.has_all(&["repository", "vulnerabilityDistribution"]) {
        96
    } else if probe.has("results[].vulnerabilities[].packageName") || probe.has("results[].compliances") {
        92
    } else if probe.columns(&["CVE ID", "Compliance ID", "Severity", "Packages"]) {
        97
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Prisma Cloud Compute", None);
    if Probe::new(input.head()?).shape == Shape::Table {
        let mut table = input.table()?;
        while let Some(row) = table.next()? {
            let finding = line(&row);
            out.merge(format!("{}|{}|{}", finding.severity.name(), finding.title, row.get("Description")), finding)?;
        }
        return Ok(());
    }
    let report = input.json()?;
    scan(&report, out)?;
    report.list("results").iter().try_for_each(|one| scan(one, out))
}

fn scan(one: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let image = one.first(&["name", "repository", "id"]);
    for item in one.list("vulnerabilities") {
        let (id, name, version) = (item.text("id"), item.text("packageName"), item.text("packageVersion"));
        let (cve, ids) = text::split_ids([id]);
        let status = item.opt("status");
        let fixed = status.as_deref().and_then(|status| status.strip_prefix("fixed in ")).map(str::to_owned);
        out.merge(format!("{id}\n{name}\n{version}\n{}", item.text("severity")), Finding {
            rule: text::some(id),
            cve,
            ids,
            cvss: Cvss::of(item.opt("vector"), item.num("cvss")),
            location: image.clone().map(Location::image),
            component: Some(Component { fixed_in: fixed, ..Component::new(name, text::some(version)) }),
            description: item.opt("description"),
            remediation: status,
            references: item.opt("link").into_iter().collect(),
            ..Finding::new(format!("{id}: {name} - {version}"), Severity::word(item.text("severity")))
        })?;
    }
    for item in one.list("compliances").iter().chain(one.list("complianceIssues")) {
        let title = item.text("title");
        out.merge(format!("compliance\n{}\n{title}", item.opt("id").unwrap_or_default()), Finding {
            rule: item.opt("id"),
            location: image.clone().map(Location::image),
            description: item.opt("description"),
            evidence: item.opt("cause"),
            ..Finding::new(title, Severity::word(item.text("severity")))
        })?;
    }
    Ok(())
}

fn line(row: &Row<'_>) -> Finding {
    let (id, name, version) = (row.get("CVE ID"), row.get("Packages"), row.get("Package Version"));
    let place = row.opt("Hostname").map(|host| Location::host(host, None, None)).or_else(|| {
        let image = [row.get("Registry"), row.get("Repository")].join("/");
        text::some(image.trim_matches('/')).map(|image| Location::image(format!("{image}:{}", row.get("Tag"))))
    });
    let title = if id.is_empty() { row.get("Description").to_owned() } else { format!("{id}: {name} - {version}") };
    let (cve, ids) = text::split_ids([id]);
    Finding {
        rule: text::some(id).or_else(|| row.opt("Compliance ID")),
        cve,
        ids,
        cvss: Cvss::of(None, row.num("CVSS").filter(|score| *score > 0.0)),
        location: place,
        component: text::some(name).map(|name| Component::new(name, text::some(version))),
        description: row.opt("Description"),
        evidence: row.opt("Cause"),
        remediation: row.opt("Fix Status"),
        references: row.opt("Vulnerability Link").into_iter().collect(),
        ..Finding::new(title, Severity::word(row.get("Severity")))
    }
}
