//! OSV records: read and written.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]
