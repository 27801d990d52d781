//! Opening protected mail: PGP/MIME (RFC 3156), armoured messages in the text, encrypted files, signatures.

use jiff::Timestamp;
use limits::Limits;
use mail_parser::{Message as Parsed, MessagePart, MimeHeaders as _, PartType};

use crate::openpgp::armor::{self, Kind};
use crate::openpgp::{self, DecryptFailure, Decrypted, Keys, PublicKey, Verdict};
use crate::read::{clean, is_pgp_file, parse, read, without_envelope};
use crate::{Attachment, Error, Message, Protection, address};

/// Encrypted mail within encrypted mail is opened this deep.
const LEVELS: u8 = 3;
/// Armoured blocks of one text that are looked at.
const BLOCKS: usize = 20;

/// A mail with its protection taken off.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What to show: of an encrypted mail that opened, what was inside, with the sender and ids of the outside.
    pub message: Message,
    /// The mail, or a part of it, was encrypted, whether or not it opened.
    pub encrypted: bool,
    /// Why it, or a part of it, did not open.
    pub failure: Option<DecryptFailure>,
    /// What its signature is worth; `None`: it is not signed.
    pub signature: Option<Verdict>,
    /// The signature is valid and its key has a user id with the address that the mail says it is from.
    pub bound_to_sender: bool,
    /// Only a part of what is shown was encrypted or signed: anybody could have added the rest.
    pub partly_protected: bool,
}

/// Reads a mail, decrypts it and verifies its signature, as far as keys are at hand. `now` is when it was received.
///
/// Mail that cannot be decrypted is no error: it is given as it came, with [`Opened::failure`].
///
/// # Errors
/// As [`crate::read`].
pub fn open(bytes: &[u8], keys: &Keys, now: Timestamp, limits: &Limits) -> Result<Opened, Error> {
    let mut opened = Opener { keys, now, limits }.open(bytes, LEVELS)?;
    opened.bound_to_sender = match (&opened.signature, opened.message.author()) {
        (Some(Verdict::Valid(signer)), Some(author)) => {
            signer.user_ids.iter().any(|id| address::same(address::of_user_id(id), &author.address))
        }
        _ => false,
    };
    Ok(opened)
}

/// Public keys that a mail brings along: in its header (Autocrypt), attached, or armoured in its text. They prove
/// nothing by themselves.
pub fn attached_keys(message: &Message) -> Vec<PublicKey> {
    let files = message.attachments.iter().map(|attachment| &attachment.bytes).chain(&message.autocrypt);
    let files = files.map(Vec::as_slice);
    let blocks = armor::blocks(&message.text);
    let texts = blocks.iter().filter(|block| block.kind == Kind::PublicKey).map(|block| block.text.as_bytes());
    let key = |bytes: &&[u8]| {
        memchr::memmem::find(bytes, b"BEGIN PGP PUBLIC KEY BLOCK").is_some()
            || matches!(bytes.first(), Some(0x98 | 0x99 | 0xC6))
    };
    files.chain(texts).filter(key).filter_map(|bytes| PublicKey::read_all(bytes).ok()).flatten().take(BLOCKS).collect()
}

struct Opener<'a> {
    keys: &'a Keys,
    now: Timestamp,
    limits: &'a Limits,
}

impl Opened {
    fn new(message: Message) -> Self {
        let encrypted = message.protection.is_encrypted();
        Self { message, encrypted, failure: None, signature: None, bound_to_sender: false, partly_protected: false }
    }

    fn add(&mut self, verdict: Option<Verdict>) {
        let verdicts: Vec<Verdict> = self.signature.take().into_iter().chain(verdict).collect();
        self.signature = Verdict::best(verdicts);
    }

    fn partly(&mut self, words: &str) {
        self.partly_protected = true;
        self.warn(words);
    }

    fn warn(&mut self, words: &str) {
        self.message.warnings.push(words.into());
    }
}

impl Opener<'_> {
    fn open(&self, bytes: &[u8], levels: u8) -> Result<Opened, Error> {
        let mut opened = Opened::new(read(bytes, self.limits)?);
        match opened.message.protection {
            Protection::None => {}
            Protection::PgpEncrypted => self.pgp_mime_encrypted(bytes, &mut opened, levels),
            Protection::PgpSigned => self.pgp_mime_signed(bytes, &mut opened),
            Protection::InlineEncrypted | Protection::InlineSigned => {
                self.text(&mut opened);
                let loose = opened.message.attachments.iter().filter(|file| !is_pgp_file(file)).count();
                let replaced = self.files(&mut opened, levels);
                if loose > 0 && !replaced && opened.signature.is_some() {
                    opened.partly("the attachments are not signed");
                }
            }
            Protection::SmimeEncrypted => {
                opened.warn("the mail is encrypted with S/MIME, which cannot be opened here; ask for OpenPGP")
            }
            Protection::SmimeSigned => opened.warn("the mail is signed with S/MIME, which is not verified here"),
        }
        Ok(opened)
    }

    fn decrypt(&self, bytes: &[u8]) -> Result<Decrypted, DecryptFailure> {
        openpgp::decrypt(bytes, self.keys, self.now, self.limits)
    }

    fn pgp_mime_encrypted(&self, bytes: &[u8], opened: &mut Opened, levels: u8) {
        let found = parse(without_envelope(bytes)).and_then(|parsed| {
            let (_, children) = protected(&parsed, "encrypted")?;
            children
                .iter()
                .map(|part| part.contents())
                .find(|bytes| openpgp::is_encrypted_message(bytes))
                .map(<[u8]>::to_vec)
        });
        match found.ok_or(DecryptFailure::NotOpenPgp).and_then(|message| self.decrypt(&message)) {
            Ok(decrypted) => self.inside(decrypted, opened, levels),
            Err(failure) => opened.failure = Some(failure),
        }
    }

    /// Puts what was inside in place of what was outside; who sent it and where it belongs stays as it was outside.
    fn inside(&self, decrypted: Decrypted, opened: &mut Opened, levels: u8) {
        let Some(levels) = levels.checked_sub(1) else {
            opened.warn("the mail is encrypted too many times over");
            return;
        };
        let inner = match self.open(&decrypted.bytes, levels) {
            Ok(inner) => inner,
            Err(error) => {
                opened.warn(&format!("the mail was decrypted, but what was inside could not be read: {error}"));
                return;
            }
        };
        let outer = std::mem::take(&mut opened.message);
        opened.message = merged(outer, inner.message);
        opened.encrypted = true;
        opened.failure = inner.failure;
        opened.partly_protected |= inner.partly_protected;
        opened.add(decrypted.verdict);
        opened.add(inner.signature);
    }

    fn pgp_mime_signed(&self, bytes: &[u8], opened: &mut Opened) {
        let Some(parsed) = parse(without_envelope(bytes)) else { return };
        let verdict = protected(&parsed, "signed").and_then(|(whole, children)| {
            let [content, signature, rest @ ..] = children.as_slice() else { return None };
            let raw = parsed.raw_message.get(content.offset_header as usize..content.offset_end as usize)?;
            let verdict = self.detached(raw, signature.contents())?;
            if !whole || !rest.is_empty() {
                opened.partly("only a part of the mail is signed");
            } else if let Ok(signed) = read(&with_crlf(raw), self.limits) {
                // What stands beside the signed part must not look as if it were signed.
                opened.message.text = signed.text;
            }
            Some(verdict)
        });
        opened.signature = Some(verdict.unwrap_or_else(|| Verdict::Invalid {
            key_id: None,
            why: "the signature of the mail is missing or damaged".into(),
        }));
    }

    /// The signature covers lines that end with CR LF (RFC 3156 §5); a file on disk may have lost the CR.
    fn detached(&self, raw: &[u8], signature: &[u8]) -> Option<Verdict> {
        let verify = |bytes: &[u8]| openpgp::verify_detached(bytes, signature, &self.keys.public, self.now).ok();
        let verdict = verify(&with_crlf(raw))?;
        match verdict {
            Verdict::Invalid { .. } => Verdict::best([Some(verdict), verify(raw)].into_iter().flatten().collect()),
            Verdict::Valid(_) | Verdict::UnknownKey { .. } => Some(verdict),
        }
    }

    /// Armoured messages and clear-text signatures in the text, each replaced by what it holds.
    fn text(&self, opened: &mut Opened) {
        let text = std::mem::take(&mut opened.message.text);
        let mut shown = String::with_capacity(text.len());
        let (mut position, mut around, mut replaced) = (0, false, false);
        for block in armor::blocks(&text).iter().take(BLOCKS) {
            let content = match block.kind {
                Kind::Message => self.text_message(block.text, opened),
                Kind::SignedText => self.signed_text(block.text, opened),
                Kind::PublicKey | Kind::PrivateKey | Kind::Signature => None,
            };
            let Some(content) = content else { continue };
            let before = text.get(position..block.start).unwrap_or("");
            around |= !before.trim().is_empty();
            shown.push_str(before);
            shown.push_str(content.trim_end_matches('\n'));
            position = block.end;
            replaced = true;
        }
        let rest = text.get(position..).unwrap_or("");
        shown.push_str(rest);
        opened.message.text = shown;
        if replaced && (around || !rest.trim().is_empty()) {
            opened.partly("only a part of the text was encrypted or signed");
        }
    }

    fn text_message(&self, block: &str, opened: &mut Opened) -> Option<String> {
        match self.decrypt(block.as_bytes()) {
            Ok(decrypted) => {
                opened.encrypted |= decrypted.encrypted;
                opened.add(decrypted.verdict);
                Some(clean(&characters(&decrypted.bytes)))
            }
            Err(failure) => {
                opened.failure = Some(failure);
                None
            }
        }
    }

    fn signed_text(&self, block: &str, opened: &mut Opened) -> Option<String> {
        match openpgp::verify_cleartext(block, &self.keys.public, self.now) {
            Ok(signed) => {
                opened.add(Some(signed.verdict));
                Some(signed.text)
            }
            Err(error) => {
                opened.add(Some(Verdict::Invalid { key_id: None, why: error.to_string() }));
                None
            }
        }
    }

    /// Encrypted files, each replaced by what it holds; answers whether one of them was the whole mail.
    fn files(&self, opened: &mut Opened, levels: u8) -> bool {
        let mut inner = None;
        for index in 0..opened.message.attachments.len() {
            let Some(attachment) = opened.message.attachments.get(index).filter(|file| is_pgp_file(file)) else {
                continue;
            };
            let decrypted = match self.decrypt(&attachment.bytes) {
                Ok(decrypted) => decrypted,
                Err(failure) => {
                    opened.failure = Some(failure);
                    continue;
                }
            };
            opened.encrypted = true;
            // Some servers take PGP/MIME apart: what is left is a file that holds the whole mail.
            if is_mime(&decrypted.bytes) && inner.is_none() {
                inner = Some(decrypted);
                continue;
            }
            opened.add(decrypted.verdict.clone());
            if let Some(attachment) = opened.message.attachments.get_mut(index) {
                *attachment = Attachment {
                    name: attachment.name.as_deref().map(without_pgp_ending),
                    content_type: "application/octet-stream".into(),
                    bytes: decrypted.bytes,
                    inline: false,
                };
            }
        }
        let Some(decrypted) = inner else { return false };
        self.inside(decrypted, opened, levels);
        true
    }
}

/// The first `multipart/encrypted` or `multipart/signed` part: whether it is the whole mail, and its children.
fn protected<'p, 'x>(parsed: &'p Parsed<'x>, subtype: &str) -> Option<(bool, Vec<&'p MessagePart<'x>>)> {
    let (index, part) = parsed.parts.iter().enumerate().find(|(_, part)| {
        part.content_type().is_some_and(|kind| {
            kind.ctype() == "multipart" && kind.subtype().is_some_and(|s| s.eq_ignore_ascii_case(subtype))
        })
    })?;
    let PartType::Multipart(ids) = &part.body else { return None };
    Some((index == 0, ids.iter().filter_map(|id| parsed.parts.get(*id as usize)).collect()))
}

fn merged(outer: Message, inner: Message) -> Message {
    let mut warnings = outer.warnings;
    let expected =
        ["the mail does not say who wrote it", "this is not a mail: no header was found; it is shown as it came"];
    warnings.extend(inner.warnings.into_iter().filter(|warning| !expected.contains(&warning.as_str())));
    let differs = |inside: &[crate::Address], outside: &[crate::Address]| {
        !inside.is_empty() && !inside.iter().any(|i| outside.iter().any(|o| address::same(&i.address, &o.address)))
    };
    if differs(&inner.from, &outer.from) {
        warnings.push("the author named inside the encryption is another one than outside".into());
    }
    let or = |inside: Vec<String>, outside: Vec<String>| if outside.is_empty() { inside } else { outside };
    Message {
        message_id: outer.message_id,
        in_reply_to: or(inner.in_reply_to, outer.in_reply_to),
        references: or(inner.references, outer.references),
        from: outer.from,
        to: outer.to,
        cc: outer.cc,
        reply_to: outer.reply_to,
        subject: inner.subject.filter(|subject| !subject.is_empty()).or(outer.subject),
        date: outer.date.or(inner.date),
        text: inner.text,
        has_html: inner.has_html,
        attachments: inner.attachments,
        origin: outer.origin,
        bounce: outer.bounce,
        autocrypt: outer.autocrypt,
        protection: outer.protection,
        warnings,
    }
}

fn is_mime(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(200)).unwrap_or_default().to_ascii_lowercase();
    head.starts_with(b"content-type:") || head.starts_with(b"mime-version:")
}

fn without_pgp_ending(name: &str) -> String {
    let lower = name.to_lowercase();
    let cut = [".asc", ".pgp", ".gpg"].iter().find(|ending| lower.ends_with(**ending)).map_or(0, |ending| ending.len());
    name.get(..name.len() - cut).unwrap_or(name).to_owned()
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 30);
    let mut last = 0;
    for byte in bytes {
        if *byte == b'\n' && last != b'\r' {
            out.push(b'\r');
        }
        out.push(*byte);
        last = *byte;
    }
    out
}

/// Decrypted text says no character set: UTF-8 when it is valid, else the Western one of old programs.
fn characters(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => match mail_parser::decoders::charsets::map::charset_decoder(b"windows-1252") {
            Some(decode) => decode(bytes),
            None => String::from_utf8_lossy(bytes).into_owned(),
        },
    }
}
