//! Reports of scanners as one finding model.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]
