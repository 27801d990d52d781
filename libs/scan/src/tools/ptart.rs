//! PTART, JSON of a penetration test: one finding for each hit of an assessment and each hit of a retest.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "ptart", title: "PTART (JSON)", aliases: &["ptart_report"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["assessments[].hits", "cvss_type"]) || probe.has("retests[].hits[].original_hit") {
        98
    } else if probe.has_all(&["assessments", "retests"]) {
        90
    } else if probe.has("assessments[].hits") {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("PTART", None);
    for assessment in report.list("assessments") {
        for hit in assessment.list("hits") {
            out.push(finding(hit, hit, assessment.text("title")))?;
        }
    }
    for retest in report.list("retests") {
        for hit in retest.list("hits") {
            match hit.at("original_hit").filter(|original| original.as_object().is_some_and(|it| !it.is_empty())) {
                Some(original) => out.push(retested(hit, original, retest.text("name")))?,
                None => out.leave_out("hits of a retest without the hit that they repeat"),
            }
        }
    }
    Ok(())
}

/// Critical is 1, low 4, everything else is not rated.
fn severity(hit: &Value) -> Severity {
    match hit.int("severity") {
        Some(level @ 1..=4) => Severity::from_level(5_i64.saturating_sub(level)),
        Some(_) | None => Severity::Info,
    }
}

fn title(id: &str, name: &str) -> String {
    match (id.is_empty(), name.is_empty()) {
        (false, false) => format!("{id}: {name}"),
        (true, true) => "Unknown hit".to_owned(),
        (_, _) => format!("{id}{name}"),
    }
}

fn finding(hit: &Value, original: &Value, group: &str) -> Finding {
    let weaknesses = original.list("cwes").iter();
    let cwe: Vec<u32> = weaknesses
        .flat_map(|entry| match entry.int("cwe_id").and_then(|number| u32::try_from(number).ok()) {
            Some(number) => vec![number],
            None => text::cwe_field(entry.text("title")),
        })
        .collect();
    let asset = original.opt("asset").map(|asset| if asset.contains("://") { asset } else { format!("https://{asset}") });
    let references = original.list("references").iter().filter_map(|entry| entry.opt("url"));
    Finding {
        rule: original.texts("labels").first().map(|label| (*label).to_owned()),
        // The last one is the most specific.
        cwe: cwe.into_iter().rev().collect(),
        cvss: Cvss::of(original.opt("cvss_vector"), original.num("cvss_score")),
        location: asset.map(Location::url),
        component: text::some(group).map(|group| Component::new(group, None)),
        anchor: hit.opt("id"),
        description: hit.opt("body"),
        remediation: original.opt("remediation"),
        references: references.collect(),
        ..Finding::new(title(hit.text("id"), original.text("title")), severity(original))
    }
}

fn retested(hit: &Value, original: &Value, retest: &str) -> Finding {
    let (word, status) = match hit.text("status") {
        "F" => ("Fixed", Status::Fixed),
        "NF" => ("Not Fixed", Status::Open),
        "PF" => ("Partially Fixed", Status::Open),
        "NA" => ("Not Applicable", Status::Suppressed(Some("not applicable".to_owned()))),
        "NT" => ("Not Tested", Status::Open),
        _ => ("", Status::Open),
    };
    let finding = finding(hit, original, &format!("Retest: {retest}"));
    let title = if word.is_empty() { finding.title } else { format!("{} ({word})", finding.title) };
    Finding { title, status, ..finding }
}
