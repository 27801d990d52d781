//! Checkmarx CxFlow, JSON (`xissues`): one finding for each line in `details` that has a path in `results`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, Step, text};

pub(crate) const TOOL: Tool = Tool {
    name: "checkmarx_cxflow_sast",
    title: "Checkmarx CxFlow (JSON)",
    aliases: &["cxflow", "checkmarx_cxflow"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has("xissues") { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Checkmarx", report.opt("version").as_deref());
    for issue in report.list("xissues") {
        let paths: BTreeMap<String, &Value> = issue
            .list("additionalDetails/results")
            .iter()
            .map(|path| (path.opt("source/line").unwrap_or_default(), path))
            .collect();
        for (line, detail) in issue.entries("details") {
            match paths.get(line) {
                Some(path) => out.push(finding(issue, detail, path))?,
                None => out.leave_out("lines without a path"),
            }
        }
    }
    Ok(())
}

fn place(node: &Value) -> Location {
    Location { column: node.line("column"), logical: node.opt("object"), ..Location::file(node.text("file"), node.line("line")) }
}

fn finding(issue: &Value, detail: &Value, path: &Value) -> Finding {
    let sink = path.at("sink").map(place).unwrap_or_default();
    let file = sink.file.clone().unwrap_or_default();
    let title = format!("{} {}", issue.text("vulnerability").replace('_', " "), file.rsplit('/').next().unwrap_or_default());
    let set_aside = detail.flag("falsePositive") || path.text("state") == "1";
    let mut numbered: Vec<(u32, &Value)> =
        path.entries("").filter_map(|(key, node)| Some((key.parse().ok()?, node))).collect();
    numbered.sort_by_key(|(number, _)| *number);
    Finding {
        rule: issue.opt("vulnerability"),
        cwe: text::cwe_field(&issue.opt("cwe").unwrap_or_default()),
        location: Some(Location { file: issue.opt("filename").or(sink.file.clone()), ..sink }),
        description: issue.opt("description").or_else(|| issue.opt("vulnerability")),
        evidence: path.opt("sink/snippet"),
        anchor: path.opt("sink/snippet"),
        references: issue.opt("link").into_iter().chain(issue.opt("additionalDetails/recommendedFix")).collect(),
        status: if set_aside { Status::FalsePositive } else { Status::Open },
        steps: numbered.iter().map(|(_, node)| Step { flow: 0, location: place(node), message: node.opt("snippet") }).collect(),
        ..Finding::new(title, Severity::word(issue.text("severity")))
    }
}
