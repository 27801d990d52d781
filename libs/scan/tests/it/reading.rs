//! Behaviour that every reader shares: streams like memory, breaks, archives, unknown content, limits.

use std::io::Cursor;

use limits::Limits;
use scan::{Baseline, Error, Finding, Severity, Status};

const LOG: &str = r#"{"version": "2.1.0", "runs": [{"results": [
  {"ruleId": "R1", "ruleIndex": 0, "message": {"id": "m", "arguments": ["x"]},
   "locations": [{"physicalLocation": {"artifactLocation": {"index": 0}, "region": {"startLine": 3, "snippet": {"text": "a = 1"}}}}],
   "suppressions": [{"kind": "inSource", "justification": "known"}], "baselineState": "unchanged",
   "codeFlows": [{"threadFlows": [{"locations": [{"location": {"message": {"text": "starts"}}}]}]}]},
  {"ruleId": "R2", "kind": "pass", "message": {"text": "fine"}},
  {"ruleId": "R3", "message": {"text": "see [it](1)"}},
  {"ruleId": "R3", "level": "error", "message": {"text": "worse"}, "webRequest": {"index": 0}}],
 "tool": {"driver": {"name": "Gate", "version": "2", "rules": [{"id": "R1", "messageStrings": {"m": {"text": "bad {0}"}},
   "properties": {"security-severity": "9.1", "tags": ["external/cwe/cwe-079"]}}]}},
 "webRequests": [{"target": "https://halden.example/a?b=1", "method": "GET"}],
 "artifacts": [{"location": {"uri": "src/a.c", "uriBaseId": "ROOT"}}], "originalUriBaseIds": {"ROOT": {"uri": "file:///home/"}}}]}"#;

fn stream(text: &str, tool: Option<&str>) -> (Result<scan::Summary, Error>, Vec<Finding>) {
    let mut findings = Vec::new();
    let source = Box::new(Cursor::new(text.as_bytes().to_vec()));
    let summary = scan::read_stream(source, tool, &Limits::FILE, &mut |finding| findings.push(finding));
    (summary, findings)
}

#[test]
fn sarif_is_read_whole_and_streams_give_the_same() {
    let report = scan::read(LOG.as_bytes(), None, &Limits::FILE).unwrap();
    let (summary, findings) = stream(LOG, None);
    assert_eq!(findings, report.findings);
    assert_eq!(summary.unwrap(), report.summary);
    assert_eq!(report.summary.scanners, ["Gate 2"]);
    assert_eq!(report.summary.warnings, ["left out: 1 results of kind pass"]);
    let [first, second, third] = report.findings.as_slice() else { panic!("{:?}", report.findings) };
    assert_eq!(
        (first.title.as_str(), first.severity, first.cwe.as_slice()),
        ("bad x", Severity::Critical, [79].as_slice())
    );
    assert_eq!(first.location.as_ref().unwrap().display, "src/a.c:3");
    assert_eq!(
        (&first.status, first.baseline),
        (&Status::Suppressed(Some("known".to_owned())), Some(Baseline::Unchanged))
    );
    assert_eq!(first.steps.len(), 1);
    assert_eq!((second.title.as_str(), second.severity), ("see it", Severity::Medium));
    assert_eq!(third.severity, Severity::High);
    assert_eq!(third.location.as_ref().unwrap().host.as_deref(), Some("halden.example"));
}

#[test]
fn a_cut_log_gives_what_stood_before_the_cut() {
    let cut = &LOG[..LOG.find(r#"{"ruleId": "R3", "level""#).unwrap()];
    let report = scan::read(cut.as_bytes(), None, &Limits::FILE).unwrap();
    assert_eq!(report.findings.len(), 2);
    assert!(report.summary.broken.unwrap().contains("JSON is broken"));
}

#[test]
fn unknown_content_is_described() {
    for (text, words) in [
        ("{\"colour\": 1}", "a JSON object with the keys colour"),
        ("[{\"colour\": 1}]", "items have the keys colour"),
        ("<colour/>", "the root element colour"),
        ("Colour,Shape\n1,2", "the columns colour, shape"),
        ("just words", "text that begins \"just words\""),
        ("", "the file is empty"),
    ] {
        let error = scan::read(text.as_bytes(), None, &Limits::FILE).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    let error = scan::read(b"{}", Some("bandut"), &Limits::FILE).unwrap_err().to_string();
    assert!(error.contains("bandit"), "{error}");
}

#[test]
fn an_empty_list_has_no_findings() {
    let report = scan::read(b" [ ]\n", None, &Limits::FILE).unwrap();
    assert_eq!((report.summary.tool, report.findings.len(), report.summary.warnings.len()), ("empty", 0, 1));
}

#[test]
fn more_findings_than_the_limit_end_the_reading() {
    let report = scan::read(LOG.as_bytes(), None, &Limits { count: 2, ..Limits::FILE }).unwrap();
    assert!(report.summary.broken.unwrap().contains("more than 2 records"));
    assert!(matches!(scan::read(LOG.as_bytes(), None, &Limits { bytes: 10, ..Limits::FILE }), Err(Error::Limit(_))));
}

#[test]
fn equal_rows_are_merged_with_their_places() {
    let text = "Title;Severity;Description;Url\nA;High;d;https://a.example/\nA;High;d;https://b.example/\nB;Odd;d;\n";
    let report = scan::read(text.as_bytes(), None, &Limits::FILE).unwrap();
    let first = &report.findings[0];
    assert_eq!((report.findings.len(), first.occurrences, first.others.len()), (2, 2, 1));
    assert_eq!(report.findings[1].severity, Severity::Info);
}
