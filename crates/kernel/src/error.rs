//! Errors without transport: what went wrong, in words a person may read, apart from what only the log may read.

use std::fmt;

/// The result of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A decision that said no: a stable code for machines and words for a person.
pub trait Refusal: fmt::Display {
    /// The code, in kebab case; it does not change once shipped.
    fn code(&self) -> &'static str;
}

/// One field of a form or document that has to be mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the field.
    pub field: String,
    /// What is wrong and how to mend it, in a sentence.
    pub words: String,
}

/// Why an operation did not happen. Closed, so that every transport answers every kind.
#[derive(Debug)]
pub enum Error {
    /// There is no such record, or the actor may not know that there is.
    NotFound {
        /// The kind of record, in the words of the glossary.
        what: &'static str,
    },
    /// A rule said no.
    Refused {
        /// The rule's code.
        code: &'static str,
        /// Why, and what to do instead.
        words: String,
    },
    /// What was sent has to be mended.
    Invalid(Vec<FieldError>),
    /// Somebody else changed the record since it was read.
    Stale {
        /// The kind of record.
        what: &'static str,
    },
    /// Something that is needed does not answer now; trying again later may help.
    Unavailable {
        /// What does not answer, for a person.
        words: String,
        /// For the log.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// A fault of ours; the text is for the log only.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// The answer of a rule that said no.
    pub fn refused(refusal: &impl Refusal) -> Self {
        Self::Refused { code: refusal.code(), words: refusal.to_string() }
    }

    /// One field that has to be mended.
    #[must_use]
    pub fn invalid(field: &str, words: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), words: words.into() }])
    }

    /// A fault of ours.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }
}

impl<R: Refusal> From<R> for Error {
    fn from(refusal: R) -> Self {
        Self::refused(&refusal)
    }
}

impl fmt::Display for Error {
    /// Words that a person may read; internal faults keep theirs for the log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { what } => write!(f, "There is no such {what}."),
            Self::Refused { words, .. } => f.write_str(words),
            Self::Invalid(fields) => {
                for (index, field) in fields.iter().enumerate() {
                    if index > 0 {
                        f.write_str(" ")?;
                    }
                    write!(f, "{}: {}", field.field, field.words)?;
                }
                Ok(())
            }
            Self::Stale { what } => write!(
                f,
                "Somebody else changed this {what} while you had it open. Reload to see their change, then make yours again."
            ),
            Self::Unavailable { words, .. } => f.write_str(words),
            Self::Internal(_) => f.write_str("Something went wrong on our side."),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Internal(source) => Some(source.as_ref()),
            Self::Unavailable { source, .. } => {
                source.as_ref().map(|source| -> &(dyn std::error::Error + 'static) { source.as_ref() })
            }
            Self::NotFound { .. } | Self::Refused { .. } | Self::Invalid(_) | Self::Stale { .. } => None,
        }
    }
}
