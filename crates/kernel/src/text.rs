//! Text that people typed: cleaned, bounded, and checked where it has a form.

use std::fmt;

use crate::FieldError;

/// One line of text: trimmed, inner line breaks and control characters made spaces, between 1 and `longest` characters.
///
/// # Errors
/// The field with a sentence that says what to mend.
pub fn clean_line(field: &str, text: &str, longest: usize) -> Result<String, FieldError> {
    let line: String = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    bounded(field, line, longest)
}

/// Several lines of text: line breaks made `\n`, other control characters dropped, between 1 and `longest` characters.
///
/// # Errors
/// The field with a sentence that says what to mend.
pub fn clean_text(field: &str, text: &str, longest: usize) -> Result<String, FieldError> {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = unified.trim().chars().filter(|c| !c.is_control() || *c == '\n' || *c == '\t').collect();
    bounded(field, kept, longest)
}

fn bounded(field: &str, text: String, longest: usize) -> Result<String, FieldError> {
    let error = |words: String| Err(FieldError { field: field.to_owned(), words });
    if text.is_empty() {
        return error("Please fill this in.".to_owned());
    }
    let length = text.chars().count();
    if length > longest {
        return error(format!("This has {length} characters; at most {longest} fit. Please shorten it."));
    }
    Ok(text)
}

/// An address that mail can be sent to; lower-cased in the domain, as typed before it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address: one `@`, something before it, a domain with a dot or `localhost` after it, no spaces.
    ///
    /// # Errors
    /// The field with a sentence that says what to mend.
    pub fn parse(field: &str, text: &str) -> Result<Self, FieldError> {
        let text = text.trim();
        let error = || FieldError {
            field: field.to_owned(),
            words: "This is not a mail address. It should look like name@example.org.".to_owned(),
        };
        let (local, domain) = text.rsplit_once('@').ok_or_else(error)?;
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\"\\".contains(c);
        let domain_ok = (domain.contains('.') || domain == "localhost")
            && domain
                .split('.')
                .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
        if local.is_empty() || local.contains('@') || !local.chars().all(plain) || !domain_ok || text.len() > 254 {
            return Err(error());
        }
        Ok(Self(format!("{local}@{}", domain.to_lowercase())))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address in lower case, under which people are found.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A short name for addresses: lower-case letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// Makes a slug of any text; `None` when no letter or digit is in it.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let mut slug = String::new();
        for c in text.chars().flat_map(char::to_lowercase) {
            if c.is_ascii_alphanumeric() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug: String = slug.trim_end_matches('-').chars().take(60).collect();
        if slug.is_empty() { None } else { Some(Self(slug)) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked() {
        for good in ["a@b.example", "Finder.One@Sub.Example.org", "x+y@localhost"] {
            assert!(EmailAddress::parse("email", good).is_ok(), "{good}");
        }
        for bad in ["", "a", "@b.example", "a@", "a b@c.example", "a@b@c.example", "a@b", "a@-.", "<a@b.example>"] {
            assert!(EmailAddress::parse("email", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn slugs_are_plain() {
        assert_eq!(Slug::of("Halden Gate 3000 (EU)").unwrap().as_str(), "halden-gate-3000-eu");
        assert_eq!(Slug::of("???"), None);
    }

    #[test]
    fn lines_lose_breaks_and_keep_words() {
        assert_eq!(clean_line("t", " a\nb ", 10).unwrap(), "a b");
        assert!(clean_line("t", "  ", 10).is_err());
        assert!(clean_text("t", "aaaa", 3).is_err());
    }
}
