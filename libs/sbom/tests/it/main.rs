//! Reads public SBOMs where they are at hand, and small ones of our own always.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say when the corpus is absent"
)]

mod corpus;
mod never_panics;
mod own;
