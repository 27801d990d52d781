//! Percent-encoding and segments.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::error::{Error, quoted};

/// What is encoded: all but letters, digits and `. - _ ~ :` (ECMA-427 section 5.4).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~').remove(b':');

/// Writes a text percent-encoded.
pub(super) struct Encoded<'a>(pub(super) &'a str);

impl fmt::Display for Encoded<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        utf8_percent_encode(self.0, ENCODED).try_for_each(|piece| out.write_str(piece))
    }
}

/// Decodes a piece of a package URL.
pub(super) fn decode(text: &str) -> Result<String, Error> {
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) => Ok(decoded.into_owned()),
        Err(_) => Err(Error::new(format!("{} is not UTF-8 when it is decoded", quoted(text)))),
    }
}

/// The segments that are kept, joined again; nothing when there are none.
pub(super) fn segments(text: Option<&str>, keep: impl Fn(&str) -> bool) -> Option<String> {
    let kept: Vec<&str> = text?.split('/').filter(|segment| !segment.is_empty() && keep(segment)).collect();
    (!kept.is_empty()).then(|| kept.join("/"))
}
