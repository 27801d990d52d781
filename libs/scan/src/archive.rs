//! Reports that tools ship in a zip archive: each entry that a reader knows is read, expansion is bounded.

use std::io::{Cursor, Read};

use crate::out::Out;
use crate::{Error, Input, Sink, Summary, tools};

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
    let forced = tool.map(|name| tools::tool(name).ok_or_else(|| tools::no_such_tool(name))).transpose()?;
    let mut out: Option<Out<'_>> = None;
    let mut sink = Some(sink);
    let mut expanded = 0_u64;
    let mut outcome = Ok(());
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
        let mut entry = Input::owned(bytes, &limits);
        let Ok(found) = tools::recognise(&mut entry) else { continue };
        if found.name == "empty" || forced.is_some_and(|forced| forced.name != found.name) {
            continue;
        }
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
    match out {
        Some(out) => out.finish(outcome),
        None => Err(Error::malformed("the archive holds no report that a reader knows")),
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
