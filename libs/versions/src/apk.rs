//! Alpine: the order of apk-tools, which also orders texts that are no valid versions.

use std::cmp::Ordering;

use crate::natural::{digits, run};

/// What the next piece of a version is; later kinds end a version that goes on earlier in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    DigitOrZero,
    Digit,
    Letter,
    Suffix,
    SuffixNumber,
    Hash,
    Revision,
    End,
    Invalid,
}

const BEFORE: [&str; 4] = ["alpha", "beta", "pre", "rc"];
const AFTER: [&str; 5] = ["cvs", "svn", "git", "hg", "p"];

/// The order within one kind: a sign, a length and the digits, so that numbers may have any length.
type Weight = (i64, usize, String);

struct Walk<'a> {
    kind: Kind,
    rest: &'a str,
}

impl Walk<'_> {
    /// Takes the value of the current piece and finds out what the next one is.
    fn take(&mut self) -> Weight {
        if self.rest.is_empty() {
            self.kind = Kind::End;
            return word(0);
        }
        let mut next = None;
        let (weight, rest) = match self.kind {
            Kind::DigitOrZero if self.rest.starts_with('0') => {
                let (zeros, rest) = run(self.rest, |character| character == '0');
                // 1.0_rc1 goes on with its suffix, as in apk-tools 3; version 2 took it for a digit, and for newer.
                next = rest.starts_with(|character: char| character.is_ascii_digit()).then_some(Kind::Digit);
                (word(-i64::try_from(zeros.len()).unwrap_or(i64::MAX)), rest)
            }
            Kind::Revision if !self.rest.starts_with(|character: char| character.is_ascii_digit()) => {
                return self.invalid();
            }
            Kind::DigitOrZero | Kind::Digit | Kind::SuffixNumber | Kind::Revision => {
                let (number, rest) = digits(self.rest);
                let number = number.trim_start_matches('0');
                ((i64::from(!number.is_empty()), number.len(), number.to_owned()), rest)
            }
            Kind::Letter => {
                let mut characters = self.rest.chars();
                let letter = characters.next().map_or(0, u32::from);
                (word(i64::from(letter)), characters.as_str())
            }
            Kind::Hash => run_of_hash(self.rest),
            Kind::Suffix => match suffix(self.rest) {
                Some((weight, rest)) => (word(weight), rest),
                None => return self.invalid(),
            },
            Kind::Invalid | Kind::End => return self.invalid(),
        };
        self.rest = rest;
        match next {
            _ if rest.is_empty() => self.kind = Kind::End,
            Some(next) => self.kind = next,
            None => self.advance(),
        }
        weight
    }

    fn invalid(&mut self) -> Weight {
        self.kind = Kind::Invalid;
        word(-1)
    }

    fn advance(&mut self) {
        let mut characters = self.rest.chars();
        let Some(first) = characters.next() else {
            self.kind = Kind::End;
            return;
        };
        let was = self.kind;
        let next = match (was, first) {
            (Kind::Digit | Kind::DigitOrZero, 'a'..='z') => Kind::Letter,
            (Kind::Letter, '0'..='9') => Kind::Digit,
            (Kind::Suffix, '0'..='9') => Kind::SuffixNumber,
            _ => {
                self.rest = characters.as_str();
                match first {
                    '.' if self.rest.starts_with(|character: char| character.is_ascii_lowercase()) => Kind::Invalid,
                    '.' => Kind::DigitOrZero,
                    '_' => Kind::Suffix,
                    '~' => Kind::Hash,
                    '-' if self.rest.starts_with('r') => {
                        self.rest = self.rest.strip_prefix('r').unwrap_or_default();
                        Kind::Revision
                    }
                    _ => Kind::Invalid,
                }
            }
        };
        let goes_back = matches!(
            (next, was),
            (Kind::DigitOrZero, Kind::Digit) | (Kind::Suffix, Kind::SuffixNumber) | (Kind::Digit, Kind::Letter)
        );
        self.kind = if next < was && !goes_back { Kind::Invalid } else { next };
    }
}

const fn word(weight: i64) -> Weight {
    (weight, 0, String::new())
}

fn run_of_hash(text: &str) -> (Weight, &str) {
    let (hash, rest) = run(text, |character| character.is_ascii_hexdigit());
    ((0, 0, hash.to_owned()), rest)
}

/// The weight of a suffix: negative for those of pre-releases.
fn suffix(text: &str) -> Option<(i64, &str)> {
    let found = |words: &'static [&'static str]| {
        words.iter().zip(0_i64..).find_map(|(word, index)| Some((index, text.strip_prefix(word)?)))
    };
    found(&BEFORE).map(|(index, rest)| (index - 4, rest)).or_else(|| found(&AFTER))
}

pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (left.trim(), right.trim());
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let mut left = Walk { kind: Kind::Digit, rest: left };
    let mut right = Walk { kind: Kind::Digit, rest: right };
    loop {
        let order = left.take().cmp(&right.take());
        if order.is_ne() {
            return Some(order);
        }
        if left.kind != right.kind {
            break;
        }
        if matches!(left.kind, Kind::End | Kind::Invalid) {
            return Some(Ordering::Equal);
        }
    }
    // What goes on is newer, unless it goes on with the suffix of a pre-release.
    if left.kind == Kind::Suffix && left.take() < word(0) {
        return Some(Ordering::Less);
    }
    if right.kind == Kind::Suffix && right.take() < word(0) {
        return Some(Ordering::Greater);
    }
    Some(right.kind.cmp(&left.kind))
}
