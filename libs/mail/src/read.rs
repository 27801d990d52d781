//! Reading mail of strangers (RFC 5322, MIME RFC 2045–2049, RFC 2231): whatever arrives gives something to show.

use jiff::Timestamp;
use limits::Limits;
use mail_parser::decoders::html::html_to_text;
use mail_parser::{HeaderName, HeaderValue, Message as Parsed, MessageParser, MessagePart, MimeHeaders as _, PartType};

use crate::openpgp::armor::{self, Kind};
use crate::{Address, Attachment, Bounce, Error, Message, Origin, Protection, address, bounds, openpgp};

/// Reads a mail.
///
/// Broken mail is read as far as it goes, with warnings; input that is no mail at all becomes a message whose text is
/// the input.
///
/// # Errors
/// [`Error::is_limit`]: the mail is longer, deeper or has more parts than the limits allow; [`Error::partial`] then
/// holds its headers. [`Error::is_damaged`]: there is nothing at all.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Message, Error> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::damaged("the mail is empty"));
    }
    let bytes = without_envelope(bytes);
    if let Err(over) = bounds::check(bytes, limits) {
        return Err(Error::limit(format!("the mail was not read in full: {over}"), headers_only(bytes, limits)));
    }
    let Some(parsed) = parse(bytes) else {
        let text = cut(&clean(&String::from_utf8_lossy(bytes)), limits.text);
        return Ok(Message {
            protection: inline_protection(&text, &[]),
            text,
            warnings: vec!["this is not a mail: no header was found; it is shown as it came".into()],
            ..Message::default()
        });
    };
    Ok(whole(&parsed, limits))
}

pub(crate) fn parse(bytes: &[u8]) -> Option<Parsed<'_>> {
    MessageParser::default().parse(bytes).filter(|parsed| !parsed.parts.is_empty())
}

/// Some programs leave the separator line of an mbox in front of a single mail.
pub(crate) fn without_envelope(bytes: &[u8]) -> &[u8] {
    if !bytes.starts_with(b"From ") && !bytes.starts_with(b">From ") {
        return bytes;
    }
    let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
    bytes.get(end..).unwrap_or_default()
}

fn headers_only(bytes: &[u8], limits: &Limits) -> Message {
    let head = bytes.get(..bytes.len().min(1 << 20)).unwrap_or_default();
    let mut message = Message::default();
    if let Some(parsed) = MessageParser::default().parse_headers(head) {
        headers(&parsed, &mut message, limits);
    }
    message
}

fn whole(parsed: &Parsed<'_>, limits: &Limits) -> Message {
    let mut message = Message::default();
    headers(parsed, &mut message, limits);
    message.text = text(parsed, limits, &mut message.warnings);
    message.has_html = parsed.parts.iter().any(|part| matches!(part.body, PartType::Html(_)));
    for id in &parsed.attachments {
        if let Some(part) = parsed.parts.get(*id as usize) {
            message.attachments.push(attachment(parsed, part));
        }
    }
    if message.text.trim().is_empty() {
        message.text = torn_text(parsed, limits);
    }
    odd_parts(parsed, &mut message.warnings);
    message.bounce = bounce(parsed, &message);
    message.origin.machine |=
        parsed.parts.iter().any(|part| part.is_content_type("message", "disposition-notification"));
    message.protection = protection(parsed, &message);
    message
}

fn headers(parsed: &Parsed<'_>, message: &mut Message, limits: &Limits) {
    let keep = |text: &str| cut(&one_line(text), limits.text);
    message.message_id = parsed.message_id().map(keep).filter(|id| !id.is_empty());
    message.in_reply_to = ids(parsed.in_reply_to());
    message.references = ids(parsed.references());
    message.from = addresses(parsed.from());
    message.to = parsed.all_to().flat_map(|list| addresses(Some(list))).collect();
    message.cc = parsed.all_cc().flat_map(|list| addresses(Some(list))).collect();
    message.reply_to = addresses(parsed.reply_to());
    message.subject = parsed.subject().map(keep);
    message.date = parsed.date().and_then(date);
    message.origin = origin(parsed);
    message.autocrypt = autocrypt(parsed, &message.from);
    let count = |name: &HeaderName<'_>| parsed.headers().iter().filter(|header| header.name == *name).count();
    if count(&HeaderName::From) > 1 || message.from.len() > 1 {
        message.warnings.push("the mail names more than one author".into());
    }
    if message.from.iter().all(|from| from.address.is_empty()) {
        message.warnings.push("the mail does not say who wrote it".into());
    }
    if count(&HeaderName::Date) > 0 && message.date.is_none() {
        message.warnings.push("the date of the mail cannot be read".into());
    }
}

/// The key of the one `Autocrypt` field that is for the author (Autocrypt 1.1 §2.1); several are none.
fn autocrypt(parsed: &Parsed<'_>, from: &[Address]) -> Option<Vec<u8>> {
    let [author] = from else { return None };
    let mut keys =
        parsed.headers_raw().filter(|(name, _)| name.eq_ignore_ascii_case("autocrypt")).filter_map(|(_, v)| {
            let attribute = |name: &str| {
                v.split(';')
                    .find_map(|pair| pair.split_once('=').filter(|(n, _)| n.trim() == name))
                    .map(|(_, value)| value)
            };
            address::same(attribute("addr")?, &author.address).then(|| attribute("keydata"))?
        });
    let (data, None) = (keys.next()?, keys.next()) else { return None };
    armor::decode(data)
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    let list: Vec<&str> = match value {
        HeaderValue::Text(text) => vec![text],
        HeaderValue::TextList(list) => list.iter().map(AsRef::as_ref).collect(),
        HeaderValue::Address(_)
        | HeaderValue::DateTime(_)
        | HeaderValue::ContentType(_)
        | HeaderValue::Received(_)
        | HeaderValue::Empty => vec![],
    };
    list.into_iter().map(one_line).filter(|id| !id.is_empty()).take(1_000).collect()
}

fn addresses(list: Option<&mail_parser::Address<'_>>) -> Vec<Address> {
    let Some(list) = list else { return vec![] };
    list.iter()
        .map(|address| Address::new(one_line(address.name().unwrap_or("")), mailbox(address.address().unwrap_or(""))))
        .filter(|address| *address != Address::default())
        .collect()
}

/// An address as mail is sent to it: without the route of old mail (`@relay:local@domain`) and without spaces around
/// the dots of the domain (RFC 5322 §4.4).
fn mailbox(address: &str) -> String {
    let line = one_line(address);
    let line = match line.split_once(':') {
        Some((route, address)) if route.starts_with('@') => address,
        _ => &line,
    };
    match line.rsplit_once('@') {
        Some((local, domain)) if domain.contains('.') && domain.contains(' ') => {
            let labels: Vec<&str> = domain.split('.').map(str::trim).collect();
            if labels.iter().any(|label| label.contains(' ')) {
                return line.to_owned();
            }
            format!("{local}@{}", labels.join("."))
        }
        _ => line.to_owned(),
    }
}

fn date(date: &mail_parser::DateTime) -> Option<Timestamp> {
    (date.is_valid() && date.year > 0).then(|| Timestamp::from_second(date.to_timestamp()).ok()).flatten()
}

fn origin(parsed: &Parsed<'_>) -> Origin {
    let raw =
        |name: &str| parsed.headers_raw().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| one_line(value));
    let word = |name: &str| raw(name).map(|v| v.split(';').next().unwrap_or("").trim().to_lowercase());
    let machine = ["x-autoreply", "x-autorespond", "x-auto-response-suppress", "x-failed-recipients", "feedback-id"];
    Origin {
        auto_submitted: word("auto-submitted"),
        precedence: word("precedence"),
        list_id: raw("list-id"),
        return_path: raw("return-path").map(|path| path.trim_matches(['<', '>', ' ']).to_owned()),
        authentication_results: parsed
            .headers_raw()
            .filter(|(name, _)| name.eq_ignore_ascii_case("authentication-results"))
            .map(|(_, value)| one_line(value))
            .collect(),
        machine: machine.iter().any(|name| *name != "x-auto-response-suppress" && raw(name).is_some()),
    }
}

/// All parts that make up the body, in order.
fn text(parsed: &Parsed<'_>, limits: &Limits, warnings: &mut Vec<String>) -> String {
    let mut text = String::new();
    for id in &parsed.text_body {
        let part = match parsed.parts.get(*id as usize).map(|part| &part.body) {
            Some(PartType::Text(plain)) => clean(plain),
            Some(PartType::Html(html)) => clean(&html_to_text(html)),
            Some(PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_))
            | None => continue,
        };
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&part);
    }
    if text.len() > limits.text {
        warnings.push(format!("the text is longer than {} bytes; the rest is not shown", limits.text));
        text = cut(&text, limits.text);
    }
    text
}

/// The text of a mail that has no proper body: a text part of another kind, or one without an end because the mail
/// was cut off on its way. The parser counts these among the attachments, and there they stay.
fn torn_text(parsed: &Parsed<'_>, limits: &Limits) -> String {
    let parts = parsed.attachments.iter().filter_map(|id| parsed.parts.get(*id as usize));
    let nameless = |part: &&MessagePart<'_>| {
        part.attachment_name().is_none()
            && !part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment)
    };
    for part in parts.filter(nameless) {
        let text = match &part.body {
            PartType::Text(text) => clean(text),
            PartType::Html(html) => clean(&html_to_text(html)),
            PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => continue,
        };
        if !text.trim().is_empty() {
            return cut(&text, limits.text);
        }
    }
    String::new()
}

fn attachment(parsed: &Parsed<'_>, part: &MessagePart<'_>) -> Attachment {
    let content_type = part.content_type().map(|kind| match kind.subtype() {
        Some(subtype) => format!("{}/{subtype}", kind.ctype()).to_lowercase(),
        None => kind.ctype().to_lowercase(),
    });
    let fallback = match part.body {
        PartType::Message(_) => "message/rfc822",
        PartType::Text(_) => "text/plain",
        PartType::Html(_) => "text/html",
        PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Multipart(_) => "application/octet-stream",
    };
    let disposition = part.content_disposition();
    Attachment {
        name: part.attachment_name().map(one_line).filter(|name| !name.is_empty()),
        content_type: content_type.unwrap_or_else(|| fallback.into()),
        bytes: contents(parsed, part),
        inline: disposition.is_some_and(mail_parser::ContentType::is_inline)
            || (disposition.is_none() && part.content_id().is_some()),
    }
}

fn contents(parsed: &Parsed<'_>, part: &MessagePart<'_>) -> Vec<u8> {
    if matches!(part.body, PartType::Message(_)) && part.encoding == mail_parser::Encoding::None {
        let range = part.offset_body as usize..part.offset_end as usize;
        return parsed.raw_message.get(range).unwrap_or_default().to_vec();
    }
    part.contents().to_vec()
}

fn odd_parts(parsed: &Parsed<'_>, warnings: &mut Vec<String>) {
    let broken = parsed.parts.iter().filter(|part| part.is_encoding_problem).count();
    if broken > 0 {
        warnings.push(format!("{broken} part(s) could not be decoded as declared and are shown as they came"));
    }
    let unknown = parsed.parts.iter().filter_map(|part| part.content_type()?.attribute("charset")).find(|charset| {
        mail_parser::decoders::charsets::map::charset_decoder(charset.trim().as_bytes()).is_none()
            && !charset.trim().is_empty()
            && !matches!(charset.trim().to_lowercase().as_str(), "utf-8" | "utf8" | "us-ascii" | "ascii")
    });
    if let Some(charset) = unknown {
        let charset: String = one_line(charset).chars().take(40).collect();
        warnings.push(format!("the character set `{charset}` is not known; the text may look wrong"));
    }
}

fn bounce(parsed: &Parsed<'_>, message: &Message) -> Option<Bounce> {
    let report =
        parsed.content_type().is_some_and(|kind| kind.ctype() == "multipart" && kind.subtype() == Some("report"));
    let status = parsed.parts.iter().find(|part| {
        part.is_content_type("message", "delivery-status") || part.is_content_type("message", "global-delivery-status")
    });
    let daemon = message.from.iter().any(|from| from.address.to_lowercase().starts_with("mailer-daemon@"))
        && (parsed.header("X-Failed-Recipients").is_some() || message.origin.return_path.as_deref() == Some(""));
    if !(report && status.is_some() || daemon) {
        return None;
    }
    let mut bounce = Bounce::default();
    let text = status.map(|part| String::from_utf8_lossy(part.contents()).into_owned()).unwrap_or_default();
    for line in text.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        match name.trim().to_lowercase().as_str() {
            "final-recipient" | "original-recipient" => {
                let address = one_line(value.split_once(';').map_or(value, |(_, address)| address));
                if !bounce.recipients.contains(&address) && bounce.recipients.len() < 100 {
                    bounce.recipients.push(address);
                }
            }
            "status" if bounce.status.is_none() => bounce.status = value.split_whitespace().next().map(str::to_owned),
            _ => {}
        }
    }
    bounce.original_message_id = parsed.parts.iter().find_map(|part| {
        if let PartType::Message(original) = &part.body {
            return original.message_id().map(one_line);
        }
        if part.is_content_type("text", "rfc822-headers") {
            return MessageParser::default().parse_headers(part.contents())?.message_id().map(one_line);
        }
        None
    });
    Some(bounce)
}

fn protection(parsed: &Parsed<'_>, message: &Message) -> Protection {
    for part in &parsed.parts {
        let Some(kind) = part.content_type() else { continue };
        let protocol = kind.attribute("protocol").unwrap_or("").to_lowercase();
        let found = match (kind.ctype(), kind.subtype().unwrap_or("").to_lowercase().as_str()) {
            ("multipart", "encrypted") => Protection::PgpEncrypted,
            ("multipart", "signed") if protocol.contains("pkcs7") || parsed.parts.iter().any(is_smime_signature) => {
                Protection::SmimeSigned
            }
            ("multipart", "signed") => Protection::PgpSigned,
            ("application", "pkcs7-mime" | "x-pkcs7-mime") => {
                match kind.attribute("smime-type").map(str::to_lowercase).as_deref() {
                    Some("signed-data") => Protection::SmimeSigned,
                    _ => Protection::SmimeEncrypted,
                }
            }
            _ => continue,
        };
        return found;
    }
    inline_protection(&message.text, &message.attachments)
}

fn is_smime_signature(part: &MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|kind| {
        kind.ctype() == "application"
            && kind.subtype().is_some_and(|s| s.to_lowercase().trim_start_matches("x-") == "pkcs7-signature")
    })
}

fn inline_protection(text: &str, attachments: &[Attachment]) -> Protection {
    let kinds: Vec<Kind> = armor::blocks(text).iter().map(|block| block.kind).collect();
    if kinds.contains(&Kind::Message) || attachments.iter().any(is_pgp_file) {
        Protection::InlineEncrypted
    } else if kinds.contains(&Kind::SignedText) {
        Protection::InlineSigned
    } else {
        Protection::None
    }
}

/// Whether an attachment is an encrypted file, by its name or type and by what it holds.
pub(crate) fn is_pgp_file(attachment: &Attachment) -> bool {
    let name = attachment.name.as_deref().unwrap_or("").to_lowercase();
    let named = [".asc", ".pgp", ".gpg"].iter().any(|ending| name.ends_with(ending));
    (named || attachment.content_type.starts_with("application/pgp-encrypted"))
        && openpgp::is_encrypted_message(&attachment.bytes)
}

/// Line ends as `\n`, control characters gone: they could change what a terminal or a log shows.
pub(crate) fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}

/// A header value as one line without control characters, spaces at its ends dropped.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' if line.ends_with(' ') => {}
            '\n' | '\t' => line.push(' '),
            c if c.is_control() => {}
            c => line.push(c),
        }
    }
    line.trim().to_owned()
}

/// At most `most` bytes, cut between characters.
fn cut(text: &str, most: usize) -> String {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("").to_owned()
}
