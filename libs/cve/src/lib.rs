//! CVE records 5.x: read and written.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]
