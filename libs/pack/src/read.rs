//! Reading a pack from the bytes of its files: value plus findings.

use serde::Serialize;
use toml::de::DeTable;

use crate::activity::read_practice;
use crate::check::check_whole;
use crate::finding::{Finding, Severity, Sink, Source};
use crate::header::read_header;
use crate::merge::Build;
use crate::model::{Pack, Version};
use crate::table::Table;

/// Longest pack file.
const FILE_BYTES: usize = 4 << 20;
/// Most files of a pack.
const FILES: usize = 500;

/// What reading a pack gave.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The pack; none when `pack.toml` is missing or is no TOML.
    pub pack: Option<Pack>,
    /// What is wrong, in the order of file and line.
    pub findings: Vec<Finding>,
}

impl Reading {
    /// The pack, when nothing in it is an error.
    #[must_use]
    pub fn usable(&self) -> Option<&Pack> {
        let broken = self.findings.iter().any(|finding| finding.severity == Severity::Error);
        if broken { None } else { self.pack.as_ref() }
    }
}

/// The first lines of `pack.toml`: who the pack is and what it builds on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Header {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: Version,
    /// The pack it builds on, which the caller has to read first.
    pub extends: Option<String>,
}

/// Reads only who a pack is, so that the caller can find the pack it builds on.
///
/// None when there is no readable `pack.toml`; [`read`] says why.
#[must_use]
pub fn header(files: &[(&str, &[u8])]) -> Option<Header> {
    let (_, bytes) = files.iter().find(|(name, _)| is_header(name))?;
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= FILE_BYTES)?;
    let root = DeTable::parse(text).ok()?;
    let get = |key: &str| root.get_ref().get(key).and_then(|value| value.get_ref().as_str()).map(str::to_owned);
    let version = get("version").and_then(|version| Version::parse(&version)).unwrap_or_default();
    Some(Header { id: get("id")?, version, extends: get("extends") })
}

fn is_header(name: &str) -> bool {
    name.rsplit(['/', '\\']).next() == Some("pack.toml")
}

/// Reads and checks a pack.
///
/// `files` are the names and bytes of its `.toml` files in any order; other files are passed over. `base` is the
/// pack that this one says it extends, already read. Nothing is refused on the way: every complaint is a finding with
/// file and line, and [`Reading::usable`] tells whether the pack may be used.
#[must_use]
pub fn read(files: &[(&str, &[u8])], base: Option<&Pack>) -> Reading {
    let sink = Sink::default();
    let mut sorted: Vec<&(&str, &[u8])> = files.iter().filter(|(name, _)| name.ends_with(".toml")).collect();
    sorted.sort_by_key(|(name, _)| (!is_header(name), *name));
    if sorted.len() > FILES {
        let reason = format!("a pack has at most {FILES} files, and this has {}", sorted.len());
        sink.add(Severity::Error, "pack.toml", 1, "too-large", reason);
        return Reading { pack: None, findings: sink.into_sorted() };
    }
    let mut build = None;
    for (name, bytes) in sorted {
        read_file(name, bytes, base, &mut build, &sink);
    }
    let pack = build.map(|build: Build| {
        let pack = build.finish(&sink);
        check_whole(&pack.0, &pack.1, &sink);
        pack.0
    });
    if pack.is_none() && !sink.has("pack.toml") {
        let reason = "a pack needs a file `pack.toml` with its id, version and vocabulary".to_owned();
        sink.add(Severity::Error, "pack.toml", 1, "missing", reason);
    }
    Reading { pack, findings: sink.into_sorted() }
}

fn read_file(name: &str, bytes: &[u8], base: Option<&Pack>, build: &mut Option<Build>, sink: &Sink) {
    if bytes.len() > FILE_BYTES {
        let reason = format!("the file is longer than {FILE_BYTES} bytes");
        return sink.add(Severity::Error, name, 1, "too-large", reason);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            return sink.add(Severity::Error, name, line, "toml-syntax", "the file is not UTF-8 text".to_owned());
        }
    };
    let source = Source::new(name, text);
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = error.span().map_or(1, |span| source.line(span.start));
        sink.add(Severity::Error, name, line, "toml-syntax", one_line(error.message()));
    }
    // A file with broken syntax is read no further: what follows would complain about keys that are there.
    if !errors.is_empty() {
        return;
    }
    if is_header(name) {
        if build.is_some() {
            let reason = "a pack has one `pack.toml`; this is a second".to_owned();
            return sink.add(Severity::Error, name, 1, "duplicate-id", reason);
        }
        let table = Table::root(root.get_ref(), &source, sink, "pack.toml");
        *build = Some(read_header(table, base));
    } else if let Some(build) = build.as_mut() {
        let table = Table::root(root.get_ref(), &source, sink, "the practice file");
        read_practice(&table, build);
        table.done();
    }
}

fn one_line(message: &str) -> String {
    message.lines().map(str::trim).collect::<Vec<_>>().join("; ")
}
