//! Version specifiers of Python (PEP 440, "Version specifiers").

use std::cmp::Ordering;
use std::fmt;

use super::{Condition, Set};
use crate::error::{Error, quoted};
use crate::natural::{numbers, padded};
use crate::pypi::Pep440;

/// One clause: an operator and a version or the start of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    operator: Operator,
    version: Pep440,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Compatible,
    Equal,
    StartsWith,
    NotEqual,
    StartsNotWith,
    LessOrEqual,
    GreaterOrEqual,
    Less,
    Greater,
    Identical,
}

const OPERATORS: [(&str, Operator); 9] = [
    ("===", Operator::Identical),
    ("~=", Operator::Compatible),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("=", Operator::Equal),
];

/// Reads clauses between commas; none at all admits every version.
pub(super) fn parse(text: &str) -> Result<Vec<Set>, Error> {
    let mut set = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty() && *part != "*") {
        set.push(Condition::Python(clause(part)?));
    }
    Ok(vec![set])
}

fn clause(part: &str) -> Result<Clause, Error> {
    let refuse = || Error::new(format!("{} is no specifier of Python; write one such as >=1.2", quoted(part)));
    let (operator, text) = OPERATORS
        .iter()
        .find_map(|(sign, operator)| Some((*operator, part.strip_prefix(sign)?.trim())))
        .unwrap_or((Operator::Equal, part));
    let (operator, start) = match (operator, text.strip_suffix(".*")) {
        (Operator::Equal, Some(start)) => (Operator::StartsWith, start),
        (Operator::NotEqual, Some(start)) => (Operator::StartsNotWith, start),
        _ => (operator, text),
    };
    let version = match (operator, Pep440::parse(start)) {
        (_, Some(version)) => version,
        (Operator::Identical, None) if !text.is_empty() => Pep440::default(),
        _ => return Err(refuse()),
    };
    if operator == Operator::Compatible && version.release.len() < 2 {
        return Err(Error::new(format!("{} needs two numbers at least: ~=1.0", quoted(part))));
    }
    Ok(Clause { operator, version, text: text.to_owned() })
}

impl Clause {
    /// Whether a version fits this clause. One that PEP 440 refuses fits only `===`.
    pub(super) fn admits(&self, text: &str) -> bool {
        if self.operator == Operator::Identical {
            return self.text.eq_ignore_ascii_case(text.trim());
        }
        let Some(version) = Pep440::parse(text) else { return false };
        let bound = &self.version;
        // A local part counts only where the clause names one.
        let public = if bound.local.is_empty() { version.public() } else { version.clone() };
        match self.operator {
            Operator::Identical => false,
            Operator::Equal => public.order(bound).is_eq(),
            Operator::NotEqual => public.order(bound).is_ne(),
            Operator::StartsWith => starts_with(&version, bound),
            Operator::StartsNotWith => !starts_with(&version, bound),
            Operator::LessOrEqual => version.public().order(bound).is_le(),
            Operator::GreaterOrEqual => version.public().order(bound).is_ge(),
            Operator::Compatible => {
                let mut start = bound.base();
                start.release.pop();
                version.public().order(bound).is_ge() && starts_with(&version, &start)
            }
            Operator::Less => {
                let own_pre = !bound.is_pre() && version.is_pre() && version.base().order(&bound.base()).is_eq();
                version.order(bound).is_lt() && !own_pre
            }
            Operator::Greater => {
                let same = version.base().order(&bound.base()).is_eq();
                let own_post = bound.post.is_none() && version.post.is_some() && same;
                let own_local = !version.local.is_empty() && same;
                version.order(bound).is_gt() && !own_post && !own_local
            }
        }
    }

    /// Whether it names a pre-release, and so lets pre-releases in.
    fn names_prerelease(&self) -> bool {
        let inclusive = matches!(
            self.operator,
            Operator::Equal
                | Operator::GreaterOrEqual
                | Operator::LessOrEqual
                | Operator::Compatible
                | Operator::Identical
                | Operator::Greater
                | Operator::Less
        );
        inclusive && self.version.is_pre()
    }
}

fn starts_with(version: &Pep440, start: &Pep440) -> bool {
    if start.pre.is_some() || start.post.is_some() {
        let cut = Pep440 { dev: None, local: Vec::new(), ..version.clone() };
        let cut = if start.post.is_some() { cut } else { Pep440 { post: None, ..cut } };
        return cut.order(start).is_eq();
    }
    let release: Vec<String> = version.release.iter().take(start.release.len()).cloned().collect();
    numbers(&version.epoch, &start.epoch).is_eq()
        && padded(&release, &start.release, |left, right| {
            numbers(left.map_or("", String::as_str), right.map_or("", String::as_str))
        }) == Ordering::Equal
}

/// Pre-releases are out unless a clause names one; a specifier without clauses admits everything.
pub(super) fn admits_prerelease(set: &Set, text: &str) -> bool {
    let is_pre = Pep440::parse(text).is_some_and(|version| version.is_pre());
    !is_pre
        || set.is_empty()
        || set.iter().any(|condition| match condition {
            Condition::Python(clause) => clause.names_prerelease(),
            Condition::Compare(..) => false,
        })
}

impl fmt::Display for Clause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.operator {
            Operator::Compatible => "~=",
            Operator::Equal | Operator::StartsWith => "==",
            Operator::NotEqual | Operator::StartsNotWith => "!=",
            Operator::LessOrEqual => "<=",
            Operator::GreaterOrEqual => ">=",
            Operator::Less => "<",
            Operator::Greater => ">",
            Operator::Identical => "===",
        };
        write!(out, "{sign}{}", self.text)
    }
}
