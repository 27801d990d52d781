//! Checkmarx OSA, JSON with the lists of vulnerabilities and of libraries: one finding for each vulnerability.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool { name: "checkmarx_osa", title: "Checkmarx OSA (JSON)", aliases: &["cxosa"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["[][].cveName", "[][].state"]) || probe.has_all(&["[][].libraryId"]) {
        97
    } else if probe.head.chars().filter(|symbol| !symbol.is_whitespace()).eq("[[],[]]".chars()) {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Checkmarx OSA", None);
    for item in report.list("0") {
        let id = item.text("libraryId");
        if id.is_empty() {
            out.warn(format!("{} names no library", item.text("cveName")));
        }
        let library = report.list("1").iter().find(|one| one.text("id") == id);
        let name = library.map(|one| one.text("name")).unwrap_or_default();
        let version = library.and_then(|one| one.opt("version"));
        let (cve, ids) = text::split_ids([item.text("cveName")]);
        out.push(Finding {
            rule: item.opt("cveName"),
            cve,
            ids,
            cwe: vec![1035],
            cvss: Cvss::of(None, item.num("score")),
            component: Some(Component::new(name, version.clone())),
            description: item.opt("description"),
            remediation: item.opt("recommendations"),
            references: item.opt("url").into_iter().collect(),
            status: if item.text("state/name") == "NOT_EXPLOITABLE" { Status::FalsePositive } else { Status::Open },
            ..Finding::new(
                format!("{name} {} | {}", version.unwrap_or_default(), item.text("cveName")),
                Severity::word(item.text("severity/name")),
            )
        })?;
    }
    Ok(())
}
