//! One statement model for OpenVEX, CSAF VEX and CycloneDX VEX.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]
