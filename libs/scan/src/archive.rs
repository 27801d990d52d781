//! Reports that tools ship in a zip archive: each entry that a reader knows is read, expansion is bounded.

use std::io::{Cursor, Read};

use limits::{Exceeded, What};

use crate::out::Out;
use crate::{Error, Input, Sink, Summary, Tool, tools};

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
    let forced = tool.map(|name| tools::tool(name).ok_or_else(|| tools::no_such_tool(name))).transpose()?;
    let mut left = limits.room(input.zip_bytes().len() as u64);
    let room = left;
    let mut out: Option<Out<'_>> = None;
    let mut sink = Some(sink);
    let mut outcome = Ok(());
    let mut notes = Vec::new();
    for index in order(&archive) {
        let (found, mut entry) = match entry(&mut archive, index, forced, &input, &mut left) {
            Ok(Some(entry)) => entry,
            Ok(None) => continue,
            Err(Error::Limit(_)) => {
                outcome = Err(Exceeded { what: What::Expanded, limit: room }.into());
                break;
            }
            Err(error) => {
                let name = archive.name_for_index(index).and_then(Result::ok).unwrap_or_default().into_owned();
                notes.push(format!("the entry {} is left out: {error}", crate::text::shorten(&name, 200)));
                continue;
            }
        };
        if let Some(sink) = sink.take() {
            out = Some(Out::new(found.name, limits, sink));
        }
        if let Some(out) = &mut out {
            outcome = (found.read)(&mut entry, out).and_then(|()| out.flush());
        }
        if outcome.is_err() {
            break;
        }
    }
    match (out, outcome) {
        (Some(mut out), outcome) => {
            notes.into_iter().for_each(|note| out.warn(note));
            out.finish(outcome)
        }
        (None, Err(error)) => Err(error),
        (None, Ok(())) => {
            let why = notes.first().map(|note| format!("; {note}")).unwrap_or_default();
            Err(Error::malformed(format!("the archive holds no report that a reader knows{why}")))
        }
    }
}

fn broken(error: &zip::result::ZipError) -> Error {
    Error::malformed(format!("the archive is broken: {error}"))
}

/// An entry with its reader; nothing for a folder and for what no reader knows, of which only the start is unpacked.
fn entry(
    archive: &mut Archive<'_>,
    index: usize,
    forced: Option<&'static Tool>,
    input: &Input<'_>,
    left: &mut u64,
) -> Result<Option<(&'static Tool, Input<'static>)>, Error> {
    let limits = *input.limits();
    let file = archive.by_index(index).map_err(|error| broken(&error))?;
    if file.is_dir() {
        return Ok(None);
    }
    let mut file = file.take(left.saturating_add(1));
    let mut bytes = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut bytes)?;
    let Ok(found) = tools::recognise(&mut Input::owned(bytes.clone(), &limits)) else {
        *left = left.saturating_sub(bytes.len() as u64);
        return Ok(None);
    };
    if found.name == "empty" || forced.is_some_and(|forced| forced.name != found.name) {
        *left = left.saturating_sub(bytes.len() as u64);
        return Ok(None);
    }
    file.read_to_end(&mut bytes)?;
    if bytes.len() as u64 > *left {
        return Err(Exceeded { what: What::Expanded, limit: *left }.into());
    }
    *left = left.saturating_sub(bytes.len() as u64);
    Ok(Some((found, Input::owned(bytes, &limits))))
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
