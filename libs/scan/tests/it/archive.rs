//! Reports in zip archives: several entries, decisions beside findings, broken and exploding archives.

use std::io::{Cursor, Write};

use limits::Limits;
use scan::{Error, Report, Status};
use zip::write::SimpleFileOptions;

const SARIF: &str = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "T"}}, "results": [{"message": {"text": "from the archive"}}]}]}"#;

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_directory("folder/", SimpleFileOptions::default()).unwrap();
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn read(bytes: &[u8]) -> Result<Report, Error> {
    scan::read(bytes, None, &Limits::FILE)
}

#[test]
fn every_known_entry_is_read() {
    let bytes = zip(&[("read.me", b"words"), ("folder/a.sarif", SARIF.as_bytes()), ("b.sarif", SARIF.as_bytes())]);
    let report = read(&bytes).unwrap();
    let titles: Vec<&str> = report.findings.iter().map(|finding| finding.title.as_str()).collect();
    assert_eq!((report.summary.tool, titles), ("sarif", vec!["from the archive"; 2]));
    let mut streamed = 0;
    let summary = scan::read_stream(Box::new(Cursor::new(bytes)), Some("sarif"), &Limits::FILE, &mut |_| streamed += 1);
    assert_eq!((summary.unwrap().findings, streamed), (2, 2));
}

#[test]
fn an_fpr_is_read_with_the_decisions_in_it() {
    let vulnerability = |id: &str| {
        format!(
            "<Vulnerability><ClassInfo><ClassID>c</ClassID><Type>Injection</Type></ClassInfo><InstanceInfo><InstanceID>{id}</InstanceID></InstanceInfo></Vulnerability>"
        )
    };
    let fvdl = format!(
        "<FVDL xmlns=\"xmlns://www.fortifysoftware.com/schema/fvdl\"><Vulnerabilities>{}{}</Vulnerabilities></FVDL>",
        vulnerability("one"),
        vulnerability("two")
    );
    let audit = "<Audit xmlns=\"xmlns://www.fortify.com/schema/audit\"><IssueList><Issue instanceId=\"two\" suppressed=\"true\"/></IssueList></Audit>";
    let report = read(&zip(&[("audit.fvdl", fvdl.as_bytes()), ("audit.xml", audit.as_bytes())])).unwrap();
    let statuses: Vec<&Status> = report.findings.iter().map(|finding| &finding.status).collect();
    assert_eq!(report.summary.tool, "fortify");
    assert_eq!(statuses, [&Status::Open, &Status::Suppressed(None)]);
}

#[test]
fn an_archive_without_reports_and_a_broken_one_are_refused() {
    let error = read(&zip(&[("read.me", b"words")])).unwrap_err().to_string();
    assert!(error.contains("holds no report"), "{error}");
    let whole = zip(&[("a.sarif", SARIF.as_bytes())]);
    let error = read(&whole[..whole.len() / 2]).unwrap_err().to_string();
    assert!(error.contains("archive is broken"), "{error}");
}

#[test]
fn a_damaged_entry_does_not_hide_the_others() {
    let mut bytes = zip(&[("a.sarif", SARIF.as_bytes()), ("b.sarif", SARIF.as_bytes())]);
    let name = bytes.windows(7).position(|part| part == b"a.sarif").unwrap();
    for byte in &mut bytes[name + 10..name + 30] {
        *byte ^= 0x55;
    }
    let report = read(&bytes).unwrap();
    assert_eq!(report.findings.len(), 1);
    assert!(report.summary.warnings.iter().any(|warning| warning.contains("the entry a.sarif is left out")));
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let limits = Limits { expanded: 8 << 20, ..Limits::FILE };
    let mut long = SARIF.as_bytes().to_vec();
    long.resize(32 << 20, b' ');
    let bytes = zip(&[("bomb.sarif", &long)]);
    assert!(bytes.len() < 100_000);
    let error = scan::read(&bytes, None, &limits).unwrap_err();
    assert!(matches!(error, Error::Limit(_)), "{error}");
    // Bytes that no reader knows are not unpacked beyond their start.
    let report = scan::read(&zip(&[("zeros", &vec![0; 32 << 20]), ("a.sarif", SARIF.as_bytes())]), None, &limits);
    assert_eq!(report.unwrap().findings.len(), 1);
}
