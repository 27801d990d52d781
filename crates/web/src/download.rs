//! Files to be saved, never shown: what strangers sent must not run in our name.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, header};

/// A file as an answer that every browser saves and none opens.
pub struct Download {
    name: String,
    media_type: &'static str,
    content: Body,
}

impl Download {
    /// A file of this name, of no particular type.
    #[must_use]
    pub fn new(name: &str, content: impl Into<Body>) -> Self {
        Self { name: name.to_owned(), media_type: "application/octet-stream", content: content.into() }
    }

    /// The same as a type that we vouch for, because we wrote the file ourselves.
    #[must_use]
    pub fn of_type(self, media_type: &'static str) -> Self {
        Self { media_type, ..self }
    }
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        let headers: [(HeaderName, String); 5] = [
            (header::CONTENT_TYPE, self.media_type.to_owned()),
            (header::CONTENT_DISPOSITION, disposition(&self.name)),
            (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ];
        (headers, self.content).into_response()
    }
}

/// The header that makes a download of it (RFC 6266): a plain name for old programs, the exact one beside it.
fn disposition(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let exact: String = name
        .bytes()
        .map(|byte| if is_plain(char::from(byte)) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn names_cannot_break_out_of_the_header() {
        assert_eq!(
            disposition("a\"\r\nX: é.txt"),
            "attachment; filename=\"a___X___.txt\"; filename*=UTF-8''a%22%0D%0AX%3A%20%C3%A9.txt"
        );
    }
}
