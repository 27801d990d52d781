//! What went wrong: errors that end the reading, and findings beside a result.

use serde::Serialize;

/// A file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct Error {
    words: String,
    line: Option<u64>,
}

impl Error {
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self { words: words.into(), line: None }
    }

    pub(crate) fn at(line: u64, words: impl Into<String>) -> Self {
        Self { words: words.into(), line: Some(line) }
    }

    /// The line, for text files.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        self.line
    }
}

impl From<limits::Exceeded> for Error {
    fn from(exceeded: limits::Exceeded) -> Self {
        Self::new(exceeded.to_string())
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The result differs from what the file claims, or part of it could not be understood.
    Error,
    /// The result holds, and somebody should look.
    Warning,
    /// Worth knowing.
    Note,
}

/// Something to know about a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// A stable code, such as `score-differs`.
    pub rule: &'static str,
    /// Sheet and cell, or file, where it is.
    pub place: String,
    /// In words.
    pub message: String,
}
