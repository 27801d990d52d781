//! OWASP Dependency-Track, finding packaging format (JSON): one finding for each entry.
//!
//! Unassigned severities are info; suppressed, false, resolved and not affected entries keep that as their status.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "dependency_track",
    title: "OWASP Dependency-Track findings (JSON)",
    aliases: &["owasp_dependency_track", "dependency_track_fpf"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.value("meta.application") == "Dependency-Track" {
        100
    } else if probe.has_all(&["findings[].component", "findings[].vulnerability", "findings[].matrix"]) {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("OWASP Dependency-Track", report.opt("meta/version").as_deref());
    report.list("findings").iter().try_for_each(|item| out.push(finding(item)))
}

fn finding(item: &Value) -> Finding {
    let of = |name: &str| item.opt(&format!("vulnerability/{name}"));
    let id = of("vulnId").unwrap_or_default();
    let name = [item.opt("component/group"), item.opt("component/name")].into_iter().flatten().collect::<Vec<_>>().join("/");
    let short = item.text("component/name");
    let version = item.opt("component/version");
    let aliases = item.list("vulnerability/aliases").iter();
    let names = ["cveId", "sonatypeId", "ghsaId", "osvId", "snykId", "gsdId", "vulnDbId"];
    let aliases: Vec<&str> = aliases.flat_map(|alias| names.map(|name| alias.text(name))).filter(|id| !id.is_empty()).collect();
    let (cve, ids) = text::split_ids(std::iter::once(id.as_str()).chain(aliases));
    let mut cwe: Vec<u32> = item.list("vulnerability/cwes").iter().filter_map(|one| u32::try_from(one.int("cweId")?).ok()).collect();
    if cwe.is_empty() {
        cwe.push(item.int("vulnerability/cweId").and_then(|cwe| u32::try_from(cwe).ok()).unwrap_or(1035));
    }
    let detail = item.first(&["analysis/detail", "analysis/analysisDetails"]);
    let status = match item.text("analysis/state") {
        "FALSE_POSITIVE" => Status::FalsePositive,
        "RESOLVED" => Status::Fixed,
        "NOT_AFFECTED" => Status::Suppressed(detail.or_else(|| Some("not affected".to_owned()))),
        _ if item.flag("analysis/isSuppressed") => Status::Suppressed(detail),
        _ => Status::Open,
    };
    let score = item.num("vulnerability/cvssV3BaseScore").or_else(|| item.num("vulnerability/cvssV2BaseScore"));
    Finding {
        rule: text::some(&id),
        cve,
        ids,
        cwe,
        cvss: Cvss::of(of("cvssV3Vector").or_else(|| of("cvssV2Vector")), score),
        component: Some(Component { purl: item.opt("component/purl"), ..Component::new(name, version.clone()) }),
        description: of("description").or_else(|| of("title")),
        remediation: of("recommendation"),
        references: of("references").into_iter().collect(),
        status,
        ..Finding::new(
            format!("{short}:{} affected by: {id} ({})", version.unwrap_or_default(), of("source").unwrap_or_default()),
            Severity::word(item.text("vulnerability/severity")),
        )
    }
}
