//! Ranges of node-semver, and the requirements of Cargo, which are alike.

use super::{Condition, Set, compare};
use crate::error::{Error, quoted};
use crate::natural::{digits, is_number};
use crate::vers::Comparator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};

/// The largest number that JavaScript counts exactly.
const SAFE: u64 = 9_007_199_254_740_991;
/// A range that holds nothing.
const NOTHING: &str = "0.0.0-0";

/// A version of which parts may be absent or wildcards.
#[derive(Clone, Copy)]
struct Partial<'a> {
    major: Option<u64>,
    minor: Option<u64>,
    patch: Option<u64>,
    pre: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    None,
    Caret,
    Tilde,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

const OPERATORS: [(&str, Operator); 8] = [
    ("~>", Operator::Tilde),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Equal),
];

fn operator(text: &str) -> (Operator, &str) {
    OPERATORS
        .iter()
        .find_map(|(sign, operator)| Some((*operator, text.strip_prefix(sign)?)))
        .unwrap_or((Operator::None, text))
}

/// How a range is read.
#[derive(Clone, Copy)]
struct Options {
    loose: bool,
    prereleases: bool,
    /// What a version without operator means.
    default: Operator,
}

/// Reads an npm range.
pub(super) fn parse(text: &str, loose: bool, prereleases: bool) -> Result<Vec<Set>, Error> {
    let options = Options { loose, prereleases, default: Operator::None };
    let mut sets = Vec::new();
    for part in text.split("||") {
        // Loosely read, alternatives that are no ranges are left out.
        match read_set(part.trim(), options) {
            Some(set) => sets.push(set),
            None if loose && text.contains("||") => {}
            None => return Err(Error::new(format!("{} is no range of npm; write one such as ^1.2.3", quoted(part)))),
        }
    }
    if sets.is_empty() {
        return Err(Error::new(format!("{} is no range of npm; write one such as ^1.2.3", quoted(text))));
    }
    Ok(simplify(sets))
}

/// Reads a Cargo requirement: conditions between commas, and a caret where nothing is said.
pub(super) fn parse_cargo(text: &str) -> Result<Vec<Set>, Error> {
    let options = Options { loose: false, prereleases: false, default: Operator::Caret };
    let mut set = Vec::new();
    for part in text.split(',') {
        match read_set(part.trim(), options) {
            Some(conditions) if !part.trim().is_empty() => set.extend(conditions),
            _ => return Err(Error::new(format!("{} is no requirement of Cargo; write one such as 1.2", quoted(part)))),
        }
    }
    Ok(vec![set])
}

/// Alternatives that hold nothing go when there are others; one that holds everything stands alone.
fn simplify(mut sets: Vec<Set>) -> Vec<Set> {
    let holds_nothing = |set: &Set| *set == [compare(Less, NOTHING)];
    if sets.len() > 1 {
        if let Some(first) = sets.first().cloned() {
            sets.retain(|set| !holds_nothing(set));
            if sets.is_empty() {
                return vec![first];
            }
        }
        if sets.iter().any(Vec::is_empty) {
            return vec![Vec::new()];
        }
    }
    sets
}

fn read_set(text: &str, options: Options) -> Option<Set> {
    if let Some((from, to)) = hyphenated(text) {
        return hyphen(from, to, options);
    }
    let mut set: Set = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (operator, after) = operator(rest);
        let after = after.trim_start();
        let after = after.trim_start_matches(['v', '=', ' ', '\t']);
        let (word, after) = after.split_at_checked(after.find(char::is_whitespace).unwrap_or(after.len()))?;
        rest = after.trim_start();
        let operator = if operator == Operator::None { options.default } else { operator };
        set.extend(conditions(operator, partial(word, options.loose)?, options)?);
    }
    if set.contains(&compare(Less, NOTHING)) {
        return Some(vec![compare(Less, NOTHING)]);
    }
    let least = if options.prereleases { "0.0.0-0" } else { "0.0.0" };
    let mut kept: Set = Vec::new();
    for condition in set {
        if condition != compare(GreaterOrEqual, least) && !kept.contains(&condition) {
            kept.push(condition);
        }
    }
    Some(kept)
}

/// The two ends of `1.2 - 2.0`.
fn hyphenated(text: &str) -> Option<(&str, &str)> {
    let (from, to) = text.split_once(" - ").or_else(|| text.split_once("\t-\t"))?;
    let (from, to) = (from.trim(), to.trim());
    (!from.contains(char::is_whitespace) && !to.contains(char::is_whitespace)).then_some((from, to))
}

fn hyphen(from: &str, to: &str, options: Options) -> Option<Set> {
    let from = partial(from.trim_start_matches(['v', '=']), options.loose)?;
    let to = partial(to.trim_start_matches(['v', '=']), options.loose)?;
    let least = if options.prereleases { "-0" } else { "" };
    let mut set = Vec::new();
    if from.major.is_some() {
        let pre = if from.pre.is_empty() { least.to_owned() } else { format!("-{}", from.pre) };
        set.push(compare(GreaterOrEqual, format!("{}{pre}", from.filled())));
    }
    match to {
        Partial { major: None, .. } => {}
        Partial { major: Some(major), minor: None, .. } => set.push(below(next(major)?, 0, 0)),
        Partial { major: Some(major), minor: Some(minor), patch: None, .. } => set.push(below(major, next(minor)?, 0)),
        Partial { major: Some(major), minor: Some(minor), patch: Some(patch), pre } => set.push(if !pre.is_empty() {
            compare(LessOrEqual, format!("{major}.{minor}.{patch}-{pre}"))
        } else if options.prereleases {
            below(major, minor, next(patch)?)
        } else {
            compare(LessOrEqual, format!("{major}.{minor}.{patch}"))
        }),
    }
    let lowest = compare(GreaterOrEqual, format!("0.0.0{least}"));
    set.retain(|condition| *condition != lowest);
    Some(set)
}

impl Partial<'_> {
    /// The three numbers, with zeros for what is absent.
    fn filled(&self) -> String {
        format!("{}.{}.{}", self.major.unwrap_or(0), self.minor.unwrap_or(0), self.patch.unwrap_or(0))
    }
}

/// Less than a version and all its pre-releases.
fn below(major: u64, minor: u64, patch: u64) -> Condition {
    compare(Less, format!("{major}.{minor}.{patch}-0"))
}

/// The next number, when it can still be counted.
fn next(number: u64) -> Option<u64> {
    number.checked_add(1).filter(|number| *number <= SAFE)
}

fn conditions(operator: Operator, partial: Partial<'_>, options: Options) -> Option<Set> {
    match operator {
        Operator::Caret => caret(partial, options),
        Operator::Tilde => tilde(partial, options),
        Operator::None
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual
        | Operator::Equal => plain(operator, partial, options),
    }
}

/// The lower end of a caret or tilde range.
fn from(partial: Partial<'_>, options: Options) -> Condition {
    let least = if options.prereleases { "-0" } else { "" };
    let pre = if partial.pre.is_empty() { least.to_owned() } else { format!("-{}", partial.pre) };
    compare(GreaterOrEqual, format!("{}{pre}", partial.filled()))
}

fn caret(partial: Partial<'_>, options: Options) -> Option<Set> {
    let Some(major) = partial.major else { return Some(Vec::new()) };
    let end = match (major, partial.minor, partial.patch) {
        (0, Some(0), Some(patch)) => below(0, 0, next(patch)?),
        (0, Some(minor), _) => below(0, next(minor)?, 0),
        _ => below(next(major)?, 0, 0),
    };
    // A caret on a whole version does not let its own pre-releases in.
    let whole = partial.patch.is_some() && partial.pre.is_empty();
    let start = if whole { compare(GreaterOrEqual, partial.filled()) } else { from(partial, options) };
    Some(vec![start, end])
}

fn tilde(partial: Partial<'_>, options: Options) -> Option<Set> {
    let Some(major) = partial.major else { return Some(Vec::new()) };
    let end = match partial.minor {
        Some(minor) => below(major, next(minor)?, 0),
        None => below(next(major)?, 0, 0),
    };
    let whole = partial.patch.is_some() && partial.pre.is_empty();
    let start = if whole { compare(GreaterOrEqual, partial.filled()) } else { from(partial, options) };
    Some(vec![start, end])
}

fn plain(operator: Operator, partial: Partial<'_>, options: Options) -> Option<Set> {
    let Some(major) = partial.major else {
        let nothing = matches!(operator, Operator::Less | Operator::Greater);
        return Some(if nothing { vec![compare(Less, NOTHING)] } else { Vec::new() });
    };
    if partial.patch.is_some() {
        let pre = if partial.pre.is_empty() { String::new() } else { format!("-{}", partial.pre) };
        let comparator = match operator {
            Operator::Less => Less,
            Operator::LessOrEqual => LessOrEqual,
            Operator::Greater => Greater,
            Operator::GreaterOrEqual => GreaterOrEqual,
            Operator::None | Operator::Equal | Operator::Caret | Operator::Tilde => Equal,
        };
        return Some(vec![compare(comparator, format!("{}{pre}", partial.filled()))]);
    }
    let least = if options.prereleases { "-0" } else { "" };
    let after = match partial.minor {
        Some(minor) => (major, next(minor)?),
        None => (next(major)?, 0),
    };
    Some(match operator {
        Operator::Greater => vec![compare(GreaterOrEqual, format!("{}.{}.0{least}", after.0, after.1))],
        Operator::LessOrEqual => vec![below(after.0, after.1, 0)],
        Operator::Less => vec![compare(Less, format!("{}-0", partial.filled()))],
        Operator::GreaterOrEqual => vec![compare(GreaterOrEqual, format!("{}{least}", partial.filled()))],
        Operator::None | Operator::Equal | Operator::Caret | Operator::Tilde => {
            vec![from(Partial { pre: "", ..partial }, options), below(after.0, after.1, 0)]
        }
    })
}

/// Reads numbers and wildcards; after a wildcard no number may follow.
fn partial(word: &str, loose: bool) -> Option<Partial<'_>> {
    let (core, build) = word.split_once('+').unwrap_or((word, ""));
    if !build.is_empty() && !build.split('.').all(is_identifier) {
        return None;
    }
    if core.is_empty() {
        return Some(Partial { major: None, minor: None, patch: None, pre: "" });
    }
    let mut numbers = [None; 3];
    let mut count = 0_usize;
    let mut rest = core;
    for slot in &mut numbers {
        if count > 0 {
            match rest.strip_prefix('.') {
                Some(after) => rest = after,
                None => break,
            }
        }
        (*slot, rest) = number(rest, loose)?;
        count = count.saturating_add(1);
    }
    let [major, minor, patch] = numbers;
    if (major.is_none() && (minor.is_some() || patch.is_some())) || (minor.is_none() && patch.is_some()) {
        return None;
    }
    let pre = match rest.strip_prefix('-') {
        Some(pre) => pre,
        None if loose => rest,
        None if rest.is_empty() => "",
        None => return None,
    };
    let tidy = |part: &str| is_identifier(part) && (loose || !is_number(part) || part == "0" || !part.starts_with('0'));
    let has_pre = !rest.is_empty();
    if has_pre && (count < 3 || !pre.split('.').all(tidy)) {
        return None;
    }
    Some(Partial { major, minor, patch, pre: if patch.is_some() { pre } else { "" } })
}

/// A number, or a wildcard, which is nothing.
fn number(text: &str, loose: bool) -> Option<(Option<u64>, &str)> {
    if let Some(rest) = text.strip_prefix(['x', 'X', '*']) {
        return Some((None, rest));
    }
    let (digits, rest) = digits(text);
    if !loose && digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    (number <= SAFE).then_some((Some(number), rest))
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
