//! The public collection of SBOMs with its expected counts and verdicts.

use std::path::PathBuf;

use limits::Limits;
use sbom::{Document, Format};
use serde_json::Value;

fn folder() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = PathBuf::from(std::env::var_os("PORTCULLIS_CORPUS").unwrap_or_else(|| default.into())).join("sbom");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("no public SBOMs at {}: set PORTCULLIS_CORPUS to test with them", folder.display());
    None
}

fn expected(folder: &std::path::Path, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap()
}

fn read(path: &std::path::Path) -> Result<Document, sbom::Error> {
    sbom::read(std::fs::File::open(path).unwrap(), &Limits::FILE)
}

#[test]
fn counts_are_as_listed() {
    let Some(folder) = folder() else { return };
    let mut wrong = Vec::new();
    for (name, want) in expected(&folder, "expected-counts.json")["files"].as_object().unwrap() {
        let document = match read(&folder.join(name)) {
            Ok(document) => document,
            Err(error) => {
                wrong.push(format!("{name}: {error}"));
                continue;
            }
        };
        let mut compare = |what: &str, got: usize| {
            if let Some(want) = want[what].as_u64()
                && want != got as u64
            {
                wrong.push(format!("{name}: {what} is {got}, not {want}"));
            }
        };
        let edges = document.dependencies.iter().map(|dependency| dependency.depends_on.len()).sum();
        let mut purls: Vec<&str> = document.components.iter().flat_map(sbom::Component::purls).collect();
        purls.sort_unstable();
        purls.dedup();
        compare("packages", document.components.len());
        compare("components_all", document.components.len());
        compare("components_top", document.components.iter().filter(|component| component.parent.is_none()).count());
        compare("files", document.files);
        if !matches!(document.format, Format::SpdxGraph) {
            compare("relationships", document.relationships.len());
        }
        compare("distinct_purls", purls.len());
        compare("services", document.services);
        compare("vulnerabilities", document.vulnerabilities);
        if matches!(document.format, Format::CycloneDxJson | Format::CycloneDxXml) {
            compare("dependencies", document.dependencies.len());
            compare("dependency_edges", edges);
        }
        if want["format"].as_str() != Some(document.format.name()) {
            wrong.push(format!("{name}: format is {}, not {}", document.format.name(), want["format"]));
        }
        if want["spec_version"].is_string() && want["spec_version"].as_str() != document.spec_version.as_deref() {
            wrong.push(format!("{name}: version is {:?}, not {}", document.spec_version, want["spec_version"]));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} differ", wrong.join("\n"), wrong.len());
}

#[test]
fn verdicts_are_as_listed() {
    let Some(folder) = folder() else { return };
    let mut wrong = Vec::new();
    for case in expected(&folder, "expected-cyclonedx-validity.json")["cases"].as_array().unwrap() {
        let name = case["file"].as_str().unwrap();
        if case["encoding"] == "textproto" {
            continue;
        }
        match read(&folder.join(name)) {
            Ok(document) if document.is_valid() == (case["expect"] == "valid") => {}
            Ok(document) => wrong.push(format!("{name}: {:?}", document.findings.first())),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}\n{} differ", wrong.join("\n"), wrong.len());
}

#[test]
fn every_file_is_read_or_refused_with_words() {
    let Some(folder) = folder() else { return };
    let mut folders = vec![folder];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            count += 1;
            if let Err(error) = read(&path) {
                assert!(error.to_string().len() > 20, "{}: {error}", path.display());
                if std::env::var_os("PORTCULLIS_SHOW").is_some() {
                    println!("{}: {error}", path.display());
                }
            }
        }
    }
    assert!(count > 300);
}
