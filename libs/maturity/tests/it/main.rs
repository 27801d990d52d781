//! Tests of maturity models, scores and workbooks.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on stops, and says when it is skipped"
)]

mod catalogue;
mod core_model;
mod corpus;
mod fixture;
mod scores;
mod workbook;
