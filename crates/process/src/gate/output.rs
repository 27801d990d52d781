//! A verdict in the forms that build systems read: our JSON, JUnit, SARIF.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::model::{Decision, Item, Verdict};
use crate::plan::{Sheet, TaskState};

fn item(item: &Item, sheet: &Sheet, link: &dyn Fn(&str) -> String) -> Value {
    json!({
        "task": item.task.to_string(),
        "activity": item.activity,
        "title": item.title,
        "practice": item.practice,
        "state": item.state.as_str(),
        "due_on": item.due_on.to_string(),
        "owner": if item.owner.is_empty() { Value::Null } else { Value::from(item.owner.as_str()) },
        "what": item.lacks,
        "url": link(&format!("/desk/releases/{}/tasks/{}", sheet.place.release.id, item.task)),
    })
}

/// The verdict as one JSON object; with every task's state and the hashes of its evidence.
pub(super) fn json(
    sheet: &Sheet,
    verdict: &Verdict,
    decision: Option<&Decision>,
    link: &dyn Fn(&str) -> String,
) -> Value {
    let exceptions: Vec<Value> = verdict
        .exceptions()
        .map(|item| {
            json!({
                "activity": item.activity, "title": item.title, "state": item.state.as_str(), "reason": item.reason,
                "until": item.until.map(|until| until.rfc3339()),
            })
        })
        .collect();
    let tasks: Vec<Value> = verdict
        .items
        .iter()
        .map(|item| {
            json!({
                "activity": item.activity, "state": item.state.as_str(), "evidence_sha256": item.evidence,
                "until": item.until.map(|until| until.rfc3339()),
            })
        })
        .collect();
    let assumed: Vec<&str> =
        verdict.items.iter().filter(|item| item.assumed).map(|item| item.activity.as_str()).collect();
    let decision = decision.map(|decision| {
        json!({
            "outcome": decision.choice.as_str(), "by": decision.decided_name, "at": decision.made_at.rfc3339(),
            "reason": decision.reason, "state_sha256": decision.state_sha256,
        })
    });
    json!({
        "product": sheet.place.product.slug,
        "product_name": sheet.place.product.name,
        "release": sheet.place.release.version,
        "gate": {"id": verdict.gate, "title": verdict.title, "phase": verdict.phase},
        "outcome": verdict.outcome.as_str(),
        "passed": verdict.passes(),
        "at": verdict.at.rfc3339(),
        "holds_until": verdict.until.filter(|_| verdict.passes()).map(|until| until.rfc3339()),
        "pack": sheet.pack_row.label(),
        "class": sheet.plan.class.id(),
        "models": sheet.plan.models.iter().map(|model| model.id()).collect::<Vec<_>>(),
        "plan": sheet.plan.number,
        "counted": verdict.items.len(),
        "settled": verdict.items.iter().filter(|item| item.is_settled()).count(),
        "lacking": verdict.lacking().map(|one| item(one, sheet, link)).collect::<Vec<_>>(),
        "exceptions": exceptions,
        "assumed": assumed,
        "tasks": tasks,
        "decision": decision,
        "url": link(&format!("/desk/releases/{}/gate", sheet.place.release.id)),
    })
}

fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Other control characters and these two cannot stand in XML 1.0 at all.
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// The verdict as a JUnit report: a suite for each practice, a case for each task.
pub(super) fn junit(sheet: &Sheet, verdict: &Verdict) -> String {
    let mut suites: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in &verdict.items {
        suites.entry(&item.practice).or_default().push(item);
    }
    let excepted = |item: &&&Item| matches!(item.state, TaskState::Waived | TaskState::NotApplicable);
    let name = xml(&format!("{} {}: {}", sheet.place.product.name, sheet.place.release.version, verdict.title));
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{name}\" tests=\"{}\" failures=\"{}\">\n",
        verdict.items.len(),
        verdict.lacking().count()
    );
    for (practice, items) in suites {
        let title = sheet.pack.practice(practice).map_or(practice, |practice| practice.title.as_str());
        let failures = items.iter().filter(|item| !item.is_settled()).count();
        let skipped = items.iter().filter(excepted).count();
        let _always = writeln!(
            text,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" timestamp=\"{}\">",
            xml(title),
            items.len(),
            verdict.at.rfc3339().trim_end_matches('Z')
        );
        for item in items {
            let _always = write!(text, "    <testcase classname=\"{}\" name=\"{}\"", xml(practice), xml(&item.title));
            let inner = if !item.is_settled() {
                let message = item.lacks.first().map_or("Something lacks.", String::as_str);
                let all = item.lacks.join("\n");
                format!(
                    "<failure type=\"{}\" message=\"{}\">{}</failure>",
                    item.state.as_str(),
                    xml(message),
                    xml(&all)
                )
            } else if excepted(&&item) {
                format!("<skipped message=\"{}\"/>", xml(&format!("{}: {}", item.state.label(), item.reason)))
            } else {
                String::new()
            };
            if inner.is_empty() {
                text.push_str("/>\n")
            } else {
                let _always = writeln!(text, ">{inner}</testcase>");
            }
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

/// The verdict as SARIF 2.1.0: a result for each task that lacks something, and a suppressed one for each exception.
pub(super) fn sarif(sheet: &Sheet, verdict: &Verdict, link: &dyn Fn(&str) -> String) -> Value {
    let shown: Vec<&Item> = verdict
        .items
        .iter()
        .filter(|item| !item.is_settled() || matches!(item.state, TaskState::Waived | TaskState::NotApplicable))
        .collect();
    let rules: Vec<Value> = shown
        .iter()
        .map(|item| {
            json!({
                "id": item.activity,
                "shortDescription": {"text": item.title},
                "helpUri": link(&format!("/desk/practices/{}", item.practice)),
            })
        })
        .collect();
    let results: Vec<Value> = shown
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let name = format!("{}/{}/{}", sheet.place.product.slug, sheet.place.release.version, item.activity);
            let words = if item.is_settled() { item.reason.clone() } else { item.lacks.join(" ") };
            let words = if words.is_empty() { "Something lacks.".to_owned() } else { words };
            let mut result = json!({
                "ruleId": item.activity,
                "ruleIndex": index,
                "level": if item.is_settled() { "note" } else { "error" },
                "message": {"text": format!("{}: {words}", item.title)},
                "locations": [{"logicalLocations": [{"fullyQualifiedName": name, "kind": "module"}]}],
                "partialFingerprints": {"task/v1": item.task.to_string()},
            });
            if item.is_settled()
                && let Some(object) = result.as_object_mut()
            {
                let suppressions = json!([{"kind": "external", "status": "accepted", "justification": item.reason}]);
                object.insert("suppressions".to_owned(), suppressions);
            }
            result
        })
        .collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "Portcullis gate", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "invocations": [{"executionSuccessful": true, "endTimeUtc": verdict.at.rfc3339()}],
            "results": results,
        }],
    })
}
