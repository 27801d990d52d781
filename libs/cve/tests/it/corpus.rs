//! The public collection: every record is read, and written as it was.

use std::path::{Path, PathBuf};

use limits::Limits;
use serde_json::Value;

pub(crate) fn folder() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = PathBuf::from(std::env::var_os("PORTCULLIS_CORPUS").unwrap_or_else(|| default.into())).join("cve");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("no public CVE records at {}: set PORTCULLIS_CORPUS to test with them", folder.display());
    None
}

pub(crate) fn schema(folder: &Path) -> jsonschema::Validator {
    let text = std::fs::read(folder.join("schema/CVE_JSON_bundled_5.1.1.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_slice(&text).unwrap()).unwrap()
}

#[test]
fn records_are_read_and_written_as_they_were() {
    let Some(folder) = folder() else { return };
    let schema = schema(&folder);
    let (mut count, mut wrong) = (0, Vec::new());
    for part in ["cve5-go-cna", "cve5-mixed", "cve5-vulnrichment"] {
        let mut folders = vec![folder.join(part)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "json") {
                    count += 1;
                    one(&path, &schema, &mut wrong);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{} of {count}", wrong.join("\n"), wrong.len());
    assert!(count > 1_000);
}

fn one(path: &Path, schema: &jsonschema::Validator, wrong: &mut Vec<String>) {
    let bytes = std::fs::read(path).unwrap();
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    let (record, findings) = cve::read(&bytes, &Limits::DOCUMENT).unwrap();
    let errors: Vec<_> = findings.iter().filter(|finding| finding.severity == cve::Severity::Error).collect();
    if schema.is_valid(&value) && !errors.is_empty() {
        wrong.push(format!("{}: valid, but {:?}", path.display(), errors.first()));
    }
    let written = record.write();
    if written != value {
        wrong.push(format!("{}: written otherwise", path.display()));
    }
    let again = cve::read_value(&written).0;
    if again != record {
        wrong.push(format!("{}: read again otherwise", path.display()));
    }
    let _ = cve::rules(&record, None, true);
}
