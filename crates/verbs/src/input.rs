//! Files named on the command line, `-` for standard input, read within limits; and lines of JSON out.

use std::io::{Read, Write};

use serde::Serialize;

/// Reads a whole file (`-`: standard input), at most `limit` bytes.
///
/// # Errors
/// A sentence for the user: the file cannot be opened or read, or is longer than `limit`.
pub(crate) fn read(path: &str, limit: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let count = if path == "-" {
        std::io::stdin().lock().take(limit.saturating_add(1)).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| {
            if file.metadata()?.is_dir() {
                return Err(std::io::Error::other("is a directory; name a file"));
            }
            file.take(limit.saturating_add(1)).read_to_end(&mut bytes)
        })
    };
    match count {
        Err(error) => Err(format!("cannot be read: {error}")),
        Ok(_) if bytes.len() as u64 > limit => Err(format!("is larger than the limit of {limit} bytes")),
        Ok(_) => Ok(bytes),
    }
}

/// The line for a file that cannot be read: `{"file": …, "error": …}`.
#[derive(Serialize)]
pub(crate) struct Unreadable<'a> {
    pub(crate) file: &'a str,
    pub(crate) error: &'a str,
}

/// Writes one JSON object as one line; a closed pipe ends quietly.
pub(crate) fn line(out: &mut impl Write, value: &impl Serialize) {
    if let Ok(mut text) = serde_json::to_vec(value) {
        text.push(b'\n');
        let _closed_pipe = out.write_all(&text);
    }
}
