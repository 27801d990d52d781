//! CVSS v2.0, v3.0, v3.1 and v4.0: read, score, write.
//!
//! Scores are computed in whole numbers, so that no floating-point error can move a tenth.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

mod error;
mod metric;
mod score;
mod tables;
mod v2;
mod v3;
mod v4;
mod v4_table;
mod vector;

pub use error::Error;
pub use metric::{Group, Metric, Value, Version};
pub use score::{Score, Scores, Severity};
pub use v4::{MacroVector, Nomenclature};
pub use vector::Vector;

/// The weight of a metric's value, from a table whose first entry stands for "not defined".
fn weight<T: Copy + Default>(table: &[T], code: u8) -> T {
    table.get(usize::from(code)).copied().unwrap_or_default()
}
