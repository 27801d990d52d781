//! Documents of our own: full ones, poor ones, damaged ones.

use limits::Limits;
use proptest::prelude::*;
use vex::{Document, Format, Justification, Product, Response, Statement, Status, Vulnerability};

use crate::corpus::{NOW, everywhere};

fn product(id: &str) -> Product {
    Product {
        id: id.to_owned(),
        name: Some("Portico".to_owned()),
        version: Some("9".to_owned()),
        purl: Some("pkg:generic/portico@9".to_owned()),
        cpe: Some("cpe:2.3:a:halden:portico:9:*:*:*:*:*:*:*".to_owned()),
        hashes: vec![("SHA-256".to_owned(), "0".repeat(64))],
        subcomponents: vec![Product {
            id: "pkg:npm/gate@1".to_owned(),
            purl: Some("pkg:npm/gate@1".to_owned()),
            ..Product::default()
        }],
        ..Product::default()
    }
}

fn statement(status: Status) -> Statement {
    Statement {
        vulnerability: Vulnerability {
            name: "CVE-1900-1234".to_owned(),
            aliases: vec!["GHSA-aaaa-bbbb-cccc".to_owned()],
            description: Some("The gate opens.".to_owned()),
            ..Vulnerability::default()
        },
        products: vec![product(&format!("portico-{}", status.as_str()))],
        status: Some(status),
        ..Statement::default()
    }
}

fn document() -> Document {
    let mut not_affected = statement(Status::NotAffected);
    not_affected.justification = Some(Justification::VulnerableCodeNotInExecutePath);
    not_affected.impact_statement = Some("The gate is never built.".to_owned());
    let mut affected = statement(Status::Affected);
    affected.action_statement = Some("Install 9.2.".to_owned());
    affected.responses = vec![Response::Update];
    Document {
        id: Some("https://halden.example/vex/1".to_owned()),
        author: Some("Halden Systems".to_owned()),
        timestamp: Some("2024-05-01T08:00:00Z".to_owned()),
        version: 2,
        statements: vec![not_affected, affected, statement(Status::Fixed), statement(Status::UnderInvestigation)],
        ..Document::default()
    }
}

#[test]
fn a_full_document_is_valid_everywhere() {
    let mut wrong = Vec::new();
    everywhere("own", &document(), None, &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn statements_keep_their_meaning_through_every_format() {
    for format in [Format::OpenVex, Format::Csaf, Format::CycloneDx] {
        let written = vex::write(&document(), format, NOW);
        let (read, findings) = vex::read_value(&written.document);
        assert!(findings.is_empty(), "{format:?}: {findings:?}");
        assert_eq!((read.format, read.statements.len(), read.version), (Some(format), 4, 2));
        for before in document().statements {
            let after = read.statements.iter().find(|after| after.status == before.status).unwrap();
            assert_eq!(after.vulnerability.name, before.vulnerability.name);
            assert_eq!(after.vulnerability.aliases, before.vulnerability.aliases, "{format:?}");
            assert_eq!(after.vulnerability.description, before.vulnerability.description);
            assert_eq!(after.justification, before.justification, "{format:?}");
            assert_eq!(after.impact_statement, before.impact_statement, "{format:?}");
            assert_eq!(after.action_statement, before.action_statement, "{format:?}");
            assert_eq!(after.products[0].purl, before.products[0].purl, "{format:?}");
            assert_eq!(after.products[0].subcomponents[0].purl, before.products[0].subcomponents[0].purl, "{format:?}");
        }
    }
}

#[test]
fn losses_are_named() {
    let mut poor = document();
    poor.author_role = Some("auditor".to_owned());
    poor.statements.truncate(1);
    poor.statements[0].justification = Some(Justification::ProtectedAtPerimeter);
    poor.statements[0].nuance = Some("false_positive".to_owned());
    let fields = |format| {
        let losses = vex::write(&poor, format, NOW).losses;
        losses.iter().map(|loss| (loss.statement, loss.field)).collect::<Vec<_>>()
    };
    assert_eq!(fields(Format::OpenVex), [(Some(0), "nuance"), (Some(0), "justification")]);
    let csaf = fields(Format::Csaf);
    for loss in [(Some(0), "nuance"), (Some(0), "justification"), (None, "author_role"), (None, "author_namespace")] {
        assert!(csaf.contains(&loss), "{csaf:?}");
    }
    assert_eq!(fields(Format::CycloneDx), [(None, "author_role"), (None, "id")]);
}

#[test]
fn what_a_format_demands_is_made_up_and_said() {
    let bare = Document {
        statements: vec![statement(Status::NotAffected), statement(Status::Affected)],
        ..Document::default()
    };
    for format in [Format::OpenVex, Format::Csaf] {
        let written = vex::write(&bare, format, NOW);
        let fields: Vec<&str> = written.losses.iter().map(|loss| loss.field).collect();
        assert!(fields.contains(&"impact_statement") && fields.contains(&"action_statement"), "{format:?}: {fields:?}");
        assert!(vex::read_value(&written.document).1.is_empty());
    }
}

#[test]
fn old_openvex_and_wrong_words_are_read() {
    let text = r#"{"@context":"https://openvex.dev/ns","@id":"urn:x","author":"a","timestamp":"2024-05-31T12:00:00Z","version":"3",
      "statements":[{"vulnerability":"CVE-1900-1234","products":["pkg:npm/gate@1"],"status":"fixed"},
      {"vulnerability":{"name":"CVE-1900-1235"},"products":[],"status":"broken"},7]}"#;
    let (document, findings) = vex::read(text.as_bytes(), &Limits::DOCUMENT).unwrap();
    assert_eq!((document.version, document.statements.len()), (3, 2));
    assert_eq!(document.statements[0].products[0].purl.as_deref(), Some("pkg:npm/gate@1"));
    let rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["value", "type", "status"]);
    assert!(vex::read(b"{}", &Limits::DOCUMENT).unwrap().1.iter().any(|finding| finding.rule == "format"));
}

proptest! {
    #[test]
    fn damage_never_panics(format in 0_usize..3, at in any::<prop::sample::Index>(), byte in any::<u8>(), to in 0_usize..3) {
        let formats = [Format::OpenVex, Format::Csaf, Format::CycloneDx];
        let mut bytes = vex::write(&document(), formats[format], NOW).document.to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok((document, _)) = vex::read(&bytes, &Limits::DOCUMENT) {
            let _ = vex::write(&document, formats[to], NOW);
        }
    }
}
