//! Process packs: the catalogue of life cycle activities as data, read and checked.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]
