//! Anchore Enterprise policy checks, JSON: one finding for each row of an evaluation; stop is critical, warn medium.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "anchore_enterprise",
    title: "Anchore Enterprise policy checks (JSON)",
    aliases: &["anchore_enterprise_policy_check"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    // The keys of the first levels are digests and tags.
    if probe.shape != Shape::Json || !probe.keys.is_empty() || !probe.has("[].*") {
        return 0;
    }
    let told = |word: &str| probe.contains(&format!("\"{word}\""));
    let result = || told("final_action") || told("image_id") || told("rows") || told("last_evaluation");
    if told("detail") && told("policies") && result() { 88 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Anchore Enterprise", None);
    // Checks, then digests, then tags, then the evaluations of an image.
    for check in report.list("") {
        for (_, tags) in check.entries("") {
            for (_, evaluations) in tags.entries("") {
                evaluations.list("").iter().try_for_each(|evaluation| read_evaluation(evaluation, out))?;
            }
        }
    }
    Ok(())
}

fn read_evaluation(evaluation: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let image = evaluation.text("detail/result/image_id");
    let result = evaluation.at("detail/result/result").and_then(|images| images.get(image));
    let Some(result) = result.filter(|result| result.at("result/rows").is_some()) else {
        return Err(Error::malformed("an evaluation has no result for its own image"));
    };
    let policies = evaluation.list("detail/policy/policies");
    for row in result.list("result/rows") {
        let cell = |index: usize| row.get(index).and_then(Value::as_str).unwrap_or_default();
        let (trigger, gate, policy) = (cell(2), cell(3), cell(8));
        let name = policies.iter().find(|entry| entry.text("id") == policy).map_or("unknown", |entry| entry.text("name"));
        let severity = match cell(6) {
            "stop" => Severity::Critical,
            "warn" => Severity::Medium,
            _ => Severity::Low,
        };
        let file = cell(5).split_whitespace().find(|word| word.starts_with('/'));
        out.push(Finding {
            rule: text::some(gate),
            cve: text::cves(trigger),
            location: Some(Location { file: file.map(text::path), ..Location::image(cell(1)) }),
            anchor: text::some(trigger),
            description: text::some(cell(5)),
            ..Finding::new(format!("{name} - gate|{gate} - trigger|{trigger}"), severity)
        })?;
    }
    Ok(())
}
