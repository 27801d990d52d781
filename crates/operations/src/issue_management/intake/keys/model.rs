//! Our key pairs and the keys of people we write to.

use kernel::{Error, Id, Result, Timestamp, kinds, words};
use mail::openpgp::{PublicKey, SecretKey, sign_cleartext};

use super::super::shared::jiff;

/// The kind of a key pair of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {}

/// The kind of a key of somebody we write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContactKeyKind {}

/// The public half of a key pair of ours.
#[derive(Clone, Debug)]
pub(crate) struct IntakeKey {
    /// Which one.
    pub(crate) id: Id<KeyKind>,
    /// The intake address that it is for.
    pub(crate) address: String,
    /// The family that it is for; `None` for all without their own.
    pub(crate) family: Option<Id<kinds::Family>>,
    /// In upper-case hex.
    pub(crate) fingerprint: String,
    /// Armoured.
    pub(crate) public_key: String,
    /// Whether it signs and is published; a retired one only decrypts what comes late.
    pub(crate) active: bool,
    /// When it was made.
    pub(crate) created_at: Timestamp,
    /// When its time is over.
    pub(crate) expires_at: Option<Timestamp>,
}

impl IntakeKey {
    /// The key as the mail library takes it.
    pub(crate) fn read(&self) -> Result<PublicKey> {
        PublicKey::read(self.public_key.as_bytes()).map_err(Error::internal)
    }
}

/// A key pair of ours, opened: it signs mail, advisories and security.txt.
pub(crate) struct SigningKey {
    /// In upper-case hex.
    pub(crate) fingerprint: String,
    /// The address that it is for.
    pub(crate) address: String,
    /// The public half, armoured.
    pub(crate) public_key: String,
    /// The key pair.
    pub(crate) secret: SecretKey,
}

impl SigningKey {
    /// A text signed in clear.
    pub(crate) fn cleartext(&self, text: &str, at: Timestamp) -> Result<String> {
        sign_cleartext(text, &self.secret, jiff(at)).map_err(Error::internal)
    }
}

words! {
    /// Where a key of somebody came from.
    pub(crate) enum Origin {
        /// Attached to a report or a message: nobody has compared it.
        Report => "report", "Came with a report";
        /// Entered or compared by one of us.
        Desk => "desk", "Checked by us";
        /// Given on the reporter's page.
        ReporterPage => "reporter_page", "From the reporter's page";
    }
}

/// A key of somebody we write to.
#[derive(Clone, Debug)]
pub(crate) struct ContactKey {
    /// Which one.
    pub(crate) id: Id<ContactKeyKind>,
    /// The address, in lower case.
    pub(crate) address: String,
    /// In upper-case hex.
    pub(crate) fingerprint: String,
    /// Armoured.
    pub(crate) public_key: String,
    /// Where it came from.
    pub(crate) origin: Origin,
    /// When we got it.
    pub(crate) created_at: Timestamp,
}

impl ContactKey {
    /// The key as the mail library takes it; `None` when it cannot be read any more.
    pub(crate) fn read(&self) -> Option<PublicKey> {
        PublicKey::read(self.public_key.as_bytes()).ok()
    }
}
