//! What a validation says: test, level, place and a sentence that tells how to mend it.

use serde::Serialize;

/// How grave a finding is: the part of section 6 that its test is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The document is not valid (schema and 6.1).
    Mandatory,
    /// The document is valid; a good reason is needed for leaving it so (6.2, called recommended in 2.1).
    Optional,
    /// A hint (6.3).
    Informative,
}

impl Level {
    /// The level of a test by its number; the schema is mandatory.
    #[must_use]
    pub fn of(test: &str) -> Self {
        match test.as_bytes() {
            [b'6', b'.', b'2', ..] => Self::Optional,
            [b'6', b'.', b'3', ..] => Self::Informative,
            _ => Self::Mandatory,
        }
    }

    /// Reads a level from its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "mandatory" => Some(Self::Mandatory),
            "optional" | "recommended" => Some(Self::Optional),
            "informative" | "full" => Some(Self::Informative),
            _ => None,
        }
    }

    /// The name of the level.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mandatory => "mandatory",
            Self::Optional => "optional",
            Self::Informative => "informative",
        }
    }
}

/// One violation of the standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The number of the test, such as `6.1.27.3`, or `schema`.
    pub test: &'static str,
    /// How grave it is.
    pub level: Level,
    /// Where: a JSON pointer (RFC 6901) into the document, empty for the document as a whole.
    pub path: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// Collects findings up to a bound, so that a hostile document cannot fill the memory.
#[derive(Debug)]
pub(crate) struct Sink {
    findings: Vec<Finding>,
    limit: usize,
    /// Findings that were not kept.
    pub(crate) dropped: usize,
    /// Whether a mandatory finding was made, kept or not.
    pub(crate) invalid: bool,
}

impl Sink {
    pub(crate) const fn new(limit: usize) -> Self {
        Self { findings: Vec::new(), limit, dropped: 0, invalid: false }
    }

    pub(crate) fn add(&mut self, test: &'static str, path: impl Into<String>, message: impl Into<String>) {
        let level = Level::of(test);
        self.invalid |= level == Level::Mandatory;
        if self.findings.len() < self.limit {
            self.findings.push(Finding { test, level, path: path.into(), message: message.into() });
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

/// Adds one key to a JSON pointer.
pub(crate) fn push_key(pointer: &mut String, key: &str) {
    pointer.push('/');
    for letter in key.chars() {
        match letter {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            _ => pointer.push(letter),
        }
    }
}

/// At most 80 characters of a text from the document.
pub(crate) fn shorten(text: &str) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()).into(),
        None => text.into(),
    }
}

/// Orders test numbers as numbers: `schema`, then `6.1.2` before `6.1.10`.
pub(crate) fn test_key(test: &str) -> Vec<u32> {
    test.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}
