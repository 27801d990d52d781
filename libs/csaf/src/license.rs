//! SPDX licence expressions (annex B of SPDX 3.0.1, tests 6.1.54, 6.1.55, 6.2.44, 6.2.45 and 6.3.17).
//!
//! The identifiers are those of the SPDX licence list 3.27 and later, in `data/spdx.txt`.

use memchr::memmem;

static LISTS: &str = include_str!("../data/spdx.txt");

/// The identifiers in an expression.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Expression<'a> {
    /// Licence identifiers without `+`, references included.
    pub(crate) licenses: Vec<&'a str>,
    /// Exceptions and additions after `WITH`.
    pub(crate) exceptions: Vec<&'a str>,
}

/// Deepest nesting of parentheses.
const DEEPEST: usize = 64;

impl<'a> Expression<'a> {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong, as the end of a sentence.
    pub(crate) fn parse(text: &'a str) -> Result<Self, String> {
        let mut found = Self::default();
        let tokens = tokens(text);
        if tokens.is_empty() {
            return Err("it is empty".to_owned());
        }
        let mut open = 0_usize;
        let mut want_operand = true;
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match (token, want_operand) {
                ("(", true) if open < DEEPEST => open = open.saturating_add(1),
                (")", false) if open > 0 => open = open.saturating_sub(1),
                ("AND" | "OR" | "and" | "or", false) => want_operand = true,
                ("(" | ")" | "AND" | "OR" | "and" | "or" | "WITH" | "with", _) | (_, false) => {
                    return Err(format!("`{token}` is out of place"));
                }
                (_, true) => {
                    found.licenses.push(license(token)?);
                    if tokens.next_if(|next| matches!(*next, "WITH" | "with")).is_some() {
                        let exception = tokens.next().ok_or("an exception is missing after WITH")?;
                        found.exceptions.push(addition(exception)?);
                    }
                    want_operand = false;
                }
            }
        }
        if want_operand {
            Err("it ends with an operator".to_owned())
        } else if open > 0 {
            Err("a parenthesis is not closed".to_owned())
        } else {
            Ok(found)
        }
    }
}

fn tokens(text: &str) -> Vec<&str> {
    text.split_whitespace()
        .flat_map(|word| word.split_inclusive(['(', ')']))
        .flat_map(|word| {
            let cut = word.len().saturating_sub(usize::from(word.ends_with(['(', ')'])));
            let (name, parenthesis) = word.split_at_checked(cut).unwrap_or((word, ""));
            [name, parenthesis]
        })
        .filter(|token| !token.is_empty())
        .collect()
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

fn license(token: &str) -> Result<&str, String> {
    if let Some(name) = token.strip_prefix("LicenseRef-") {
        return if is_id(name) {
            Ok(token)
        } else {
            Err(format!("`{token}` has characters that a LicenseRef has not"))
        };
    }
    if token.contains("DocumentRef-") {
        return Err("it refers to another document, which CSAF does not allow".to_owned());
    }
    let plain = token.strip_suffix('+').unwrap_or(token);
    if token.get(..11).is_some_and(|prefix| prefix.eq_ignore_ascii_case("LicenseRef-")) {
        Err(format!("`{token}` has to start with LicenseRef- in exactly these letters"))
    } else if is_id(plain) {
        Ok(plain)
    } else {
        Err(format!("`{token}` has characters that a licence identifier has not"))
    }
}

fn addition(token: &str) -> Result<&str, String> {
    if token.contains("DocumentRef-") {
        return Err("it refers to another document, which CSAF does not allow".to_owned());
    }
    let name = token.strip_prefix("AdditionRef-").unwrap_or(token);
    if is_id(name) { Ok(token) } else { Err(format!("`{token}` is no exception")) }
}

/// How an identifier stands in the SPDX list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    Current,
    Deprecated,
    /// A `LicenseRef-` or `AdditionRef-` of one's own.
    Reference,
    Unknown,
}

/// Looks up a licence; identifiers are compared without regard to case.
pub(crate) fn listing(id: &str) -> Listing {
    if id.starts_with("LicenseRef-") {
        return Listing::Reference;
    }
    // AboutCode's names for whole groups of licences.
    if matches!(id, "any-OSI" | "any-OSI-perl-modules") || contains("license", id) {
        Listing::Current
    } else if contains("deprecated", id) {
        Listing::Deprecated
    } else {
        Listing::Unknown
    }
}

/// Looks up an exception.
pub(crate) fn exception_listing(id: &str) -> Listing {
    if id.starts_with("AdditionRef-") {
        Listing::Reference
    } else if contains("exception", id) {
        Listing::Current
    } else if contains("deprecated-exception", id) {
        Listing::Deprecated
    } else {
        Listing::Unknown
    }
}

/// Whether a reference is to AboutCode's list, whose names start so.
pub(crate) fn is_scancode(id: &str) -> bool {
    id.starts_with("LicenseRef-scancode-")
}

fn contains(kind: &str, id: &str) -> bool {
    let Some(line) = LISTS.lines().find(|line| line.split(' ').next() == Some(kind)) else { return false };
    if memmem::find(line.as_bytes(), id.as_bytes()).is_none() && id.bytes().all(|byte| !byte.is_ascii_alphabetic()) {
        return false;
    }
    line.split(' ').skip(1).any(|known| known.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use super::{Expression, Listing, listing};

    #[test]
    fn expressions() {
        for good in [
            "MIT",
            "MIT OR Apache-2.0",
            "(MIT AND BSD-3-Clause) OR GPL-2.0-only WITH Classpath-exception-2.0",
            "GPL-2.0+",
            "LicenseRef-www.halden.example-Own-1.0",
        ] {
            assert!(Expression::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "This is a text.",
            "MIT OR",
            "(MIT",
            "MIT)",
            "DocumentRef-x:LicenseRef-y",
            "LicenseRef-a#b",
            "licenseREF-x",
            "MIT WITH",
            "OR MIT",
        ] {
            assert!(Expression::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(listing("GFDL-1.1"), Listing::Deprecated);
        assert_eq!(listing("CC-BY-4.0"), Listing::Current);
        assert_eq!(listing("Nothing-1.0"), Listing::Unknown);
    }
}
