//! Findings as SARIF 2.1.0 with suppressions, one run for each tool and scope. Pure.

use serde_json::{Value, json};

use super::model::{Finding, Severity, State};
use super::store::Exported;

/// The log (SARIF 2.1.0, clause 3.13) of the findings that are there, decisions as suppressions (clause 3.35).
#[must_use]
pub(super) fn log(findings: &[Exported], version: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(findings.len() * 700 + 300);
    out.extend_from_slice(br#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":["#);
    let same_run = |left: &Exported, right: &Exported| {
        left.finding.tool == right.finding.tool && left.finding.scope == right.finding.scope
    };
    for (index, run) in findings.chunk_by(same_run).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_run(&mut out, run);
    }
    if findings.is_empty() {
        // A log without a run would say that nothing was looked at.
        let driver = json!({"tool": {"driver": {"name": "Portcullis", "version": version}}, "results": []});
        out.extend_from_slice(driver.to_string().as_bytes());
    }
    out.extend_from_slice(b"]}");
    out
}

fn write_run(out: &mut Vec<u8>, run: &[Exported]) {
    let Some(first) = run.first() else { return };
    let mut rules: Vec<&str> = run.iter().map(|one| rule_id(&one.finding)).collect();
    rules.sort_unstable();
    rules.dedup();
    let rules: Vec<Value> = rules.into_iter().map(|id| json!({"id": id})).collect();
    let mut head = json!({"tool": {"driver": {"name": first.finding.tool, "rules": rules}}});
    if !first.finding.scope.is_empty()
        && let Some(head) = head.as_object_mut()
    {
        head.insert("automationDetails".to_owned(), json!({"id": first.finding.scope}));
    }
    let head = head.to_string();
    // The run's own brace stays open for its results.
    out.extend_from_slice(head.strip_suffix('}').unwrap_or(&head).as_bytes());
    out.extend_from_slice(br#","results":["#);
    for (index, one) in run.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(result(one).to_string().as_bytes());
    }
    out.extend_from_slice(b"]}");
}

fn rule_id(finding: &Finding) -> &str {
    if finding.rule.is_empty() { finding.title.as_str() } else { finding.rule.as_str() }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// A number within the band, since readers rate by number where there is one.
const fn number(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.0",
    }
}

fn result(one: &Exported) -> Value {
    let finding = &one.finding;
    let document: Value = serde_json::from_str(&one.document).unwrap_or(Value::Null);
    let tags: Vec<String> = finding
        .cwe
        .split(' ')
        .filter(|cwe| !cwe.is_empty())
        .map(|cwe| format!("external/cwe/{}", cwe.to_lowercase()))
        .collect();
    let cves: Vec<&str> = finding.cve.split(' ').filter(|cve| !cve.is_empty()).collect();
    let mut properties = json!({
        "security-severity": number(finding.severity),
        "tags": tags,
        "portcullis": {"finding": finding.id.to_string(), "state": finding.state.as_str(), "practice": finding.practice.as_str()},
    });
    if let Some(map) = properties.as_object_mut() {
        if !cves.is_empty() {
            map.insert("cve".to_owned(), json!(cves));
        }
        if let Some(purl) = document.pointer("/component/purl").filter(|purl| purl.is_string()) {
            map.insert("purls".to_owned(), json!([purl]));
        }
    }
    let mut result = json!({
        "ruleId": rule_id(finding),
        "level": level(finding.severity),
        "message": {"text": finding.title},
        "fingerprints": {"portcullis/v1": finding.fingerprint},
        "properties": properties,
    });
    if let Some(map) = result.as_object_mut() {
        if let Some(location) = location(document.get("location").unwrap_or(&Value::Null), &finding.place) {
            map.insert("locations".to_owned(), json!([location]));
        }
        if let Some(suppression) = suppression(finding, &one.reason) {
            map.insert("suppressions".to_owned(), json!([suppression]));
        }
    }
    result
}

fn location(place: &Value, display: &str) -> Option<Value> {
    let text = |name: &str| place.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let uri = text("file").or_else(|| text("url"));
    let mut physical = uri.map(|uri| json!({"artifactLocation": {"uri": uri}}));
    let mut region = serde_json::Map::new();
    for (ours, theirs) in
        [("line", "startLine"), ("column", "startColumn"), ("end_line", "endLine"), ("end_column", "endColumn")]
    {
        if let Some(number) = place.get(ours).filter(|number| number.is_u64()) {
            region.insert(theirs.to_owned(), number.clone());
        }
    }
    if let Some(physical) = physical.as_mut().and_then(Value::as_object_mut)
        && region.contains_key("startLine")
    {
        physical.insert("region".to_owned(), Value::Object(region));
    }
    let logical = text("logical").or_else(|| (uri.is_none() && !display.is_empty()).then_some(display));
    let mut location = serde_json::Map::new();
    if let Some(physical) = physical {
        location.insert("physicalLocation".to_owned(), physical);
    }
    if let Some(logical) = logical {
        location.insert("logicalLocations".to_owned(), json!([{"fullyQualifiedName": logical}]));
    }
    (!location.is_empty()).then_some(Value::Object(location))
}

/// A decision is an accepted suppression, a wish for acceptance one under review; an open finding has none.
fn suppression(finding: &Finding, reason: &str) -> Option<Value> {
    let status = match finding.state {
        State::Accepted | State::FalsePositive | State::NotReachable | State::Duplicate => "accepted",
        State::Open | State::Confirmed if finding.waiting => "underReview",
        State::Open | State::Confirmed | State::Fixed => return None,
    };
    let mut words = finding.state.label().to_owned();
    if let Some(until) = finding.accepted_until.filter(|_| finding.state == State::Accepted) {
        words.push_str(&format!(" until {until}"));
    }
    if !reason.is_empty() {
        words.push_str(&format!(": {reason}"));
    }
    Some(json!({"kind": "external", "status": status, "justification": words}))
}
