//! The forms of texts that the CSAF schemas ask for, checked by hand: nothing is compiled at start.

use crate::revision::Number;
use crate::time::Instant;

/// A form that a text has to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Uri,
    DateTime,
    Language,
    Version,
    /// Starts and ends with something else than white space, dash, underscore and dot.
    Category,
    /// Starts and ends with something else than white space.
    TrackingId,
    /// CPE as 2.0 has it: the pattern is anchored on one side of each alternative only.
    Cpe20,
    Cpe21,
    Purl20,
    Purl21,
    Cve,
    CweId,
    CweVersion,
    HashValue20,
    HashValue21,
    HashAlgorithm21,
    Uuid,
    Probability,
    ExtensionSchema,
    SsvcNamespace,
    SsvcKey,
    Semantic,
    CvssVector2,
    CvssVector30,
    CvssVector31,
    CvssVector40,
}

impl Form {
    /// Whether the text has this form.
    pub(crate) fn fits(self, text: &str) -> bool {
        match self {
            Self::Uri => is_uri(text),
            Self::DateTime => Instant::parse(text).is_some(),
            Self::Language => crate::lang::Tag::parse(text).is_some(),
            Self::Version => Number::parse(text).is_some(),
            Self::Category => bounded(text, |letter| !is_space(letter) && !matches!(letter, '-' | '_' | '.')),
            Self::TrackingId => bounded(text, |letter| !is_space(letter)),
            Self::Cpe20 => cpe23(text).is_some() || text.match_indices([':']).any(|(at, _)| ends_as_cpe22(text, at)),
            Self::Cpe21 => cpe23(text).is_some_and(str::is_empty) || cpe22(text),
            Self::Purl20 => {
                is_uri(text)
                    && purl_type(text, |byte| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'-' | b'+'), true)
            }
            Self::Purl21 => is_uri(text) && purl_type(text, |byte| byte.is_ascii_lowercase(), false),
            Self::Cve => is_cve(text),
            Self::CweId => text.strip_prefix("CWE-").is_some_and(|digits| {
                (1..=6).contains(&digits.len()) && all(digits, |byte| byte.is_ascii_digit()) && !digits.starts_with('0')
            }),
            Self::CweVersion => is_cwe_version(text),
            Self::HashValue20 => text.len() >= 32 && all(text, |byte| byte.is_ascii_hexdigit()),
            Self::HashValue21 => text.len() >= 32 && all(text, is_lower_hex),
            Self::HashAlgorithm21 => {
                !text.starts_with('-')
                    && all(text, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            }
            Self::Uuid => is_uuid(text),
            Self::Probability => is_probability(text),
            Self::ExtensionSchema => is_extension_schema(text),
            Self::SsvcNamespace => crate::ssvc::is_namespace(text),
            Self::SsvcKey => is_ssvc_key(text),
            Self::Semantic => matches!(Number::parse(text), Some(Number::Semantic { .. })),
            Self::CvssVector2 => vector_parts(text, "", V2),
            Self::CvssVector30 => vector_parts(text, "CVSS:3.0/", V3),
            Self::CvssVector31 => vector_parts(text, "CVSS:3.1/", V3),
            Self::CvssVector40 => vector4(text),
        }
    }

    /// What to write instead, as the end of a sentence.
    pub(crate) const fn advice(self) -> &'static str {
        match self {
            Self::Uri => {
                "write an absolute URI such as https://example.com/path, with spaces and other characters escaped"
            }
            Self::DateTime => "write date, T, time and zone, such as 2026-01-31T09:30:00Z",
            Self::Language => "write a language tag such as en or en-US",
            Self::Version => "write a whole number such as 3, or a semantic version such as 1.2.0",
            Self::Category => {
                "start and end with a letter or digit, without white space, dash, underscore or dot there"
            }
            Self::TrackingId => "remove white space at the start and the end",
            Self::Cpe20 | Self::Cpe21 => "write a CPE such as cpe:2.3:a:vendor:product:1.0:*:*:*:*:*:*:*",
            Self::Purl20 | Self::Purl21 => "write a package URL such as pkg:npm/name@1.0.0",
            Self::Cve => "write CVE, the year and at least four digits, such as CVE-2026-0001",
            Self::CweId => "write CWE and the number without leading zeros, such as CWE-79",
            Self::CweVersion => "write the CWE version such as 4.19",
            Self::HashValue20 => "write the hash in hexadecimal, at least 32 digits",
            Self::HashValue21 => "write the hash in lower case hexadecimal, at least 32 digits",
            Self::HashAlgorithm21 => "write the algorithm in lower case, such as sha256",
            Self::Uuid => "write a random (version 4) UUID in lower case, or the nil or max UUID",
            Self::Probability => "write a decimal between 0.0 and 1.0 as a text",
            Self::ExtensionSchema => {
                "write the https URL of the extension's schema, ending in its name, _ and version, and .json"
            }
            Self::SsvcNamespace => "write an SSVC namespace such as ssvc, or x_ with a reversed domain for your own",
            Self::SsvcKey => "use letters, digits and underscores, starting and ending with a letter or digit",
            Self::Semantic => "write a semantic version such as 1.0.0",
            Self::CvssVector2 => "write a CVSS v2 vector such as AV:N/AC:L/Au:N/C:P/I:P/A:P",
            Self::CvssVector30 => "write a vector that starts with CVSS:3.0/ and has known metrics and values only",
            Self::CvssVector31 => "write a vector that starts with CVSS:3.1/ and has known metrics and values only",
            Self::CvssVector40 => {
                "write a vector that starts with CVSS:4.0/ with the metrics in the order of the standard"
            }
        }
    }
}

fn all(text: &str, test: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(test)
}

const fn is_lower_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'a'..=b'f')
}

/// White space as the patterns of the schemas understand it.
fn is_space(letter: char) -> bool {
    letter.is_whitespace() || letter == '\u{feff}'
}

fn bounded(text: &str, edge: impl Fn(char) -> bool) -> bool {
    text.chars().next().is_some_and(&edge)
        && text.chars().next_back().is_some_and(&edge)
        && !text.contains(['\n', '\r', '\u{2028}', '\u{2029}'])
}

/// An absolute URI (RFC 3986, 3): a scheme, then allowed characters, with sound percent escapes.
pub(crate) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_fits = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if !scheme_fits || rest.is_empty() {
        return false;
    }
    let (before_fragment, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (hierarchy, query) = before_fragment.split_once('?').unwrap_or((before_fragment, ""));
    let path_fits = match hierarchy.strip_prefix("//") {
        Some(after) => {
            let (authority, path) =
                after.split_at_checked(after.find('/').unwrap_or(after.len())).unwrap_or((after, ""));
            is_authority(authority) && is_uri_text(path, b"/")
        }
        None => is_uri_text(hierarchy, b"/"),
    };
    path_fits && is_uri_text(query, b"/?") && is_uri_text(fragment, b"/?")
}

fn is_authority(text: &str) -> bool {
    let host_port = match text.rsplit_once('@') {
        Some((user, rest)) => {
            if user.contains('@') || !is_uri_text(user, b"") {
                return false;
            }
            rest
        }
        None => text,
    };
    if let Some(inner) = host_port.strip_prefix('[') {
        let Some((address, port)) = inner.split_once(']') else { return false };
        let address_fits = address.parse::<core::net::Ipv6Addr>().is_ok() || address.starts_with(['v', 'V']);
        return address_fits && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let (host, port) = host_port.split_once(':').unwrap_or((host_port, ""));
    !host.contains(':') && is_uri_text(host, b"") && is_port(port)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Characters of a path, query or fragment: `pchar` and the extra ones given.
fn is_uri_text(text: &str, extra: &[u8]) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let fits = match byte {
            b'%' => {
                let pair = (bytes.next(), bytes.next());
                matches!(pair, (Some(high), Some(low)) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
            }
            b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'='
            | b':' | b'@' => true,
            _ => byte.is_ascii_alphanumeric() || extra.contains(&byte),
        };
        if !fits {
            return false;
        }
    }
    true
}

/// `CVE-` with a year and four digits or more.
pub(crate) fn is_cve(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("CVE-") else { return false };
    let Some((year, number)) = rest.split_once('-') else { return false };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    year.len() == 4 && number.len() >= 4 && digits(year) && digits(number)
}

fn is_cwe_version(text: &str) -> bool {
    let digits = |text: &str| all(text, |byte| byte.is_ascii_digit());
    let mut parts = text.split('.');
    let (Some(major), Some(minor)) = (parts.next(), parts.next()) else { return false };
    let plain = |text: &str| digits(text) && (text.len() == 1 || !text.starts_with('0'));
    digits(major)
        && !major.starts_with('0')
        && plain(minor)
        && parts.next().is_none_or(digits)
        && parts.next().is_none()
}

/// The part of a package URL's form that the schemas check: scheme, type and something after it.
fn purl_type(text: &str, first: impl Fn(u8) -> bool, plus: bool) -> bool {
    let Some((kind, rest)) = text.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')) else { return false };
    !rest.is_empty()
        && kind.bytes().next().is_some_and(first)
        && kind.bytes().skip(1).all(|byte| {
            let letter =
                if plus { byte.is_ascii_alphanumeric() } else { byte.is_ascii_lowercase() || byte.is_ascii_digit() };
            letter || matches!(byte, b'.' | b'-') || (plus && byte == b'+')
        })
}

/// What follows a formatted CPE 2.3 name at the start of the text; `None` when there is none.
fn cpe23(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("cpe:2.3:")?;
    let mut rest = rest.strip_prefix(['a', 'h', 'o', '*', '-'])?;
    for part in 0..10 {
        rest = rest.strip_prefix(':')?;
        let length = if part == 5 { cpe_language(rest)? } else { cpe_part(rest.as_bytes())? };
        rest = rest.get(length..)?;
    }
    Some(rest)
}

fn cpe_part(bytes: &[u8]) -> Option<usize> {
    let wild = |from: usize| match bytes.get(from) {
        Some(b'*') => 1,
        _ => bytes.iter().skip(from).take_while(|byte| **byte == b'?').count(),
    };
    let lead = wild(0);
    let mut at = lead;
    loop {
        match bytes.get(at) {
            Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') => {
                at = at.checked_add(1)?
            }
            Some(b'\\')
                if bytes
                    .get(at.checked_add(1)?)
                    .is_some_and(|next| next.is_ascii_punctuation() && !matches!(next, b'-' | b'.' | b'_')) =>
            {
                at = at.checked_add(2)?;
            }
            _ => break,
        }
    }
    if at == lead {
        return (bytes.first() == Some(&b'*')).then_some(1);
    }
    at.checked_add(wild(at))
}

fn cpe_language(text: &str) -> Option<usize> {
    if text.starts_with(['*', '-']) {
        return Some(1);
    }
    let bytes = text.as_bytes();
    let letters = bytes.iter().take(3).take_while(|byte| byte.is_ascii_alphabetic()).count();
    if letters < 2 {
        return None;
    }
    let region = bytes.get(letters.checked_add(1)?..).unwrap_or_default();
    let extra = if bytes.get(letters) != Some(&b'-') {
        0
    } else if region.len() >= 3 && region.iter().take(3).all(u8::is_ascii_digit) {
        4
    } else if region.len() >= 2 && region.iter().take(2).all(u8::is_ascii_alphabetic) {
        3
    } else {
        0
    };
    letters.checked_add(extra)
}

/// A CPE 2.2 URI as a whole.
fn cpe22(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(":/") else { return false };
    if !scheme.eq_ignore_ascii_case("cpe") || !scheme.starts_with('c') && !scheme.starts_with('C') {
        return false;
    }
    let rest = rest.strip_prefix(['A', 'H', 'O', 'a', 'h', 'o']).unwrap_or(rest);
    let mut parts = rest.split(':');
    parts.next() == Some("")
        && rest.matches(':').count() <= 6
        && parts.all(|part| {
            part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'~' | b'%'))
        })
}

/// Whether the `:` at `at` belongs to a CPE 2.2 URI that ends the text.
fn ends_as_cpe22(text: &str, at: usize) -> bool {
    at.checked_sub(3).and_then(|start| text.get(start..)).is_some_and(cpe22)
}

fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 36
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 8 | 13 | 18 | 23) { *byte == b'-' } else { is_lower_hex(*byte) });
    shape && (bytes.get(14) == Some(&b'4') || text == NIL_UUID || text == MAX_UUID)
}

/// The UUID that stands for nobody.
pub(crate) const NIL_UUID: &str = "00000000-0000-0000-0000-000000000000";
/// The UUID that stands for the public.
pub(crate) const MAX_UUID: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";

fn is_probability(text: &str) -> bool {
    match text.split_once('.') {
        Some(("0", digits)) => all(digits, |byte| byte.is_ascii_digit()),
        Some(("1", digits)) => all(digits, |byte| byte == b'0'),
        _ => false,
    }
}

fn is_extension_schema(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    if rest.strip_prefix("docs.oasis-open.org/csaf/csaf/v2.1/").is_some_and(|path| {
        path.rsplit_once("schema/extension-content.json")
            .is_some_and(|(before, _)| before.is_empty() || before.ends_with('/'))
    }) {
        return false;
    }
    let Some((host, path)) = rest.split_once('/') else { return false };
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let file = path.rsplit('/').next().unwrap_or(path);
    let folders_fit = path.split('/').all(|part| !part.is_empty() && !part.contains(is_space));
    host.contains('.')
        && host.split('.').all(label)
        && folders_fit
        && file.strip_suffix(".json").is_some_and(|name| {
            name.match_indices('_').any(|(at, _)| {
                at > 0
                    && name
                        .get(at.saturating_add(1)..)
                        .is_some_and(|version| matches!(Number::parse(version), Some(Number::Semantic { .. })))
            })
        })
        && is_uri(text)
}

fn is_ssvc_key(text: &str) -> bool {
    text == "T*"
        || all(text, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !text.starts_with('_')
            && !text.ends_with('_')
}

type Metric = (&'static str, &'static [&'static str]);

const V2: &[Metric] = &[
    ("AV", &["N", "A", "L"]),
    ("AC", &["L", "M", "H"]),
    ("Au", &["M", "S", "N"]),
    ("C", &["N", "P", "C"]),
    ("I", &["N", "P", "C"]),
    ("A", &["N", "P", "C"]),
    ("E", &["U", "POC", "F", "H", "ND"]),
    ("RL", &["OF", "TF", "W", "U", "ND"]),
    ("RC", &["UC", "UR", "C", "ND"]),
    ("CDP", &["N", "L", "LM", "MH", "H", "ND"]),
    ("TD", &["N", "L", "M", "H", "ND"]),
    ("CR", &["L", "M", "H", "ND"]),
    ("IR", &["L", "M", "H", "ND"]),
    ("AR", &["L", "M", "H", "ND"]),
];

const V3: &[Metric] = &[
    ("AV", &["N", "A", "L", "P"]),
    ("AC", &["L", "H"]),
    ("PR", &["N", "L", "H"]),
    ("UI", &["N", "R"]),
    ("S", &["U", "C"]),
    ("C", &["N", "L", "H"]),
    ("I", &["N", "L", "H"]),
    ("A", &["N", "L", "H"]),
    ("E", &["X", "U", "P", "F", "H"]),
    ("RL", &["X", "O", "T", "W", "U"]),
    ("RC", &["X", "U", "R", "C"]),
    ("CR", &["X", "L", "M", "H"]),
    ("IR", &["X", "L", "M", "H"]),
    ("AR", &["X", "L", "M", "H"]),
    ("MAV", &["X", "N", "A", "L", "P"]),
    ("MAC", &["X", "L", "H"]),
    ("MPR", &["X", "N", "L", "H"]),
    ("MUI", &["X", "N", "R"]),
    ("MS", &["X", "U", "C"]),
    ("MC", &["X", "N", "L", "H"]),
    ("MI", &["X", "N", "L", "H"]),
    ("MA", &["X", "N", "L", "H"]),
];

/// Known metrics with known values in any order and number, as the patterns of versions 2 and 3 have it.
fn vector_parts(text: &str, prefix: &str, metrics: &[Metric]) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        rest.split('/').all(|part| {
            part.split_once(':').is_some_and(|(name, value)| {
                metrics.iter().any(|(known, values)| *known == name && values.contains(&value))
            })
        })
    })
}

const V4: &[Metric] = &[
    ("AV", &["N", "A", "L", "P"]),
    ("AC", &["L", "H"]),
    ("AT", &["N", "P"]),
    ("PR", &["N", "L", "H"]),
    ("UI", &["N", "P", "A"]),
    ("VC", &["H", "L", "N"]),
    ("VI", &["H", "L", "N"]),
    ("VA", &["H", "L", "N"]),
    ("SC", &["H", "L", "N"]),
    ("SI", &["H", "L", "N"]),
    ("SA", &["H", "L", "N"]),
    ("E", &["X", "A", "P", "U"]),
    ("CR", &["X", "H", "M", "L"]),
    ("IR", &["X", "H", "M", "L"]),
    ("AR", &["X", "H", "M", "L"]),
    ("MAV", &["X", "N", "A", "L", "P"]),
    ("MAC", &["X", "L", "H"]),
    ("MAT", &["X", "N", "P"]),
    ("MPR", &["X", "N", "L", "H"]),
    ("MUI", &["X", "N", "P", "A"]),
    ("MVC", &["X", "N", "L", "H"]),
    ("MVI", &["X", "N", "L", "H"]),
    ("MVA", &["X", "N", "L", "H"]),
    ("MSC", &["X", "N", "L", "H"]),
    ("MSI", &["X", "N", "L", "H", "S"]),
    ("MSA", &["X", "N", "L", "H", "S"]),
    ("S", &["X", "N", "P"]),
    ("AU", &["X", "N", "Y"]),
    ("R", &["X", "A", "U", "I"]),
    ("V", &["X", "D", "C"]),
    ("RE", &["X", "L", "M", "H"]),
    ("U", &["X", "Clear", "Green", "Amber", "Red"]),
];

/// The eleven base metrics, then the others, each at most once and in the order of the standard.
fn vector4(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("CVSS:4.0/") else { return false };
    let mut metrics = V4.iter().enumerate();
    let mut count = 0_usize;
    for part in rest.split('/') {
        let Some((name, value)) = part.split_once(':') else { return false };
        let Some((at, (_, values))) = metrics.find(|(_, (known, _))| *known == name) else { return false };
        if !values.contains(&value) || (count < 11 && at != count) {
            return false;
        }
        count = count.saturating_add(1);
    }
    count >= 11
}

#[cfg(test)]
mod tests {
    use super::Form;

    fn check(form: Form, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(form.fits(text), "{form:?} should take {text}");
        }
        for text in bad {
            assert!(!form.fits(text), "{form:?} should refuse {text}");
        }
    }

    #[test]
    fn uris() {
        check(
            Form::Uri,
            &[
                "https://halden.example/a?b=c#d",
                "mailto:a@b.example",
                "urn:uuid:1",
                "pkg:npm/%40a/b@1",
                "http://[::1]:80/",
                "https://halden.example",
            ],
            &[
                "",
                "halden.example",
                "//x",
                "https://a b",
                "https://a/%zz",
                "https://a/<b>",
                "https://a/ü",
                "https:",
                "http://[::1/",
            ],
        );
    }

    #[test]
    fn identifiers() {
        check(
            Form::Cpe21,
            &["cpe:2.3:a:v:p:1.0:*:*:*:*:*:*:*", "cpe:/a:v:p:1.0", "cpe:2.3:h:a\\:b:p?:-:*:*:en-US:*:*:*:*", "cpe:/o"],
            &[
                "cpe:2.3:a:v:p:1.0:*:*:*:*:*:*",
                "cpe:2.3:a:v:p p:1.0:*:*:*:*:*:*:*",
                "cpe:/a:b:c:d:e:f:g:h",
                "cpe:2.3:a:v:p:1.0:*:*:*:*:*:*:* x",
            ],
        );
        check(Form::Cpe20, &["cpe:2.3:a:v:p:1.0:*:*:*:*:*:*:* x", "cpe:/a:v"], &["cpe:2.3:a:v", "x"]);
        check(Form::CweId, &["CWE-79"], &["CWE-079", "79", "CWE-", "CWE-1234567"]);
        check(Form::CweVersion, &["4.19", "4.19.1", "3.0"], &["4", "4.019", "04.1", "4.1.1.1"]);
        check(Form::Cve, &["CVE-2024-12345"], &["CVE-2024-123", "cve-2024-1234", "CVE-24-1234"]);
        check(
            Form::Uuid,
            &[super::MAX_UUID, super::NIL_UUID, "5868d6af-bc6d-4f62-8b29-b7bf9aba90ae"],
            &["5868d6af-bc6d-1f62-8b29-b7bf9aba90ae", ""],
        );
        check(Form::Probability, &["0.5", "1.00", "0.0"], &["1.1", "1", ".5", "00.1"]);
        check(
            Form::ExtensionSchema,
            &["https://halden.example/csaf/demo_1.0.0.json"],
            &[
                "http://halden.example/demo_1.0.0.json",
                "https://halden.example/demo.json",
                "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/extension-content.json",
            ],
        );
    }

    #[test]
    fn vectors() {
        check(
            Form::CvssVector31,
            &["CVSS:3.1/AV:L/AC:L/PR:H/UI:R/S:U/C:H/I:H/A:H/MC:N"],
            &["CVSS:3.0/AV:L", "CVSS:3.1/AV:Q", "CVSS:3.1/", "AV:L"],
        );
        let base = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H";
        check(
            Form::CvssVector40,
            &[base, &format!("{base}/E:P/U:Red")],
            &[&format!("{base}/U:Red/E:P"), "CVSS:4.0/AV:N", &format!("{base}/E:P/E:P")],
        );
        check(Form::CvssVector2, &["AV:N/AC:L/Au:N/C:P/I:P/A:P"], &["(AV:N)", ""]);
    }

    #[test]
    fn edges() {
        check(Form::Category, &["a", "csaf_vex", "a b"], &["", "-a", "a.", " a", "a\nb"]);
        check(Form::TrackingId, &["A-1", "-"], &["", " a", "a\t"]);
    }
}
