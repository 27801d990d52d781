//! `security.txt` (RFC 9116), with the `CSAF` field of CSAF 2.0 §7.1.8: built, and read with findings.

use jiff::Timestamp;
use limits::Limits;

use crate::Error;
use crate::openpgp::armor::{self, Kind};
use crate::openpgp::{self, PublicKey, Verdict};

/// What a vendor says about how to reach its security team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecurityTxt {
    /// `Contact`, the preferred one first: `https:`, `mailto:` or `tel:` URIs; at least one.
    pub contact: Vec<String>,
    /// `Expires`; less than a year ahead is recommended.
    pub expires: Timestamp,
    /// `Encryption`: where the OpenPGP key is.
    pub encryption: Vec<String>,
    /// `Acknowledgments`: where finders are thanked.
    pub acknowledgments: Vec<String>,
    /// `Preferred-Languages`: language tags.
    pub preferred_languages: Vec<String>,
    /// `Canonical`: where this file is.
    pub canonical: Vec<String>,
    /// `Policy`: the disclosure policy.
    pub policy: Vec<String>,
    /// `Hiring`: security jobs.
    pub hiring: Vec<String>,
    /// `CSAF`: provider metadata, the well-known one first.
    pub csaf: Vec<String>,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Recommended otherwise.
    Hint,
    /// Works today, but will not for long or not everywhere.
    Warning,
    /// Against the standard.
    Error,
}

/// Something about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Short name of the rule, stable.
    pub rule: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Line in the file, from 1; 0: the file as a whole.
    pub line: usize,
    /// What is wrong, for a person.
    pub words: String,
}

/// A file read with its findings.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What it says; fields that are not valid are left out.
    pub document: SecurityTxt,
    /// What is wrong with it, in the order of lines.
    pub findings: Vec<Finding>,
    /// What its signature is worth; `None`: it is not signed.
    pub signature: Option<Verdict>,
}

impl Checked {
    /// No finding is an error.
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }
}

const YEAR: i64 = 366 * 24 * 3600;

impl SecurityTxt {
    /// Writes the file. Sign the result with [`openpgp::sign_cleartext`].
    ///
    /// # Errors
    /// [`Error::is_invalid`] names the first field that is against RFC 9116.
    pub fn build(&self) -> Result<String, Error> {
        if self.contact.is_empty() {
            return Err(Error::invalid("security.txt needs at least one Contact"));
        }
        let mut text = String::new();
        for (name, values) in [
            ("Canonical", &self.canonical),
            ("Contact", &self.contact),
            ("Encryption", &self.encryption),
            ("Policy", &self.policy),
            ("Acknowledgments", &self.acknowledgments),
            ("CSAF", &self.csaf),
            ("Hiring", &self.hiring),
        ] {
            for value in values {
                uri(name, value).map_err(|why| Error::invalid(format!("{name}: {why}")))?;
                text.push_str(&format!("{name}: {value}\n"));
            }
        }
        if !self.preferred_languages.is_empty() {
            if let Some(tag) = self.preferred_languages.iter().find(|tag| !language(tag)) {
                return Err(Error::invalid(format!("Preferred-Languages: `{tag}` is not a language tag")));
            }
            text.push_str(&format!("Preferred-Languages: {}\n", self.preferred_languages.join(", ")));
        }
        let whole = Timestamp::from_second(self.expires.as_second()).unwrap_or(self.expires);
        text.push_str(&format!("Expires: {whole}\n"));
        Ok(text)
    }
}

/// Reads and checks a file. `fetched` is where it came from, to compare with `Canonical`; `now` is the time of the
/// check; `keys` verify the signature.
///
/// # Errors
/// The file is longer than the limits.
pub fn read(
    bytes: &[u8],
    fetched: Option<&str>,
    keys: &[PublicKey],
    now: Timestamp,
    limits: &Limits,
) -> Result<Checked, Error> {
    if let Err(over) = limits.check_bytes(bytes.len() as u64) {
        return Err(Error::invalid(over.to_string()));
    }
    let mut checked = Checked { document: SecurityTxt::default(), findings: vec![], signature: None };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            checked.find("utf8", Severity::Error, 0, "the file is not UTF-8 (§3)");
            String::from_utf8_lossy(bytes).into_owned()
        }
    };
    let (body, first_line) = checked.signed(&text, keys, now);
    let mut seen = Seen { lines: first_line, ..Seen::default() };
    for line in body.lines() {
        seen.lines += 1;
        if seen.lines - first_line > 10_000 {
            checked.find("long", Severity::Error, seen.lines, "the file has more than 10,000 lines");
            break;
        }
        checked.line(line, &mut seen, now);
    }
    checked.whole(&seen, fetched);
    checked.findings.sort_by_key(|finding| finding.line);
    Ok(checked)
}

#[derive(Default)]
struct Seen {
    lines: usize,
    expires: usize,
    languages: usize,
}

impl Checked {
    fn find(&mut self, rule: &'static str, severity: Severity, line: usize, words: impl Into<String>) {
        self.findings.push(Finding { rule, severity, line, words: words.into() });
    }

    /// Takes the signature off; gives the text and the number of lines in front of it.
    fn signed(&mut self, text: &str, keys: &[PublicKey], now: Timestamp) -> (String, usize) {
        let blocks = armor::blocks(text);
        let Some(block) = blocks.iter().find(|block| block.kind == Kind::SignedText) else {
            if text.contains("-----BEGIN PGP SIGNED MESSAGE-----") {
                self.find("signature_format", Severity::Error, 0, "the signed text has no end (§2.3)");
            } else {
                self.find("not_signed", Severity::Hint, 0, "the file is not signed (§2.3)");
            }
            return (text.to_owned(), 0);
        };
        if text.get(..block.start).is_some_and(|before| !before.is_empty()) {
            self.find("signed_start", Severity::Error, 1, "a signed file must start with its signature header (§2.3)");
        }
        match openpgp::verify_cleartext(block.text, keys, now) {
            Ok(signed) => {
                if let Verdict::Invalid { why, .. } = &signed.verdict {
                    self.find("signature", Severity::Error, 0, format!("the signature must not be believed: {why}"));
                }
                self.signature = Some(signed.verdict);
                let before = block.text.lines().take_while(|line| !line.trim().is_empty()).count() + 1;
                (signed.text, before)
            }
            Err(error) => {
                self.find("signature_format", Severity::Error, 0, format!("the signature cannot be read: {error}"));
                (text.to_owned(), 0)
            }
        }
    }

    fn line(&mut self, line: &str, seen: &mut Seen, now: Timestamp) {
        let at = seen.lines;
        if line.starts_with('#') || line.trim().is_empty() {
            return;
        }
        let Some((name, value)) = line.split_once(':') else {
            self.find("line", Severity::Error, at, "the line is neither a field nor a comment (§2.2)");
            return;
        };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            self.find("field_name", Severity::Error, at, "the name of the field is not valid (§2.2)");
            return;
        }
        if !value.starts_with(' ') {
            self.find("separator", Severity::Error, at, "a space must follow the colon (§2.2)");
        }
        self.field(name.to_lowercase().as_str(), value.trim(), seen, now);
    }

    fn field(&mut self, name: &str, value: &str, seen: &mut Seen, now: Timestamp) {
        let at = seen.lines;
        match name {
            "expires" => {
                seen.expires += 1;
                self.expires(value, at, now);
            }
            "preferred-languages" => {
                seen.languages += 1;
                let tags: Vec<String> = value.split(',').map(|tag| tag.trim().to_owned()).collect();
                if let Some(tag) = tags.iter().find(|tag| !language(tag)) {
                    self.find("language", Severity::Error, at, format!("`{tag}` is not a language tag (§2.5.8)"));
                }
                self.document.preferred_languages = tags.into_iter().filter(|tag| language(tag)).collect();
            }
            _ => {
                let document = &mut self.document;
                let list = match name {
                    "contact" => &mut document.contact,
                    "encryption" => &mut document.encryption,
                    "acknowledgments" => &mut document.acknowledgments,
                    "canonical" => &mut document.canonical,
                    "policy" => &mut document.policy,
                    "hiring" => &mut document.hiring,
                    "csaf" => &mut document.csaf,
                    _ => {
                        return self.find(
                            "unknown_field",
                            Severity::Hint,
                            at,
                            format!("the field `{name}` is not known"),
                        );
                    }
                };
                match uri(name, value) {
                    Ok(()) => list.push(value.to_owned()),
                    Err(why) => self.find("uri", Severity::Error, at, why),
                }
            }
        }
    }

    fn expires(&mut self, value: &str, at: usize, now: Timestamp) {
        match value.parse::<Timestamp>() {
            Err(_) => {
                self.find("expires_format", Severity::Error, at, "Expires is not a date and time of RFC 3339 (§2.5.5)")
            }
            Ok(end) => {
                if end <= now {
                    self.find("expired", Severity::Error, at, format!("the file expired on {end} (§2.5.5)"));
                } else if end.as_second() - now.as_second() > YEAR {
                    self.find("long_expiry", Severity::Warning, at, "Expires is more than a year ahead (§2.5.5)");
                }
                self.document.expires = end;
            }
        }
    }

    fn whole(&mut self, seen: &Seen, fetched: Option<&str>) {
        if self.document.contact.is_empty() {
            self.find("no_contact", Severity::Error, 0, "there is no valid Contact (§2.5.3)");
        }
        match seen.expires {
            0 => self.find("no_expires", Severity::Error, 0, "Expires is missing (§2.5.5)"),
            1 => {}
            _ => self.find("multiple_expires", Severity::Error, 0, "Expires stands there more than once (§2.5.5)"),
        }
        if seen.languages > 1 {
            let words = "Preferred-Languages stands there more than once (§2.5.8)";
            self.find("multiple_languages", Severity::Error, 0, words);
        }
        let canonical = &self.document.canonical;
        if let Some(fetched) = fetched
            && !canonical.is_empty()
            && !canonical.iter().any(|url| url == fetched)
        {
            self.find(
                "canonical",
                Severity::Error,
                0,
                format!("no Canonical is `{fetched}`, where the file was found (§2.5.2)"),
            );
        }
        if self.signature.is_some() && self.document.canonical.is_empty() {
            self.find(
                "no_canonical",
                Severity::Hint,
                0,
                "a signed file should say where it belongs with Canonical (§2.3)",
            );
        }
        let mail = self.document.contact.iter().any(|contact| contact.to_lowercase().starts_with("mailto:"));
        if mail && self.document.encryption.is_empty() {
            self.find(
                "no_encryption",
                Severity::Hint,
                0,
                "where mail is a Contact, Encryption should name a key (§2.5.4)",
            );
        }
        let well_known = |url: &String| url.ends_with("/.well-known/csaf/provider-metadata.json");
        if self.document.csaf.iter().any(well_known) && !self.document.csaf.first().is_some_and(well_known) {
            self.find(
                "csaf_order",
                Severity::Hint,
                0,
                "the well-known CSAF address should come first (CSAF 2.0 §7.1.8)",
            );
        }
    }
}

/// A URI with a scheme that the field may have: web addresses only with `https` (§2.5.3 and others).
fn uri(name: &str, value: &str) -> Result<(), String> {
    let words = |why: &str| Err(format!("`{value}` {why}"));
    if value.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c)) {
        return words("is not a URI");
    }
    let Some((scheme, rest)) = value.split_once(':') else {
        return words("is not a URI; write https://…, mailto:… or tel:…");
    };
    let scheme = scheme.to_lowercase();
    let valid_scheme = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    match scheme.as_str() {
        _ if !valid_scheme || rest.is_empty() => words("is not a URI"),
        "http" => words("must begin with https://"),
        "https" if rest.strip_prefix("//").is_none_or(|host| host.is_empty() || host.starts_with('/')) => {
            words("has no host")
        }
        "mailto" if crate::address::split(rest.split('?').next().unwrap_or("")).is_none() => {
            words("is not a mail address")
        }
        "https" => Ok(()),
        _ if name.eq_ignore_ascii_case("csaf") => words("must begin with https://"),
        _ => Ok(()),
    }
}

/// The form of a language tag (RFC 5646 §2.1), not its registration.
fn language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or("");
    (1..=8).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}
