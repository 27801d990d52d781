//! SARIF 2.1.0 clause by clause: rules, levels, kinds, suppressions, baselines, external properties, broken texts.

use std::io::Cursor;

use limits::Limits;
use scan::{Baseline, Finding, Report, Severity, Status};

/// The report of a log in memory; a stream must give the same.
fn read(log: &str) -> Report {
    let report = scan::read(log.as_bytes(), Some("sarif"), &Limits::FILE).unwrap();
    let mut findings = Vec::new();
    let source = Box::new(Cursor::new(log.as_bytes().to_vec()));
    let summary =
        scan::read_stream(source, Some("sarif"), &Limits::FILE, &mut |finding| findings.push(finding)).unwrap();
    assert_eq!((&summary, &findings), (&report.summary, &report.findings));
    report
}

/// The findings of a run with these members.
fn run(members: &str) -> Vec<Finding> {
    let report = read(&format!(r#"{{"version": "2.1.0", "runs": [{{{members}}}]}}"#));
    assert_eq!(report.summary.broken, None);
    report.findings
}

fn severities(members: &str) -> Vec<&'static str> {
    run(members).iter().map(|finding| finding.severity.name()).collect()
}

#[test]
fn rules_are_found_by_index_by_identifier_and_in_extensions() {
    let found = run(r#"
        "tool": {"driver": {"name": "T", "rules": [
            {"id": "A", "shortDescription": {"text": "driver's A"}, "defaultConfiguration": {"level": "note"}},
            {"id": "B", "guid": "g-b", "shortDescription": {"text": "driver's B"}}]},
          "extensions": [{"name": "E", "guid": "g-e", "rules": [
            {"id": "A", "shortDescription": {"text": "extension's A"}, "properties": {"security-severity": "7.5"}}]}]},
        "results": [
            {"ruleIndex": 1},
            {"ruleId": "A/sub/deeper"},
            {"rule": {"index": 0, "toolComponent": {"index": 0}}},
            {"rule": {"id": "A", "toolComponent": {"name": "E"}}},
            {"rule": {"id": "A/x", "toolComponent": {"guid": "g-e"}}},
            {"rule": {"guid": "g-b"}},
            {"rule": {"id": "A", "toolComponent": {}}},
            {"ruleIndex": "0"},
            {"ruleId": "unknown", "message": {"text": "own words"}}]"#);
    let titles: Vec<&str> = found.iter().map(|finding| finding.title.as_str()).collect();
    let expected = [
        "driver's B",
        "driver's A",
        "extension's A",
        "extension's A",
        "extension's A",
        "driver's B",
        "driver's A",
        "driver's A",
        "own words",
    ];
    assert_eq!(titles, expected);
    assert_eq!((found[1].severity, found[2].severity), (Severity::Info, Severity::High));
    assert_eq!(found[1].rule.as_deref(), Some("A/sub/deeper"));
}

#[test]
fn levels_come_from_the_result_the_invocation_the_rule_and_the_default() {
    let rules = r#""tool": {"driver": {"rules": [
        {"id": "N", "defaultConfiguration": {"level": "note", "rank": 12.5}}, {"id": "P"}]},
        "extensions": [{"rules": [{"id": "N", "defaultConfiguration": {"level": "error"}}]}]}"#;
    assert_eq!(
        severities(&format!(
            r#"{rules}, "results": [{{"ruleId": "N"}}, {{"ruleId": "P"}}, {{"ruleId": "N", "level": "error"}}]"#
        )),
        ["info", "medium", "high"]
    );
    let overrides = r#""invocations": [{"executionSuccessful": true}, {"executionSuccessful": true, "ruleConfigurationOverrides": [
        {"descriptor": {"index": 0}, "configuration": {"level": "error", "rank": 90}},
        {"descriptor": {"id": "N", "index": 0, "toolComponent": {"index": 0}}, "configuration": {"level": "note"}}]}]"#;
    let found = run(&format!(
        r#"{overrides}, {rules}, "results": [
        {{"ruleId": "N", "provenance": {{"invocationIndex": 1}}}},
        {{"ruleId": "N", "provenance": {{"invocationIndex": 0}}}},
        {{"ruleId": "N"}},
        {{"rule": {{"index": 0, "toolComponent": {{"index": 0}}}}, "provenance": {{"invocationIndex": 1}}}},
        {{"ruleId": "N", "rank": 55, "provenance": {{"invocationIndex": 1}}}}]"#
    ));
    let seen: Vec<_> = found.iter().map(|finding| (finding.severity.name(), finding.rank)).collect();
    assert_eq!(
        seen,
        [("high", Some(90.0)), ("info", Some(12.5)), ("info", Some(12.5)), ("info", None), ("high", Some(55.0))]
    );
}

#[test]
fn kinds_other_than_fail_are_information_or_nothing() {
    let report = read(
        r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"rules": [{"id": "R", "properties": {"security-severity": "9.8"}}]}},
        "results": [{"kind": "pass", "ruleId": "R"}, {"kind": "notApplicable", "ruleId": "R"}, {"kind": "review", "ruleId": "R"},
        {"kind": "open", "ruleId": "R", "level": "none"}, {"kind": "informational", "ruleId": "R"}, {"kind": "fail", "ruleId": "R"},
        {"ruleId": "R", "level": "note"}, {"ruleId": "R", "properties": {"security-severity": "4.0"}}]}]}"#,
    );
    let seen: Vec<&str> = report.findings.iter().map(|finding| finding.severity.name()).collect();
    assert_eq!(seen, ["info", "info", "info", "critical", "critical", "medium"]);
    assert_eq!(report.summary.counts.get("results"), Some(&8));
}

#[test]
fn suppressions_hold_unless_one_is_rejected_or_under_review() {
    let found = run(r#""results": [
        {"suppressions": []},
        {"suppressions": [{"kind": "external"}]},
        {"suppressions": [{"kind": "external", "status": "accepted", "justification": "by design"}]},
        {"suppressions": [{"kind": "external", "status": "underReview"}]},
        {"suppressions": [{"kind": "external", "status": "accepted"}, {"kind": "inSource", "status": "rejected"}]},
        {"suppressions": null}, {"baselineState": "absent"}, {"baselineState": "unchanged"}, {"baselineState": "new"}]"#);
    let open: Vec<bool> = found.iter().map(|finding| finding.status.is_open()).collect();
    assert_eq!(open, [true, false, false, true, true, true, false, true, true]);
    assert_eq!(found[2].status, Status::Suppressed(Some("by design".to_owned())));
    assert_eq!((&found[6].status, found[6].baseline), (&Status::Fixed, Some(Baseline::Absent)));
    assert_eq!((found[7].baseline, found[8].baseline), (Some(Baseline::Unchanged), Some(Baseline::New)));
}

#[test]
fn messages_are_looked_up_filled_and_translated() {
    let found = run(r#"
        "tool": {"driver": {"name": "T", "rules": [{"id": "R", "messageStrings": {"own": {"text": "{0} of {{1}}"}}}],
          "globalMessageStrings": {"all": {"text": "for everybody: {0}"}}}},
        "translations": [{"name": "T", "language": "fr-FR", "rules": [{"id": "R", "shortDescription": {"text": "titre"},
          "messageStrings": {"far": {"text": "traduit {0}"}}}]}],
        "results": [
            {"ruleId": "R", "message": {"id": "own", "arguments": ["one"]}},
            {"ruleId": "R", "message": {"id": "all", "arguments": ["two"]}},
            {"ruleId": "R", "message": {"id": "far", "arguments": ["trois"]}},
            {"ruleId": "R", "message": {"id": "nowhere"}},
            {"ruleId": "R", "message": {"markdown": "**only** markdown"}}]"#);
    let titles: Vec<&str> = found.iter().map(|finding| finding.title.as_str()).collect();
    assert_eq!(titles, ["one of {1}", "for everybody: two", "traduit trois", "titre", "**only** markdown"]);
}

#[test]
fn places_come_from_indexes_and_bases_and_steps_from_code_flows() {
    let found = run(r#"
        "originalUriBaseIds": {"SRC": {"uri": "lib/", "uriBaseId": "TOP"}, "TOP": {"uri": "part/", "uriBaseId": "HOME"}, "HOME": {"uri": "file:///home/a/"}},
        "artifacts": [{"location": {"uri": "x%20y.c", "uriBaseId": "SRC"}}],
        "threadFlowLocations": [{"location": {"message": {"text": "shared"}, "physicalLocation": {"artifactLocation": {"uri": "s.c"}, "region": {"startLine": 9}}}}],
        "results": [{"locations": [{"physicalLocation": {"artifactLocation": {"index": 0}, "region": {"startLine": "6", "startColumn": 2}}}],
          "codeFlows": [{"threadFlows": [{"locations": [{"index": 0}, {"location": {"message": {"text": "then"}}}]}, {"locations": [{"index": 0}]}]}]}]"#);
    assert_eq!(found[0].location.as_ref().unwrap().display, "part/lib/x y.c:6:2");
    let steps: Vec<_> =
        found[0].steps.iter().map(|step| (step.flow, step.message.as_deref(), step.location.line)).collect();
    assert_eq!(steps, [(0, Some("shared"), Some(9)), (0, Some("then"), None), (1, Some("shared"), Some(9))]);
}

#[test]
fn external_properties_in_the_log_are_read_and_others_named() {
    let report = read(
        r#"{"version": "2.1.0", "inlineExternalProperties": [
          {"guid": "g1", "driver": {"name": "T", "rules": [{"id": "R", "shortDescription": {"text": "from outside"}}]}},
          {"guid": "g2", "results": [{"ruleId": "R"}], "artifacts": [{"location": {"uri": "a.c"}}]}],
        "runs": [{"externalPropertyFileReferences": {"driver": {"guid": "g1"}, "results": [{"guid": "g2", "itemCount": 1},
          {"guid": "g3", "location": {"uri": "more.sarif-external-properties"}}]},
          "results": [{"ruleId": "R", "locations": [{"physicalLocation": {"artifactLocation": {"index": 0}}}]}]}]}"#,
    );
    let titles: Vec<&str> = report.findings.iter().map(|finding| finding.title.as_str()).collect();
    assert_eq!(titles, ["from outside", "from outside"]);
    assert_eq!(report.findings[0].location.as_ref().unwrap().display, "a.c");
    let [warning] = report.summary.warnings.as_slice() else { panic!("{:?}", report.summary.warnings) };
    assert!(warning.contains("results are kept in more.sarif-external-properties"), "{warning}");
}

#[test]
fn a_file_of_external_properties_is_read_as_a_run() {
    let text = r#"{"version": "2.1.0", "guid": "g3", "runGuid": "r", "results": [{"ruleId": "R", "message": {"text": "kept apart"}}]}"#;
    let report = scan::read(text.as_bytes(), None, &Limits::FILE).unwrap();
    assert_eq!((report.summary.tool, report.findings[0].title.as_str()), ("sarif", "kept apart"));
    assert!(report.summary.warnings.iter().any(|warning| warning.contains("external properties")));
}

#[test]
fn several_runs_and_failed_invocations_are_told() {
    let report = read(
        r#"{"version": "2.1.0", "runs": [
          {"tool": {"driver": {"name": "One", "semanticVersion": "1.2"}}, "results": [{"message": {"text": "a"}}]},
          {"tool": {"driver": {"name": "Two"}}, "invocations": [{"executionSuccessful": false,
            "toolExecutionNotifications": [{"level": "error", "exception": {"kind": "Overflow", "message": "too deep"}}, {"level": "note", "message": {"text": "quiet"}}],
            "toolConfigurationNotifications": [{"level": "error", "message": {"text": "no rules"}}]}],
           "results": [{"message": {"text": "b"}}]}, {"results": null}]}"#,
    );
    assert_eq!(report.summary.scanners, ["One 1.2", "Two"]);
    assert_eq!(report.findings.len(), 2);
    let warnings = report.summary.warnings.join("\n");
    assert!(warnings.contains("Two says that its run failed"), "{warnings}");
    assert!(
        warnings.contains("too deep") && warnings.contains("no rules") && !warnings.contains("quiet"),
        "{warnings}"
    );
}

#[test]
fn every_cut_keeps_the_results_before_it_and_says_where() {
    let head = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "T"}}, "results": ["#;
    let results: Vec<String> =
        (0..5).map(|number| format!(r#"{{"ruleId": "R{number}", "message": {{"text": "m \"{number}\""}}}}"#)).collect();
    let log = format!("{head}{}]}}]}}", results.join(","));
    for length in head.len() + results[0].len()..log.len() {
        let report = read(&log[..length]);
        let body = &log[head.len()..length];
        let whole = results.iter().scan(0, |end, one| {
            *end += one.len() + 1;
            Some(*end - 1)
        });
        let expected = whole.filter(|end| *end <= body.len()).count();
        assert_eq!(report.findings.len(), expected, "cut at {length}");
        let broken = report.summary.broken.unwrap();
        assert!(broken.contains(&format!("ends at byte {length}")), "cut at {length}: {broken}");
    }
}

#[test]
fn a_result_that_cannot_be_read_does_not_hide_the_others() {
    let log = r#"{"version": "2.1.0", "runs": [{"results": [{"message": {"text": "a"}}, {"message": {"text": nonsense}},
        {"ruleId": "R", "locations": 7}, {"message": {"text": "b"}}]}]}"#;
    let report = read(log);
    let titles: Vec<&str> = report.findings.iter().map(|finding| finding.title.as_str()).collect();
    assert_eq!(titles, ["a", "b"]);
    let broken = report.summary.broken.unwrap();
    assert!(broken.contains("2 results are unreadable") && broken.contains("result 2 of run 1 at byte"), "{broken}");
}

#[test]
fn long_results_and_wrong_parts_are_left_out_with_a_note() {
    let log = r#"{"version": "2.1.0", "runs": [{"tool": 5, "artifacts": {"old": {}}, "invocations": "x",
        "results": [{"message": {"text": "a long message, much longer than the others"}}, {"message": {"text": "b"}}]}]}"#;
    let report = scan::read(log.as_bytes(), None, &Limits { part: 40, ..Limits::FILE }).unwrap();
    assert_eq!(report.findings.len(), 1);
    assert!(report.summary.broken.unwrap().contains("longer than 40 bytes"));
    assert!(report.summary.warnings.iter().any(|warning| warning.contains("run 1: tool left out")));
}

#[test]
fn utf_16_and_marks_are_read() {
    let log = r#"{"version": "2.1.0", "runs": [{"results": [{"message": {"text": "größer 😀"}}]}]}"#;
    let mark = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    for bytes in [
        mark(b"\xEF\xBB\xBF", log.as_bytes().to_vec()),
        mark(b"\xFF\xFE", log.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        mark(b"\xFE\xFF", log.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ] {
        let report = scan::read(&bytes, None, &Limits::FILE).unwrap();
        assert_eq!(report.findings[0].title, "größer 😀");
        let mut titles = Vec::new();
        let mut sink = |finding: Finding| titles.push(finding.title);
        scan::read_stream(Box::new(Cursor::new(bytes)), None, &Limits::FILE, &mut sink).unwrap();
        assert_eq!(titles, ["größer 😀"]);
    }
}

/// A log of two runs whose results refer to rules, artifacts, bases, taxa, steps and requests.
const RICH: &str = r##"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "T", "rules": [
    {"id": "A/1", "shortDescription": {"text": "short"}, "fullDescription": {"text": "full"}, "helpUri": "https://t.example/A",
     "properties": {"security-severity": "7.5", "tags": ["external/cwe/cwe-079"]}, "messageStrings": {"m": {"text": "say {0}"}}},
    {"id": "B", "relationships": [{"target": {"id": "22", "toolComponent": {"name": "CWE"}}}]}]}},
  "artifacts": [{"location": {"uri": "a%20b.c", "uriBaseId": "S"}}], "originalUriBaseIds": {"S": {"uri": "src/"}},
  "results": [{"ruleId": "A/1", "ruleIndex": 0, "message": {"id": "m", "arguments": ["x"]},
      "locations": [{"physicalLocation": {"artifactLocation": {"index": 0}, "region": {"startLine": 3, "snippet": {"text": "a[7]"}}}}],
      "codeFlows": [{"threadFlows": [{"locations": [{"location": {"message": {"text": "step"}}}]}]}]},
    {"ruleId": "B/2", "level": "error", "message": {"text": "see [here](1) and \"there\""}, "fingerprints": {"f/v1": "77"},
      "suppressions": [{"kind": "external", "status": "accepted", "justification": "known"}]}, "odd"]},
  {"results": [{"message": {"text": "second run"}, "partialFingerprints": {"p": "1", "q": "2"}}], "tool": {"driver": {"name": "U"}}}]}"##;

/// Whatever a byte is turned into, a log in memory and the same log in a stream say the same, and nothing panics.
#[test]
fn broken_logs_read_the_same_from_memory_and_from_a_stream() {
    const BYTES: &[u8] = b"{}[]\",:\\ 0-7eE.nrT";
    let whole = read(RICH);
    assert_eq!((whole.findings.len(), &whole.summary.broken), (4, &None));
    assert_eq!(whole.findings[0].cwe, [79]);
    assert_eq!(whole.findings[1].cwe, [22]);
    let mut state = 7_u64;
    let mut dice = |sides: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % sides
    };
    let mut read_whole = 0;
    for _ in 0..1_500 {
        let mut log = RICH.as_bytes().to_vec();
        for _ in 0..=dice(3) {
            let at = dice(log.len());
            match dice(3) {
                0 => log[at] = BYTES[dice(BYTES.len())],
                1 => log.insert(at, BYTES[dice(BYTES.len())]),
                _ => drop(log.drain(at..(at + 1 + dice(20)).min(log.len()))),
            }
        }
        let text = String::from_utf8(log).unwrap();
        let memory = scan::read(text.as_bytes(), Some("sarif"), &Limits::FILE);
        let mut findings = Vec::new();
        let stream = Cursor::new(text.as_bytes());
        let mut sink = |finding: Finding| findings.push(finding);
        let summary = scan::read_stream(Box::new(stream), Some("sarif"), &Limits::FILE, &mut sink);
        match (memory, summary) {
            (Ok(memory), Ok(summary)) => {
                read_whole += usize::from(summary.broken.is_none());
                assert_eq!((memory.findings, memory.summary), (findings, summary), "{text}");
            }
            (Err(memory), Err(stream)) => assert_eq!(memory.to_string(), stream.to_string(), "{text}"),
            (memory, stream) => panic!("{memory:?} against {stream:?} of {text}"),
        }
    }
    assert!((150..1_500).contains(&read_whole), "{read_whole}");
}
