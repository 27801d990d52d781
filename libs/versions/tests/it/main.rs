//! The library against public tables, the purl test suite and random input.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it says")]

mod laws;
mod order;
mod peers;
mod purl;
mod ranges;

use std::path::PathBuf;

/// A folder of public data, when it is there.
#[expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a test finds its data, or says that it did not")]
fn corpus(kind: &str) -> Option<PathBuf> {
    let root = std::env::var("PORTCULLIS_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").to_owned());
    let folder = PathBuf::from(root).join(kind);
    if !folder.is_dir() {
        println!("skipped: there is no folder {}; set PORTCULLIS_CORPUS", folder.display());
        return None;
    }
    Some(folder)
}
