//! Why an input could not be read at all.

/// The input is no SBOM that can be read, even in part.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] Cause);

#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Limit(#[from] limits::Exceeded),
    #[error("is no CycloneDX or SPDX document: {0}")]
    Unknown(String),
    #[error("{0}")]
    Unsupported(&'static str),
}

impl Error {
    /// Whether a bound on size, depth or count was met.
    #[must_use]
    pub const fn is_limit(&self) -> bool {
        matches!(self.0, Cause::Limit(_))
    }

    /// Whether the input is something else than an SBOM.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(self.0, Cause::Unknown(_))
    }

    pub(crate) fn unknown(words: impl Into<String>) -> Self {
        Self(Cause::Unknown(words.into()))
    }

    pub(crate) const fn unsupported(words: &'static str) -> Self {
        Self(Cause::Unsupported(words))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self(Cause::Io(error))
    }
}

impl From<limits::Exceeded> for Error {
    fn from(error: limits::Exceeded) -> Self {
        Self(Cause::Limit(error))
    }
}
