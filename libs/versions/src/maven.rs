//! Maven: the order of its POM reference ("Version Order Specification").

use std::cmp::Ordering;

use crate::natural::{is_number, numbers, padded};

/// A token with the separator before it.
struct Token {
    hyphen: bool,
    text: String,
}

/// Splits at dots, hyphens and between digits and letters, and trims what means nothing.
fn tokens(version: &str) -> Vec<Token> {
    let lower = version.to_lowercase();
    let mut out: Vec<Token> = Vec::new();
    let mut current = String::new();
    let mut hyphen = false;
    for character in lower.chars() {
        if matches!(character, '.' | '-') {
            push(&mut out, hyphen, &mut current, false);
            hyphen = character != '.';
            continue;
        }
        let was_digit = current.chars().last().map(|last| last.is_ascii_digit());
        if was_digit.is_some_and(|was| was != character.is_ascii_digit()) {
            push(&mut out, hyphen, &mut current, character.is_ascii_digit());
            hyphen = true;
        }
        current.push(character);
    }
    push(&mut out, hyphen, &mut current, false);
    trim(&mut out);
    out
}

/// Ends a token; short qualifiers are spelt out when a number follows at once.
fn push(out: &mut Vec<Token>, hyphen: bool, current: &mut String, before_number: bool) {
    let text = std::mem::take(current);
    let text = match text.as_str() {
        "" => "0".to_owned(),
        "a" if before_number => "alpha".to_owned(),
        "b" if before_number => "beta".to_owned(),
        "m" if before_number => "milestone".to_owned(),
        "cr" => "rc".to_owned(),
        _ => text,
    };
    out.push(Token { hyphen, text });
}

/// Removes what means nothing from the end, and again before each hyphen.
fn trim(tokens: &mut Vec<Token>) {
    let mut index = tokens.len().saturating_sub(1);
    while index > 0 {
        if tokens.get(index).is_some_and(|token| is_null(&token.text)) {
            tokens.remove(index);
            index -= 1;
            continue;
        }
        while index > 0 && tokens.get(index).is_some_and(|token| !token.hyphen) {
            index -= 1;
        }
        index = index.saturating_sub(1);
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "final" | "ga" | "release") || text.bytes().all(|byte| byte == b'0')
}

/// The order of one token; what the shorter version lacks is zero against a number after a dot, else nothing.
///
/// Where the kinds differ: `.qualifier`, `-qualifier`, `-number`, `.number`.
fn order(left: Option<&Token>, right: Option<&Token>) -> Ordering {
    let pad = |other: Option<&Token>| match other {
        Some(Token { hyphen: false, text }) if is_number(text) => ("0", false),
        other => ("", other.is_none_or(|token| token.hyphen)),
    };
    let (left_text, left_hyphen) = left.map_or_else(|| pad(right), |token| (token.text.as_str(), token.hyphen));
    let (right_text, right_hyphen) = right.map_or_else(|| pad(left), |token| (token.text.as_str(), token.hyphen));
    match (is_number(left_text), is_number(right_text)) {
        (true, true) => right_hyphen.cmp(&left_hyphen).then_with(|| numbers(left_text, right_text)),
        (false, false) => left_hyphen.cmp(&right_hyphen).then_with(|| qualifier(left_text).cmp(&qualifier(right_text))),
        (number, other) => number.cmp(&other),
    }
}

/// Known qualifiers in their order, then all others by letters.
fn qualifier(text: &str) -> (usize, &str) {
    const KNOWN: [&str; 7] = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
    let text = if matches!(text, "final" | "ga" | "release") { "" } else { text };
    match KNOWN.iter().position(|known| *known == text) {
        Some(index) => (index, ""),
        None => (KNOWN.len(), text),
    }
}

pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let is_version = |text: &str| text.chars().any(|character| character.is_ascii_alphanumeric());
    let (left, right) = (left.trim(), right.trim());
    (is_version(left) && is_version(right)).then(|| padded(&tokens(left), &tokens(right), order))
}
