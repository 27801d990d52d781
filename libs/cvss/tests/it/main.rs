//! The library against public vectors, another implementation and random input.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it says")]

mod corpus;
mod laws;
mod peers;
mod reading;
