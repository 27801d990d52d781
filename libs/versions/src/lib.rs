//! Package URLs, version order and version ranges per ecosystem.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

mod apk;
mod deb;
mod dotted;
mod ecosystem;
mod error;
mod events;
mod maven;
mod natural;
mod nuget;
mod php;
pub mod purl;
mod pypi;
mod range;
mod rpm;
mod ruby;
mod semver;
mod vers;

pub use ecosystem::Ecosystem;
pub use error::Error;
pub use events::{Event, is_affected};
pub use range::Range;
pub use vers::{Comparator, Constraint, Vers};

/// The longest version or range that is read, in bytes; a longer text is none.
pub const LONGEST: usize = 4_096;
