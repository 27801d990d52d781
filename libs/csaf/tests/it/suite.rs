//! Every document of the public suites gets the verdict that their lists name.

use std::collections::BTreeSet;
use std::path::Path;

use csaf::{Level, Limits, Report, validate_bytes};

use crate::corpus;

/// Tests that need a connection.
const CONNECTED: [&str; 2] = ["6.3.6", "6.3.7"];

/// Documents that the suite calls valid although they break another rule than the one they are about.
const CONTRADICTING: [&str; 8] = [
    // One file hashed twice with one algorithm: 6.1.25.
    "2021-6-2-08-02.json",
    "2021-6-2-09-02.json",
    "2024-6-2-08-02.json",
    "2024-6-2-09-02.json",
    // A product defined twice (6.1.2), or not at all (6.1.1).
    "2024-6-1-50-15.json",
    "2024-6-1-27-13-16.json",
    // Dates and numbers in different order: 6.1.14.
    "2024-6-2-21-02.json",
    // No note of category description: 6.1.27.14.
    "2024-6-2-39-02-01.json",
];

/// Supplementary documents, none of them of OASIS, whose one fault is a date of a wrong form: the schema's matter.
const ONLY_THE_SCHEMA: [&str; 2] = ["csaf_2_0-6-1-24-s02.json", "csaf_2_1-6-1-24-s02.json"];

/// A list of places that names the one product that has an identifier instead of the two that have none.
const WRONG_PLACES: &str = "2024-6-1-27-08-02.result.json";

fn report(path: &Path) -> Report {
    let bytes = std::fs::read(path).unwrap();
    validate_bytes(&bytes, Level::Informative, &Limits::FILE)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn compare(list: &str, version: &str) {
    let Some(folder) = corpus::folder() else { return };
    let list: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join(list)).unwrap()).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in list["cases"].as_array().unwrap() {
        let text = |key: &str| case[key].as_str().unwrap_or_default();
        if text("spec") != version || CONNECTED.contains(&text("test_id")) {
            continue;
        }
        count += 1;
        let report = report(&folder.join(text("file")));
        let found: Vec<_> = report.of(text("test_id")).collect();
        if found.is_empty() != (text("expect") == "pass")
            && !ONLY_THE_SCHEMA.iter().any(|name| text("file").ends_with(name))
        {
            wrong.push(format!("{} {}: should {}, found {found:#?}", text("test_id"), text("file"), text("expect")));
        }
        if let Some(valid) = case["document_valid"].as_bool()
            && report.valid != valid
            && !CONTRADICTING.iter().any(|name| text("file").ends_with(name))
        {
            let why: Vec<_> = report.findings.iter().filter(|finding| finding.level == Level::Mandatory).collect();
            wrong.push(format!("{} {}: valid should be {valid}: {why:#?}", text("test_id"), text("file")));
        }
        if let Some(file) = case["result_file"].as_str().filter(|file| !file.ends_with(WRONG_PLACES)) {
            compare_paths(&folder.join(file), &report, &mut wrong);
        }
    }
    assert!(count > 0, "the list names no document of {version}");
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Every place that the suite names is found.
fn compare_paths(file: &Path, report: &Report, wrong: &mut Vec<String>) {
    let result: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let primary = &result["primary_result"];
    let test = primary["id"].as_str().unwrap();
    let wanted: BTreeSet<&str> = ["errors", "warnings", "infos"]
        .iter()
        .flat_map(|key| primary[key].as_array().into_iter().flatten())
        .filter_map(|entry| entry["instance_path"].as_str())
        .collect();
    let found: BTreeSet<&str> = report.of(test).map(|finding| finding.path.as_str()).collect();
    if wanted != found {
        wrong.push(format!("{}: places {found:?} instead of {wanted:?}", file.display()));
    }
}

#[test]
fn oasis_20() {
    compare("expected-oasis-tests.json", "2.0");
}

#[test]
fn csaf_rs_20() {
    compare("expected-csaf-rs-extra.json", "2.0");
}

#[test]
fn secvisogram_20() {
    compare("expected-secvisogram-extra.json", "2.0");
}

#[test]
fn oasis_21() {
    compare("expected-oasis-tests.json", "2.1");
}

#[test]
fn csaf_rs_21() {
    compare("expected-csaf-rs-extra.json", "2.1");
}
