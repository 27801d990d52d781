//! What a mail means: which conversation it belongs to, what its protection is worth, and why a person has to look.

use std::fmt;

use kernel::{EmailAddress, Id, kinds};
use mail::openpgp::{DecryptFailure, Verdict};
use mail::{Message, Opened};
use sha2::{Digest, Sha256};

use super::super::report::SignatureMark;

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// It is a new report with this number.
    Report(String),
    /// It belongs to the conversation of the report with this number.
    Reply(String),
    /// It was here before, under this number; nothing was done.
    Known(String),
    /// It is kept under this number for a person to look at, for this reason.
    Unreadable(String, String),
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report(number) => write!(f, "new report {number}"),
            Self::Reply(number) => write!(f, "reply in {number}"),
            Self::Known(number) => write!(f, "known already, in {number}"),
            Self::Unreadable(number, why) => write!(f, "kept as {number} for a person to look at: {why}"),
        }
    }
}

/// Under which a mail is known: its Message-ID, or the checksum of its bytes where there is none that can be used.
pub(super) fn identity(message_id: Option<&str>, bytes: &[u8]) -> String {
    match message_id.map(str::trim).filter(|id| !id.is_empty() && id.len() <= 900) {
        Some(id) => id.to_owned(),
        None => format!("sha256:{}", hex::encode(Sha256::digest(bytes))),
    }
}

/// The Message-IDs that a mail answers, the nearest first.
pub(super) fn answers(message: &Message) -> Vec<String> {
    let mut ids = message.in_reply_to.clone();
    ids.extend(message.references.iter().rev().cloned());
    if let Some(original) = message.bounce.as_ref().and_then(|bounce| bounce.original_message_id.clone()) {
        ids.insert(0, original);
    }
    ids.retain(|id| !id.is_empty() && id.len() <= 900);
    ids.dedup();
    ids.truncate(40);
    ids
}

/// Numbers of reports and cases in a subject: `R-2026-0001`, `PSIRT-2026-0042`.
pub(super) fn numbers(subject: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in subject.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
        let parts: Vec<&str> = word.split('-').collect();
        let [prefix @ .., year, count] = parts.as_slice() else { continue };
        let digits = |text: &str, least: usize| text.len() >= least && text.chars().all(|c| c.is_ascii_digit());
        if !prefix.is_empty()
            && prefix.iter().all(|part| !part.is_empty())
            && digits(year, 4)
            && year.len() == 4
            && digits(count, 4)
        {
            found.push(word.to_uppercase());
        }
    }
    found.truncate(5);
    found
}

/// The report whose token stands behind a plus in an address that the mail was sent to.
pub(super) fn token(message: &Message) -> Option<Id<kinds::Report>> {
    message.to.iter().chain(&message.cc).find_map(|person| {
        let (local, _) = person.address.rsplit_once('@')?;
        let (_, token) = local.split_once('+')?;
        (token.len() == 32).then(|| token.parse().ok()).flatten()
    })
}

/// The sender's address when it is one, in the form that is stored.
pub(super) fn sender(message: &Message) -> String {
    message
        .from
        .first()
        .and_then(|author| EmailAddress::parse("from", &author.address).ok())
        .map_or_else(String::new, |address| address.to_string())
}

/// The sender's name, without what breaks lines.
pub(super) fn sender_name(message: &Message) -> String {
    message.from.first().map_or_else(String::new, |author| {
        author.name.chars().filter(|c| !c.is_control()).take(200).collect::<String>().trim().to_owned()
    })
}

/// What a signature is worth: the mark, the key it names, and words where a person has to look.
pub(super) fn signature(opened: &Opened) -> (SignatureMark, String, String) {
    match &opened.signature {
        None => (SignatureMark::None, String::new(), String::new()),
        Some(Verdict::Valid(signer)) if opened.bound_to_sender => {
            (SignatureMark::Valid, signer.fingerprint.clone(), String::new())
        }
        Some(Verdict::Valid(signer)) => (
            SignatureMark::UnknownKey,
            signer.fingerprint.clone(),
            format!(
                "The signature is valid, but the key belongs to {}, not to the sender.",
                signer.user_ids.first().map_or("somebody else", String::as_str)
            ),
        ),
        Some(Verdict::Invalid { key_id, why }) => (
            SignatureMark::Invalid,
            key_id.clone().unwrap_or_default(),
            format!("The signature does not match: {why}. Ask the sender over another way whether this is theirs."),
        ),
        Some(Verdict::UnknownKey { key_id }) => {
            (SignatureMark::UnknownKey, key_id.clone().unwrap_or_default(), String::new())
        }
    }
}

/// Why a mail did not open, and what to do.
pub(super) fn unreadable(failure: &DecryptFailure) -> String {
    let advice = match failure {
        DecryptFailure::NoKey(_) => "Ask the sender to encrypt to the key that we publish.",
        DecryptFailure::Passphrase => "Ask the sender to encrypt to our public key instead.",
        DecryptFailure::Corrupted(_) | DecryptFailure::NotOpenPgp => {
            "Ask the sender to send it again; the mail as it came is kept."
        }
        DecryptFailure::NoIntegrity => "Ask the sender to send it again with a current program.",
        DecryptFailure::TooLarge(_) => "Ask the sender for a smaller mail, or for the files by the report form.",
    };
    let words = failure.to_string();
    let mut letters = words.chars();
    let start: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{start}{}. {advice}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(subject: &str, expected: &[&str]) {
        assert_eq!(numbers(subject), expected);
    }

    #[test]
    fn numbers_are_found_in_subjects() {
        check("Re: [R-2026-0001] Overflow", &["R-2026-0001"]);
        check("AW: psirt-2026-0042: more", &["PSIRT-2026-0042"]);
        check("HALDEN-PSIRT-2026-12345", &["HALDEN-PSIRT-2026-12345"]);
        check("CVE 2026-0001, 2026-0001 and R-26-1", &[]);
    }

    #[test]
    fn mail_without_an_id_is_known_by_its_bytes() {
        assert_eq!(identity(Some("a@b"), b"x"), "a@b");
        assert!(identity(None, b"x").starts_with("sha256:2d711642"));
        assert_eq!(identity(Some(" "), b"x"), identity(None, b"x"));
    }

    #[test]
    fn tokens_are_found_behind_a_plus() {
        let to = |address: &str| Message { to: vec![mail::Address::new("", address)], ..Message::default() };
        assert!(token(&to("psirt+019a0000000070008000000000000001@halden.example")).is_some());
        assert!(token(&to("psirt+news@halden.example")).is_none());
        assert!(token(&to("psirt@halden.example")).is_none());
    }
}
