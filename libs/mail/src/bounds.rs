//! A look over a mail before it is parsed: the parser builds a tree without bounds, and mail is written by strangers.

use limits::Limits;

/// Refuses a mail that could nest deeper or have more parts than the limits. It counts upper bounds: parts that can
/// hold others, and places that look like a boundary; so it needs no second parser that could disagree with the first.
///
/// # Errors
/// Words that say which bound was met.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<(), String> {
    limits.check_bytes(bytes.len() as u64).map_err(|over| over.to_string())?;
    let nesting = limits.depth.saturating_mul(4) as usize;
    let mut count = Count::default();
    count.look(bytes, nesting, 3);
    if count.containers > nesting {
        return Err(format!("it is nested more than {} levels deep", limits.depth));
    }
    if count.header_bytes > HEADERS {
        return Err(format!("its header fields are longer than {HEADERS} bytes"));
    }
    if count.delimiters > limits.count {
        return Err(format!("it has more than {} parts", limits.count));
    }
    Ok(())
}

/// Bytes of all header fields together; honest mail has a hundredth of it.
const HEADERS: usize = 1 << 20;

#[derive(Default)]
struct Count {
    /// `multipart/…` and `message/…` parts: nesting can be no deeper than there are of these.
    containers: usize,
    delimiters: usize,
    header_bytes: usize,
}

/// What a header block says that matters here.
#[derive(Default)]
struct Block {
    container: bool,
    message: bool,
    encoded: bool,
}

impl Count {
    /// Walks over all lines. A `message/…` part may be in base64 or quoted-printable, and the parser looks into those
    /// up to three levels, so does this.
    fn look(&mut self, bytes: &[u8], most: usize, levels: u8) {
        let mut boundaries: Vec<Vec<u8>> = Vec::new();
        let mut block = Block::default();
        let mut digest = false;
        let mut header: Vec<u8> = Vec::new();
        let mut position = 0;
        let (mut in_header, mut after_delimiter) = (true, false);
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let start = position;
            position += line.len();
            if self.containers > most || self.header_bytes > HEADERS {
                return;
            }
            let delimiters = delimiters(line, &boundaries);
            self.delimiters += delimiters;
            if delimiters > 0 {
                (in_header, after_delimiter) = (true, true);
            }
            if in_header {
                self.header_bytes += line.len();
            }
            let folded = matches!(line.first(), Some(b' ' | b'\t'));
            if folded && !header.is_empty() && header.len() < 2_000 {
                header.extend_from_slice(line);
                continue;
            }
            if !header.is_empty() {
                self.header(&header, &mut block, &mut boundaries, &mut digest);
                header.clear();
            }
            if starts_with(line, b"content-t") {
                header.extend_from_slice(line);
            } else if line.iter().all(u8::is_ascii_whitespace) {
                if levels > 0 && block.encoded && (block.container || digest) {
                    self.look_inside(bytes.get(start..).unwrap_or_default(), most, levels);
                }
                // Behind the header of a message part comes the header of that message.
                in_header = block.message || (digest && after_delimiter);
                after_delimiter = false;
                block = Block::default();
            }
        }
        if !header.is_empty() {
            self.header(&header, &mut block, &mut boundaries, &mut digest);
        }
    }

    fn header(&mut self, header: &[u8], block: &mut Block, boundaries: &mut Vec<Vec<u8>>, digest: &mut bool) {
        let text = String::from_utf8_lossy(header).to_lowercase();
        let Some((name, value)) = text.split_once(':') else { return };
        match name.trim() {
            "content-type" => {
                let bare: String = value.chars().filter(|c| !c.is_whitespace()).collect();
                if bare.contains("multipart") || bare.contains("message") {
                    self.containers += 1;
                    block.container = true;
                    block.message |= bare.contains("message");
                    *digest |= bare.contains("digest");
                    // Each part of a digest is a message without saying so.
                    self.containers += usize::from(bare.contains("digest"));
                }
                if boundaries.len() < 1_000 && value.contains("boundary") {
                    boundaries.push(boundary(header));
                }
            }
            "content-transfer-encoding" => {
                block.encoded = value.contains("base64") || value.contains("quoted");
            }
            _ => {}
        }
    }

    /// Decodes roughly what follows, up to the next line that starts with `--`, and counts in there as well.
    fn look_inside(&mut self, rest: &[u8], most: usize, levels: u8) {
        let mut end = 0;
        for line in rest.split_inclusive(|byte| *byte == b'\n') {
            if line.starts_with(b"--") {
                break;
            }
            end += line.len();
        }
        let body = rest.get(..end).unwrap_or_default();
        let quoted = mail_parser::decoders::quoted_printable::quoted_printable_decode(body);
        let base64 = mail_parser::decoders::base64::base64_decode(body);
        for decoded in [quoted, base64].into_iter().flatten() {
            self.look(&decoded, most, levels - 1);
        }
    }
}

fn starts_with(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// The first bytes of the boundary that a header declares: enough for an upper bound. Forms that are not plain give
/// the empty one, which every `--` then matches.
fn boundary(header: &[u8]) -> Vec<u8> {
    let lower = header.to_ascii_lowercase();
    let value = memchr::memmem::find(&lower, b"boundary").and_then(|at| header.get(at + 8..)).unwrap_or_default();
    let value = value.trim_ascii_start();
    let Some(value) = value.strip_prefix(b"=") else { return Vec::new() };
    let value = value.trim_ascii_start();
    let (value, ends): (&[u8], &[u8]) = match value.strip_prefix(b"\"") {
        Some(quoted) => (quoted, b"\"\\\r\n"),
        None => (value, b" \t;\r\n("),
    };
    value.iter().copied().take_while(|byte| !ends.contains(byte)).collect()
}

/// How often a boundary could start in a line: the parser finds it also in the middle of one.
fn delimiters(line: &[u8], boundaries: &[Vec<u8>]) -> usize {
    if boundaries.is_empty() {
        return 0;
    }
    let mut found = 0;
    let mut rest = line;
    while let Some(at) = memchr::memmem::find(rest, b"--") {
        rest = rest.get(at..).unwrap_or_default();
        // In a run of dashes the boundary may start at each of them.
        while let Some(behind) = rest.strip_prefix(b"--") {
            found += usize::from(boundaries.iter().any(|boundary| behind.starts_with(boundary)));
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_parts_are_counted_through_encodings() {
        let mut mail = String::from("Subject: x\r\n\r\nend");
        for _ in 0..200 {
            mail = format!("Content-Type: message/rfc822\r\n\r\n{mail}");
        }
        assert_eq!(check(mail.as_bytes(), &Limits::MAIL).unwrap_err(), "it is nested more than 30 levels deep");
        let hidden = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &mail);
        let outer = format!("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{hidden}\r\n");
        assert_eq!(check(outer.as_bytes(), &Limits::MAIL).unwrap_err(), "it is nested more than 30 levels deep");
    }

    #[test]
    fn many_parts_are_refused_and_prose_is_not() {
        let head = "Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n";
        let many = format!("{head}{}", "--b1\r\n\r\nx\r\n".repeat(2_000));
        assert_eq!(check(many.as_bytes(), &Limits::MAIL).unwrap_err(), "it has more than 1000 parts");
        let prose = format!("{head}{}", "a -- b ---- c\r\n--- a/file\r\n".repeat(50_000));
        check(prose.as_bytes(), &Limits::MAIL).unwrap();
    }

    #[test]
    fn endless_header_fields_are_refused_and_long_texts_are_not() {
        let fields = "a: b\r\n".repeat(200_000);
        assert!(check(fields.as_bytes(), &Limits::MAIL).unwrap_err().contains("header fields"));
        let recipients = format!("To: a@b.example{}\r\n\r\nx", ",\r\n a@b.example".repeat(100_000));
        assert!(check(recipients.as_bytes(), &Limits::MAIL).unwrap_err().contains("header fields"));
        check(format!("Subject: log\r\n\r\n{fields}").as_bytes(), &Limits::MAIL).unwrap();
    }

    #[test]
    fn boundaries_in_the_middle_of_dashes_are_seen() {
        assert_eq!(delimiters(b"-----=_x\n", &[b"--=_x".to_vec()]), 1);
        assert_eq!(delimiters(b"x--b--b\n", &[b"b".to_vec()]), 2);
    }
}
