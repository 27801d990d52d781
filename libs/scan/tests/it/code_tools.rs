//! Layouts of code and secret scanners that the public corpus does not have, in reports written for this test.

use std::io::{Cursor, Write};

use limits::Limits;
use scan::{Finding, Severity, Status};

fn read(text: &str, tool: &str) -> Vec<Finding> {
    let report = scan::read(text.as_bytes(), None, &Limits::FILE).unwrap();
    assert_eq!((report.summary.tool, report.summary.broken), (tool, None));
    report.findings
}

#[test]
fn brakeman_warnings_are_counted_by_fingerprint() {
    let found = read(
        r#"{"scan_info": {"brakeman_version": "6.1"}, "ignored_warnings": [{}], "warnings": [
          {"warning_type": "SQL Injection", "message": "Possible SQL injection", "fingerprint": "f1", "file": "app/a.rb", "line": 3, "cwe_id": [89]},
          {"warning_type": "SQL Injection", "message": "Possible SQL injection", "fingerprint": "f1", "file": "app/a.rb", "line": 3},
          {"warning_type": "Redirect", "message": "Open redirect", "fingerprint": "f2", "file": "app/b.rb", "line": null}]}"#,
        "brakeman",
    );
    assert_eq!((found.len(), found[0].occurrences, found[0].cwe.as_slice()), (2, 2, [89].as_slice()));
    assert!(found.iter().all(|finding| finding.severity == Severity::Medium));
}

#[test]
fn gitleaks_of_version_8_does_not_repeat_the_secret() {
    let found = read(
        r#"[{"RuleID": "aws-key", "Description": "AWS key", "StartLine": 4, "EndLine": 4, "Match": "k = 'S3CR3TVALUE'", "Secret": "S3CR3TVALUE", "File": "conf/a.ini", "Commit": "c1"},
            {"RuleID": "aws-key", "Description": "AWS key", "StartLine": 4, "EndLine": 4, "Match": "k = 'S3CR3TVALUE'", "Secret": "S3CR3TVALUE", "File": "conf/a.ini", "Commit": "c2"}]"#,
        "gitleaks",
    );
    assert_eq!((found.len(), found[0].severity), (1, Severity::High));
    assert!(!format!("{:?} {:?} {:?}", found[0].title, found[0].description, found[0].evidence).contains("S3CR3T"));
}

#[test]
fn trufflehog_ranks_unverified_kinds_lower_and_passes_over_log_lines() {
    let found = read(
        "{\"SourceMetadata\": {\"Data\": {\"Filesystem\": {\"file\": \"a.txt\", \"line\": 1}}}, \"DetectorName\": \"PrivateKey\", \"Verified\": false, \"Raw\": \"x\"}\n\
         {\"level\": \"info-0\", \"msg\": \"finished scanning\"}\n\
         {\"SourceMetadata\": {\"Data\": {\"Filesystem\": {\"file\": \"a.txt\", \"line\": 2}}}, \"DetectorName\": \"PrivateKey\", \"Verified\": true, \"Raw\": \"y\"}\n",
        "trufflehog",
    );
    assert_eq!(found.iter().map(|finding| finding.severity).collect::<Vec<_>>(), [Severity::High, Severity::Critical]);
}

#[test]
fn checkmarx_results_of_one_sink_are_one_finding_that_one_open_result_keeps_open() {
    let result = |false_positive: &str| {
        format!(
            "<Result Severity='High' FalsePositive='{false_positive}'><Path><PathNode><FileName>a/In.cs</FileName><Line>1</Line><Name>i</Name></PathNode>\
             <PathNode><FileName>a/Out.cs</FileName><Line>9</Line><Name>o</Name></PathNode></Path></Result>"
        )
    };
    let text = format!(
        "<CxXMLResults CheckmarxVersion='9'><Query id='1' name='SQL_Injection' cweId='89'>{}{}</Query></CxXMLResults>",
        result("True"),
        result("False")
    );
    let found = read(&text, "checkmarx");
    assert_eq!((found.len(), found[0].occurrences, &found[0].status), (1, 2, &Status::Open));
    assert_eq!((found[0].title.as_str(), found[0].steps.len()), ("SQL Injection (Out.cs)", 2));
}

#[test]
fn an_fpr_is_read_with_its_decisions() {
    let rule = "<Rule id='R'><MetaInfo><Group name='Impact'>4</Group><Group name='Accuracy'>5</Group><Group name='Probability'>5</Group></MetaInfo></Rule>";
    let one = |id: &str| {
        format!(
            "<Vulnerability><ClassInfo><ClassID>R</ClassID><Type>Path Manipulation</Type></ClassInfo><InstanceInfo><InstanceID>{id}</InstanceID><Confidence>5</Confidence></InstanceInfo>\
             <AnalysisInfo><Unified><Trace><Primary><Entry><Node><SourceLocation path='src/A.java' line='7'/></Node></Entry></Primary></Trace></Unified></AnalysisInfo></Vulnerability>"
        )
    };
    let fvdl = format!(
        "<FVDL><Vulnerabilities>{}{}</Vulnerabilities><EngineData><RuleInfo>{rule}</RuleInfo></EngineData></FVDL>",
        one("I1"),
        one("I2")
    );
    let audit = "<Audit xmlns='xmlns://www.fortify.com/schema/audit'><IssueList><Issue instanceId='I2' suppressed='true'><ThreadedComments><Comment><Content>accepted</Content></Comment></ThreadedComments></Issue></IssueList></Audit>";
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("audit.fvdl", fvdl.as_str()), ("audit.xml", audit)] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    let report = scan::read(&bytes, None, &Limits::FILE).unwrap();
    assert_eq!((report.summary.tool, report.findings.len()), ("fortify", 2));
    assert_eq!((report.findings[0].severity, &report.findings[0].status), (Severity::Critical, &Status::Open));
    assert_eq!(report.findings[1].status, Status::Suppressed(Some("accepted".to_owned())));
}

#[test]
fn a_table_of_visualcodegrepper_needs_no_header() {
    let found = read("2,High,Unsafe call,\"It may\nbreak\",src\\a.c,12,strcpy(a b),False,Red\n", "vcg");
    assert_eq!(
        (found[0].severity, found[0].location.as_ref().unwrap().display.as_str()),
        (Severity::High, "src/a.c:12")
    );
}

#[test]
fn gitlab_reports_tell_their_kind() {
    let secret = r#"{"version": "15.0.0", "scan": {"type": "secret_detection", "scanner": {"name": "Gitleaks", "version": "8"}}, "vulnerabilities": [
      {"id": "1", "name": "Token", "severity": "Unknown", "raw_source_code_extract": "tok", "category": "secret_detection", "location": {"file": "a", "start_line": 2}, "identifiers": []}]}"#;
    let found = read(secret, "gitlab_sast");
    assert_eq!((found[0].severity, &found[0].evidence), (Severity::Info, &None));
    let page = r#"{"version": "15.0.0", "vulnerabilities": [{"id": "1", "name": "XSS", "severity": "High",
      "location": {"hostname": "https://app.halden.example", "path": "/a", "method": "GET", "param": "q"}, "identifiers": [{"type": "cwe", "value": "79"}]}]}"#;
    let found = read(page, "gitlab_dast");
    assert_eq!(found[0].location.as_ref().unwrap().display, "https://app.halden.example/a");
}
