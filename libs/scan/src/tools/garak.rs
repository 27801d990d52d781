//! garak (language models), JSON lines of the hit log: one finding for each probe, generator and detector.
//!
//! The score gives the severity (0.9 high, 0.7 medium, 0.4 low), one step up for probes of attacks, one down for those
//! of mere content; of several hits the worst counts.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "garak", title: "garak hit log (JSON lines)", aliases: &["garak_scan"], recognise, read };

const UP: [&str; 6] = ["dan", "promptinject", "latentinjection", "exploitation", "malwaregen", "xss"];
const DOWN: [&str; 4] = ["misleading", "snowball", "continuation", "toxicity"];

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["probe", "detector", "generator"]) {
        95
    } else if probe.item(&["entry_type", "run_id"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("garak", None);
    let mut found: Vec<(String, Finding)> = Vec::new();
    input.each_json(|item| {
        if item.text("probe").is_empty() {
            out.leave_out("lines that are no hits");
            return Ok(());
        }
        let key = ["probe", "generator", "detector"].map(|name| item.text(name)).join("::");
        let next = finding(item);
        match found.iter_mut().find(|(known, _)| *known == key) {
            Some((_, first)) => {
                first.occurrences = first.occurrences.saturating_add(1);
                first.severity = first.severity.max(next.severity);
            }
            None => found.push((key, next)),
        }
        Ok(())
    })?;
    found.into_iter().try_for_each(|(_, finding)| out.push(finding))
}

fn severity(score: f64, family: &str) -> Severity {
    let base = if score >= 0.9 {
        3
    } else if score >= 0.7 {
        2
    } else {
        i64::from(score >= 0.4)
    };
    Severity::from_level(base + i64::from(UP.contains(&family)) - i64::from(DOWN.contains(&family)))
}

/// The words of a prompt or an answer, whatever its layout.
fn words(value: Option<&Value>) -> Option<String> {
    let value = value?;
    let turns = value.list("turns").iter().filter_map(|turn| {
        Some(format!("{}: {}", turn.text("role"), turn.first(&["content/text", "content"])?))
    });
    let turns: Vec<String> = turns.collect();
    value.first(&["", "text"]).or_else(|| text::some(&turns.join("\n")))
}

fn finding(item: &Value) -> Finding {
    let (probe, goal) = (item.text("probe"), item.text("goal"));
    let family = probe.split('.').next().unwrap_or_default();
    let cwe = match family {
        "promptinject" | "dan" | "latentinjection" | "goodside" => 1427,
        "xss" => 79,
        "leakreplay" | "divergence" => 200,
        _ => 1426,
    };
    let said: Vec<String> = [("Prompt", "prompt"), ("Answer", "output")]
        .iter()
        .filter_map(|(label, name)| Some(format!("{label}: {}", words(item.at(name))?)))
        .collect();
    Finding {
        rule: text::some(probe),
        cwe: vec![cwe],
        component: item.opt("generator").map(|name| Component::new(name, None)),
        description: Some(format!("{goal}. Detector: {}", item.text("detector"))),
        evidence: text::some(&said.join("\n")),
        anchor: item.opt("detector"),
        ..Finding::new(
            if goal.is_empty() { probe.to_owned() } else { format!("{probe}: {goal}") },
            severity(item.num("score").unwrap_or(1.0), family),
        )
    }
}
