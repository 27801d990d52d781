//! Mail and OpenPGP: read, decrypt, verify, build, sign and encrypt.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]
