//! kube-bench, JSON: failed checks are medium, warnings that are no manual tests info.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity};

pub(crate) const TOOL: Tool =
    Tool { name: "kubebench", title: "kube-bench (JSON)", aliases: &["kube_bench", "kube_bench_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let marks = ["tests[].results[].test_number", "tests[].results[].status"];
    if probe.item(&marks) || marks.iter().all(|mark| probe.has(&format!("Controls[].{mark}"))) {
        98
    } else if probe.item(&["node_type", "tests"]) || probe.has_all(&["Controls[].node_type"]) {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("kube-bench", None);
    input.each_json(|value| {
        let controls = value.list("Controls");
        let one = controls.is_empty().then_some(value);
        for chapter in controls.iter().chain(one) {
            for section in chapter.list("tests") {
                for check in section.list("results") {
                    one_check(chapter, section, check, out)?;
                }
            }
        }
        Ok(())
    })
}

fn one_check(chapter: &Value, section: &Value, check: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let manual = check.text("reason") == "Test marked as a manual test";
    let severity = match check.text("status").to_ascii_uppercase().as_str() {
        "FAIL" => Severity::Medium,
        "WARN" if !manual => Severity::Info,
        "WARN" => {
            out.leave_out("checks to be made by hand");
            return Ok(());
        }
        _ => {
            out.leave_out("passed checks");
            return Ok(());
        }
    };
    let (number, text) = (check.text("test_number"), check.text("test_desc"));
    out.push(Finding {
        rule: check.opt("test_number"),
        location: chapter.opt("node_type").map(Location::resource),
        description: Some(format!("{}: {}: {text}", chapter.text("text"), section.text("desc"))),
        evidence: check.first(&["actual_value", "reason", "audit"]),
        remediation: check.opt("remediation"),
        ..Finding::new(format!("{number} - {text}"), severity)
    })
}
