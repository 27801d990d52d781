//! Every public VEX document is read, and written in every format, valid.

use std::path::{Path, PathBuf};

use limits::Limits;
use serde_json::Value;
use vex::{Document, Format, Severity};

pub(crate) const NOW: &str = "2024-05-31T12:00:00Z";

pub(crate) fn data() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = PathBuf::from(std::env::var_os("PORTCULLIS_CORPUS").unwrap_or_else(|| default.into()));
    if folder.is_dir() {
        return Some(folder);
    }
    println!("no public documents at {}: set PORTCULLIS_CORPUS to test with them", folder.display());
    None
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
    files.sort();
    files
}

fn openvex_schema(data: &Path) -> jsonschema::Validator {
    let text = std::fs::read(data.join("csaf/openvex/spec/openvex_json_schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_slice(&text).unwrap()).unwrap()
}

/// What is wrong with a document that was written.
pub(crate) fn faults(value: &Value, format: Format, schema: Option<&jsonschema::Validator>) -> Vec<String> {
    let mut faults: Vec<String> = vex::read_value(value)
        .1
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| format!("{finding:?}"))
        .collect();
    match format {
        Format::OpenVex => {
            faults
                .extend(schema.into_iter().flat_map(|schema| schema.iter_errors(value)).map(|error| error.to_string()));
        }
        Format::CycloneDx => {
            let document = sbom::read_slice(value.to_string().as_bytes(), &Limits::DOCUMENT).unwrap();
            faults.extend(
                document
                    .findings
                    .into_iter()
                    .filter(|finding| finding.severity == sbom::Severity::Error)
                    .map(|finding| format!("{finding:?}")),
            );
        }
        Format::Csaf => {
            let report = csaf::validate_bytes(value.to_string().as_bytes(), csaf::Level::Mandatory, &Limits::DOCUMENT);
            let findings = report.unwrap().findings;
            faults.extend(findings.into_iter().map(|finding| format!("{finding:?}")));
        }
    }
    faults
}

pub(crate) fn everywhere(
    name: &str,
    document: &Document,
    schema: Option<&jsonschema::Validator>,
    wrong: &mut Vec<String>,
) {
    for format in [Format::OpenVex, Format::Csaf, Format::CycloneDx] {
        let written = vex::write(document, format, NOW);
        let own = vex::read_value(&written.document).0;
        if own.statements.is_empty() && !written.losses.is_empty() {
            // Statements without products cannot be carried by CSAF; the losses say so.
            continue;
        }
        for fault in faults(&written.document, format, schema) {
            wrong.push(format!("{name} as {format:?}: {fault}"));
        }
        // What was written says the same when it is written again.
        let again = vex::write(&own, format, NOW);
        if again.document != written.document {
            wrong.push(format!("{name} as {format:?}: differs when written again"));
        }
        let statuses = |document: &Document| {
            let mut statuses: Vec<_> = document
                .statements
                .iter()
                .flat_map(|statement| {
                    let parts =
                        statement.products.iter().map(|product| product.subcomponents.len().max(1)).sum::<usize>();
                    std::iter::repeat_n((statement.vulnerability.name.clone(), statement.status), parts)
                })
                .collect();
            statuses.sort();
            statuses
        };
        if format != Format::Csaf && statuses(document) != statuses(&own) && written.losses.is_empty() {
            wrong.push(format!("{name} as {format:?}: {:?} became {:?}", statuses(document), statuses(&own)));
        }
    }
}

#[test]
fn public_documents_are_read_and_written_in_every_format() {
    let Some(data) = data() else { return };
    let schema = openvex_schema(&data);
    let (mut count, mut wrong) = (0, Vec::new());
    for folder in
        ["csaf/oasis-examples", "sbom/cyclonedx-bom-examples/VEX", "sbom/cyclonedx-spec", "sbom/sbom-utility/vex"]
    {
        for path in files(&data.join(folder)) {
            let value: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let is_vex = value["document"]["category"] == "csaf_vex"
                || value.get("vulnerabilities").is_some() && value.get("bomFormat").is_some();
            if !is_vex || path.to_string_lossy().contains("/invalid-") {
                continue;
            }
            count += 1;
            let (document, findings) = vex::read_value(&value);
            assert!(!document.statements.is_empty(), "{}", path.display());
            let errors: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
            if value["document"]["category"] == "csaf_vex" && !errors.is_empty() {
                wrong.push(format!("{}: {errors:?}", path.display()));
            }
            if errors.is_empty() {
                everywhere(&path.display().to_string(), &document, Some(&schema), &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{} in {count}", wrong.join("\n"), wrong.len());
    assert!(count > 20, "{count}");
}
