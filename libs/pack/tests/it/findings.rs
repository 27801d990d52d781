//! Each rule of the check, with file and line.

use crate::small::{HEADER, PRACTICE, read};

/// Replaces one text of the practice file and expects a finding of `rule` on the line where the new text stands.
#[track_caller]
fn check(old: &str, new: &str, rule: &str) {
    assert_eq!(PRACTICE.matches(old).count(), 1, "the text to replace must be there once: {old}");
    let broken = PRACTICE.replace(old, new);
    let at = PRACTICE.find(old).unwrap();
    let line = PRACTICE[..at].matches('\n').count() + 1;
    let reading = read(HEADER, &broken);
    let found: Vec<String> = reading.findings.iter().map(ToString::to_string).collect();
    assert!(
        reading.findings.iter().any(|f| f.rule == rule && f.file == "craft.toml" && f.line as usize == line),
        "expected {rule} on line {line}, found {found:#?}"
    );
}

/// The same for the vocabulary.
#[track_caller]
fn check_header(old: &str, new: &str, rule: &str) {
    assert!(HEADER.contains(old), "{old}");
    let reading = read(&HEADER.replacen(old, new, 1), PRACTICE);
    let found: Vec<String> = reading.findings.iter().map(ToString::to_string).collect();
    assert!(reading.findings.iter().any(|f| f.rule == rule && f.file == "pack.toml"), "expected {rule}: {found:#?}");
}

#[test]
fn the_tiny_pack_has_nothing_wrong() {
    assert_eq!(read(HEADER, PRACTICE).findings, Vec::new());
}

#[test]
fn unknown_words_are_found_where_they_stand() {
    check("does = [\"maker\"]", "does = [\"maker\", \"wizard\"]", "unknown-role");
    check("decides = \"judge\"", "decides = \"king\"", "unknown-role");
    check("phase = \"finish\"", "phase = \"middle\"", "unknown-phase");
    check("criterion = \"exit\"", "criterion = \"half\"", "unknown-word");
    check("on = [\"door\"]", "on = [\"window\"]", "unknown-trigger");
    check("kind = \"scan_report\"", "kind = \"promise\"", "unknown-evidence-kind");
    check("due.devops = { post = \"scan\"", "due.devops = { post = \"smell\"", "unknown-post");
    check("[\"low\", \"moderate\"", "[\"tiny\", \"moderate\"", "unknown-class");
    check("until = [\"code\"]", "until = [\"weather\"]", "unknown-change");
    check("function = \"work\"", "function = \"play\"", "unknown-function");
}

#[test]
fn delivery_keys_are_known_or_found() {
    check("due.agile", "due.scrum", "unknown-delivery-model");
    check("fresh_days = 1,", "fresh_days = 1, hours = 3,", "unknown-delivery-key");
    check("rule = \"trigger\", on = [\"door\"]", "rule = \"someday\"", "unknown-delivery-key");
    check("rule = \"trigger\", on = [\"door\"]", "rule = \"bucket\"", "missing");
}

#[test]
fn identifiers_of_frameworks_must_exist() {
    check("PW.7.2", "PW.7.3", "unknown-identifier");
    check("I.1.2.a", "I.1.2.n", "unknown-identifier");
    check("own = [", "other = [", "unknown-framework");
}

#[test]
fn missing_and_empty_things_are_found() {
    check("level = 1", "level = 9", "out-of-range");
    check("purpose = \"See what is there.\"", "purpose = \"\"", "empty");
    check("steps = [\"Look.\"]", "steps = []", "empty");
    check("valid_days = 30", "note = 1", "validity");
    check("carry = { until = [\"code\"], days = 90 }", "carry = {}", "carry");
    check("max = { high = 0 }, valid_days", "max = { medium = 0 }, valid_days", "unknown-measure");
    check("id = \"craft.look\"", "id = \"other.look\"", "bad-id");
    check("id = \"craft.look\"", "id = \"craft.Look\"", "bad-id");
    let reading = read(HEADER, &PRACTICE.replace("level = 1\n", ""));
    assert!(reading.findings.iter().any(|f| f.rule == "missing-level" && f.line == 6), "{:?}", reading.findings);
}

#[test]
fn too_few_activities_is_said_of_the_practice() {
    let reading = read(&HEADER.replace("minimum_activities = 1", "minimum_activities = 6"), PRACTICE);
    let finding = reading.findings.iter().find(|f| f.rule == "too-few-activities").unwrap();
    assert_eq!((finding.file.as_str(), finding.line), ("craft.toml", 1));
    let reading = read(&HEADER.replace("models", "levels = 2\nmodels"), PRACTICE);
    assert!(reading.findings.iter().any(|f| f.rule == "missing-level" && f.file == "craft.toml"));
    let twice = format!("{PRACTICE}\n{}", &PRACTICE[PRACTICE.find("[[activities]]").unwrap()..]);
    let reading = read(HEADER, &twice);
    let finding = reading.findings.iter().find(|f| f.rule == "duplicate-id").unwrap();
    assert_eq!(finding.line, 23);
    assert!(finding.reason.contains("line 7"), "{}", finding.reason);
}

#[test]
fn the_vocabulary_is_checked() {
    check_header("version = \"1.0.0\"", "version = \"one\"", "bad-version");
    check_header("format = 1", "format = 2", "out-of-range");
    check_header("approver = \"judge\"", "approver = \"nobody\"", "unknown-role");
    check_header("id = \"judge\", title", "id = \"maker\", title", "duplicate-id");
    check_header("high = 4", "high = 1", "risk-classes");
    check_header("at_least = \"critical\"", "at_least = \"huge\"", "unknown-class");
    check_header("models = [\"waterfall\",", "models = [\"chaos\",", "unknown-delivery-model");
    check_header("gates = [{ id = \"out\", title = \"Out\", approver = \"judge\" }]", "", "missing-gate");
    check_header("title = \"Tiny\"", "title = 3", "wrong-type");
    check_header("title = \"Tiny\"", "title = \"Tiny\"\nextends = \"nothing\"", "unknown-base");
    check_header("title = \"Tiny\"", "title = ", "toml-syntax");
}

#[test]
fn a_pack_needs_its_header() {
    let reading = pack::read(&[("craft.toml", PRACTICE.as_bytes())], None);
    assert!(reading.pack.is_none());
    assert_eq!(reading.findings.len(), 1);
    let reading = pack::read(&[("pack.toml", b"\n\n\xff")], None);
    assert_eq!((reading.findings[0].rule, reading.findings[0].line), ("toml-syntax", 3));
}
