//! Forms of text that the schemas name: times, dates, addresses.

pub(crate) use lenient::{is_date, is_date_time};

/// Whether `text` has the shape of a mail address: something, an at sign, something.
pub(crate) fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && !host.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control())
    })
}

/// Whether `text` can be an IRI or a reference: no spaces, controls or brackets that RFC 3987 keeps out.
pub(crate) fn is_iri_reference(text: &str) -> bool {
    !text.chars().any(|c| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
    })
}
