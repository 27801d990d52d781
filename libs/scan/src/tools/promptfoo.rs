//! promptfoo (language models), JSON: failed assertions of one plugin (or assertion) and provider are one finding.
//!
//! Passed results and those that broke off are no findings; without a severity a failure is medium; the worst counts.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "promptfoo", title: "promptfoo (JSON)", aliases: &["promptfoo_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("results.results[].gradingResult") || probe.has_all(&["evalId", "results"]) {
        97
    } else if probe.has_all(&["results.prompts", "results.results"]) {
        92
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("promptfoo", report.opt("metadata/promptfooVersion").as_deref());
    let link = report.opt("shareableUrl");
    let mut found: Vec<(String, Finding)> = Vec::new();
    for item in [report.list("results/results"), report.list("results"), report.list("")].concat() {
        if item.flag("success") {
            out.leave_out("passed tests");
            continue;
        }
        if item.int("failureReason") == Some(2) {
            out.leave_out("tests that broke off");
            continue;
        }
        let weakness = item.opt("metadata/pluginId").or_else(|| assertion(&item));
        let provider = item.first(&["provider/label", "provider/id", "provider"]).unwrap_or_default();
        let key = format!("{}::{provider}", weakness.as_deref().unwrap_or("assertion-failure"));
        let next = finding(&item, &provider, link.clone());
        match found.iter_mut().find(|(known, _)| *known == key) {
            Some((_, first)) => {
                first.occurrences = first.occurrences.saturating_add(1);
                first.severity = first.severity.max(next.severity);
            }
            None => found.push((key, next)),
        }
    }
    found.into_iter().try_for_each(|(_, finding)| out.push(finding))
}

/// The assertion that failed, by its metric or type.
fn assertion(item: &Value) -> Option<String> {
    let parts = item.list("gradingResult/componentResults");
    let failed = parts.iter().filter(|part| !part.flag("pass"));
    let fallback = parts.iter().filter(|_| parts.iter().all(|part| part.flag("pass")));
    failed.chain(fallback).find_map(|part| part.first(&["assertion/metric", "assertion/type"]))
}

fn finding(item: &Value, provider: &str, link: Option<String>) -> Finding {
    let plugin = item.opt("metadata/pluginId");
    let harm = item.opt("metadata/harmCategory");
    let words = format!("{} {}", plugin.as_deref().unwrap_or_default(), harm.as_deref().unwrap_or_default()).to_lowercase();
    let known = [("sql-injection", 89), ("shell-injection", 78), ("injection", 1427), ("prompt-extraction", 1427), ("pii", 200), ("privacy", 200)];
    let cwe = known.iter().find(|(word, _)| words.contains(word)).map_or(1426, |(_, cwe)| *cwe);
    let title = match (&plugin, harm) {
        (Some(plugin), Some(harm)) => format!("{harm} ({plugin})"),
        (Some(plugin), None) => plugin.clone(),
        (None, _) => assertion(item).map_or_else(|| "promptfoo assertion failure".to_owned(), |kind| format!("Failed assertion: {kind}")),
    };
    let asked: Vec<String> = item.entries("vars").filter_map(|(name, value)| Some(format!("{name}: {}", value.opt("")?))).collect();
    let asked = text::some(&asked.join("\n")).or_else(|| item.first(&["prompt/raw", "prompt/label"]));
    let said = item.at("response/output").map(|output| output.opt("").unwrap_or_else(|| output.to_string()));
    let evidence: Vec<String> = [("Prompt", asked), ("Answer", said)].into_iter().filter_map(|(label, text)| Some(format!("{label}: {}", text?))).collect();
    Finding {
        rule: plugin.or_else(|| assertion(item)),
        cwe: vec![cwe],
        component: text::some(provider).map(|name| Component::new(name, None)),
        description: item.opt("gradingResult/reason"),
        evidence: text::some(&evidence.join("\n")),
        references: link.into_iter().collect(),
        ..Finding::new(title, Severity::from_word(item.text("metadata/severity")).unwrap_or(Severity::Medium))
    }
}
