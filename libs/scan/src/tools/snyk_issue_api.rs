//! Snyk issues, JSON of its REST interface: one finding for each issue of code or package; ignored and resolved ones keep
//! that as their status.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "snyk_issue_api", title: "Snyk issues of the REST interface (JSON)", aliases: &["snyk_issue_api_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["jsonapi", "data[].attributes.effective_severity_level"]) {
        98
    } else if probe.has_all(&["jsonapi", "data"]) {
        70
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Snyk", None);
    for issue in report.list("data") {
        let Some(item) = issue.at("attributes") else { continue };
        let kind = item.text("type");
        if !["code", "package_vulnerability"].contains(&kind) {
            out.leave_out(&format!("entries of the type {kind}"));
            continue;
        }
        let (cve, ids) = text::split_ids(item.list("problems").iter().map(|problem| problem.text("id")));
        let parts: Vec<_> = item.list("coordinates").iter().flat_map(|one| one.list("representations")).collect();
        let place = parts.iter().find_map(|part| part.at("sourceLocation"));
        let package = parts.iter().find_map(|part| part.at("dependency"));
        let rating = item.list("severities").iter().find(|one| one.at("vector").is_some());
        let status = if item.text("status") == "resolved" {
            Status::Fixed
        } else if item.flag("ignored") {
            Status::Suppressed(None)
        } else {
            Status::Open
        };
        out.push(Finding {
            rule: item.opt("key"),
            cve,
            ids,
            cwe: item.list("classes").iter().flat_map(|one| text::cwe_field(one.text("id"))).collect(),
            cvss: rating.and_then(|rating| Cvss::of(rating.opt("vector"), rating.num("score"))),
            location: place.map(|place| Location {
                column: place.line("region/start/column"),
                end_line: place.line("region/end/line"),
                ..Location::file(place.text("file"), place.line("region/start/line"))
            }),
            component: package.map(|package| Component::new(package.text("package_name"), package.opt("package_version"))),
            description: item.first(&["description", "title"]),
            references: item.list("problems").iter().filter_map(|problem| problem.opt("url")).collect(),
            anchor: item.opt("key_asset"),
            status,
            ..Finding::new(item.text("title"), Severity::word(item.text("effective_severity_level")))
        })?;
    }
    Ok(())
}
