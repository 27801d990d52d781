//! Lists of comparisons: RubyGems, Hex, Composer, and the plain ones of all others.

use super::{Condition, Set, compare};
use crate::error::{Error, quoted};
use crate::natural::is_number;
use crate::vers::Comparator::{self, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};

const SIGNS: [(&str, Comparator); 11] = [
    (">=", GreaterOrEqual),
    ("<=", LessOrEqual),
    ("!=", NotEqual),
    ("<>", NotEqual),
    ("==", Equal),
    (">>", Greater),
    ("<<", Less),
    (">", Greater),
    ("<", Less),
    ("=", Equal),
    ("", Equal),
];

fn sign(text: &str) -> (Comparator, &str) {
    let text = text.trim();
    SIGNS
        .iter()
        .find_map(|(sign, comparator)| Some((*comparator, text.strip_prefix(sign)?.trim())))
        .unwrap_or((Equal, text))
}

fn refuse(text: &str) -> Error {
    Error::new(format!("{} is no range; write one such as >=1.0, <2.0", quoted(text)))
}

/// A list with blanks or commas between its comparisons, as one with commas; a sign may stand apart.
fn comparisons(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split([',', ' ', '\t', '\n']).filter(|word| !word.is_empty()) {
        match out.last_mut() {
            Some(last) if last.ends_with(['<', '>', '=', '~', '^']) => last.push_str(word),
            _ => out.push(word.to_owned()),
        }
    }
    out
}

/// The same comparisons with blanks between them.
pub(super) fn spaced(text: &str) -> String {
    comparisons(text).join(" ")
}

/// `>= 1.0, << 2.0 || = 3.0`; `*` or nothing is everything.
pub(super) fn parse_plain(text: &str) -> Result<Vec<Set>, Error> {
    text.split("||").map(|set| plain_set(set.trim())).collect()
}

fn plain_set(text: &str) -> Result<Set, Error> {
    let mut set = Vec::new();
    for part in comparisons(text).iter().filter(|part| *part != "*") {
        let (comparator, version) = sign(part);
        if version.is_empty() {
            return Err(refuse(text));
        }
        set.push(compare(comparator, version));
    }
    Ok(set)
}

/// RubyGems: comparisons between commas, with `~>`.
pub(super) fn parse_gem(text: &str) -> Result<Vec<Set>, Error> {
    let mut set = Vec::new();
    for part in comparisons(text) {
        match part.strip_prefix("~>") {
            Some(version) => {
                set.push(compare(GreaterOrEqual, version));
                // The lowest letter stands before every pre-release of the next version.
                set.push(compare(Less, format!("{}.A", bump(version).ok_or_else(|| refuse(text))?)));
            }
            None => set.extend(plain_set(&part)?),
        }
    }
    Ok(vec![set])
}

/// The next version when the last number is free: 2 for 1.2, 1.3 for 1.2.3.
fn bump(version: &str) -> Option<String> {
    let mut numbers: Vec<u64> =
        version.split('.').take_while(|part| is_number(part)).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    if numbers.len() > 1 {
        numbers.pop();
    }
    let last = numbers.last_mut()?;
    *last = last.checked_add(1)?;
    Some(numbers.iter().map(u64::to_string).collect::<Vec<_>>().join("."))
}

/// Hex: `and`, `or`, and `~>`.
pub(super) fn parse_hex(text: &str) -> Result<Vec<Set>, Error> {
    text.split(" or ")
        .map(|set| {
            let mut out = Vec::new();
            for part in set.split(" and ").map(str::trim) {
                match part.strip_prefix("~>").map(str::trim) {
                    Some(version) => {
                        out.push(compare(GreaterOrEqual, filled(version)));
                        let end = bump(version).ok_or_else(|| refuse(text))?;
                        out.push(compare(Less, format!("{}-0", filled(&end))));
                    }
                    None => {
                        let (comparator, version) = sign(part);
                        out.push(compare(comparator, filled(version)));
                    }
                }
            }
            Ok(out)
        })
        .collect()
}

/// A version with three numbers.
fn filled(version: &str) -> String {
    let (core, pre) = version.split_once('-').map_or((version, ""), |(core, pre)| (core, pre));
    let mut parts: Vec<&str> = core.split('.').collect();
    parts.resize(parts.len().max(3), "0");
    if pre.is_empty() { parts.join(".") } else { format!("{}-{pre}", parts.join(".")) }
}

/// Composer: `||`, `,` or blanks, `^`, `~`, wildcards and hyphens.
pub(super) fn parse_composer(text: &str) -> Result<Vec<Set>, Error> {
    text.replace("||", "|").split('|').map(|set| composer_set(set.trim())).collect()
}

fn composer_set(text: &str) -> Result<Set, Error> {
    if let Some((from, to)) = text.split_once(" - ") {
        let (from, to) = (from.trim(), to.trim());
        let end = if to.split('.').count() < 3 {
            compare(Less, format!("{}-dev", raised(to, usize::MAX).ok_or_else(|| refuse(text))?))
        } else {
            compare(LessOrEqual, to)
        };
        return Ok(vec![compare(GreaterOrEqual, from), end]);
    }
    let mut set = Vec::new();
    for part in comparisons(text) {
        let part = part.split_once('@').map_or(part.as_str(), |(before, _stability)| before);
        set.extend(composer_part(part).ok_or_else(|| refuse(text))?);
    }
    Ok(set)
}

fn composer_part(part: &str) -> Option<Set> {
    let strip = |version: &str| version.trim_start_matches(['v', 'V']).to_owned();
    let between = |from: &str, end: String| -> Vec<Condition> {
        vec![compare(GreaterOrEqual, format!("{from}-dev")), compare(Less, format!("{end}-dev"))]
    };
    if matches!(part, "*" | "") {
        return Some(Vec::new());
    }
    if let Some(version) = part.strip_prefix('^').map(strip) {
        // The first number that is not zero must not change.
        let place = version.split('.').position(|number| number != "0");
        let last = version.split('.').count().saturating_sub(1);
        let end = raised(&version, place.unwrap_or(last))?;
        return Some(vec![compare(GreaterOrEqual, version), compare(Less, format!("{end}-dev"))]);
    }
    if let Some(version) = part.strip_prefix('~').map(strip) {
        let count = version.split('.').count();
        let end = raised(&version, count.saturating_sub(2))?;
        return Some(vec![compare(GreaterOrEqual, version), compare(Less, format!("{end}-dev"))]);
    }
    if let Some(start) = part.strip_suffix(".*").or_else(|| part.strip_suffix(".x")) {
        let start = strip(start.trim_start_matches('='));
        let end = raised(&start, usize::MAX)?;
        return Some(between(&start, end));
    }
    let (comparator, version) = sign(part);
    (!version.is_empty()).then(|| vec![compare(comparator, version)])
}

/// The version up to a place, with the number there raised by one; the last number for a place beyond.
fn raised(version: &str, place: usize) -> Option<String> {
    let core = version.split_once('-').map_or(version, |(core, _)| core);
    let parts: Vec<&str> = core.split('.').collect();
    let place = place.min(parts.len().saturating_sub(1));
    let number: u64 = parts.get(place)?.parse().ok()?;
    let mut out: Vec<String> = parts.iter().take(place).map(|part| (*part).to_owned()).collect();
    out.push(number.checked_add(1)?.to_string());
    out.resize(out.len().max(2), "0".to_owned());
    Some(out.join("."))
}
