//! Intervals in brackets, as Maven and NuGet write them.

use super::{Set, compare};
use crate::error::{Error, quoted};
use crate::vers::Comparator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};

/// Maven: intervals between commas; a version alone means itself.
pub(super) fn parse_maven(text: &str) -> Result<Vec<Set>, Error> {
    let text = text.trim();
    if !text.starts_with(['[', '(']) {
        return alone(text).map(|version| vec![vec![compare(Equal, version)]]);
    }
    let mut sets = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find([']', ')']).map(|end| end.saturating_add(1)).ok_or_else(|| refuse(text))?;
        let (interval, after) = rest.split_at_checked(end).ok_or_else(|| refuse(text))?;
        sets.push(read(interval).ok_or_else(|| refuse(text))?);
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(next) => next.trim_start(),
            None if after.is_empty() => "",
            None => return Err(refuse(text)),
        };
    }
    Ok(sets)
}

/// NuGet: one interval; a version alone is the least one, also with a floating part.
pub(super) fn parse_nuget(text: &str) -> Result<Vec<Set>, Error> {
    let text = text.trim();
    if text.starts_with(['[', '(']) {
        return read(text).map(|set| vec![set]).ok_or_else(|| refuse(text));
    }
    if text == "*" {
        return Ok(vec![Vec::new()]);
    }
    let version = text.strip_suffix(".*").or_else(|| text.strip_suffix("-*")).unwrap_or(text);
    alone(version).map(|version| vec![vec![compare(GreaterOrEqual, version)]])
}

fn alone(text: &str) -> Result<&str, Error> {
    if text.is_empty() || text.contains([',', '[', ']', '(', ')']) { Err(refuse(text)) } else { Ok(text) }
}

fn refuse(text: &str) -> Error {
    Error::new(format!("{} is no interval; write one such as [1.0,2.0)", quoted(text)))
}

fn read(interval: &str) -> Option<Set> {
    let (lower, inner) = match interval.strip_prefix('[') {
        Some(inner) => (GreaterOrEqual, inner),
        None => (Greater, interval.strip_prefix('(')?),
    };
    let (upper, inner) = match inner.strip_suffix(']') {
        Some(inner) => (LessOrEqual, inner),
        None => (Less, inner.strip_suffix(')')?),
    };
    let Some((from, to)) = inner.split_once(',') else {
        let exact = (lower, upper) == (GreaterOrEqual, LessOrEqual) && !inner.trim().is_empty();
        return exact.then(|| vec![compare(Equal, inner.trim())]);
    };
    let (from, to) = (from.trim(), to.trim());
    let mut set = Vec::new();
    if !from.is_empty() {
        set.push(compare(lower, from));
    }
    if !to.is_empty() {
        set.push(compare(upper, to));
    }
    (!to.contains(',')).then_some(set)
}
