//! Mailbox files (RFC 4155 and its older relatives mboxo and mboxrd): many mails in one file.

/// Whether bytes look like an mbox file: the first line is a separator.
pub fn is_mbox(bytes: &[u8]) -> bool {
    bytes.starts_with(b"From ")
}

/// Splits an mbox file into its mails, separator lines removed and `>From ` unquoted.
///
/// A separator is a line that starts with `From ` at the start of the file or after an empty line and looks like one:
/// a word, then something with a time. A line of text that merely starts with `From ` stays what it is.
pub fn split(bytes: &[u8]) -> Mails<'_> {
    Mails { rest: bytes }
}

/// Iterator over the mails of an mbox file.
#[derive(Debug)]
pub struct Mails<'a> {
    rest: &'a [u8],
}

impl Iterator for Mails<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut mail = Vec::new();
        let mut length = 0;
        let mut after_empty = true;
        let mut first = true;
        for line in self.rest.split_inclusive(|byte| *byte == b'\n') {
            if after_empty && is_separator(line) {
                if !first {
                    break;
                }
            } else {
                mail.extend_from_slice(unquoted(line));
            }
            first = false;
            length += line.len();
            after_empty = matches!(line, b"\n" | b"\r\n");
        }
        self.rest = self.rest.get(length..).unwrap_or_default();
        // The empty line in front of the next separator belongs to the file, not to the mail.
        let end = if mail.ends_with(b"\r\n\r\n") { 2 } else { usize::from(mail.ends_with(b"\n\n")) };
        mail.truncate(mail.len() - end);
        Some(mail)
    }
}

/// `From `, an address or another word, and a time `hh:mm` somewhere behind it.
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let text = String::from_utf8_lossy(rest);
    let mut words = text.split_whitespace();
    let sender = words.next().is_some();
    sender
        && words.any(|word| {
            let mut numbers = word.split(':');
            let number =
                |text: Option<&str>| text.is_some_and(|t| t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit()));
            number(numbers.next()) && number(numbers.next())
        })
}

/// mboxrd quotes `From ` and already quoted ones with one more `>`; mboxo only the first, which this undoes as well.
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|byte| **byte == b'>').count();
    let quoted = quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From "));
    if quoted { line.get(1..).unwrap_or_default() } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: &str = "From ada@halden.example Mon Nov  2 10:00:00 2026\nSubject: one\n\nFrom here it is text.\n>From quoted\n>>From twice\n\nFrom MAILER-DAEMON Mon Nov  2 10:00:01 2026\nSubject: two\n\nend\n";

    #[test]
    fn splits_and_unquotes() {
        let mails: Vec<String> = split(BOX.as_bytes()).map(|mail| String::from_utf8(mail).unwrap()).collect();
        assert_eq!(
            mails,
            ["Subject: one\n\nFrom here it is text.\nFrom quoted\n>From twice\n", "Subject: two\n\nend\n",]
        );
    }

    #[test]
    fn one_mail_without_separator_stays_one() {
        assert_eq!(split(b"Subject: x\n\ny\n").collect::<Vec<_>>(), [b"Subject: x\n\ny\n".to_vec()]);
        assert_eq!(split(b"").count(), 0);
        assert!(is_mbox(BOX.as_bytes()));
    }
}
