//! CSAF 2.0 and 2.1: one document model, all tests of the standard, provider files.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

mod checks;
mod ctx;
pub mod cwe;
mod filename;
mod finding;
mod format;
mod json;
mod lang;
mod license;
pub mod model;
pub mod provider;
mod purl;
mod range;
mod revision;
mod schema;
mod ssvc;
mod time;
mod validate;

pub use filename::{file_name, year_folder};
pub use finding::{Finding, Level};
pub use json::{ReadError, Value};
pub use limits::Limits;
pub use model::Csaf;
pub use revision::Number;
pub use time::{Instant, Stamp};
pub use validate::{Report, validate, validate_bytes};

/// A version of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Version {
    /// CSAF 2.0, OASIS Standard of 2022 with errata.
    #[serde(rename = "2.0")]
    V2_0,
    /// CSAF 2.1, committee specification draft.
    #[serde(rename = "2.1")]
    V2_1,
}

impl Version {
    /// The version as documents name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0",
            Self::V2_1 => "2.1",
        }
    }

    /// The version that a document says it has; `None` when it names none of these.
    #[must_use]
    pub fn of(root: &Value<'_>) -> Option<Self> {
        match root.at(&["document", "csaf_version"]).and_then(Value::as_str) {
            Some("2.0") => Some(Self::V2_0),
            Some("2.1") => Some(Self::V2_1),
            Some(_) | None => None,
        }
    }
}
