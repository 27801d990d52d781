//! Whatever comes in, reading ends with a document or an error.

use limits::Limits;
use proptest::prelude::*;

const SEEDS: [&str; 4] = [
    r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"type":"library","name":"a","components":[]}},"components":[{"type":"library","name":"a","components":[{"type":"file","name":"b"}],"licenses":[{"expression":"MIT"}]}],"dependencies":[{"ref":"a","dependsOn":["b"]}]}"#,
    r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><components><component type="library" bom-ref="a"><name>a</name><licenses><license><id>MIT</id></license></licenses></component></components><dependencies><dependency ref="a"/></dependencies></bom>"#,
    "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nPackageName: a\nSPDXID: SPDXRef-a\nPackageChecksum: SHA1: 00\nPackageComment: <text>a\nb</text>\nRelationship: SPDXRef-a DEPENDS_ON NONE\n",
    r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"software_Package","spdxId":"urn:a","name":"a"},{"type":"Relationship","from":"a","relationshipType":"dependsOn","to":["b"]}]}"#,
];

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = sbom::read_slice(&bytes, &Limits::DOCUMENT);
    }

    #[test]
    fn damaged_documents(seed in 0_usize..4, cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), end in any::<prop::sample::Index>()) {
        let mut bytes = SEEDS[seed].as_bytes().to_vec();
        for (at, byte) in cuts {
            let at = at.index(bytes.len());
            if byte < 128 { bytes[at] = byte; } else { bytes.remove(at); }
        }
        if end.index(3) == 0 {
            bytes.truncate(end.index(bytes.len()));
        }
        let _ = sbom::read_slice(&bytes, &Limits::DOCUMENT);
    }
}

#[test]
fn deep_nesting_ends() {
    let mut text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":"#.to_owned();
    text.push_str(&r#"[{"type":"file","name":"a","components":"#.repeat(5_000));
    let document = sbom::read_slice(text.as_bytes(), &Limits::DOCUMENT);
    assert!(document.is_err() || document.is_ok_and(|document| !document.is_valid()));
    let text =
        format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">{}", "<components><component>".repeat(5_000));
    assert!(sbom::read_slice(text.as_bytes(), &Limits::DOCUMENT).is_err_and(|error| error.is_limit()));
}
