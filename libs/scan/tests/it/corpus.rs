//! Every report of the public corpus whose folder has a reader: recognised, counted and rated as the lists say.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use limits::Limits;
use serde_json::Value;

/// Folder of the corpus and the readers that may answer for it.
const FOLDERS: &str = include_str!("folders.csv");
/// File, what (`count`, `severity`, `refuse`, `tool`) and the reason why we differ from the list on purpose.
const DIFFERENCES: &str = include_str!("differences.csv");

pub(crate) fn data() -> Option<PathBuf> {
    let named = std::env::var_os("PORTCULLIS_CORPUS").map(PathBuf::from);
    let path = named.unwrap_or_else(|| Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).into());
    if path.is_dir() {
        return Some(path);
    }
    println!("the public corpus is not there ({}): nothing was compared", path.display());
    None
}

fn list(path: &Path) -> BTreeMap<String, Value> {
    let text = std::fs::read_to_string(path).unwrap();
    let list: Value = serde_json::from_str(&text).unwrap();
    list["files"].as_object().unwrap().clone().into_iter().collect()
}

fn table(text: &'static str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// What is wrong with the reading of one file, by kind.
fn compare(bytes: &[u8], expected: &Value, tools: &[&str]) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let report = match scan::read(bytes, None, &Limits::FILE) {
        Ok(report) => report,
        Err(error) => {
            if expected["defectdojo_raises"].as_bool() != Some(true) {
                wrong.push(("refuse", error.to_string()));
            }
            return wrong;
        }
    };
    if expected["defectdojo_raises"].as_bool() == Some(true) && !report.findings.is_empty() {
        wrong.push(("refuse", "is read although the list says that it is to be refused".to_owned()));
    }
    if let Some(broken) = &report.summary.broken {
        wrong.push(("broken", broken.clone()));
    }
    if !tools.contains(&report.summary.tool) && !report.findings.is_empty() {
        wrong.push(("tool", format!("recognised as {}", report.summary.tool)));
    }
    let count = report.findings.len();
    let mut counts: Vec<u64> = expected["defectdojo_findings"].as_u64().into_iter().collect();
    counts.extend(expected["defectdojo_findings_variants"].as_array().into_iter().flatten().filter_map(Value::as_u64));
    if !counts.is_empty() && !counts.contains(&(count as u64)) {
        wrong.push(("count", format!("{count} findings, the list says {counts:?}; raw {}", expected["raw"])));
    }
    let examples = expected["defectdojo_examples"].as_array().cloned().unwrap_or_default();
    let mut needed: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for example in &examples {
        if let Some(severity) = example["severity"].as_str() {
            let entry = needed.entry(severity.to_lowercase()).or_default();
            entry.0 += 1;
            let _ = write!(entry.1, " [{} {}]", example["index"], example["title"]);
        }
    }
    for (severity, (number, which)) in needed {
        let found = report.findings.iter().filter(|finding| finding.severity.name() == severity).count();
        if found < number {
            wrong.push(("severity", format!("{found} are {severity}, at least {number} expected:{which}")));
        }
    }
    for example in &examples {
        let (Some(severity), Some(title)) = (example["severity"].as_str(), example["title"].as_str()) else { continue };
        let named: Vec<_> = report.findings.iter().filter(|finding| finding.title == title).collect();
        if !named.is_empty() && !named.iter().any(|finding| finding.severity.name() == severity.to_lowercase()) {
            wrong.push(("severity", format!("\"{title}\" is {}, not {severity}", named[0].severity.name())));
        }
    }
    wrong
}

#[test]
fn reports_are_counted_and_rated_as_the_lists_say() {
    let Some(data) = data() else { return };
    let root = data.join("scans");
    let only = std::env::var_os("SCAN_FOLDER").map(|name| name.into_string().unwrap());
    let folders: BTreeMap<String, Vec<String>> = table(FOLDERS)
        .into_iter()
        .map(|row| (row[0].clone(), row[1].split(' ').map(str::to_owned).collect()))
        .collect();
    let differences = table(DIFFERENCES);
    let mut expected = list(&root.join("expected-findings.json"));
    expected.extend(list(&root.join("expected-heimdall2.json")));
    let (mut checked, mut wrong, mut stale) = (0, String::new(), Vec::new());
    for (file, entry) in &expected {
        let Some(tools) = file
            .split('/')
            .nth(1)
            .and_then(|folder| (only.as_deref().is_none_or(|only| only == folder)).then(|| folders.get(folder))?)
        else {
            continue;
        };
        let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
        let Ok(bytes) = std::fs::read(root.join(file)) else { continue };
        checked += 1;
        let mut excused: Vec<&str> =
            differences.iter().filter(|row| row[0] == *file).map(|row| row[1].as_str()).collect();
        for (what, text) in compare(&bytes, entry, &tools) {
            match excused.iter().position(|known| *known == what) {
                Some(index) => {
                    excused.remove(index);
                }
                None if differences.iter().any(|row| row[0] == *file && row[1] == what) => {}
                None => writeln!(wrong, "{file}: {what}: {text}").unwrap(),
            }
        }
        stale.extend(excused.into_iter().map(|what| format!("{file} {what}")));
    }
    assert!(checked > 0 || only.is_some(), "no file of the lists was found under {}", root.display());
    assert!(wrong.is_empty(), "{checked} files compared\n{wrong}");
    assert!(stale.is_empty(), "no longer different: {stale:?}");
}

#[test]
fn sarif_logs_have_as_many_results_as_the_list_says() {
    let Some(data) = data() else { return };
    let root = data.join("sarif");
    let mut wrong = String::new();
    for (file, entry) in list(&root.join("expected-sarif.json")) {
        let bytes = std::fs::read(root.join(&file)).unwrap();
        let Some(results) = entry["results"].as_u64() else { continue };
        match scan::read(&bytes, Some("sarif"), &Limits::FILE) {
            Ok(report) => {
                let count = report.summary.counts.get("results").copied().unwrap_or_default();
                if count != results || report.summary.broken.is_some() {
                    writeln!(wrong, "{file}: {count} of {results} results {:?}", report.summary.broken).unwrap();
                }
            }
            Err(error) => writeln!(wrong, "{file}: {error}").unwrap(),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn junit_reports_are_counted_as_the_list_says() {
    let Some(data) = data() else { return };
    let root = data.join("junit");
    for (file, entry) in list(&root.join("expected-counts.json")) {
        if entry.get("testcases").is_none() {
            continue;
        }
        let bytes = std::fs::read(root.join(&file)).unwrap();
        let report = scan::read(&bytes, None, &Limits::FILE).unwrap_or_else(|error| panic!("{file}: {error}"));
        for figure in ["testcases", "failed", "errored", "skipped"] {
            assert_eq!(report.summary.counts.get(figure).copied(), entry[figure].as_u64(), "{file}: {figure}");
        }
    }
}

#[test]
fn xccdf_results_are_counted_as_the_list_says() {
    let Some(data) = data() else { return };
    let root = data.join("hardening");
    for (file, entry) in list(&root.join("expected-results.json")) {
        let Some(results) = entry["rule_results"].as_u64().filter(|_| entry["root"] != "CHECKLIST") else { continue };
        if !file.ends_with(".xml") {
            continue;
        }
        let bytes = std::fs::read(root.join(&file)).unwrap();
        let report = scan::read(&bytes, None, &Limits::FILE).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(report.summary.tool, "openscap", "{file}");
        assert_eq!(report.summary.counts.get("rule results").copied(), Some(results), "{file}");
        let failed: u64 = report.findings.iter().map(|finding| u64::from(finding.occurrences)).sum();
        assert_eq!(failed, entry["by_result"]["fail"].as_u64().unwrap_or_default(), "{file}");
    }
}
