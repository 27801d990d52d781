//! Every report of the public corpus in other clothes: byte-order marks, UTF-16, other line ends, order of keys, other
//! delimiters. What is read must stay the same.

use std::path::{Path, PathBuf};

use limits::Limits;
use serde_json::Value;

/// Longer files are left to the other tests.
const LONGEST: u64 = 40_000;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if entry.metadata().is_ok_and(|about| about.len() <= LONGEST) {
            found.push(path);
        }
    }
}

/// Reader and severities in order of their rank, or nothing where it is refused.
fn seen(bytes: &[u8]) -> Option<(&'static str, Vec<scan::Severity>)> {
    let report = scan::read(bytes, None, &Limits::FILE).ok()?;
    let mut severities: Vec<_> = report.findings.iter().map(|finding| finding.severity).collect();
    severities.sort_unstable();
    Some((report.summary.tool, severities))
}

/// The value with every severity in capitals or in small letters.
fn shouted(value: &Value, big: bool) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(key, value)| match value.as_str().filter(|_| key.eq_ignore_ascii_case("severity")) {
                    Some(word) if big => (key.clone(), word.to_uppercase().into()),
                    Some(word) => (key.clone(), word.to_lowercase().into()),
                    None => (key.clone(), shouted(value, big)),
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(|item| shouted(item, big)).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// The same table with another delimiter and every cell in quotation marks.
fn parted(text: &str, delimiter: u8) -> Option<Vec<u8>> {
    let head = text.lines().next().unwrap_or_default();
    let now = if head.matches(';').count() > head.matches(',').count() { b';' } else { b',' };
    let mut table =
        csv::ReaderBuilder::new().delimiter(now).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut other = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .quote_style(csv::QuoteStyle::Always)
        .flexible(true)
        .from_writer(Vec::new());
    for record in table.records() {
        other.write_record(&record.ok()?).ok()?;
    }
    other.into_inner().ok()
}

fn disguises(path: &Path, text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut list = vec![
        ("byte-order mark", [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat()),
        ("UTF-16", [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()),
        ("line ends", text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes()),
        ("blank end", format!("{text}\n\n").into_bytes()),
    ];
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        // The map sorts its keys.
        list.push(("keys in order", serde_json::to_vec(&value).unwrap()));
        list.push(("capitals", serde_json::to_vec(&shouted(&value, true)).unwrap()));
        list.push(("small letters", serde_json::to_vec(&shouted(&value, false)).unwrap()));
        list.push(("indented", serde_json::to_vec_pretty(&value).unwrap()));
        if let Value::Array(items) = &value
            && items.len() > 1
            && items.iter().all(Value::is_object)
        {
            let lines: Vec<String> = items.iter().map(Value::to_string).collect();
            list.push(("lines", lines.join("\n").into_bytes()));
        }
    }
    if path.extension().is_some_and(|kind| kind == "csv") {
        for (name, delimiter) in [("semicolons", b';'), ("tabs", b'\t')] {
            list.extend(parted(text, delimiter).map(|bytes| (name, bytes)));
        }
    }
    list
}

#[test]
fn reports_read_the_same_in_other_clothes() {
    let Some(data) = crate::corpus::data() else { return };
    let mut found = Vec::new();
    files(&data.join("scans/defectdojo"), &mut found);
    files(&data.join("scans/heimdall2"), &mut found);
    let mut wrong = Vec::new();
    for path in found {
        let Ok(text) = String::from_utf8(std::fs::read(&path).unwrap()) else { continue };
        let text = text.trim_start_matches('\u{feff}');
        let Some(plain) = seen(text.as_bytes()) else { continue };
        if plain.0 == "empty" {
            continue;
        }
        for (name, bytes) in disguises(&path, text) {
            let other = seen(&bytes);
            if other.as_ref() != Some(&plain) {
                let other = other.map_or_else(|| "refused".to_owned(), |(tool, list)| format!("{tool} {}", list.len()));
                wrong.push(format!("{} ({name}): {} {}, then {other}", path.display(), plain.0, plain.1.len()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
