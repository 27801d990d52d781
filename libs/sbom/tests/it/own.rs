//! Small documents of our own: every format, and the sloppiness of the real world.

use std::io::Write;

use limits::Limits;
use sbom::{Document, Format, Severity};

fn read(text: &str) -> Document {
    sbom::read_slice(text.as_bytes(), &Limits::DOCUMENT).unwrap()
}

fn rules(document: &Document) -> Vec<&str> {
    document.findings.iter().map(|finding| finding.rule).collect()
}

const NESTED: &str = r#"{
  "components": [
    {"type": "library", "bom-ref": "a", "name": "gate", "version": "1.0", "group": "halden",
     "purl": "pkg:npm/halden/gate@1.0", "cpe": "cpe:2.3:a:halden:gate:1.0:*:*:*:*:*:*:*",
     "supplier": {"name": "Halden Systems"},
     "hashes": [{"alg": "SHA-256", "content": "0000000000000000000000000000000000000000000000000000000000000000"}],
     "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "House licence"}}],
     "components": [
       {"type": "library", "bom-ref": "b", "name": "hinge", "version": "2", "components": [
         {"type": "file", "bom-ref": "c", "name": "pin", "version": "3"}]}]}
  ],
  "dependencies": [{"ref": "a", "dependsOn": ["b", "gone"]}, {"ref": "subject", "dependsOn": ["a"]}],
  "metadata": {"timestamp": "2024-05-31T12:00:00Z",
    "component": {"type": "application", "bom-ref": "subject", "name": "Portico", "version": "9",
      "components": [{"type": "library", "bom-ref": "d", "name": "inner", "version": "1"}]}},
  "version": 1, "specVersion": "1.4", "bomFormat": "CycloneDX"
}"#;

#[test]
fn nested_components_count_and_the_subject_does_not() {
    let document = read(NESTED);
    let names: Vec<&str> = document.components.iter().map(|component| &*component.name).collect();
    assert_eq!(names, ["gate", "hinge", "pin", "inner"]);
    assert_eq!(
        document.components.iter().map(|component| component.parent).collect::<Vec<_>>(),
        [None, Some(0), Some(1), None]
    );
    assert_eq!(document.subject.as_ref().map(|subject| &*subject.name), Some("Portico"));
    let gate = &document.components[0];
    assert_eq!(gate.supplier.as_deref(), Some("Halden Systems"));
    assert_eq!(gate.licences.iter().map(AsRef::as_ref).collect::<Vec<_>>(), ["MIT", "House licence"]);
    assert_eq!((gate.hashes.len(), gate.cpes().count(), gate.purls().count()), (1, 1, 1));
    assert_eq!(document.dependencies.len(), 2);
    assert!(document.is_valid(), "{:?}", document.findings);
    assert_eq!(rules(&document), ["dangling-reference"]);
}

#[test]
fn keys_in_any_order_give_the_same() {
    let value: serde_json::Value = serde_json::from_str(NESTED).unwrap();
    let mut properties: Vec<_> = value.as_object().unwrap().iter().collect();
    for _ in 0..properties.len() {
        properties.rotate_left(1);
        let text: Vec<String> = properties.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
        let document = read(&format!("{{{}}}", text.join(",")));
        assert_eq!((document.components.len(), document.is_valid()), (4, true));
    }
}

#[test]
fn byte_order_marks_utf_16_and_gzip_are_read() {
    let plain = read(NESTED);
    let mut marked = vec![0xef, 0xbb, 0xbf];
    marked.extend(NESTED.as_bytes());
    let little: Vec<u8> = [0xff, 0xfe].into_iter().chain(NESTED.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> = NESTED.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(NESTED.as_bytes()).unwrap();
    for bytes in [marked, little, big, packed.finish().unwrap()] {
        assert_eq!(sbom::read_slice(&bytes, &Limits::DOCUMENT).unwrap(), plain);
    }
}

#[test]
fn gzip_that_expands_too_far_is_refused() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(format!("{{\"bomFormat\":\"CycloneDX\",\"x\":\"{}\"}}", " ".repeat(1 << 20)).as_bytes()).unwrap();
    let limits = Limits { expanded: 1 << 16, ..Limits::DOCUMENT };
    assert!(sbom::read_slice(&packed.finish().unwrap(), &limits).is_err());
}

#[test]
fn limits_on_size_count_and_depth_hold() {
    let limits =
        |limits: Limits| sbom::read_slice(NESTED.as_bytes(), &limits).map(|_| ()).map_err(|error| error.is_limit());
    assert_eq!(limits(Limits { bytes: 100, ..Limits::DOCUMENT }), Err(true));
    assert_eq!(limits(Limits { count: 3, ..Limits::DOCUMENT }), Err(true));
    assert_eq!(limits(Limits { depth: 2, ..Limits::DOCUMENT }), Err(true));
    assert_eq!(limits(Limits { count: 4, ..Limits::DOCUMENT }), Ok(()));
}

#[test]
fn what_breaks_off_is_read_as_far_as_it_goes() {
    let cut = &NESTED[..NESTED.find("\"dependencies\"").unwrap()];
    let text = format!("{{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.4\", \"version\": 1, {}", &cut[1..]);
    let document = read(&text);
    assert_eq!(document.components.len(), 3);
    let syntax = document.findings.iter().find(|finding| finding.rule == "syntax").unwrap();
    assert!(syntax.line.is_some() && !document.is_valid());
}

#[test]
fn rules_of_the_schema_are_kept_by_version() {
    let bom = |version: &str, component: &str| {
        read(&format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"{version}","version":1,"components":[{component}]}}"#
        ))
    };
    let valid = |version, component| bom(version, component).is_valid();
    assert!(!valid("1.3", r#"{"type":"library","name":"a"}"#), "1.3 needs a version");
    assert!(valid("1.4", r#"{"type":"library","name":"a"}"#));
    assert!(!valid("1.4", r#"{"type":"platform","name":"a"}"#), "platform came with 1.5");
    assert!(valid("1.5", r#"{"type":"platform","name":"a"}"#));
    assert!(!valid("1.6", r#"{"type":"library","name":"a","colour":"red"}"#));
    assert!(!valid("1.6", r#"{"type":"library","name":"a","licenses":[{"license":{"id":"MIT","name":"MIT"}}]}"#));
    assert!(!valid("1.6", r#"{"type":"library","name":"a","licenses":[{"license":{"id":"Halden-1"}}]}"#));
    assert!(!valid("1.6", r#"{"type":"library","name":"a","hashes":[{"alg":"SHA-256","content":"xyz"}]}"#));
    let twice =
        bom("1.6", r#"{"type":"library","name":"a","bom-ref":"x"},{"type":"library","name":"b","bom-ref":"x"}"#);
    assert_eq!((rules(&twice), twice.components.len()), (vec!["repeated-reference"], 2));
    let same = r#"{"type":"library","name":"a"},{"type":"library","name":"a"}"#;
    assert!(!valid("1.6", same), "the schema wants items to differ");
    assert!(valid("1.7", r#"{"type":"library","name":"a","isExternal":true,"versionRange":"vers:npm/>=1"}"#));
    assert!(!valid("1.7", r#"{"type":"library","name":"a","versionRange":"vers:npm/>=1"}"#));
    let finding = bom("1.6", r#"{"name":"a"}"#).findings.remove(0);
    assert_eq!((finding.severity, finding.path.as_str()), (Severity::Error, "/components/0"));
}

#[test]
fn xml_is_read_with_lines() {
    let text = r#"<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.4" xmlns:x="urn:halden.example" version="1">
  <metadata><component type="application" bom-ref="s"><name>Portico</name></component></metadata>
  <components>
    <component type="library" bom-ref="a"><name>gate &amp; hinge</name><version>1</version>
      <hashes><hash alg="MD5">00000000000000000000000000000000</hash></hashes>
      <licenses><expression>MIT OR Apache-2.0</expression></licenses>
      <purl>pkg:npm/gate@1</purl>
      <components><component type="library" bom-ref="b"><name>pin</name></component></components>
      <x:note>ours alone</x:note>
    </component>
    <component type="library"><version>1</version><name>late</name></component>
  </components>
  <dependencies><dependency ref="a"><dependency ref="b"/></dependency></dependencies>
</bom>"#;
    let document = read(text);
    assert_eq!((document.format, document.spec_version.as_deref()), (Format::CycloneDxXml, Some("1.4")));
    let names: Vec<&str> = document.components.iter().map(|component| &*component.name).collect();
    assert_eq!(names, ["gate & hinge", "pin", "late"]);
    assert_eq!(document.components[0].licences.first().map(AsRef::as_ref), Some("MIT OR Apache-2.0"));
    assert_eq!(document.dependencies[0].depends_on.len(), 1);
    let [only] = document.findings.as_slice() else { panic!("{:?}", document.findings) };
    assert_eq!((only.rule, only.line), ("missing-element", Some(12)));
}

#[test]
fn xml_entities_are_not_expanded() {
    let text = r#"<!DOCTYPE bom [<!ENTITY a "aaaaaaaaaa">]><bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components/></bom>"#;
    assert!(sbom::read_slice(text.as_bytes(), &Limits::DOCUMENT).is_err());
    let text = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component type="library"><name>&a;</name></component></components></bom>"#;
    assert_eq!(rules(&read(text))[0], "syntax");
}

const TAGS: &str = "SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: portico
DocumentNamespace: https://halden.example/spdx/portico-9
Creator: Organization: Halden Systems
Created: 2024-05-31T12:00:00Z
# a comment
PackageName: gate
SPDXID: SPDXRef-gate
PackageVersion: 1.0
PackageSupplier: Organization: Halden Systems (psirt@halden.example)
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: false
PackageChecksum: SHA1: 0000000000000000000000000000000000000000
PackageLicenseConcluded: LicenseRef-1
PackageLicenseDeclared: MIT
PackageCopyrightText: <text>Copyright
Halden Systems</text>
ExternalRef: PACKAGE-MANAGER purl pkg:npm/gate@1.0
ExternalRef: SECURITY cpe23Type cpe:2.3:a:halden:gate:1.0:*:*:*:*:*:*:*
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-gate
Relationship: SPDXRef-hinge DEPENDENCY_OF SPDXRef-gate
PackageName: hinge
SPDXID: SPDXRef-hinge
PackageDownloadLocation: NOASSERTION
LicenseID: LicenseRef-1
ExtractedText: <text>Do as you like.</text>
LicenseName: House licence
";

#[test]
fn tag_value_is_read() {
    let document = read(TAGS);
    assert!(document.findings.is_empty(), "{:?}", document.findings);
    assert_eq!((document.format, document.spec_version.as_deref()), (Format::SpdxTagValue, Some("SPDX-2.3")));
    let gate = &document.components[0];
    assert_eq!(gate.licences.iter().map(AsRef::as_ref).collect::<Vec<_>>(), ["House licence", "MIT"]);
    assert_eq!((gate.supplier.as_deref(), gate.purl.as_deref()), (Some("Halden Systems"), Some("pkg:npm/gate@1.0")));
    assert_eq!((document.components.len(), document.relationships.len()), (2, 2));
    assert_eq!(&*document.dependencies[0].depends_on[0], "SPDXRef-hinge");
}

#[test]
fn tag_value_findings_have_lines() {
    let document = read(&TAGS.replace("SPDXID: SPDXRef-hinge\n", "SPDXID: SPDXRef-gate\n"));
    let finding = document.findings.iter().find(|finding| finding.rule == "repeated-reference").unwrap();
    assert_eq!(finding.line, Some(24));
    assert_eq!(document.components.len(), 2);
}

#[test]
fn spdx_json_and_graph_are_read() {
    let document = read(
        r#"{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"p","dataLicense":"CC0-1.0",
        "documentNamespace":"https://halden.example/p","creationInfo":{"created":"2024-05-31T12:00:00Z","creators":["Tool: x"]},
        "packages":[{"SPDXID":"SPDXRef-a","name":"a","downloadLocation":"NONE","versionInfo":"1"}],
        "relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"}]}"#,
    );
    assert!(document.findings.is_empty(), "{:?}", document.findings);
    assert_eq!(document.components[0].version.as_deref(), Some("1"));
    let document = read(
        r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
        {"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2024-05-31T12:00:00Z","createdBy":["urn:h"]},
        {"type":"software_Package","spdxId":"urn:a","creationInfo":"_:c","name":"a","software_packageVersion":"1",
         "software_packageUrl":"pkg:npm/a@1","suppliedBy":"urn:h"},
        {"type":"Relationship","spdxId":"urn:r","creationInfo":"_:c","from":"urn:a","relationshipType":"hasDeclaredLicense","to":["urn:l"]},
        {"type":"Relationship","spdxId":"urn:s","creationInfo":"_:c","from":"urn:a","relationshipType":"dependsOn","to":["urn:b","urn:d"]},
        {"type":"simplelicensing_LicenseExpression","spdxId":"urn:l","creationInfo":"_:c","simplelicensing_licenseExpression":"MIT"},
        {"type":"Organization","spdxId":"urn:h","creationInfo":"_:c","name":"Halden Systems"}]}"#,
    );
    assert!(document.findings.is_empty(), "{:?}", document.findings);
    assert_eq!(document.spec_version.as_deref(), Some("SPDX-3.0.1"));
    let a = &document.components[0];
    assert_eq!((a.licences.first().map(AsRef::as_ref), a.supplier.as_deref()), (Some("MIT"), Some("Halden Systems")));
    assert_eq!(document.dependencies[0].depends_on.len(), 2);
}

#[test]
fn other_formats_are_named_in_the_refusal() {
    let words = |text: &str| sbom::read_slice(text.as_bytes(), &Limits::DOCUMENT).unwrap_err().to_string();
    assert!(words("spdxVersion: \"SPDX-2.3\"\n").contains("YAML"));
    assert!(words("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/>").contains("RDF"));
    assert!(words("").contains("empty"));
    assert!(words("{\"a\":1}").contains("bomFormat"));
    assert!(words("<html/>").contains("<html>"));
}
