//! VEX: one model of statements, read from and written to OpenVEX, CSAF VEX and CycloneDX VEX.
//!
//! The formats differ in what they can say. A writer returns, beside the document, what it could not carry.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

mod csaf_read;
mod csaf_write;
mod cyclonedx_read;
mod cyclonedx_write;
mod mapping;
mod model;
mod openvex;
mod value;

use lenient::{Context, Value};
use limits::Limits;

pub use lenient::{Error, Finding, Severity};
pub use mapping::{Loss, Written};
pub use model::{Document, Format, Justification, Product, Response, Statement, Status, VersionStatus, Vulnerability};

/// Reads a VEX document of any of the three formats, which is recognised from its content.
///
/// # Errors
/// [`Error`] when the bytes are no JSON or over a limit.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<(Document, Vec<Finding>), Error> {
    Ok(read_value(&lenient::parse(bytes, limits)?))
}

/// Reads a VEX document that is already parsed; see [`read`].
///
/// JSON that is none of the three formats gives an empty document without format, and a finding.
#[must_use]
pub fn read_value(value: &Value) -> (Document, Vec<Finding>) {
    let mut context = Context::default();
    let document = match format(value) {
        Some(Format::OpenVex) => openvex::read(value, &mut context),
        Some(Format::Csaf) => csaf_read::read(value, &mut context),
        Some(Format::CycloneDx) => cyclonedx_read::read(value, &mut context),
        None => {
            context.error("format", "is no VEX document: neither OpenVEX, nor CSAF, nor CycloneDX");
            Document::default()
        }
    };
    model::check(&document, &mut context);
    (document, context.into_findings())
}

/// Recognises the format of a document.
#[must_use]
pub fn format(value: &Value) -> Option<Format> {
    let context = value.get("@context").map(|context| context.to_string().contains("openvex"));
    if context == Some(true) || value.get("statements").is_some() && value.get("@id").is_some() {
        Some(Format::OpenVex)
    } else if value.get("document").is_some_and(|document| document.get("csaf_version").is_some()) {
        Some(Format::Csaf)
    } else if value.get("bomFormat").is_some() || value.get("specVersion").is_some() {
        Some(Format::CycloneDx)
    } else {
        None
    }
}

/// Writes a document in a format; `now` (RFC 3339, UTC) stands in for times that the document lacks.
#[must_use]
pub fn write(document: &Document, format: Format, now: &str) -> Written {
    match format {
        Format::OpenVex => openvex::write(document, now),
        Format::Csaf => csaf_write::write(document, now),
        Format::CycloneDx => cyclonedx_write::write(document, now),
    }
}
