//! Mozilla Observatory, JSON: one finding for each test, rated by what it takes off the score; passed ones are fixed.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Severity, Status};

pub(crate) const TOOL: Tool = Tool {
    name: "mozilla_observatory",
    title: "Mozilla Observatory (JSON)",
    aliases: &["observatory", "mozilla_observatory_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["*.score_modifier", "*.score_description"]) || probe.has_all(&["tests.*.score_modifier", "tests.*.score_description"]) {
        97
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Mozilla Observatory", None);
    let tests = report.at("tests").unwrap_or(&report);
    for (name, test) in tests.entries("").filter(|(_, test)| test.at("score_modifier").is_some()) {
        let severity = match test.int("score_modifier").unwrap_or_default() {
            -10..0 => Severity::Low,
            -25..-10 => Severity::Medium,
            i64::MIN..-25 => Severity::High,
            _ => Severity::Info,
        };
        out.push(Finding {
            rule: Some(test.opt("name").unwrap_or_else(|| name.clone())),
            description: test.opt("score_description"),
            evidence: test.opt("result"),
            status: if test.flag("pass") { Status::Fixed } else { Status::Open },
            ..Finding::new(test.first(&["score_description", "name"]).unwrap_or_else(|| name.clone()), severity)
        })?;
    }
    Ok(())
}
