//! Semantic versioning 2.0.0 and the dialects of npm, Cargo, Go, Hex and Pub.

use std::cmp::Ordering;

use crate::natural::{digits, is_number, numbers};

/// A semantic version, borrowed from its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Semver<'a> {
    pub(crate) major: &'a str,
    pub(crate) minor: &'a str,
    pub(crate) patch: &'a str,
    /// Without its hyphen; empty when there is none.
    pub(crate) pre: &'a str,
    pub(crate) build: &'a str,
}

/// The largest number that node-semver takes.
const SAFE: &str = "9007199254740991";
/// The longest version that node-semver takes.
const NPM_LONGEST: usize = 256;

impl<'a> Semver<'a> {
    /// A version of three numbers, with an optional `v` before it.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let found = Self::after_numbers(text)?;
        let clean = |text: &str| text.is_empty() || text.split('.').all(is_identifier);
        (clean(found.pre) && clean(found.build) && !text.ends_with(['-', '+'])).then_some(found)
    }

    /// As npm reads it: `=` and `v` before it, a pre-release without hyphen, no huge numbers.
    pub(crate) fn parse_npm(text: &'a str) -> Option<Self> {
        let text = text.trim();
        if text.len() > NPM_LONGEST {
            return None;
        }
        let text = text.trim_start_matches(['v', '=', ' ', '\t']);
        let (major, rest) = number(text)?;
        let (minor, rest) = number(rest.strip_prefix('.')?)?;
        let (patch, rest) = number(rest.strip_prefix('.')?)?;
        let (pre, build) = rest.split_once('+').unwrap_or((rest, ""));
        let pre = pre.strip_prefix('-').unwrap_or(pre);
        let safe = [major, minor, patch].into_iter().all(|number| numbers(number, SAFE).is_le());
        let clean = |text: &str| text.is_empty() || text.split('.').all(is_identifier);
        (safe && clean(pre) && clean(build)).then_some(Self { major, minor, patch, pre, build })
    }

    /// One, two or three numbers; as Go writes its releases, with or without `v` or `go`.
    fn parse_go(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("go").or_else(|| text.strip_prefix('v')).unwrap_or(text);
        if let Some(found) = Self::after_numbers(text) {
            return Some(found);
        }
        let (major, rest) = number(text)?;
        let (minor, rest) = rest.strip_prefix('.').and_then(number).unwrap_or(("0", rest));
        let (patch, rest) = rest.strip_prefix('.').and_then(number).unwrap_or(("0", rest));
        let (pre, build) = rest.split_once('+').unwrap_or((rest, ""));
        let pre = pre.strip_prefix('-').unwrap_or(pre);
        (pre.is_empty() || pre.split('.').all(is_identifier)).then_some(Self { major, minor, patch, pre, build })
    }

    fn after_numbers(text: &'a str) -> Option<Self> {
        let (major, rest) = number(text)?;
        let (minor, rest) = number(rest.strip_prefix('.')?)?;
        let (patch, rest) = number(rest.strip_prefix('.')?)?;
        let (rest, build) = rest.split_once('+').unwrap_or((rest, ""));
        let pre = if rest.is_empty() { "" } else { rest.strip_prefix('-')? };
        Some(Self { major, minor, patch, pre, build })
    }

    /// Precedence (section 11): build metadata does not count.
    pub(crate) fn precedence(&self, other: &Self) -> Ordering {
        self.core(other).then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => identifiers(self.pre, other.pre),
        })
    }

    /// The order of the three numbers alone.
    pub(crate) fn core(&self, other: &Self) -> Ordering {
        numbers(self.major, other.major)
            .then_with(|| numbers(self.minor, other.minor))
            .then_with(|| numbers(self.patch, other.patch))
    }
}

fn number(text: &str) -> Option<(&str, &str)> {
    let (number, rest) = digits(text);
    (!number.is_empty()).then_some((number, rest))
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The order of dotted identifiers: numbers before words, the shorter first.
pub(crate) fn identifiers(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(left), Some(right)) => match (is_number(left), is_number(right)) {
                (true, true) => numbers(left, right),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => left.cmp(right),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Semantic versions, Cargo, Hex.
pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(Semver::parse(left)?.precedence(&Semver::parse(right)?))
}

/// npm.
pub(crate) fn compare_npm(left: &str, right: &str) -> Option<Ordering> {
    Some(Semver::parse_npm(left)?.precedence(&Semver::parse_npm(right)?))
}

/// Go modules (pseudo-versions are pre-releases, so their order follows) and releases of Go itself.
pub(crate) fn compare_go(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Semver::parse_go(left)?, Semver::parse_go(right)?);
    // A release candidate of Go is one word, rc2, whose number counts.
    let order = match (go_candidate(left.pre), go_candidate(right.pre)) {
        (Some(one), Some(other)) => left.core(&right).then(one.0.cmp(other.0)).then(numbers(one.1, other.1)),
        _ => left.precedence(&right),
    };
    Some(order)
}

fn go_candidate(pre: &str) -> Option<(&str, &str)> {
    ["rc", "beta"].into_iter().find_map(|word| {
        let number = pre.strip_prefix(word)?;
        is_number(number).then_some((word, number))
    })
}

/// Pub: build metadata counts after precedence, and a version without it comes first.
pub(crate) fn compare_pub(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Semver::parse(left)?, Semver::parse(right)?);
    Some(left.precedence(&right).then_with(|| match (left.build.is_empty(), right.build.is_empty()) {
        (false, false) => identifiers(left.build, right.build),
        (left, right) => right.cmp(&left),
    }))
}
