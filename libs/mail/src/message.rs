//! A mail as a person reads it.

use jiff::Timestamp;

use crate::Address;

/// What could be read of a mail. Everything in it was written by a stranger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// `Message-ID` without its angle brackets.
    pub message_id: Option<String>,
    /// `In-Reply-To`, without angle brackets.
    pub in_reply_to: Vec<String>,
    /// `References`, the oldest first, without angle brackets.
    pub references: Vec<String>,
    /// Authors; should be one.
    pub from: Vec<Address>,
    /// Recipients.
    pub to: Vec<Address>,
    /// Recipients of copies.
    pub cc: Vec<Address>,
    /// Where answers should go, when not to the author.
    pub reply_to: Vec<Address>,
    /// Subject, decoded.
    pub subject: Option<String>,
    /// When the author says it was written; `None` when missing or impossible.
    pub date: Option<Timestamp>,
    /// The text: plain parts as they are, HTML as plain text where there is no plain part. Lines end with `\n`.
    pub text: String,
    /// Whether the mail has an HTML form (which is never given out).
    pub has_html: bool,
    /// Everything else, in order.
    pub attachments: Vec<Attachment>,
    /// What tells whether a person or a machine wrote it, and how it came.
    pub origin: Origin,
    /// Set when the mail reports that another one could not be delivered.
    pub bounce: Option<Bounce>,
    /// Which protection the mail claims to have.
    pub protection: Protection,
    /// The key of the author that the mail brings along in its header (Autocrypt 1.1), not verified in any way.
    pub autocrypt: Option<Vec<u8>>,
    /// What was odd, in words for the person who reads the mail.
    pub warnings: Vec<String>,
}

/// A part that is not the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// File name as the sender gave it, decoded, control characters removed; [`Attachment::file_name`] is safe.
    pub name: Option<String>,
    /// `type/subtype` in lower case.
    pub content_type: String,
    /// Content, transfer encoding removed.
    pub bytes: Vec<u8>,
    /// Meant to be shown within the text, as images in HTML are.
    pub inline: bool,
}

impl Attachment {
    /// A name that is safe to save under: no folders, no leading dots, never empty.
    pub fn file_name(&self) -> String {
        let name = self.name.as_deref().unwrap_or("");
        let last = name.rsplit(['/', '\\']).next().unwrap_or("");
        let safe: String = last.chars().map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).take(150).collect();
        let safe = safe.trim_matches(|c: char| c == '.' || c.is_whitespace()).to_owned();
        if !safe.is_empty() {
            return safe;
        }
        match self.content_type.as_str() {
            "message/rfc822" | "message/global" => "message.eml".into(),
            "text/plain" => "text.txt".into(),
            "text/html" => "text.html".into(),
            "application/pgp-signature" => "signature.asc".into(),
            _ => "attachment.bin".into(),
        }
    }
}

/// Header fields that tell how a mail came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// `Auto-Submitted` (RFC 3834), in lower case.
    pub auto_submitted: Option<String>,
    /// `Precedence`, in lower case.
    pub precedence: Option<String>,
    /// `List-Id` (RFC 2919).
    pub list_id: Option<String>,
    /// `Return-Path`; empty for a mail that must not be answered by a machine.
    pub return_path: Option<String>,
    /// `Authentication-Results` (RFC 8601), the newest first; only those of the own mail server mean something.
    pub authentication_results: Vec<String>,
    /// Another sign that a machine wrote it, such as `X-Autoreply` or a read receipt.
    pub machine: bool,
}

/// A delivery report (RFC 3464).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounce {
    /// Recipients who could not be reached.
    pub recipients: Vec<String>,
    /// Enhanced status code such as `5.1.1`, when the report has one.
    pub status: Option<String>,
    /// `Message-ID` of the mail that came back, when the report quotes it.
    pub original_message_id: Option<String>,
}

/// Protection that a mail claims; [`crate::open`] finds out what it is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protection {
    /// None.
    #[default]
    None,
    /// PGP/MIME encrypted (RFC 3156 §4).
    PgpEncrypted,
    /// PGP/MIME signed (RFC 3156 §5).
    PgpSigned,
    /// An armoured message in the text or attached.
    InlineEncrypted,
    /// A text signed in clear.
    InlineSigned,
    /// S/MIME encrypted, which is not supported.
    SmimeEncrypted,
    /// S/MIME signed, which is not verified.
    SmimeSigned,
}

impl Protection {
    /// The mail is, or has a part that is, encrypted.
    pub const fn is_encrypted(self) -> bool {
        matches!(self, Self::PgpEncrypted | Self::InlineEncrypted | Self::SmimeEncrypted)
    }

    /// The mail carries a signature that can be seen from outside.
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::PgpSigned | Self::InlineSigned | Self::SmimeSigned)
    }
}

impl Message {
    /// A machine wrote it, or a list sent it on: it must not be answered by a machine (RFC 3834 §2).
    pub fn is_automatic(&self) -> bool {
        let origin = &self.origin;
        self.bounce.is_some()
            || origin.machine
            || origin.list_id.is_some()
            || origin.auto_submitted.as_deref().is_some_and(|value| value != "no")
            || matches!(origin.precedence.as_deref(), Some("bulk" | "junk" | "list" | "auto_reply"))
            || origin.return_path.as_deref().is_some_and(|path| path.is_empty() || path == "<>")
    }

    /// It reports that another mail could not be delivered.
    pub fn is_bounce(&self) -> bool {
        self.bounce.is_some()
    }

    /// The one author, when there is exactly one with an address.
    pub fn author(&self) -> Option<&Address> {
        match self.from.as_slice() {
            [author] if !author.address.is_empty() => Some(author),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_cannot_leave_their_folder() {
        let named = |name: &str| Attachment { name: Some(name.into()), ..Attachment::default() }.file_name();
        assert_eq!(named("../../etc/passwd"), "passwd");
        assert_eq!(named("C:\\Temp\\poc.c"), "poc.c");
        assert_eq!(named(".."), "attachment.bin");
        assert_eq!(named("poc?.c"), "poc_.c");
        assert_eq!(
            Attachment { content_type: "message/rfc822".into(), ..Attachment::default() }.file_name(),
            "message.eml"
        );
    }
}
