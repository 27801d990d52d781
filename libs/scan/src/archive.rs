//! Reports that tools ship in a zip archive: each entry that a reader knows is read, expansion is bounded.
//!
//! A workbook (XLSX) is such an archive as well: its sheets are read as tables.

use std::io::{Cursor, Read};

use limits::{Exceeded, What};

use crate::out::Out;
use crate::{Error, Input, Sink, Summary, tools, xlsx};

/// Most entries that are looked at.
const ENTRIES: usize = 10_000;
/// How much of an entry is unpacked to recognise it.
const HEAD: u64 = 1 << 20;

type Archive<'b> = zip::ZipArchive<Cursor<&'b [u8]>>;

/// Reads the reports in an archive.
///
/// # Errors
/// [`Error::Malformed`] when it is no archive or holds no report; [`Error::Limit`] when it expands too far.
pub(crate) fn read(input: Input<'_>, tool: Option<&str>, sink: &mut dyn Sink) -> Result<Summary, Error> {
    let limits = *input.limits();
    let mut archive = zip::ZipArchive::new(Cursor::new(input.zip_bytes())).map_err(|error| broken(&error))?;
    limits.check_count(archive.len())?;
    let mut reading = Reading {
        forced: tool.map(|name| tools::tool(name).ok_or_else(|| tools::no_such_tool(name))).transpose()?,
        limits,
        sink: Some(sink),
        out: None,
        outcome: Ok(()),
        notes: Vec::new(),
    };
    if xlsx::is_workbook(&archive) {
        for sheet in xlsx::tables(&mut archive, &limits)? {
            let mut sheet = Input::owned(sheet, &limits);
            if let Some(found) = reading.recognise(&mut sheet) {
                reading.entry(found, sheet);
            }
        }
        return reading.finish();
    }
    let room = limits.room(input.zip_bytes().len() as u64);
    let mut left = room;
    for index in order(&archive) {
        match reading.unpack(&mut archive, index, &mut left) {
            Ok(Some((found, entry))) => reading.entry(found, entry),
            Ok(None) => {}
            Err(Error::Limit(_)) => reading.outcome = Err(Exceeded { what: What::Expanded, limit: room }.into()),
            Err(error) => {
                let name = archive.name_for_index(index).and_then(Result::ok).unwrap_or_default().into_owned();
                let name = crate::text::shorten(&name, 200);
                reading.notes.push(format!("the entry {name} is left out: {error}"));
            }
        }
        if reading.outcome.is_err() {
            break;
        }
    }
    reading.finish()
}

fn broken(error: &zip::result::ZipError) -> Error {
    Error::malformed(format!("the archive is broken: {error}"))
}

/// What is known while the entries are read one after the other.
struct Reading<'s> {
    forced: Option<&'static tools::Tool>,
    limits: limits::Limits,
    sink: Option<&'s mut dyn Sink>,
    out: Option<Out<'s>>,
    outcome: Result<(), Error>,
    notes: Vec<String>,
}

impl Reading<'_> {
    /// The reader of an entry, unless it is not the one that was asked for.
    fn recognise(&self, entry: &mut Input<'_>) -> Option<&'static tools::Tool> {
        let found = tools::recognise(entry).ok()?;
        let wanted = self.forced.is_none_or(|forced| forced.name == found.name);
        (wanted && found.name != "empty").then_some(found)
    }

    /// An entry with its reader; nothing for a folder and for what no reader knows, of which only the start is
    /// unpacked.
    fn unpack(
        &self,
        archive: &mut Archive<'_>,
        index: usize,
        left: &mut u64,
    ) -> Result<Option<(&'static tools::Tool, Input<'static>)>, Error> {
        let file = archive.by_index(index).map_err(|error| broken(&error))?;
        if file.is_dir() {
            return Ok(None);
        }
        let mut file = file.take(left.saturating_add(1));
        let mut bytes = Vec::new();
        file.by_ref().take(HEAD).read_to_end(&mut bytes)?;
        let found = self.recognise(&mut Input::owned(bytes.clone(), &self.limits));
        if found.is_some() {
            file.read_to_end(&mut bytes)?;
        }
        if bytes.len() as u64 > *left {
            return Err(Exceeded { what: What::Expanded, limit: *left }.into());
        }
        *left = left.saturating_sub(bytes.len() as u64);
        Ok(found.map(|found| (found, Input::owned(bytes, &self.limits))))
    }

    /// Reads one entry, unless one before it broke off.
    fn entry(&mut self, found: &'static tools::Tool, mut entry: Input<'_>) {
        if self.outcome.is_err() {
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
        match (self.out, self.outcome) {
            (Some(mut out), outcome) => {
                self.notes.into_iter().for_each(|note| out.warn(note));
                out.finish(outcome)
            }
            (None, Err(error)) => Err(error),
            (None, Ok(())) => {
                let why = self.notes.first().map(|note| format!("; {note}")).unwrap_or_default();
                Err(Error::malformed(format!("the archive holds no report that a reader knows{why}")))
            }
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
