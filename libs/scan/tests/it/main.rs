//! The crate from outside: the public corpus, and behaviour that every reader shares.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say when the corpus is absent"
)]

mod archive;
mod code_tools;
mod corpus;
mod disguises;
mod more_tools;
mod network_tools;
mod reading;
mod sarif;
