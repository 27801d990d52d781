//! OSV records: read, checked, written, and asked whether a version is affected.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

mod affected;
mod check;
mod model;

use limits::Limits;

pub use affected::{Answer, Database, affects, same_name};
pub use lenient::{Error, Finding, Severity};
pub use model::{
    Affected, Credit, CreditType, Event, Package, Range, RangeType, Record, Reference, ReferenceType, Score,
};

/// The version of the schema that [`new`] states.
pub const SCHEMA: &str = "1.7.0";

/// Reads one record as far as it goes, with findings where it breaks the schema.
///
/// # Errors
/// [`Error`] when the bytes are no JSON or over a limit.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<(Record, Vec<Finding>), Error> {
    Ok(read_value(&lenient::parse_object(bytes, limits)?))
}

/// Reads one record from JSON that is already parsed; see [`read`].
#[must_use]
pub fn read_value(value: &lenient::Value) -> (Record, Vec<Finding>) {
    let mut context = lenient::Context::default();
    let record = <Record as lenient::Json>::read(value, &mut context).unwrap_or_default();
    check::record(&record, &mut context);
    (record, context.into_findings())
}

/// A record to fill in, with identifier and time of change (RFC 3339, UTC).
#[must_use]
pub fn new(id: &str, modified: &str) -> Record {
    Record {
        schema_version: Some(SCHEMA.to_owned()),
        id: id.to_owned(),
        modified: modified.to_owned(),
        ..Record::default()
    }
}
