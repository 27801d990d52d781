//! Every document of the public suites gets the verdict that their lists name.

use std::collections::BTreeSet;
use std::path::Path;

use csaf::{Level, Limits, Report, validate_bytes};

use crate::corpus;

/// Tests that need a connection.
const CONNECTED: [&str; 2] = ["6.3.6", "6.3.7"];

/// Documents that the suite calls valid although they hash one file twice with one algorithm, which 6.1.25 forbids.
const CONTRADICTING: [&str; 4] =
    ["2021-6-2-08-02.json", "2021-6-2-09-02.json", "2024-6-2-08-02.json", "2024-6-2-09-02.json"];

/// Supplementary documents, none of them of OASIS, whose one fault is a date of a wrong form: for us the schema's matter.
const ONLY_THE_SCHEMA: [&str; 1] = ["csaf_2_0-6-1-24-s02.json"];

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
        if let Some(file) = case["result_file"].as_str() {
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
