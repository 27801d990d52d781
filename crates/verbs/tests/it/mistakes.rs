//! What users get wrong: files that are missing, empty, folders, or something else; pipes that close early.

use std::io::Read;

use serde_json::json;

use crate::{START, command, folder, run, run_with};

/// Every verb that reads files.
const READERS: [&[&str]; 8] = [
    &["csaf", "validate"],
    &["scan", "read"],
    &["sbom", "read"],
    &["cve", "read"],
    &["osv", "read"],
    &["vex", "read"],
    &["maturity", "read"],
    &["report", "read"],
];

#[test]
fn what_cannot_be_read_is_one_line_with_file_and_error() {
    let folder = folder(&[("empty", ""), ("cut", "{\"a\": [1,")]);
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    for verb in READERS {
        let mut arguments = verb.to_vec();
        arguments.extend(["--json", "missing", "folder", "empty"]);
        let ran = run(folder.path(), &arguments);
        let lines = ran.lines();
        let files: Vec<_> = lines.iter().map(|line| line["file"].as_str().unwrap()).collect();
        assert_eq!((ran.status, files), (2, vec!["missing", "folder", "empty"]), "{verb:?}");
        for line in &lines {
            assert_eq!(line.as_object().map(serde_json::Map::len), Some(2), "{verb:?}: {line}");
            assert!(!line["error"].as_str().unwrap().is_empty());
        }
        assert!(lines[1]["error"].as_str().unwrap().contains("directory"), "{verb:?}: {}", lines[1]);
        let plain = run(folder.path(), &[verb[0], verb[1], "missing"]);
        assert_eq!((plain.status, plain.out.as_str()), (2, ""), "{verb:?}");
        assert!(plain.err.contains("missing: "), "{verb:?}: {}", plain.err);
    }
}

#[test]
fn bytes_of_no_format_are_refused_and_nothing_panics() {
    let junk: Vec<u8> =
        (0_u32..5_000).map(|number| (number.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0]).collect();
    let folder = folder(&[]);
    for verb in READERS {
        for input in [
            junk.as_slice(),
            b"\0\0\0",
            b"\xFF\xFE",
            b"PK\x03\x04",
            b"[]",
            b"null",
            b"\"x\"",
            b"<",
            b"{\"a\": [1,",
            b"%PDF-1.7\n",
        ] {
            let ran = run_with(folder.path(), &[verb[0], verb[1], "--json", "-"], input);
            assert!((0..=2).contains(&ran.status), "{verb:?}: {}", ran.err);
            assert!(!ran.err.contains("panicked"), "{verb:?}: {}", ran.err);
            assert_eq!(ran.line()["file"], "-", "{verb:?}");
        }
    }
    let ran = run_with(folder.path(), &["scan", "read", "--json", "-"], &junk);
    assert!(ran.line()["error"].as_str().unwrap().contains("a binary file"), "{}", ran.out);
    for verb in ["cve", "osv"] {
        let ran = run_with(folder.path(), &[verb, "read", "--json", "-"], b"null");
        assert_eq!(
            (ran.status, &ran.line()["error"]),
            (2, &json!("is JSON, but null and no object; a record starts with {"))
        );
    }
}

#[test]
fn wrong_usage_is_explained() {
    let folder = folder(&[("a.json", "{}")]);
    for arguments in [
        &["csaf", "validate"][..],
        &["csaf", "validate", "--level", "harsh", "a.json"],
        &["scan", "read", "--nonsense", "a.json"],
        &["purl", "parse"],
        &["vex", "convert", "--to", "word", "a.json"],
    ] {
        let ran = run(folder.path(), arguments);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains("Usage") || ran.err.contains("For more information"), "{}", ran.err);
    }
    let ran = run(folder.path(), &["scan", "read", "--json", "--tool", "zapp", "a.json"]);
    assert_eq!(ran.status, 2);
    assert!(ran.line()["error"].as_str().unwrap().contains("did you mean zap"), "{}", ran.out);
}

#[test]
fn a_pipe_that_closes_early_ends_quietly() {
    let line = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    let text = format!("{line}\n").repeat(20_000);
    let folder = folder(&[]);
    let mut child = command(folder.path(), &["cvss", "score", "--json", "-"]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut stdin, text.as_bytes()));
    let mut start = vec![0; START.len() + 100];
    child.stdout.take().unwrap().read_exact(&mut start).unwrap();
    let _closed_pipe = writer.join().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).contains("panicked")), (Some(0), false));
}
