//! Reports that tools ship in a zip archive: each entry that a reader knows is read, expansion is bounded.
//!
//! A workbook (XLSX) is such an archive as well: its sheets are read as tables.

use std::io::{Cursor, Read};

use crate::out::Out;
use crate::{Error, Input, Sink, Summary, tools, xlsx};

/// Most entries that are looked at.
const ENTRIES: usize = 10_000;

/// Reads the reports in an archive.
///
/// # Errors
/// [`Error::Malformed`] when it is no archive or holds no report; [`Error::Limit`] when it expands too far.
pub(crate) fn read(input: Input<'_>, tool: Option<&str>, sink: &mut dyn Sink) -> Result<Summary, Error> {
    let limits = *input.limits();
    let broken = |error: zip::result::ZipError| Error::malformed(format!("the archive is broken: {error}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(input.zip_bytes())).map_err(broken)?;
    limits.check_count(archive.len())?;
    let mut reading = Reading {
        forced: tool.map(|name| tools::tool(name).ok_or_else(|| tools::no_such_tool(name))).transpose()?,
        limits,
        sink: Some(sink),
        out: None,
        outcome: Ok(()),
    };
    if xlsx::is_workbook(&archive) {
        for sheet in xlsx::tables(&mut archive, &limits)? {
            reading.entry(sheet);
        }
        return reading.finish();
    }
    let mut expanded = 0_u64;
    for index in order(&archive) {
        let mut bytes = Vec::new();
        {
            let entry = archive.by_index(index).map_err(broken)?;
            if entry.is_dir() {
                continue;
            }
            entry.take(limits.expanded.saturating_sub(expanded).saturating_add(1)).read_to_end(&mut bytes)?;
        }
        expanded = expanded.saturating_add(bytes.len() as u64);
        limits.check_expanded(expanded)?;
        reading.entry(bytes);
        if reading.outcome.is_err() {
            break;
        }
    }
    reading.finish()
}

/// What is known while the entries are read one after the other.
struct Reading<'s> {
    forced: Option<&'static tools::Tool>,
    limits: limits::Limits,
    sink: Option<&'s mut dyn Sink>,
    out: Option<Out<'s>>,
    outcome: Result<(), Error>,
}

impl Reading<'_> {
    /// Reads one entry, if a reader knows it.
    fn entry(&mut self, bytes: Vec<u8>) {
        let mut entry = Input::owned(bytes, &self.limits);
        let Ok(found) = tools::recognise(&mut entry) else { return };
        if found.name == "empty" || self.forced.is_some_and(|forced| forced.name != found.name) || self.outcome.is_err()
        {
            return;
        }
        if let Some(sink) = self.sink.take() {
            self.out = Some(Out::new(found.name, self.limits, sink));
        }
        if let Some(out) = &mut self.out {
            self.outcome = (found.read)(&mut entry, out).and_then(|()| out.flush());
        }
    }

    fn finish(self) -> Result<Summary, Error> {
        match self.out {
            Some(out) => out.finish(self.outcome),
            None => Err(Error::malformed("the archive holds no report that a reader knows")),
        }
    }
}

/// The entries in the order of reading: what a Fortify archive says about decisions comes before what they are about.
fn order<R: Read + std::io::Seek>(archive: &zip::ZipArchive<R>) -> Vec<usize> {
    let decisions = |index: &usize| {
        archive.name_for_index(*index).is_some_and(|name| name.is_ok_and(|name| name.ends_with("audit.xml")))
    };
    let mut indexes: Vec<usize> = (0..archive.len().min(ENTRIES)).collect();
    indexes.sort_by_key(|index| !decisions(index));
    indexes
}
