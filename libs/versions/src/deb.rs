//! Debian and Ubuntu: the order of deb-version(7).

use std::cmp::Ordering;

use crate::natural::{digits, is_number, numbers, run};

/// Epoch, upstream version, revision.
fn split(version: &str) -> Option<(&str, &str, &str)> {
    let version = version.trim();
    let (epoch, rest) = match version.split_once(':') {
        Some((epoch, rest)) if is_number(epoch) => (epoch, rest),
        _ => ("0", version),
    };
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
    let clean = !rest.is_empty() && !rest.contains(char::is_whitespace);
    clean.then_some((epoch, upstream, revision))
}

/// A character's weight between digits: a tilde before the end, letters before all others.
const fn weight(character: Option<char>) -> u32 {
    match character {
        Some('~') => 0,
        None => 1,
        Some(letter) if letter.is_ascii_alphabetic() => letter as u32 + 1,
        Some(other) => other as u32 + 256,
    }
}

fn part(mut left: &str, mut right: &str) -> Ordering {
    while !left.is_empty() || !right.is_empty() {
        let (left_text, left_rest) = run(left, |character| !character.is_ascii_digit());
        let (right_text, right_rest) = run(right, |character| !character.is_ascii_digit());
        let (mut one, mut other) = (left_text.chars(), right_text.chars());
        loop {
            let (one, other) = (one.next(), other.next());
            if one.is_none() && other.is_none() {
                break;
            }
            let order = weight(one).cmp(&weight(other));
            if order.is_ne() {
                return order;
            }
        }
        let (left_number, left_rest) = digits(left_rest);
        let (right_number, right_rest) = digits(right_rest);
        let order = numbers(left_number, right_number);
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
    Ordering::Equal
}

pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (split(left)?, split(right)?);
    Some(numbers(left.0, right.0).then_with(|| part(left.1, right.1)).then_with(|| part(left.2, right.2)))
}
