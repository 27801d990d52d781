//! Files named on the command line, `-` for standard input, read within limits; and lines of JSON out.

use std::io::{BufRead, Read, Write};

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

/// The most bytes of one line of standard input.
const LONGEST_LINE: u64 = 1 << 20;

/// Calls `each` with every line of standard input that is not blank, without the blanks around it, as it arrives.
///
/// # Errors
/// A sentence for the user: standard input cannot be read, or a line is longer than 1 MiB.
pub(crate) fn each_line(mut each: impl FnMut(&str)) -> Result<(), String> {
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        let count = input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        match count {
            Err(error) => return Err(format!("standard input cannot be read: {error}")),
            Ok(0) => return Ok(()),
            Ok(_) if line.len() as u64 == LONGEST_LINE && !line.ends_with(b"\n") => {
                return Err(format!(
                    "a line of standard input is longer than {LONGEST_LINE} bytes; give one item a line"
                ));
            }
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line);
        // Tabs separate fields, so only line ends and spaces go.
        let text = text.trim_matches([' ', '\r', '\n', '\u{feff}']);
        if !text.trim().is_empty() {
            each(text);
        }
    }
}

/// Says on standard error what could not be done.
pub(crate) fn complain(words: &str) {
    let _closed_pipe = writeln!(std::io::stderr(), "portcullis: {words}");
}
