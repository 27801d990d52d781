//! CVSS v2.0, v3.0, v3.1 and v4.0: read, score, write.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]
