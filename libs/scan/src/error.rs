//! Why a report could not be read, in words for the person who has the file.

/// Why a report could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No reader knows the content.
    #[error("no reader knows this file: it looks like {looks}{near}. Name the tool with --tool if you know it")]
    Unknown {
        /// What it looks like.
        looks: String,
        /// The closest readers, as a clause, or nothing.
        near: String,
    },
    /// `--tool` names no reader.
    #[error("there is no reader called {name}{near}")]
    NoSuchTool {
        /// The name as given.
        name: String,
        /// The closest names, as a clause, or nothing.
        near: String,
    },
    /// The content breaks its format.
    #[error("{0}")]
    Malformed(String),
    /// A limit on untrusted input is met.
    #[error(transparent)]
    Limit(#[from] limits::Exceeded),
    /// The stream failed.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

impl Error {
    /// A break of the format, in a sentence.
    pub(crate) fn malformed(text: impl Into<String>) -> Self {
        Self::Malformed(text.into())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() {
            return Self::Io(error.into());
        }
        Self::Malformed(format!("the JSON is broken: {error}"))
    }
}

impl From<quick_xml::Error> for Error {
    fn from(error: quick_xml::Error) -> Self {
        Self::Malformed(format!("the XML is broken: {error}"))
    }
}

impl From<csv::Error> for Error {
    fn from(error: csv::Error) -> Self {
        Self::Malformed(format!("the table is broken: {error}"))
    }
}
