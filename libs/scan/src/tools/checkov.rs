//! Checkov, JSON: one report or an array of them; one finding for each failed check.
//!
//! The severity is there only with a platform key; without it every finding is medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "checkov", title: "Checkov (JSON)", aliases: &["checkov_scan", "bridgecrew"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["check_type", "results"]) || probe.item(&["results.failed_checks"]) {
        97
    } else if probe.item(&["checkov_version"]) {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    input.each_json(|report| {
        out.scanner("Checkov", report.first(&["summary/checkov_version", "checkov_version"]).as_deref());
        for _ in report.list("results/passed_checks") {
            out.leave_out("passed checks");
        }
        for _ in report.list("results/skipped_checks") {
            out.leave_out("skipped checks");
        }
        for file in report.texts("results/parsing_errors").into_iter().take(50) {
            out.warn(format!("Checkov could not parse {file}"));
        }
        for item in report.list("results/failed_checks") {
            let package = item.at("vulnerability_details");
            let (cve, ids) = text::split_ids(package.map(|package| package.text("id")));
            let severity = item.opt("severity").map_or(Severity::Medium, |word| Severity::word(&word));
            let code = item.list("code_block").iter().filter_map(|line| line.opt("1")).collect::<Vec<_>>();
            out.push(Finding {
                rule: item.opt("check_id"),
                cve,
                ids,
                location: Some(Location {
                    end_line: item.line("file_line_range/1"),
                    resource: item.opt("resource"),
                    ..Location::file(text::path(item.text("file_path")), item.line("file_line_range/0"))
                }),
                component: package.and_then(|package| {
                    let name = package.opt("package_name")?;
                    Some(Component { fixed_in: package.opt("lowest_fixed_version"), ..Component::new(name, package.opt("package_version")) })
                }),
                description: Some(format!(
                    "{} check {}: {}",
                    report.text("check_type"), item.text("check_id"),
                    item.first(&["description", "short_description", "check_name"]).unwrap_or_default()
                )),
                evidence: text::some(&code.join("\n")),
                references: item.opt("guideline").into_iter().collect(),
                ..Finding::new(item.opt("check_name").unwrap_or_else(|| item.text("check_id").to_owned()), severity)
            })?;
        }
        Ok(())
    })
}
