//! What all parts of intake use: identifiers from addresses, optional fields, times, enumerated words.

use kernel::{Error, FieldError, Id, Result, Timestamp, clean_line, clean_text};

/// The identifier in an address; what is none names nothing.
pub(super) fn id<K>(text: &str, what: &'static str) -> Result<Id<K>> {
    text.parse().map_err(|_| Error::NotFound { what })
}

/// One line that may be empty.
pub(super) fn optional_line(field: &str, text: &str, longest: usize) -> Result<String, FieldError> {
    if text.trim().is_empty() { Ok(String::new()) } else { clean_line(field, text, longest) }
}

/// Several lines that may be empty.
pub(super) fn optional_text(field: &str, text: &str, longest: usize) -> Result<String, FieldError> {
    if text.trim().is_empty() { Ok(String::new()) } else { clean_text(field, text, longest) }
}

/// Keeps the value or notes what has to be mended.
pub(super) fn take<T: Default>(errors: &mut Vec<FieldError>, read: Result<T, FieldError>) -> T {
    read.unwrap_or_else(|error| {
        errors.push(error);
        T::default()
    })
}

/// The moment as the mail library takes it.
pub(super) fn jiff(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// The moment as we keep it.
pub(super) fn timestamp(at: jiff::Timestamp) -> Timestamp {
    Timestamp::from_micros(at.as_microsecond())
}

/// At most so many characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// A size as people read it.
pub(super) fn size(bytes: i64) -> String {
    match bytes {
        ..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KiB", bytes / 1_024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}
