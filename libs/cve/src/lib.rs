//! CVE records 5.0 to 5.2: read, checked against the format and the rules for CNAs, and written.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

mod build;
mod check;
mod model;
mod rules;

use limits::Limits;

pub use build::Builder;
pub use lenient::{Error, Finding, Severity};
pub use model::{
    Affected, Applicability, Change, Container, Containers, Credit, CreditType, Description, Impact, Media, Metadata,
    Metric, OtherMetric, ProblemDescription, ProblemType, Provider, Record, Reference, Routine, Scenario, State,
    Status, Taxonomy, TaxonomyRelation, TimelineEntry, Version,
};
pub use rules::{Occasion, rules};

/// The version of the record format that [`Record::write`] states for new records.
pub const FORMAT: &str = "5.2.0";

/// Reads one record as far as it goes, with findings where it breaks the record format.
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

/// Whether `id` has the form of a CVE identifier: `CVE-`, four digits, `-`, four to nineteen digits.
#[must_use]
pub fn is_id(id: &str) -> bool {
    let mut parts = id.split('-');
    let digits = |part: Option<&str>, least, most| {
        part.is_some_and(|part| (least..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    parts.next() == Some("CVE") && digits(parts.next(), 4, 4) && digits(parts.next(), 4, 19) && parts.next().is_none()
}
