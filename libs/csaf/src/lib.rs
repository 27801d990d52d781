//! CSAF 2.0 and 2.1: one document model, all tests of the standard, provider files.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]
