//! Verbs that need nothing but files: one JSON object a line, errors that say what to do.

use serde_json::Value;

use crate::{check, portcullis};

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn vectors_are_scored_in_order_and_refused_ones_named() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["cvss", "score", "--json", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:N"];
    let (out, _) = check(&portcullis(folder.path(), &arguments), 1);
    let lines = lines(&out);
    assert_eq!((lines[0]["score"].as_f64(), lines[0]["version"].as_str()), (Some(9.8), Some("3.1")));
    assert!(lines[1]["error"].is_string());
}

#[test]
fn a_file_that_is_not_there_is_said_and_the_next_is_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("there.json"), "{}").unwrap();
    let (out, _) = check(&portcullis(folder.path(), &["csaf", "validate", "--json", "missing.json", "there.json"]), 2);
    let lines = lines(&out);
    assert_eq!(lines[0]["file"], "missing.json");
    assert!(lines[0]["error"].is_string());
    assert_eq!(lines[1]["valid"], false);
}

#[test]
fn versions_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let (out, _) = check(&portcullis(folder.path(), &["version", "compare", "npm", "1.2.3", "1.10.0"]), 0);
    assert_eq!(out, "<\n");
}

#[test]
fn package_urls_are_taken_apart() {
    let folder = tempfile::tempdir().unwrap();
    let (out, _) = check(&portcullis(folder.path(), &["purl", "parse", "--json", "pkg:npm/%40angular/core@12.0.0"]), 0);
    let line = &lines(&out)[0];
    assert_eq!((line["namespace"].as_str(), line["name"].as_str()), (Some("@angular"), Some("core")));
}

#[test]
fn an_unknown_verb_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    let (_, err) = check(&portcullis(folder.path(), &["frobnicate"]), 2);
    assert!(err.contains("frobnicate"), "{err}");
}
