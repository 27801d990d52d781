//! Reports of scanners as one finding model: recognised from content, read in a stream, bounded.
//!
//! [`read`] takes a report in memory, [`read_stream`] one of any length; both say which tool wrote it. How to add a
//! tool, how findings are counted and how severities are decided is in this crate's `README.md`.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

mod archive;
mod error;
mod fingerprint;
mod held;
mod input;
mod json;
mod model;
mod out;
mod pack;
mod probe;
mod sarif;
mod severity;
mod skim;
mod table;
mod text;
mod tools;
mod xlsx;
mod xml;

pub use error::Error;
pub use input::{Input, ReadSeek};
pub use model::{Baseline, Component, Cvss, Finding, Location, Report, Status, Step, Summary};
pub use out::Sink;
pub use severity::Severity;
pub use tools::{Tool, tool, tools};

use limits::Limits;

/// Reads a whole report in memory.
///
/// `tool` names the reader (`zap`, `sarif`, …) and skips recognition. A report that breaks off after some findings
/// is returned with [`Summary::broken`] set.
///
/// # Errors
/// [`Error`] when nothing could be read: no reader knows the content, it is malformed from the start, or a limit is met.
pub fn read(bytes: &[u8], tool: Option<&str>, limits: &Limits) -> Result<Report, Error> {
    let mut findings = Vec::new();
    let summary = read_into(Input::memory(bytes, limits)?, tool, &mut |finding| findings.push(finding))?;
    Ok(Report { summary, findings })
}

/// Reads a report of any length from a stream and hands each finding to `sink` as soon as it is complete.
///
/// SARIF and XML are read without holding the document; the stream is read from its start, twice where needed.
///
/// # Errors
/// As [`read`]; findings handed over before an error stay handed over, and then the answer is `Ok` with
/// [`Summary::broken`].
pub fn read_stream<'a>(
    stream: Box<dyn ReadSeek + 'a>,
    tool: Option<&str>,
    limits: &'a Limits,
    sink: &mut dyn Sink,
) -> Result<Summary, Error> {
    read_into(Input::stream(stream, limits)?, tool, sink)
}

/// Reads a report from an [`Input`], recognising the tool unless `tool` names it.
///
/// # Errors
/// As [`read`].
pub fn read_into(mut input: Input<'_>, tool: Option<&str>, sink: &mut dyn Sink) -> Result<Summary, Error> {
    if input.is_zip() {
        return archive::read(input, tool, sink);
    }
    let chosen = match tool {
        Some(name) => tools::tool(name).ok_or_else(|| tools::no_such_tool(name))?,
        None => tools::recognise(&mut input)?,
    };
    let limits = *input.limits();
    let mut out = out::Out::new(chosen.name, limits, sink);
    let outcome = (chosen.read)(&mut input, &mut out).and_then(|()| out.flush());
    out.finish(outcome)
}
