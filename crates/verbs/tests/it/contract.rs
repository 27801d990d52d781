//! What each verb prints with `--json`: the members that are promised, in lines in the order of the arguments.

use serde_json::{Value, json};

use crate::{folder, run, run_with};

/// The members of an object at least.
#[track_caller]
fn has(value: &Value, names: &[&str]) {
    for name in names {
        assert!(value.get(name).is_some(), "{name} is missing in {value}");
    }
}

#[test]
fn cvss_score() {
    let folder = folder(&[]);
    let v3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P";
    let v4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P";
    let ran =
        run_with(folder.path(), &["cvss", "score", "--json", "-", "nonsense"], format!("{v3}\n\n{v4}\r\n").as_bytes());
    let lines = ran.lines();
    assert_eq!((ran.status, lines.len()), (1, 3));
    assert_eq!(
        lines[0],
        json!({"vector": v3, "version": "3.1", "base": 9.8, "temporal": 9.3, "environmental": 9.3, "score": 9.3, "severity": "Critical", "canonical": v3})
    );
    assert_eq!((&lines[1]["nomenclature"], &lines[1]["temporal"]), (&json!("CVSS-BT"), &Value::Null));
    assert_eq!(lines[2]["vector"], "nonsense");
    has(&lines[2], &["error"]);
}

#[test]
fn csaf_validate() {
    let folder = folder(&[("a.json", "{\"document\": {}}")]);
    let line = run(folder.path(), &["csaf", "validate", "--json", "a.json"]).line();
    assert_eq!((&line["file"], &line["version"], &line["valid"]), (&json!("a.json"), &json!("2.0"), &json!(false)));
    has(&line["findings"][0], &["test", "level", "path", "message"]);
    let mandatory = run(folder.path(), &["csaf", "validate", "--json", "--level", "mandatory", "a.json"]).line();
    let levels = mandatory["findings"].as_array().unwrap().iter().all(|finding| finding["level"] == "mandatory");
    assert!(levels);
}

const REPORT: &str = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "T"}}, "results": [
  {"ruleId": "R", "level": "error", "message": {"text": "a"}}, {"ruleId": "R", "message": {"text": "b"}}]}]}"#;

#[test]
fn scan_read() {
    let folder = folder(&[("b.sarif", REPORT), ("a.sarif", &REPORT[..REPORT.len() - 40])]);
    let ran = run(folder.path(), &["scan", "read", "--json", "b.sarif", "missing", "a.sarif"]);
    let lines = ran.lines();
    assert_eq!(ran.status, 2);
    has(&lines[0], &["file", "tool", "findings", "warnings"]);
    let finding = &lines[0]["findings"][0];
    has(
        finding,
        &["title", "severity", "rule", "cwe", "cve", "cvss", "location", "component", "description", "fingerprint"],
    );
    assert_eq!((&finding["severity"], &lines[0]["tool"]), (&json!("high"), &json!("sarif")));
    assert_eq!(lines[1]["file"], "missing");
    has(&lines[1], &["error"]);
    // What stood before the cut is there, with where it is cut.
    assert_eq!((&lines[2]["file"], lines[2]["findings"].as_array().map(Vec::len)), (&json!("a.sarif"), Some(1)));
    assert!(lines[2]["error"].as_str().unwrap().contains("ends at byte"), "{}", lines[2]);
    let forced = run_with(folder.path(), &["scan", "read", "--json", "--tool", "SARIF", "-"], REPORT.as_bytes());
    assert_eq!((forced.status, &forced.line()["file"]), (0, &json!("-")));
    let tools = run(folder.path(), &["scan", "tools"]);
    assert!(tools.out.contains("sarif") && tools.out.contains("nessus"));
}

#[test]
fn sbom_read() {
    let json = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
      "metadata": {"component": {"type": "application", "name": "subject", "version": "1"}},
      "components": [{"type": "library", "name": "outer", "version": "1", "purl": "pkg:npm/outer@1", "licenses": [{"license": {"id": "MIT"}}],
        "components": [{"type": "library", "name": "inner"}]}]}"#;
    let xml = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1"><components><component type="library"><name>x</name></component></components></bom>"#;
    let tags = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: d\nDocumentNamespace: https://halden.example/d\nCreator: Organization: Halden Systems\nCreated: 2026-01-01T00:00:00Z\n\nPackageName: p\nSPDXID: SPDXRef-p\nPackageDownloadLocation: NONE\nFilesAnalyzed: false\n";
    let folder = folder(&[("a.json", json), ("b.xml", xml), ("c.spdx", tags), ("d.json", "{}")]);
    let ran = run(folder.path(), &["sbom", "read", "--json", "a.json", "b.xml", "c.spdx", "d.json"]);
    let lines = ran.lines();
    assert_eq!(ran.status, 2, "{}", ran.err);
    has(&lines[0], &["file", "format", "spec_version", "components", "dependencies", "findings"]);
    has(&lines[0]["components"][0], &["name", "version", "purl", "cpe", "licences"]);
    let names: Vec<&str> =
        lines[0]["components"].as_array().unwrap().iter().filter_map(|component| component["name"].as_str()).collect();
    assert_eq!(names, ["outer", "inner"]);
    let counts: Vec<_> = lines[1..3].iter().map(|line| line["components"].as_array().map(Vec::len)).collect();
    assert_eq!(counts, [Some(1), Some(1)]);
    assert_eq!(lines[2]["spec_version"], "SPDX-2.3");
    has(&lines[3], &["file", "error"]);
    assert_eq!(run(folder.path(), &["sbom", "read", "a.json", "b.xml", "c.spdx"]).status, 0);
}

#[test]
fn version_compare() {
    let folder = folder(&[]);
    let ran = run_with(
        folder.path(),
        &["version", "compare", "-"],
        b"npm\t1.2.3\t1.10.0\nPyPI\t1.0\t1.0.0\nDebian:12\t1:1-1\t2\nnpm\tnone\t1.0.0\nAlpine\t1.0_rc1\t1.0\n",
    );
    assert_eq!((ran.out.as_str(), ran.status), ("<\n=\n>\n?\n<\n", 1));
    assert_eq!(run(folder.path(), &["version", "compare", "npm", "2.0.0", "1.0.0"]).out, ">\n");
    let unknown =
        run_with(folder.path(), &["version", "compare", "-"], b"nowhere\t1\t2\nnpm\t1.0.0\nnpm\t1.0.0\t1.0.0\n");
    assert_eq!((unknown.out.as_str(), unknown.status), ("?\n?\n=\n", 2));
    assert!(unknown.err.contains("nowhere") && unknown.err.contains("known are"), "{}", unknown.err);
    assert_eq!(run(folder.path(), &["version", "compare", "npm", "1.0.0"]).status, 2);
}

#[test]
fn purl_parse() {
    let folder = folder(&[]);
    let text = "pkg:NPM/%40angular/core@12.0.0?b=2&A=1#/x/../y";
    let ran = run_with(folder.path(), &["purl", "parse", "--json", text, "-", "nonsense"], b"pkg:deb/debian/curl@7\n");
    let lines = ran.lines();
    assert_eq!((ran.status, lines.len()), (1, 3));
    has(&lines[0], &["purl", "type", "namespace", "name", "version", "qualifiers", "subpath", "canonical"]);
    assert_eq!((&lines[0]["type"], &lines[0]["namespace"]), (&json!("npm"), &json!("@angular")));
    assert_eq!(lines[0]["qualifiers"], json!({"a": "1", "b": "2"}));
    assert_eq!((&lines[1]["name"], &lines[1]["subpath"]), (&json!("curl"), &Value::Null));
    assert_eq!(lines[2]["purl"], "nonsense");
    has(&lines[2], &["error"]);
}

#[test]
fn report_read() {
    let mail = "Message-ID: <1@halden.example>\r\nFrom: Ada <ada@halden.example>\r\nTo: psirt@halden.example\r\nSubject: =?utf-8?q?L=C3=BCcke?=\r\nDate: Mon, 2 Mar 2026 09:00:00 +0100\r\n\r\nThe gate opens.\r\n";
    let folder = folder(&[("a.eml", mail)]);
    let line = run(folder.path(), &["report", "read", "--json", "a.eml"]).line();
    has(&line, &["file", "message_id", "from", "to", "subject", "date", "text", "attachments", "encrypted", "signed"]);
    assert_eq!((&line["subject"], &line["encrypted"]), (&json!("Lücke"), &json!(false)));
    assert!(line["text"].as_str().unwrap().contains("The gate opens."));
}

#[test]
fn cve_read_and_check() {
    let record = json!({"dataType": "CVE_RECORD", "dataVersion": "5.1",
      "cveMetadata": {"cveId": "CVE-2026-1000", "assignerOrgId": "b3476cb9-2e3d-41a6-98d0-0f47421a65b6", "state": "PUBLISHED"},
      "containers": {"cna": {"providerMetadata": {"orgId": "b3476cb9-2e3d-41a6-98d0-0f47421a65b6"},
        "descriptions": [{"lang": "en", "value": "The gate opens."}], "references": [{"url": "https://halden.example/a"}],
        "affected": [{"vendor": "Halden Systems", "product": "Gate", "versions": [{"version": "1", "status": "affected", "lessThan": "2", "versionType": "semver"}]}]},
       "adp": [{"providerMetadata": {"orgId": "b3476cb9-2e3d-41a6-98d0-0f47421a65b6"}, "problemTypes": [{"descriptions": [{"lang": "en", "description": "x", "cweId": "CWE-79", "type": "CWE"}]}],
        "metrics": [{"cvssV3_1": {"version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "baseScore": 9.8, "baseSeverity": "CRITICAL"}}]}]}});
    let rejected = json!({"dataType": "CVE_RECORD", "dataVersion": "5.2",
      "cveMetadata": {"cveId": "CVE-2026-1001", "assignerOrgId": "b3476cb9-2e3d-41a6-98d0-0f47421a65b6", "state": "REJECTED"},
      "containers": {"cna": {"providerMetadata": {"orgId": "b3476cb9-2e3d-41a6-98d0-0f47421a65b6"}, "rejectedReasons": [{"lang": "en", "value": "no flaw"}]}}});
    let folder = folder(&[("a.json", &record.to_string()), ("r.json", &rejected.to_string()), ("list.json", "[]")]);
    let ran = run(folder.path(), &["cve", "read", "--json", "a.json", "r.json", "list.json"]);
    let lines = ran.lines();
    assert_eq!(ran.status, 2);
    has(
        &lines[0],
        &["file", "id", "state", "title", "description", "affected", "cwe", "cvss", "references", "valid", "findings"],
    );
    assert_eq!((&lines[0]["valid"], &lines[0]["cwe"]), (&json!(true), &json!(["CWE-79"])), "{}", lines[0]);
    assert_eq!(lines[0]["affected"][0]["versions"][0]["less_than"], "2");
    assert_eq!((&lines[1]["state"], &lines[1]["valid"]), (&json!("REJECTED"), &json!(true)), "{}", lines[1]);
    assert!(lines[2]["error"].as_str().unwrap().contains("a list and no object"));
    assert_eq!(run(folder.path(), &["cve", "read", "--json", "a.json", "r.json"]).status, 0);
    assert_eq!(run(folder.path(), &["cve", "check", "r.json"]).status, 0);
}

#[test]
fn osv_read_and_affects() {
    let record = r#"{"schema_version": "1.7.0", "id": "HALDEN-2026-1", "modified": "2026-01-01T00:00:00Z", "aliases": ["CVE-2026-1000"], "summary": "s",
      "upstream": ["CVE-2026-1"], "affected": [{"package": {"ecosystem": "npm", "name": "gate"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}]}]}"#;
    let folder = folder(&[("a.json", record), ("b.json", "{\"id\": 7}")]);
    let ran = run(folder.path(), &["osv", "read", "--json", "a.json", "b.json"]);
    let lines = ran.lines();
    assert_eq!(ran.status, 1);
    has(
        &lines[0],
        &["file", "id", "modified", "withdrawn", "aliases", "affected", "severity", "references", "valid", "findings"],
    );
    assert_eq!((&lines[0]["valid"], &lines[1]["valid"]), (&json!(true), &json!(false)), "{}", lines[0]);
    for (version, status, answer) in [("1.9.9", 1, "affected"), ("2.0.0", 0, "not affected"), ("odd", 1, "unknown")] {
        let ran = run(folder.path(), &["osv", "affects", "npm", "gate", version, "--json", "a.json"]);
        assert_eq!((ran.status, &ran.line()["answer"]), (status, &json!(answer)));
    }
}

#[test]
fn vex_read_and_convert() {
    let document = r#"{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://halden.example/vex/1", "author": "Halden Systems", "timestamp": "2026-01-01T00:00:00Z", "version": 1,
      "statements": [{"vulnerability": {"name": "CVE-2026-1000"}, "products": [{"@id": "pkg:npm/gate@1.0.0"}], "status": "not_affected", "justification": "component_not_present"}]}"#;
    let folder = folder(&[("a.json", document)]);
    let line = run(folder.path(), &["vex", "read", "--json", "a.json"]).line();
    has(&line, &["file", "author", "statements", "valid", "findings"]);
    for to in ["csaf", "cyclonedx", "openvex"] {
        let ran = run(folder.path(), &["vex", "convert", "--to", to, "a.json"]);
        assert_eq!(ran.status, 0, "{}", ran.err);
        let again = run_with(folder.path(), &["vex", "read", "--json", "-"], ran.out.as_bytes()).line();
        assert_eq!(again["statements"][0]["status"], "not_affected", "{to}: {again}");
    }
}

#[test]
fn pack_check() {
    let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content/packs/standard");
    let folder = folder(&[("pack.toml", "format = 1\nid = \"halden\"\ntitle = 5\n")]);
    let ran = run(folder.path(), &["pack", "check", "--json", pack, "."]);
    let lines = ran.lines();
    assert_eq!((ran.status, &lines[0]["valid"], &lines[1]["valid"]), (1, &json!(true), &json!(false)));
    has(&lines[1]["findings"][0], &["file", "line", "reason"]);
}
