//! CycloneDX and SPDX documents as one inventory.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]
