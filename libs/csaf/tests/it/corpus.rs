//! Where the public data lies: `PORTCULLIS_CORPUS`, or beside the workspace.

use std::path::{Path, PathBuf};

/// The folder of CSAF data; says so and gives nothing when it is absent.
pub(crate) fn folder() -> Option<PathBuf> {
    let root = std::env::var_os("PORTCULLIS_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let folder = root.join("csaf");
    if folder.is_dir() {
        Some(folder)
    } else {
        println!("no corpus at {}: nothing was compared", folder.display());
        None
    }
}

/// All files below a folder with an extension, in order.
pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
