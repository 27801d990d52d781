//! Package URLs, version order and version ranges per ecosystem.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]
