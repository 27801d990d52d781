//! Tests of the pack reader.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod compare;
mod content;
mod extend;
mod findings;
mod risk;
mod robust;
mod small;
