//! Small readings of text that several tools share: identifiers, addresses, HTML, lengths.

use std::borrow::Cow;

use crate::Error;

/// The CVE identifiers in a text, upper case, each once, in order.
pub(crate) fn cves(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    for start in memchr::memchr2_iter(b'C', b'c', bytes) {
        let Some(rest) = text.get(start..) else { continue };
        if !rest.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("cve-")) {
            continue;
        }
        let digits =
            |from: usize| rest.get(from..).map_or(0, |tail| tail.bytes().take_while(u8::is_ascii_digit).count());
        let number = digits(9);
        if digits(4) == 4 && rest.as_bytes().get(8) == Some(&b'-') && (4..=19).contains(&number) {
            let id = rest.get(..9 + number).unwrap_or_default().to_ascii_uppercase();
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    found
}

/// Whether a text is one CVE identifier.
pub(crate) fn is_cve(text: &str) -> bool {
    cves(text).first().is_some_and(|id| id.eq_ignore_ascii_case(text.trim()))
}

/// Puts identifiers where they belong: CVE ones first, all others second; empty ones nowhere; each once.
pub(crate) fn split_ids<'a>(ids: impl IntoIterator<Item = &'a str>) -> (Vec<String>, Vec<String>) {
    let (mut cve, mut other) = (Vec::new(), Vec::new());
    for id in ids {
        let id = id.trim();
        let (list, id) = if is_cve(id) { (&mut cve, id.to_ascii_uppercase()) } else { (&mut other, id.to_owned()) };
        if !id.is_empty() && !list.contains(&id) {
            list.push(id);
        }
    }
    (cve, other)
}

/// The numbers after `CWE` in a text: `CWE-79`, `cwe_79`, `CWE 79`, `external/cwe/cwe-079`; each once, in order.
pub(crate) fn cwes(text: &str) -> Vec<u32> {
    let mut found = Vec::new();
    for start in memchr::memchr2_iter(b'C', b'c', text.as_bytes()) {
        let Some(rest) = text.get(start..) else { continue };
        if !rest.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("cwe")) {
            continue;
        }
        let tail = rest.get(3..).unwrap_or_default().trim_start_matches(['-', '_', ' ', ':', '/', '#']);
        let digits: String = tail.chars().take_while(char::is_ascii_digit).take(6).collect();
        if let Ok(number) = digits.parse::<u32>()
            && number > 0
            && !found.contains(&number)
        {
            found.push(number);
        }
    }
    found
}

/// The weakness in a field that may hold `79`, `CWE-79`, `["CWE-79"]` or several.
pub(crate) fn cwe_field(text: &str) -> Vec<u32> {
    let text = text.trim();
    match text.parse::<u32>() {
        Ok(number) if number > 0 => vec![number],
        Ok(_) => Vec::new(),
        Err(_) => cwes(text),
    }
}

/// Text without HTML tags, entities resolved, blank lines joined.
pub(crate) fn without_html(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return text.trim().to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        plain.push_str(rest.get(..open).unwrap_or_default());
        let tail = rest.get(open..).unwrap_or_default();
        let is_tag =
            tail.as_bytes().get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!'));
        match tail.find('>') {
            Some(close) if is_tag => {
                let name = tail.get(1..close).unwrap_or_default().trim_start_matches('/').to_ascii_lowercase();
                if ["p", "br", "li", "div", "tr", "ul", "h"].iter().any(|block| name.starts_with(block)) {
                    plain.push('\n');
                }
                rest = tail.get(close.saturating_add(1)..).unwrap_or_default();
            }
            Some(_) | None => {
                plain.push('<');
                rest = tail.get(1..).unwrap_or_default();
            }
        }
    }
    plain.push_str(rest);
    let plain = plain
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&apos;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&");
    let lines: Vec<&str> = plain.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// One line of at most `most` characters, cut at a word, with an ellipsis where cut.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    if text.is_ascii() {
        return shorten_ascii(text, most);
    }
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let cut: String = line.chars().take(most.saturating_sub(1)).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head);
    format!("{cut}…")
}

/// As [`shorten`], without looking at what is behind the cut.
fn shorten_ascii(text: &str, most: usize) -> String {
    let head = text.get(..most.saturating_add(1)).unwrap_or(text);
    if is_line(head, head.len()) {
        if head.len() <= most {
            return head.to_owned();
        }
        let kept = head.get(..most.saturating_sub(1)).unwrap_or_default();
        let kept = kept.rsplit_once(' ').map_or(kept, |(words, _)| words);
        return format!("{kept}…");
    }
    let mut line = Vec::with_capacity(text.len().min(most).saturating_add(4));
    let mut gap = false;
    for byte in text.bytes() {
        if matches!(byte, b'\t'..=b'\r' | b' ') {
            gap = !line.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            line.push(b' ');
        }
        line.push(byte);
        if line.len() > most {
            line.truncate(most.saturating_sub(1));
            line.truncate(memchr::memrchr(b' ', &line).unwrap_or(line.len()));
            line.extend_from_slice("…".as_bytes());
            break;
        }
    }
    String::from_utf8(line).unwrap_or_default()
}

/// Whether a text holds these words; for texts so short that preparing a search costs more than the search.
pub(crate) fn holds(text: &str, words: &str) -> bool {
    let Some(first) = words.as_bytes().first() else { return true };
    let starts = memchr::memchr_iter(*first, text.as_bytes());
    starts.map(|at| text.as_bytes().get(at..).unwrap_or_default()).any(|rest| rest.starts_with(words.as_bytes()))
}

/// Whether [`shorten`] would leave a text as it is, for the usual ones: ASCII words between single blanks.
pub(crate) fn is_line(text: &str, most: usize) -> bool {
    let bytes = text.strip_suffix('…').unwrap_or(text).as_bytes();
    let odd = bytes.iter().fold(false, |odd, byte| odd | !matches!(byte, b' '..=b'~'));
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let gaps = pairs.fold(false, |gaps, (left, right)| gaps | (*left == b' ' && *right == b' '));
    let ends = bytes.first() == Some(&b' ') || bytes.last() == Some(&b' ');
    !odd && !gaps && !ends && text.len() <= most
}

/// At most `most` bytes of a text, cut between characters.
pub(crate) fn clip(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
}

/// A text, or nothing where it is empty.
pub(crate) fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Lower case, runs of digits as `#`, white space joined: titles that differ in line numbers only are equal.
pub(crate) fn without_numbers(text: &str) -> String {
    let mut plain = Vec::with_capacity(text.len());
    write_without_numbers(text, &mut plain);
    String::from_utf8(plain).unwrap_or_default()
}

/// Writes a text as [`without_numbers`] has it into an empty buffer.
pub(crate) fn write_without_numbers(text: &str, plain: &mut Vec<u8>) {
    let text = text.trim();
    let ascii = if text.is_ascii() { None } else { text.bytes().position(|byte| !byte.is_ascii()) };
    let (head, tail) = ascii.and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""));
    plain.extend(head.bytes().map(|byte| {
        let byte = if byte.is_ascii_digit() { b'#' } else { byte.to_ascii_lowercase() };
        if (b'\t'..=b'\r').contains(&byte) { b' ' } else { byte }
    }));
    plain.dedup_by(|byte, before| byte == before && (*byte == b'#' || *byte == b' '));
    let mut room = [0; 4];
    for symbol in tail.chars() {
        let symbol = if symbol.is_ascii_digit() {
            '#'
        } else if symbol.is_whitespace() {
            ' '
        } else {
            symbol
        };
        if !(matches!(symbol, '#' | ' ') && plain.last().is_some_and(|last| char::from(*last) == symbol)) {
            symbol.to_lowercase().for_each(|small| plain.extend_from_slice(small.encode_utf8(&mut room).as_bytes()));
        }
    }
}

/// A path with `/`, without `file://` or leading `./`.
pub(crate) fn path(text: &str) -> String {
    plain_path(text).into_owned()
}

/// As [`path`].
pub(crate) fn plain_path(text: &str) -> Cow<'_, str> {
    let plain = |text: &str| text.len().saturating_sub(text.trim_start_matches("./").len());
    let text = text.trim().trim_start_matches("file://");
    if text.contains('\\') {
        let text = text.replace('\\', "/");
        return Cow::Owned(text.get(plain(&text)..).unwrap_or_default().to_owned());
    }
    Cow::Borrowed(text.get(plain(text)..).unwrap_or_default())
}

/// A text in small letters, as far as they are ASCII.
pub(crate) fn small(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// Host, port and protocol of an address.
pub(crate) fn url_parts(url: &str) -> (Option<String>, Option<u16>, Option<String>) {
    let (protocol, rest) = match url.split_once("://") {
        Some((protocol, rest)) => (Some(protocol.to_ascii_lowercase()), rest),
        None => (None, url),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match authority.strip_prefix('[').and_then(|tail| tail.split_once(']')) {
        Some((host, tail)) => (host, tail.strip_prefix(':')),
        None => match authority.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') => (host, Some(port)),
            Some(_) | None => (authority, None),
        },
    };
    let port = port.and_then(|port| port.parse().ok()).or(match protocol.as_deref() {
        Some("https") => Some(443),
        Some("http") => Some(80),
        Some(_) | None => None,
    });
    (some(host), port, protocol)
}

/// The path of an address, without query and fragment.
pub(crate) fn url_path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or("/").trim_end_matches('/')
}

/// An image reference without tag and digest.
pub(crate) fn image_name(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or_default();
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        Some(_) | None => image,
    }
}

/// A number in a text that may have a comma, a unit or a maximum behind it: `7.5`, `7,5`, `7.5 (AV:N…)`, `7.5/10`.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits: String =
        text.chars().take_while(|symbol| symbol.is_ascii_digit() || matches!(symbol, '.' | ',' | '-')).collect();
    digits.replace(',', ".").parse().ok()
}

/// JSON text in which integers of 300 digits and more are 0; those inside strings stay.
pub(crate) fn without_huge_numbers(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    let (mut quoted, mut escaped, mut digits) = (false, false, 0_usize);
    for symbol in json.chars() {
        if !quoted && symbol.is_ascii_digit() {
            digits = digits.saturating_add(1);
        } else {
            digits = 0;
        }
        if digits == 300 {
            plain.truncate(plain.trim_end_matches(|digit: char| digit.is_ascii_digit()).len());
            plain.push('0');
        }
        if digits < 300 {
            plain.push(symbol);
        }
        if symbol == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && symbol == '\\' && !escaped;
    }
    plain
}

/// Base64 text (line breaks allowed) as text; bytes that are no UTF-8 are replaced.
///
/// # Errors
/// [`Error::Malformed`] when it is no base64.
pub(crate) fn base64(text: &str) -> Result<String, Error> {
    use base64::Engine as _;
    let joined: String = text.split_whitespace().collect();
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(joined)
        .map_err(|error| Error::malformed(format!("a base64 text is broken: {error}")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_at_words_whatever_the_letters() {
        for (text, most, line) in [
            ("  one\ttwo\n three ", 20, "one two three"),
            ("one two three", 13, "one two three"),
            ("one two three", 12, "one two…"),
            ("one two three", 9, "one two…"),
            ("one two three", 8, "one…"),
            ("one two three", 7, "one…"),
            ("onetwothree", 5, "onet…"),
            ("öne two three", 12, "öne two…"),
            ("öne  two", 20, "öne two"),
        ] {
            assert_eq!(shorten(text, most), line, "{text} {most}");
            assert_eq!(shorten(line, most), line);
            assert!(!is_line(text, most) || shorten(text, most) == text);
        }
        assert!(is_line("a title…", 20) && !is_line("a  title", 20) && !is_line("a title ", 20) && !is_line("é", 20));
    }

    #[test]
    fn numbers_and_blanks_are_one_sign_each() {
        assert_eq!(without_numbers(" Line 12,  É 34\u{a0}\t5 Z… "), "line #, é # # z…");
        assert_eq!(without_numbers("A10 b\n\nC"), "a# b c");
        assert!(holds("a needle here", "needle") && !holds("a need", "needle") && holds("x", ""));
    }

    #[test]
    fn identifiers_are_found_in_prose() {
        assert_eq!(cves("see cve-2021-44228, CVE-2021-44228 and CVE-20-1"), ["CVE-2021-44228"]);
        assert_eq!(cwes("external/cwe/cwe-079 CWE_89 cwe"), [79, 89]);
        assert_eq!(cwe_field("[\"CWE-400\"]"), [400]);
        assert_eq!(cwe_field("0"), Vec::<u32>::new());
    }

    #[test]
    fn only_bare_integers_of_enormous_length_become_zero() {
        let long = "7".repeat(400);
        let json = format!("{{\"n\": {long}, \"\\\"s\": \"{long}\"}}");
        assert_eq!(without_huge_numbers(&json), format!("{{\"n\": 0, \"\\\"s\": \"{long}\"}}"));
    }

    #[test]
    fn html_becomes_lines() {
        assert_eq!(without_html("<p>one &amp; two</p><p>1 < 2</p>"), "one & two\n1 < 2");
    }

    #[test]
    fn addresses_are_taken_apart() {
        assert_eq!(url_parts("https://u@h.example:8443/a"), (some("h.example"), Some(8443), some("https")));
        assert_eq!(url_parts("http://[::1]/a"), (some("::1"), Some(80), some("http")));
        assert_eq!(url_path("https://h.example/a/b/?q=1"), "/a/b");
        assert_eq!(image_name("r.example:5000/app:1.2@sha256:00"), "r.example:5000/app");
    }
}
