//! Docker Bench for Security, JSON: FAIL is critical, WARN high, INFO low, NOTE info; manual checks count when they fail.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity};

pub(crate) const TOOL: Tool = Tool {
    name: "dockerbench",
    title: "Docker Bench for Security (JSON)",
    aliases: &["docker_bench", "docker_bench_security", "docker_bench_security_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has("dockerbenchsecurity") {
        100
    } else if probe.has_all(&["tests[].results[].remediation-impact", "tests[].results[].result"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Docker Bench for Security", report.opt("dockerbenchsecurity").as_deref());
    for section in report.list("tests") {
        for check in section.list("results") {
            let text = check.text("desc");
            let manual = text.contains("(Manual)");
            let severity = match check.text("result").to_ascii_uppercase().as_str() {
                "FAIL" => Severity::Critical,
                "WARN" if !manual => Severity::High,
                "INFO" if !manual => Severity::Low,
                "NOTE" if !manual => Severity::Info,
                "WARN" | "INFO" | "NOTE" => {
                    out.leave_out("checks to be made by hand");
                    continue;
                }
                _ => {
                    out.leave_out("passed checks");
                    continue;
                }
            };
            let items = check.texts("items");
            out.push(Finding {
                rule: check.opt("id"),
                location: items.first().map(|item| Location::resource(*item)),
                others: items.iter().skip(1).map(|item| Location::resource(*item)).collect(),
                description: Some(format!("{}: {text}", section.text("desc"))),
                evidence: check.opt("details"),
                remediation: check.opt("remediation"),
                ..Finding::new(format!("{} - {text}", check.text("id")), severity)
            })?;
        }
    }
    Ok(())
}
