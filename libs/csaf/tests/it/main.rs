//! The library against the public suites, real documents, and small documents of our own.

mod corpus;
mod model;
mod provider;
mod real;
mod suite;
