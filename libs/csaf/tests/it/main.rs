//! The library against the public suites, real documents, and small documents of our own.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "tests fail by panicking, and say when the corpus is absent"
)]

mod corpus;
mod model;
mod provider;
mod real;
mod suite;
