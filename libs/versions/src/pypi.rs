//! Python: PEP 440 (version specifiers specification), and for texts that it refuses the order that came before it.

use std::cmp::Ordering;

use crate::natural::{digits, is_number, numbers, padded, run};

/// A version that PEP 440 accepts, in lower case and in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pep440 {
    pub(crate) epoch: String,
    pub(crate) release: Vec<String>,
    pub(crate) pre: Option<(Phase, String)>,
    pub(crate) post: Option<String>,
    pub(crate) dev: Option<String>,
    pub(crate) local: Vec<String>,
}

/// The phase of a pre-release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Alpha,
    Beta,
    Candidate,
}

const PHASES: [(&str, Phase); 8] = [
    ("alpha", Phase::Alpha),
    ("beta", Phase::Beta),
    ("preview", Phase::Candidate),
    ("pre", Phase::Candidate),
    ("rc", Phase::Candidate),
    ("a", Phase::Alpha),
    ("b", Phase::Beta),
    ("c", Phase::Candidate),
];

impl Pep440 {
    /// Reads a version in any of the forms that the specification normalises.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let lower = text.trim().to_ascii_lowercase();
        let rest = lower.strip_prefix('v').unwrap_or(&lower);
        let mut out = Self { epoch: "0".to_owned(), ..Self::default() };
        let rest = match rest.split_once('!') {
            Some((epoch, rest)) if is_number(epoch) => {
                epoch.clone_into(&mut out.epoch);
                rest
            }
            Some(_) => return None,
            None => rest,
        };
        let mut rest = rest;
        loop {
            let (number, after) = digits(rest);
            if number.is_empty() {
                return None;
            }
            out.release.push(number.to_owned());
            rest = after;
            match rest.strip_prefix('.') {
                Some(next) if next.starts_with(|character: char| character.is_ascii_digit()) => rest = next,
                _ => break,
            }
        }
        if let Some((phase, after)) = PHASES.iter().find_map(|(word, phase)| Some((*phase, labelled(rest, word)?))) {
            out.pre = Some((phase, after.0));
            rest = after.1;
        }
        let implicit = rest.strip_prefix('-').map(digits).filter(|(number, _)| !number.is_empty());
        if let Some((number, after)) = implicit {
            out.post = Some(number.to_owned());
            rest = after;
        } else if let Some((number, after)) = ["post", "rev", "r"].iter().find_map(|word| labelled(rest, word)) {
            out.post = Some(number);
            rest = after;
        }
        if let Some((number, after)) = labelled(rest, "dev") {
            out.dev = Some(number);
            rest = after;
        }
        if let Some(local) = rest.strip_prefix('+') {
            out.local = local.split(['-', '_', '.']).map(str::to_owned).collect();
            rest = "";
        }
        let clean = |part: &String| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (rest.is_empty() && out.local.iter().all(clean)).then_some(out)
    }

    /// Whether it is a pre-release or a development release.
    pub(crate) const fn is_pre(&self) -> bool {
        self.pre.is_some() || self.dev.is_some()
    }

    /// The version without its local part.
    pub(crate) fn public(&self) -> Self {
        Self { local: Vec::new(), ..self.clone() }
    }

    /// Epoch and release alone.
    pub(crate) fn base(&self) -> Self {
        Self { epoch: self.epoch.clone(), release: self.release.clone(), ..Self::default() }
    }
}

impl PartialOrd for Pep440 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.order(other))
    }
}

impl Pep440 {
    /// The order of the specification ("Summary of permitted suffixes and relative ordering").
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        numbers(&self.epoch, &other.epoch)
            .then_with(|| {
                padded(&self.release, &other.release, |left, right| {
                    numbers(left.map_or("", String::as_str), right.map_or("", String::as_str))
                })
            })
            .then_with(|| self.phase_rank().cmp(&other.phase_rank()))
            .then_with(|| optional(self.pre.as_ref().map(|pre| &pre.1), other.pre.as_ref().map(|pre| &pre.1)))
            .then_with(|| optional(self.post.as_ref(), other.post.as_ref()))
            .then_with(|| match (&self.dev, &other.dev) {
                (Some(left), Some(right)) => numbers(left, right),
                (left, right) => right.is_some().cmp(&left.is_some()),
            })
            .then_with(|| {
                padded(&self.local, &other.local, |left, right| match (left, right) {
                    (Some(left), Some(right)) => match (is_number(left), is_number(right)) {
                        (true, true) => numbers(left, right),
                        (left_number, right_number) => left_number.cmp(&right_number).then_with(|| left.cmp(right)),
                    },
                    (left, right) => left.is_some().cmp(&right.is_some()),
                })
            })
    }

    /// A development release of nothing else comes before every pre-release, a final one after them.
    const fn phase_rank(&self) -> u8 {
        match (&self.pre, &self.post, &self.dev) {
            (Some((Phase::Alpha, _)), _, _) => 1,
            (Some((Phase::Beta, _)), _, _) => 2,
            (Some((Phase::Candidate, _)), _, _) => 3,
            (None, None, Some(_)) => 0,
            (None, _, _) => 4,
        }
    }
}

/// Numbers of which one may be absent, and then comes first.
fn optional(left: Option<&String>, right: Option<&String>) -> Ordering {
    match (left, right) {
        (Some(left), Some(right)) => numbers(left, right),
        (left, right) => left.is_some().cmp(&right.is_some()),
    }
}

/// A word with an optional separator before it and an optional separator and number after it.
fn labelled<'a>(text: &'a str, word: &str) -> Option<(String, &'a str)> {
    let rest = text.strip_prefix(['-', '_', '.']).unwrap_or(text).strip_prefix(word)?;
    let inner = rest.strip_prefix(['-', '_', '.']).unwrap_or(rest);
    let (number, after) = digits(inner);
    Some(if number.is_empty() { ("0".to_owned(), rest) } else { (number.to_owned(), after) })
}

/// Any two texts: those that PEP 440 refuses come before those that it accepts, in the older order.
pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    if left.trim().is_empty() || right.trim().is_empty() {
        return None;
    }
    Some(match (Pep440::parse(left), Pep440::parse(right)) {
        (Some(left), Some(right)) => left.order(&right),
        (Some(_), None) => Ordering::Greater,
        (None, Some(_)) => Ordering::Less,
        (None, None) => legacy(left).cmp(&legacy(right)),
    })
}

/// The sort key of the order that came before PEP 440 (setuptools before version 8).
fn legacy(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let mut parts: Vec<String> = Vec::new();
    let mut rest = lower.as_str();
    let mut pieces: Vec<String> = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (piece, after) = if first.is_ascii_digit() {
            digits(rest)
        } else if first.is_ascii_lowercase() {
            run(rest, |character| character.is_ascii_lowercase())
        } else if matches!(first, '.' | '-') {
            rest.split_at_checked(1).unwrap_or((rest, ""))
        } else {
            run(rest, |character| !character.is_ascii_alphanumeric() && !matches!(character, '.' | '-'))
        };
        rest = after;
        match piece {
            "." => {}
            "pre" | "preview" | "rc" => pieces.push("*c".to_owned()),
            "dev" => pieces.push("*@".to_owned()),
            "-" => pieces.push("*final-".to_owned()),
            number if is_number(number) => pieces.push(format!("{number:0>8}")),
            word => pieces.push(format!("*{word}")),
        }
    }
    pieces.push("*final".to_owned());
    for piece in pieces {
        if piece.starts_with('*') {
            if piece.as_str() < "*final" {
                while parts.last().is_some_and(|last| last == "*final-") {
                    parts.pop();
                }
            }
            while parts.last().is_some_and(|last| last == "00000000") {
                parts.pop();
            }
        }
        parts.push(piece);
    }
    parts
}
