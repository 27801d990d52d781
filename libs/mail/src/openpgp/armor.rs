//! ASCII armour (RFC 9580 §6): finding blocks in text, and taking them off leniently.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// What a block says it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Message,
    PublicKey,
    PrivateKey,
    Signature,
    SignedText,
}

/// One block within a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block<'a> {
    pub(crate) kind: Kind,
    /// Where the block starts and ends in the text, whole lines, without the last line break.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) text: &'a str,
}

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

fn begin(line: &str) -> Option<Kind> {
    match line.trim() {
        "-----BEGIN PGP MESSAGE-----" => Some(Kind::Message),
        "-----BEGIN PGP PUBLIC KEY BLOCK-----" => Some(Kind::PublicKey),
        "-----BEGIN PGP PRIVATE KEY BLOCK-----" => Some(Kind::PrivateKey),
        "-----BEGIN PGP SIGNATURE-----" => Some(Kind::Signature),
        "-----BEGIN PGP SIGNED MESSAGE-----" => Some(Kind::SignedText),
        _ => None,
    }
}

const fn end(kind: Kind) -> &'static str {
    match kind {
        Kind::Message => "-----END PGP MESSAGE-----",
        Kind::PublicKey => "-----END PGP PUBLIC KEY BLOCK-----",
        Kind::PrivateKey => "-----END PGP PRIVATE KEY BLOCK-----",
        Kind::Signature | Kind::SignedText => "-----END PGP SIGNATURE-----",
    }
}

/// The complete blocks in a text, in order. A block without an end is none.
pub(crate) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut open: Option<(Kind, usize)> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        match open {
            None => open = begin(line).map(|kind| (kind, start)),
            Some((kind, from)) if line.trim() == end(kind) => {
                let to = start + line.trim_end_matches(['\n', '\r']).len();
                if let Some(block) = text.get(from..to) {
                    found.push(Block { kind, start: from, end: to, text: block });
                }
                open = None;
            }
            // A message that was cut off must not swallow the whole one behind it.
            Some((kind, _)) if kind != Kind::SignedText => {
                if let Some(next) = begin(line) {
                    open = Some((next, start));
                }
            }
            Some(_) => {}
        }
    }
    found
}

/// The bytes within a block; `None` when there are none. The checksum is not looked at (RFC 9580 §6.1).
pub(crate) fn remove(block: &str) -> Option<Vec<u8>> {
    let mut lines = block.lines().skip(1).map(str::trim).peekable();
    while let Some(line) = lines.peek() {
        if line.is_empty() {
            lines.next();
            break;
        }
        if !line.contains(": ") && !line.ends_with(':') {
            break;
        }
        lines.next();
    }
    let mut body = String::with_capacity(block.len());
    for line in lines {
        if line.starts_with("-----") || (line.starts_with('=') && line.len() == 5) {
            break;
        }
        body.push_str(line);
    }
    decode(&body)
}

/// Base64 with or without line breaks and padding; `None` when it is none or empty.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    LENIENT.decode(text).ok().filter(|bytes| !bytes.is_empty())
}

/// The bytes of every block of one of the kinds; or the input itself when it is binary OpenPGP.
pub(crate) fn binaries(bytes: &[u8], kinds: &[Kind]) -> Vec<Vec<u8>> {
    if bytes.first().is_some_and(|first| first & 0x80 != 0) {
        return vec![bytes.to_vec()];
    }
    let text = String::from_utf8_lossy(bytes);
    blocks(&text).iter().filter(|block| kinds.contains(&block.kind)).filter_map(|block| remove(block.text)).collect()
}

/// Puts armour on, without headers and with the checksum that old programs expect.
pub(crate) fn put_on(kind: Kind, bytes: &[u8]) -> String {
    let title = match kind {
        Kind::Message => "MESSAGE",
        Kind::PublicKey => "PUBLIC KEY BLOCK",
        Kind::PrivateKey => "PRIVATE KEY BLOCK",
        Kind::Signature | Kind::SignedText => "SIGNATURE",
    };
    let mut text = format!("-----BEGIN PGP {title}-----\n\n");
    for line in bytes.chunks(48) {
        text.push_str(&base64::engine::general_purpose::STANDARD.encode(line));
        text.push('\n');
    }
    text.push('=');
    let [_, high, middle, low] = crc24(bytes).to_be_bytes();
    text.push_str(&base64::engine::general_purpose::STANDARD.encode([high, middle, low]));
    text.push_str(&format!("\n-----END PGP {title}-----\n"));
    text
}

/// CRC-24 of RFC 9580 §6.1.1.
fn crc24(bytes: &[u8]) -> u32 {
    let mut crc: u32 = 0x00B7_04CE;
    for byte in bytes {
        crc ^= u32::from(*byte) << 16;
        for _ in 0..8 {
            crc <<= 1;
            if crc & 0x0100_0000 != 0 {
                crc ^= 0x0186_4CFB;
            }
        }
    }
    crc & 0x00FF_FFFF
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_off_what_it_put_on() {
        for length in [1_usize, 2, 3, 47, 48, 49, 500] {
            let bytes: Vec<u8> = (0..length).map(|n| u8::try_from(n % 251).unwrap()).collect();
            let text = put_on(Kind::Message, &bytes);
            assert_eq!(remove(&text).unwrap(), bytes);
            assert_eq!(blocks(&text).len(), 1);
        }
    }

    #[test]
    fn a_block_cut_off_does_not_hide_the_next() {
        let whole = put_on(Kind::Message, b"whole");
        let text = format!("-----BEGIN PGP MESSAGE-----\n\nabcd\n{whole}");
        let found = blocks(&text);
        assert_eq!(found.len(), 1);
        assert_eq!(remove(found[0].text).unwrap(), b"whole");
    }

    #[test]
    fn blocks_within_text_keep_their_place() {
        let text = format!("before\r\n{}after", put_on(Kind::Signature, b"x").replace('\n', "\r\n"));
        let block = blocks(&text)[0];
        assert_eq!(block.kind, Kind::Signature);
        assert_eq!(text.get(..block.start), Some("before\r\n"));
        assert_eq!(text.get(block.end..).map(str::trim_start), Some("after"));
    }
}
