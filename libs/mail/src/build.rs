//! Building mail (RFC 5322, MIME), plain, signed and encrypted (RFC 3156, protected headers of RFC 9788).

use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address as HeaderAddress;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};
use rand::{CryptoRng, Rng};
use sha2::{Digest as _, Sha256};

use crate::openpgp::{self, PublicKey, SecretKey};
use crate::{Address, Attachment, Error, address};

/// Subject that stands outside of encrypted mail.
const HIDDEN: &str = "...";

/// A mail to be sent. Line breaks and control characters in names and subject are replaced by spaces, because they
/// may come from strangers; elsewhere they are refused.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Author.
    pub from: Address,
    /// Recipients; at least one.
    pub to: Vec<Address>,
    /// Recipients of copies.
    pub cc: Vec<Address>,
    /// Where answers go, when not to the author.
    pub reply_to: Option<Address>,
    /// Subject.
    pub subject: String,
    /// When it was written.
    pub date: Timestamp,
    /// `Message-ID` without angle brackets; the caller makes it unique.
    pub message_id: String,
    /// The mail that this one answers, without angle brackets.
    pub in_reply_to: Option<String>,
    /// The thread, the oldest first, without angle brackets.
    pub references: Vec<String>,
    /// Text.
    pub text: String,
    /// The same as HTML, when there is such a form.
    pub html: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Further header fields, such as `List-Unsubscribe`, `List-Unsubscribe-Post` (RFC 8058), `Auto-Submitted`.
    pub headers: Vec<(String, String)>,
}

type Headers = Vec<(&'static str, HeaderType<'static>)>;

/// Builds the mail without protection.
///
/// # Errors
/// [`Error::is_invalid`]: an address, the message id or a header field is not valid, or there is no recipient.
pub fn build(draft: &Draft) -> Result<Vec<u8>, Error> {
    check(draft)?;
    write(draft, &subject(draft), body(draft, false))
}

/// Builds the mail signed in clear (`multipart/signed`), so that everybody can read it.
///
/// # Errors
/// As [`build`]; [`Error::is_key`] when the key may not sign at the date of the mail.
pub fn build_signed(draft: &Draft, signer: &SecretKey) -> Result<Vec<u8>, Error> {
    check(draft)?;
    let content = written(body(draft, true));
    let signature = openpgp::sign_detached(&content, signer, draft.date)?;
    let signature = leaf(
        ContentType::new("application/pgp-signature").attribute("name", "signature.asc"),
        "OpenPGP signature",
        crlf(&signature),
    );
    let kind = ContentType::new("multipart/signed")
        .attribute("micalg", "pgp-sha512")
        .attribute("protocol", "application/pgp-signature")
        .attribute("boundary", boundary(draft, "signed"));
    let root = MimePart::new(kind, vec![MimePart::raw(content), signature]);
    write(draft, &subject(draft), root)
}

/// Builds the mail encrypted to all recipients, and signed inside when there is a signer. Of the subject only `...`
/// can be seen on the way; the real one is inside.
///
/// # Errors
/// As [`build`]; [`Error::is_key`] when a recipient's key cannot be encrypted to, or the signer may not sign, at the
/// date of the mail.
pub fn build_encrypted<R: Rng + CryptoRng>(
    draft: &Draft,
    recipients: &[&PublicKey],
    signer: Option<&SecretKey>,
    rng: &mut R,
) -> Result<Vec<u8>, Error> {
    check(draft)?;
    let mut inside = body(draft, true);
    for (name, value) in &mut inside.headers {
        if let (true, HeaderType::ContentType(kind)) = (name == "Content-Type", value) {
            kind.attributes.push(("hp".into(), "cipher".into()));
            kind.attributes.push(("protected-headers".into(), "v1".into()));
        }
    }
    for (name, value) in fields(draft, &subject(draft)) {
        inside.headers.push((name.into(), value));
    }
    // What stands outside, so that the reader sees which fields were hidden (RFC 9788 §2.2).
    inside.headers.push(("HP-Outer".into(), Raw::new(format!("Subject: {HIDDEN}")).into()));
    let armored = openpgp::encrypt(&written(inside), recipients, signer, draft.date, rng)?;
    let version =
        leaf(ContentType::new("application/pgp-encrypted"), "PGP/MIME version identification", "Version: 1\r\n".into());
    let message = leaf(
        ContentType::new("application/octet-stream").attribute("name", "encrypted.asc"),
        "OpenPGP encrypted message",
        crlf(&armored),
    );
    let kind = ContentType::new("multipart/encrypted")
        .attribute("protocol", "application/pgp-encrypted")
        .attribute("boundary", boundary(draft, "encrypted"));
    write(draft, HIDDEN, MimePart::new(kind, vec![version, message]))
}

fn check(draft: &Draft) -> Result<(), Error> {
    let everybody = std::iter::once(&draft.from).chain(&draft.to).chain(&draft.cc).chain(&draft.reply_to);
    for person in everybody {
        if address::split(&person.address).is_none() {
            return Err(Error::invalid(format!("`{}` is not a mail address", person.address.escape_default())));
        }
    }
    if draft.to.is_empty() && draft.cc.is_empty() {
        return Err(Error::invalid("the mail has no recipient"));
    }
    let ids = std::iter::once(&draft.message_id).chain(&draft.in_reply_to).chain(&draft.references);
    for id in ids {
        if id.is_empty() || id.chars().any(|c| c.is_control() || c.is_whitespace() || c == '<' || c == '>') {
            return Err(Error::invalid(format!("`{}` is not a message id", id.escape_default())));
        }
    }
    for (name, value) in &draft.headers {
        let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !plain || value.chars().any(char::is_control) {
            return Err(Error::invalid(format!("the header field `{}` is not valid", name.escape_default())));
        }
    }
    Ok(())
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

fn subject(draft: &Draft) -> String {
    one_line(&draft.subject)
}

fn person(person: &Address) -> HeaderAddress<'static> {
    let name = one_line(&person.name);
    HeaderAddress::new_address((!name.is_empty()).then_some(name), person.address.clone())
}

fn people(list: &[Address]) -> HeaderAddress<'static> {
    HeaderAddress::new_list(list.iter().map(person).collect())
}

/// The fields about who, to whom, when and what: they stand outside, and inside of what is encrypted.
fn fields(draft: &Draft, subject: &str) -> Headers {
    let mut fields: Headers = vec![("From", person(&draft.from).into())];
    if !draft.to.is_empty() {
        fields.push(("To", people(&draft.to).into()));
    }
    if !draft.cc.is_empty() {
        fields.push(("Cc", people(&draft.cc).into()));
    }
    if let Some(address) = &draft.reply_to {
        fields.push(("Reply-To", person(address).into()));
    }
    fields.push(("Subject", Text::new(subject.to_owned()).into()));
    fields.push(("Date", Date::new(draft.date.as_second()).into()));
    fields.push(("Message-ID", MessageId::new(draft.message_id.clone()).into()));
    if let Some(id) = &draft.in_reply_to {
        fields.push(("In-Reply-To", MessageId::new(id.clone()).into()));
    }
    if !draft.references.is_empty() {
        fields.push(("References", MessageId::new_list(draft.references.iter().cloned()).into()));
    }
    fields
}

fn write(draft: &Draft, subject: &str, root: MimePart<'_>) -> Result<Vec<u8>, Error> {
    let mut builder = MessageBuilder::new();
    for (name, value) in fields(draft, subject) {
        builder = builder.header(name, value);
    }
    for (name, value) in &draft.headers {
        let value: HeaderType<'_> =
            if value.is_ascii() { Raw::new(value.as_str()).into() } else { Text::new(value.as_str()).into() };
        builder = builder.header(name.as_str(), value);
    }
    builder.body(root).write_to_vec().map_err(|error| Error::invalid(format!("the mail could not be built: {error}")))
}

/// Text, HTML and attachments as one MIME part. What is signed must survive mail servers untouched, so it is in
/// base64 where a server might be tempted (RFC 3156 §3).
fn body(draft: &Draft, signed: bool) -> MimePart<'static> {
    let mut root = text("text/plain", &draft.text, signed);
    if let Some(html) = &draft.html {
        let kind = ContentType::new("multipart/alternative").attribute("boundary", boundary(draft, "alternative"));
        root = MimePart::new(kind, vec![root, text("text/html", html, signed)]);
    }
    if !draft.attachments.is_empty() {
        let mut parts = vec![root];
        parts.extend(draft.attachments.iter().map(file));
        let kind = ContentType::new("multipart/mixed").attribute("boundary", boundary(draft, "mixed"));
        root = MimePart::new(kind, parts);
    }
    root
}

fn text(kind: &'static str, text: &str, signed: bool) -> MimePart<'static> {
    let text = crlf(text);
    let fragile = text.split("\r\n").any(|line| line.ends_with([' ', '\t']) || line.starts_with("From "));
    if signed && fragile {
        let kind = ContentType::new(kind).attribute("charset", "utf-8");
        return MimePart::new(kind, BodyPart::Binary(text.into_bytes().into()));
    }
    MimePart::new(kind, text)
}

fn file(attachment: &Attachment) -> MimePart<'static> {
    let kind = attachment.content_type.to_lowercase();
    let token =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b));
    let valid = kind.split_once('/').is_some_and(|(a, b)| token(a) && token(b) && a != "multipart" && a != "message");
    let kind = if valid { kind } else { "application/octet-stream".to_owned() };
    MimePart::new(kind, attachment.bytes.clone()).attachment(one_line(&attachment.file_name()))
}

/// A part whose content is armoured or a fixed line: sent as it is.
fn leaf(kind: ContentType<'static>, description: &'static str, content: String) -> MimePart<'static> {
    MimePart::new(kind, content).header("Content-Description", Text::new(description)).transfer_encoding("7bit")
}

fn written(part: MimePart<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    part.write_part(&mut bytes);
    bytes
}

/// Boundaries follow from the message id, which is unique: the same draft gives the same bytes.
fn boundary(draft: &Draft, label: &str) -> String {
    let digest = Sha256::digest(format!("{}\n{label}", draft.message_id).as_bytes());
    format!("=_{}", hex::encode(digest.get(..16).unwrap_or_default()))
}

fn crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}
