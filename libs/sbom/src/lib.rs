//! CycloneDX and SPDX documents as one inventory.
//!
//! [`read`] streams: of a large document only the compact [`Document`] is held, never the text or its tree.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

mod check_json;
mod check_xml;
mod cyclonedx_json;
mod cyclonedx_xml;
mod error;
mod expression;
mod extract;
mod findings;
mod formats;
mod json;
mod licences;
mod model;
mod pool;
mod refs;
mod rules;
mod source;
mod spdx;
mod spdx_graph;
mod spdx_json;
mod tag_value;
mod xml;

use std::io::{Read, Seek};

pub use error::Error;
pub use findings::{Finding, Severity};
pub use model::{Component, Dependency, Document, Format, Hash, Relationship};

use findings::Findings;
use limits::Limits;
use source::{Kind, Source};

/// Reads one CycloneDX or SPDX document into an inventory and a list of findings.
///
/// Accepted are CycloneDX 1.0 to 1.7 in JSON and XML, SPDX 2.2 and 2.3 in JSON and tag-value, and SPDX 3.0 in JSON-LD,
/// in UTF-8 or UTF-16, with or without byte-order mark, plain or gzip. A document that breaks off or breaks a rule of its
/// standard is read as far as it goes; findings say where and why, and [`Document::is_valid`] says whether one is an
/// error. The input may be read twice: once to see what it is, once to read it.
///
/// # Errors
/// [`Error`] when the input cannot be read at all, is over a limit, or is none of these formats.
pub fn read<R: Read + Seek>(input: R, limits: &Limits) -> Result<Document, Error> {
    let mut source = Source::new(input, *limits);
    let kind = source.kind()?;
    let mut findings = Findings::default();
    let reader = source.reader()?;
    let mut document = match kind {
        Kind::CycloneDxJson(version) => cyclonedx_json::read(reader, version.as_deref(), limits, &mut findings)?,
        Kind::CycloneDxXml => cyclonedx_xml::read(reader, limits, &mut findings)?,
        Kind::SpdxJson(version) => spdx_json::read(reader, version.as_deref(), limits, &mut findings)?,
        Kind::SpdxGraph => spdx_graph::read(reader, limits, &mut findings)?,
        Kind::SpdxTagValue => tag_value::read(reader, limits, &mut findings)?,
    };
    document.findings = findings.into_vec();
    Ok(document)
}

/// Reads a document that is in memory; see [`read`].
///
/// # Errors
/// As [`read`].
pub fn read_slice(bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
    read(std::io::Cursor::new(bytes), limits)
}
