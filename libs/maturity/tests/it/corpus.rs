//! Public workbooks and model files, when they are at hand.

use std::path::PathBuf;

/// The folder of public data, or none with a line that says so.
pub(crate) fn folder() -> Option<PathBuf> {
    let root = std::env::var_os("PORTCULLIS_CORPUS")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into(), PathBuf::from);
    let folder = root.join("maturity");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no public maturity data at {}", folder.display());
    None
}
