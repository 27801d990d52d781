//! Retire.js, JSON: one finding for each vulnerability of a component in a file.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "retirejs", title: "Retire.js (JSON)", aliases: &["retire", "retire_js", "retire_js_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["data[].file", "data[].results"]) || probe.has_all(&["[].file", "[].results[].component"]) {
        96
    } else if probe.has_all(&["data", "messages", "errors", "time"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Retire.js", report.opt("version").as_deref());
    for node in report.list("data").iter().chain(report.list("")) {
        let file = node.text("file");
        for result in node.list("results") {
            let (name, version) = (result.text("component"), result.text("version"));
            for item in result.list("vulnerabilities") {
                let (cve, mut ids) = text::split_ids(item.texts("identifiers/CVE"));
                ids.extend(item.opt("identifiers/githubID"));
                let title = item.first(&["identifiers/summary", "identifiers/CVE/0", "identifiers/osvdb/0", "identifiers/issue", "identifiers/bug"]);
                let title = format!("{} ({name}, {version})", title.unwrap_or_default());
                let links = item.texts("info");
                let mut cwe: Vec<u32> = item.texts("cwe").into_iter().flat_map(text::cwe_field).collect();
                cwe.push(1035);
                out.merge(format!("{title}\n{}\n{file}", links.join("\n")), Finding {
                    rule: cve.first().cloned().or_else(|| ids.first().cloned()),
                    cve,
                    ids,
                    cwe,
                    location: Some(Location::file(text::path(file), None)),
                    component: Some(Component { fixed_in: item.opt("below"), ..Component::new(name, text::some(version)) }),
                    description: item.opt("identifiers/summary"),
                    anchor: text::some(&links.join(" ")),
                    references: links.into_iter().map(str::to_owned).collect(),
                    ..Finding::new(title.trim(), Severity::word(item.text("severity")))
                })?;
            }
        }
    }
    Ok(())
}
