//! The one error of this crate.

use crate::Message;
use crate::openpgp::Unusable;

/// Something could not be done; the text says what and what to do next.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct Error {
    kind: Kind,
    words: String,
    partial: Option<Box<Message>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Limit,
    Damaged,
    Passphrase,
    Key,
    Invalid,
}

impl Error {
    pub(crate) fn limit(words: impl Into<String>, partial: Message) -> Self {
        Self { kind: Kind::Limit, words: words.into(), partial: Some(Box::new(partial)) }
    }

    fn plain(kind: Kind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into(), partial: None }
    }

    pub(crate) fn damaged(words: impl Into<String>) -> Self {
        Self::plain(Kind::Damaged, words)
    }

    pub(crate) fn key(words: impl Into<String>) -> Self {
        Self::plain(Kind::Key, words)
    }

    pub(crate) fn invalid(words: impl Into<String>) -> Self {
        Self::plain(Kind::Invalid, words)
    }

    pub(crate) fn passphrase() -> Self {
        Self::plain(Kind::Passphrase, "the passphrase does not open the secret key")
    }

    /// The input is longer, deeper or has more parts than is taken in.
    pub fn is_limit(&self) -> bool {
        self.kind == Kind::Limit
    }

    /// The input is not what it should be, or broken.
    pub fn is_damaged(&self) -> bool {
        self.kind == Kind::Damaged
    }

    /// A secret key did not open with the passphrase given.
    pub fn is_passphrase(&self) -> bool {
        self.kind == Kind::Passphrase
    }

    /// A key may not be used: expired, revoked, not meant for it.
    pub fn is_key(&self) -> bool {
        self.kind == Kind::Key
    }

    /// What was given to build or sign is not valid, such as an address with a line break.
    pub fn is_invalid(&self) -> bool {
        self.kind == Kind::Invalid
    }

    /// What could be read of a mail over the limits: its headers, so that it can be kept and shown to a person.
    pub fn partial(&self) -> Option<&Message> {
        self.partial.as_deref()
    }
}

impl From<pgp::errors::Error> for Error {
    fn from(error: pgp::errors::Error) -> Self {
        Self::damaged(format!("OpenPGP: {error}"))
    }
}

impl From<Unusable> for Error {
    fn from(why: Unusable) -> Self {
        Self::key(why.to_string())
    }
}
