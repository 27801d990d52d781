//! Reading and writing: nothing is lost, nothing is added, equal documents give equal bytes.

use csaf::model::{
    Branch, BranchCategory, Content, Csaf, Cwe, Distribution, Document, Flag, FlagLabel, FullProductName, GenericUri,
    IdentificationHelper, Metric, Note, NoteCategory, ProductPath, ProductStatus, ProductTree, Publisher,
    PublisherCategory, Reference, ReferenceCategory, Relation, Remediation, RemediationCategory, Revision, Status,
    Subpath, Tlp, TlpLabel, Tracking, Vulnerability, cvss_object,
};
use csaf::{Level, Limits, Value, Version, validate, validate_bytes};
use proptest::prelude::*;

use crate::corpus;

fn product(id: &str, name: &str) -> FullProductName {
    FullProductName {
        name: name.to_owned(),
        product_id: id.to_owned(),
        product_identification_helper: Some(IdentificationHelper {
            x_generic_uris: vec![GenericUri {
                namespace: "https://halden.example/products".to_owned(),
                uri: format!("https://halden.example/products/{id}"),
            }],
            skus: vec![format!("HAL-{id}")],
            ..IdentificationHelper::default()
        }),
        ..FullProductName::default()
    }
}

fn branch(category: BranchCategory, name: &str, branches: Vec<Branch>) -> Branch {
    Branch { branches, category, name: name.to_owned(), product: None }
}

fn document(category: &str) -> Document {
    let date = "2026-03-02T09:00:00Z".to_owned();
    Document {
        category: category.to_owned(),
        distribution: Some(Distribution {
            tlp: Some(Tlp { label: TlpLabel::Clear, url: Some("https://www.first.org/tlp/".to_owned()) }),
            ..Distribution::default()
        }),
        lang: Some("en".to_owned()),
        notes: vec![Note { category: NoteCategory::Summary, text: "A pump stops.".to_owned(), ..Note::default() }],
        publisher: Publisher {
            category: PublisherCategory::Vendor,
            name: "Halden Systems".to_owned(),
            namespace: "https://halden.example".to_owned(),
            ..Publisher::default()
        },
        references: vec![Reference {
            category: Some(ReferenceCategory::SelfReference),
            summary: "This document".to_owned(),
            url: "https://halden.example/csaf/2026/hal-2026-001.json".to_owned(),
        }],
        title: "Pump controller stops".to_owned(),
        tracking: Tracking {
            current_release_date: date.clone(),
            id: "HAL-2026-001".to_owned(),
            initial_release_date: date.clone(),
            revision_history: vec![Revision {
                date,
                number: "1".to_owned(),
                summary: "First version".to_owned(),
                legacy_version: None,
            }],
            status: Status::Final,
            version: "1".to_owned(),
            ..Tracking::default()
        },
        ..Document::default()
    }
}

/// An advisory as the response team writes it.
pub(crate) fn advisory(category: &str) -> Csaf {
    let version = |id: &str, name: &str| Branch {
        product: Some(product(id, &format!("Halden Systems Pump {name}"))),
        ..branch(BranchCategory::ProductVersion, name, Vec::new())
    };
    let vector = cvss::Vector::parse("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H").unwrap();
    Csaf {
        document: document(category),
        product_tree: Some(ProductTree {
            branches: vec![branch(
                BranchCategory::Vendor,
                "Halden Systems",
                vec![branch(
                    BranchCategory::ProductFamily,
                    "Pumps",
                    vec![branch(
                        BranchCategory::ProductName,
                        "Pump",
                        vec![version("A", "1.0"), version("B", "1.1"), version("C", "0.9")],
                    )],
                )],
            )],
            product_paths: [("A", "A-ON-B"), ("B", "B-ON-B")]
                .into_iter()
                .map(|(begin, id)| ProductPath {
                    beginning_product_reference: begin.to_owned(),
                    full_product_name: product(id, "Pump beside Pump 1.1"),
                    subpaths: vec![Subpath {
                        category: Relation::InstalledWith,
                        next_product_reference: "B".to_owned(),
                    }],
                })
                .collect(),
            ..ProductTree::default()
        }),
        vulnerabilities: vec![Vulnerability {
            cve: Some("CVE-2026-10001".to_owned()),
            cwes: vec![Cwe {
                id: "CWE-770".to_owned(),
                name: "Allocation of Resources Without Limits or Throttling".to_owned(),
                version: Some("4.19.1".to_owned()),
            }],
            disclosure_date: Some("2026-03-02T09:00:00Z".to_owned()),
            flags: vec![Flag {
                label: FlagLabel::VulnerableCodeNotPresent,
                product_ids: vec!["C".to_owned()],
                ..Flag::default()
            }],
            metrics: vec![Metric {
                content: Content { cvss_v3: Some(cvss_object(&vector)), ..Content::default() },
                products: vec!["A".to_owned(), "A-ON-B".to_owned()],
                source: None,
            }],
            notes: vec![Note { category: NoteCategory::Description, text: "It stops.".to_owned(), ..Note::default() }],
            product_status: Some(ProductStatus {
                fixed: vec!["B".to_owned(), "B-ON-B".to_owned()],
                known_affected: vec!["A".to_owned(), "A-ON-B".to_owned()],
                known_not_affected: vec!["C".to_owned()],
                ..ProductStatus::default()
            }),
            remediations: vec![Remediation {
                category: RemediationCategory::VendorFix,
                details: "Update to 1.1.".to_owned(),
                product_ids: vec!["A".to_owned(), "A-ON-B".to_owned()],
                ..Remediation::default()
            }],
            ..Vulnerability::default()
        }],
        ..Csaf::default()
    }
}

#[test]
fn what_we_build_is_valid_in_both_versions() {
    for version in [Version::V2_0, Version::V2_1] {
        for category in ["csaf_security_advisory", "csaf_vex", "csaf_base"] {
            let written = advisory(category).to_bytes(version);
            assert_eq!(written.losses, [], "{version:?}");
            let mut report = validate_bytes(&written.bytes, Level::Optional, &Limits::DOCUMENT).unwrap();
            assert_eq!(report.version, version);
            report.findings.retain(|finding| finding.test != "6.2.43");
            assert_eq!(report.findings, [], "{}", String::from_utf8_lossy(&written.bytes));
        }
    }
}

#[test]
fn what_a_version_cannot_carry_is_told() {
    let mut csaf = advisory("csaf_security_advisory");
    let vector = cvss::Vector::parse("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N").unwrap();
    let vulnerability = csaf.vulnerabilities.first_mut().unwrap();
    vulnerability.metrics.push(Metric {
        content: Content { cvss_v4: Some(cvss_object(&vector)), ..Content::default() },
        products: vec!["A".to_owned()],
        source: None,
    });
    vulnerability.remediations.first_mut().unwrap().category = RemediationCategory::OptionalPatch;
    csaf.document.distribution.as_mut().unwrap().tlp.as_mut().unwrap().label = TlpLabel::AmberStrict;
    let losses = csaf.to_bytes(Version::V2_0).losses;
    let paths: Vec<_> = losses.iter().map(|loss| loss.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/document/distribution/tlp/label",
            "/vulnerabilities/0/remediations/0/category",
            "/vulnerabilities/0/metrics"
        ]
    );
    let report = validate_bytes(&csaf.to_bytes(Version::V2_0).bytes, Level::Mandatory, &Limits::DOCUMENT).unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(csaf.to_bytes(Version::V2_1).losses, []);
}

#[test]
fn what_cannot_be_read_is_skipped_and_named() {
    let text = br#"{"document":{"title":7,"notes":[{"category":"gossip","text":"x"},3]},"vulnerabilities":[{"cve":"CVE-2026-1234"}]}"#;
    let read = Csaf::read(&Value::read(text, &Limits::DOCUMENT).unwrap());
    assert_eq!(read.skipped, ["/document/notes/0/category", "/document/notes/1", "/document/title"]);
    assert_eq!(read.csaf.vulnerabilities.first().unwrap().cve.as_deref(), Some("CVE-2026-1234"));
}

/// Real documents that conform come out as they went in.
#[test]
fn real_documents_survive() {
    let Some(folder) = corpus::folder() else { return };
    let mut compared = 0;
    for part in ["cisa", "vendors", "oasis-examples", "oasis-testdocs"] {
        for path in corpus::files(&folder.join(part), "json") {
            let bytes = std::fs::read(&path).unwrap();
            let root = Value::read(&bytes, &Limits::FILE).unwrap();
            let Some(version) = Version::of(&root) else { continue };
            let read = Csaf::read(&root);
            let (value, _) = read.csaf.to_value(version);
            let again = Csaf::read(&value);
            assert_eq!(again.csaf.to_bytes(version), read.csaf.to_bytes(version), "{}", path.display());
            let report = validate(&root, Level::Optional);
            let conforms = report.of("schema").chain(report.of("6.2.20")).next().is_none();
            if conforms {
                compared += 1;
                assert_eq!(again.csaf, read.csaf, "{}", path.display());
                assert_eq!(read.skipped, [""; 0], "{}", path.display());
                let (left, right) = (text(&value), text(&root));
                assert!(left == right, "{} changed: {}", path.display(), difference(&left, &right));
            }
        }
    }
    assert!(compared > 500, "{compared}");
}

fn text(value: &Value<'_>) -> String {
    String::from_utf8(value.canonical()).unwrap()
}

fn difference(left: &str, right: &str) -> String {
    let at = left.bytes().zip(right.bytes()).position(|(left, right)| left != right).unwrap_or(0);
    let cut = |text: &str| text.chars().skip(at.saturating_sub(60)).take(160).collect::<String>();
    format!("\n{}\n{}", cut(left), cut(right))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A document with anything at all done to its bytes is judged or refused, never more.
    #[test]
    fn mutated_documents_never_panic(places in prop::collection::vec((0_usize..4000, any::<u8>(), 0_u8..3), 1..6), category in "csaf_(vex|base|withdrawn|superseded|security_advisory)") {
        for version in [Version::V2_0, Version::V2_1] {
            let mut bytes = advisory(&category).to_bytes(version).bytes;
            for (at, byte, what) in &places {
                let at = at % bytes.len();
                match what {
                    0 => bytes[at] = *byte,
                    1 => { bytes.remove(at); }
                    _ => bytes.insert(at, *byte),
                }
            }
            if let Ok(root) = Value::read(&bytes, &Limits::DOCUMENT) {
                let report = validate(&root, Level::Informative);
                prop_assert!(report.findings.len() < 10_000);
                let read = Csaf::read(&root).csaf;
                let again = Csaf::read(&Value::read(&read.to_bytes(version).bytes, &Limits::DOCUMENT).unwrap());
                if again.version == Csaf::read(&root).version {
                    prop_assert_eq!(again.csaf.to_bytes(version), read.to_bytes(version));
                }
            }
        }
    }

    /// Any value in the place of any other is judged, never more.
    #[test]
    fn wrong_kinds_never_panic(target in 0_usize..220, kind in 0_u8..6) {
        let bytes = advisory("csaf_vex").to_bytes(Version::V2_1).bytes;
        let mut tree: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let mut left = target;
        replace(&mut tree, &mut left, kind);
        let text = serde_json::to_vec(&tree).unwrap();
        if let Ok(root) = Value::read(&text, &Limits::DOCUMENT) {
            let _report = validate(&root, Level::Informative);
            let _read = Csaf::read(&root);
        }
    }
}

fn replace(value: &mut serde_json::Value, left: &mut usize, kind: u8) {
    if *left == 0 {
        *value = match kind {
            0 => serde_json::Value::Null,
            1 => serde_json::json!(1),
            2 => serde_json::json!("x"),
            3 => serde_json::json!([]),
            4 => serde_json::json!({}),
            _ => serde_json::json!([{"category": 1}, 2, "x", null]),
        };
        *left = usize::MAX;
        return;
    }
    *left -= 1;
    match value {
        serde_json::Value::Array(items) => {
            for item in items {
                replace(item, left, kind);
            }
        }
        serde_json::Value::Object(fields) => {
            for (_, field) in fields {
                replace(field, left, kind);
            }
        }
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => {}
    }
}
