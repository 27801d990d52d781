//! The public collection: every record is read, written as it was, and asked.

use std::path::{Path, PathBuf};

use limits::Limits;
use osv::Severity;
use serde_json::Value;

fn folder() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = PathBuf::from(std::env::var_os("PORTCULLIS_CORPUS").unwrap_or_else(|| default.into())).join("osv");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("no public OSV records at {}: set PORTCULLIS_CORPUS to test with them", folder.display());
    None
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                files.push(path);
            }
        }
    }
    files
}

#[test]
fn records_are_read_and_written_as_they_were() {
    let Some(folder) = folder() else { return };
    let schema = jsonschema::validator_for(&json(&folder.join("schema/osv-schema.json"))).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for part in ["almalinux", "bitnami", "ghsa", "ghsa-conversion", "govulndb", "linter", "mixed", "pypa", "r"] {
        for path in files(&folder.join(part)) {
            let value = json(&path);
            if value.get("id").is_none() {
                continue;
            }
            count += 1;
            let (record, findings) = osv::read(&std::fs::read(&path).unwrap(), &Limits::DOCUMENT).unwrap();
            let error = findings.iter().find(|finding| finding.severity == Severity::Error);
            if let (true, Some(error)) = (schema.is_valid(&value) && part != "linter", error) {
                wrong.push(format!("{}: valid, but {error:?}", path.display()));
            }
            let written = record.write();
            if strip(&written) != strip(&value) {
                wrong.push(format!("{}: written otherwise", path.display()));
            }
            if osv::read_value(&written).0 != record {
                wrong.push(format!("{}: read again otherwise", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{} of {count}", wrong.join("\n"), wrong.len());
    assert!(count > 1_000);
}

/// Empty lists, objects, texts and nulls say nothing, and are not written.
fn strip(value: &Value) -> Value {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    match value {
        Value::Array(list) => list.iter().map(strip).collect(),
        Value::Object(map) => {
            map.iter().map(|(name, value)| (name.clone(), strip(value))).filter(|(_, value)| !empty(value)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

#[test]
fn the_linter_cases_are_judged_as_listed() {
    let Some(folder) = folder() else { return };
    for case in json(&folder.join("expected-linter.json"))["cases"].as_array().unwrap() {
        let name = case["file"].as_str().unwrap();
        let (_, findings) = osv::read(&std::fs::read(folder.join(name)).unwrap(), &Limits::DOCUMENT).unwrap();
        let errors: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert_eq!(errors.is_empty(), case["expect"] == "clean", "{name}: {errors:?}");
        if case["expect"].as_str().unwrap().ends_with("nointroduced") {
            assert!(errors.iter().any(|finding| finding.rule == "no-introduced"));
        }
    }
}

#[test]
fn recorded_queries_get_the_recorded_answers() {
    let Some(folder) = folder() else { return };
    let text = std::fs::read_to_string(folder.join("recorded-api/records.jsonl")).unwrap();
    let records = text.lines().map(|line| osv::read(line.as_bytes(), &Limits::DOCUMENT).unwrap().0).collect();
    let database = osv::Database::new(records);
    let (mut asked, mut wrong) = (0, Vec::new());
    for case in json(&folder.join("recorded-api/expected-queries.json"))["queries"].as_array().unwrap() {
        let query = &case["query"];
        let (Some(ecosystem), Some(name), Some(version)) =
            (query["package"]["ecosystem"].as_str(), query["package"]["name"].as_str(), query["version"].as_str())
        else {
            continue;
        };
        asked += 1;
        let mut got: Vec<&str> = database.find(ecosystem, name, version).map(|record| record.id.as_str()).collect();
        let mut want: Vec<&str> =
            case["vulns_with_record"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        got.sort_unstable();
        want.sort_unstable();
        if got != want {
            wrong.push(format!("{ecosystem} {name} {version}: {got:?}, not {want:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} of {asked}", wrong.join("\n"), wrong.len());
    assert!(asked > 100);
}
