//! Public OSV records where they are at hand, and records of our own always.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say when the corpus is absent"
)]

mod corpus;
mod own;
