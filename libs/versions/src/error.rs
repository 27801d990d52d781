//! Why a range or a package URL was refused.

/// A text that is not what it should be: what is wrong, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Error(pub(crate) String);

impl Error {
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

/// A text as an error repeats it: in quotes, and cut when it is long.
pub(crate) fn quoted(text: &str) -> String {
    const KEPT: usize = 60;
    let mut out: String = text.chars().take(KEPT).flat_map(char::escape_debug).collect();
    if text.chars().nth(KEPT).is_some() {
        out.push('…');
    }
    format!("\"{out}\"")
}
