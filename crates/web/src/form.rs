//! Forms as they come in: text fields and uploads, bounded, kept so that a page can show them again.

use axum::extract::{FromRequest, Multipart, Request};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use kernel::{Error, FieldError};
use platform::files::safe_name;

use crate::answer::PageError;

const MOST_FIELDS: usize = 2_000;
const LONGEST_TEXT: usize = 1 << 20;

/// A file that was uploaded.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field it came in.
    pub field: String,
    /// Its name, without folders.
    pub name: String,
    /// The media type the browser says.
    pub media_type: String,
    /// The content.
    pub content: Vec<u8>,
}

/// The fields of a form. Missing fields read as empty text, so that every check speaks about the content.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    texts: Vec<(String, String)>,
    uploads: Vec<Upload>,
    errors: Vec<FieldError>,
    stale: bool,
}

impl Fields {
    /// Fields with these values, to fill a form with what is stored.
    #[must_use]
    pub fn of<const N: usize>(pairs: [(&str, String); N]) -> Self {
        Self { texts: pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(), ..Self::default() }
    }

    /// Fields with values that are not known by number, such as one for each row.
    #[must_use]
    pub fn from_pairs(texts: Vec<(String, String)>) -> Self {
        Self { texts, ..Self::default() }
    }

    /// The value of a field; empty when it was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.texts.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// All values of a field that may be sent several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.texts.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Every name and value, in the order they came.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        matches!(self.get(name), "on" | "true" | "1" | "yes")
    }

    /// The value of a field, read by its type.
    ///
    /// # Errors
    /// Invalid with `words` when it cannot be read.
    pub fn parse<T: std::str::FromStr>(&self, name: &str, words: &str) -> Result<T, Error> {
        self.get(name).trim().parse().map_err(|_| Error::invalid(name, words))
    }

    /// The revision that the form was made from.
    ///
    /// # Errors
    /// Invalid when it was not sent.
    pub fn revision(&self) -> Result<i64, Error> {
        self.parse("revision", "The form is incomplete. Reload the page and try again.")
    }

    /// The uploaded files that are not empty.
    #[must_use]
    pub fn uploads(&self) -> &[Upload] {
        &self.uploads
    }

    /// Takes the uploads out, so that their content is not copied.
    #[must_use]
    pub fn take_uploads(&mut self) -> Vec<Upload> {
        std::mem::take(&mut self.uploads)
    }

    /// Remembers what has to be mended, to show the form again. Other errors come back.
    ///
    /// # Errors
    /// The error itself when it is not about fields.
    pub fn with_errors(mut self, error: Error) -> Result<Self, Error> {
        match error {
            Error::Invalid(fields) => {
                self.errors = fields;
                Ok(self)
            }
            Error::Refused { words, .. } => {
                self.errors = vec![FieldError { field: String::new(), words }];
                Ok(self)
            }
            Error::Stale { .. } => {
                self.errors = vec![FieldError { field: String::new(), words: error.to_string() }];
                self.stale = true;
                Ok(self)
            }
            other @ (Error::NotFound { .. } | Error::Unavailable { .. } | Error::Internal(_)) => Err(other),
        }
    }

    /// How the page that shows the form answers: well, with what has to be mended, or since somebody else was quicker.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match (self.stale, self.errors.is_empty()) {
            (true, _) => StatusCode::CONFLICT,
            (false, true) => StatusCode::OK,
            (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == name).map(|error| error.words.as_str())
    }

    /// All that is wrong: field and words, for the summary above the form.
    #[must_use]
    pub fn errors(&self) -> Vec<(String, String)> {
        self.errors.iter().map(|error| (error.field.clone(), error.words.clone())).collect()
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let read = if kind.starts_with("multipart/form-data") {
            match Multipart::from_request(request, state).await {
                Ok(parts) => multipart(parts).await,
                Err(rejection) => Err(unreadable(&rejection.body_text())),
            }
        } else {
            match axum::extract::RawForm::from_request(request, state).await {
                Ok(axum::extract::RawForm(bytes)) => Ok(urlencoded(&bytes)),
                Err(rejection) => Err(if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                    too_large()
                } else {
                    unreadable(&rejection.body_text())
                }),
            }
        };
        read.map_err(|error| PageError(error).into_response())
    }
}

fn unreadable(words: &str) -> Error {
    Error::Refused {
        code: "form-unreadable",
        words: format!("The form could not be read ({words}). Please send it again."),
    }
}

fn too_large() -> Error {
    Error::Refused {
        code: "too-large",
        words: "What was sent is larger than this server accepts. Go back, where your text still stands, and send fewer or smaller files.".to_owned(),
    }
}

fn urlencoded(bytes: &[u8]) -> Fields {
    let decode = |part: &[u8]| {
        let spaced: Vec<u8> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        percent_encoding::percent_decode(&spaced).decode_utf8_lossy().into_owned()
    };
    let texts = bytes
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .take(MOST_FIELDS)
        .map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            (decode(pair.get(..at).unwrap_or_default()), decode(pair.get(at + 1..).unwrap_or_default()))
        })
        .collect();
    Fields { texts, ..Fields::default() }
}

async fn multipart(mut parts: Multipart) -> Result<Fields, Error> {
    let mut fields = Fields::default();
    let failed = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { unreadable(&error.body_text()) }
    };
    while let Some(part) = parts.next_field().await.map_err(failed)? {
        if fields.texts.len() + fields.uploads.len() >= MOST_FIELDS {
            return Err(unreadable("it has too many fields"));
        }
        let field = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(safe_name);
        let media_type = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let content = part.bytes().await.map_err(failed)?;
        match file {
            Some(_) if content.is_empty() => {}
            Some(name) => fields.uploads.push(Upload { field, name, media_type, content: content.to_vec() }),
            None if content.len() > LONGEST_TEXT => return Err(too_large()),
            None => fields.texts.push((field, String::from_utf8_lossy(&content).into_owned())),
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_comes_back_says_why_by_its_status() {
        let after = |error| Fields::default().with_errors(error).map(|fields| fields.status());
        assert_eq!(Fields::default().status(), StatusCode::OK);
        assert_eq!(after(Error::invalid("name", "Say it.")).unwrap(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(after(Error::Stale { what: "plan" }).unwrap(), StatusCode::CONFLICT);
        assert!(after(Error::NotFound { what: "plan" }).is_err());
    }
}
