//! Packagist: the order of PHP's `version_compare`, which Composer uses.

use std::cmp::Ordering;

use crate::natural::{is_number, numbers};

/// The parts, split at separators and between digits and anything else.
fn parts(version: &str) -> Vec<String> {
    let version = version.trim();
    let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let mut out: Vec<String> = Vec::new();
    let mut current = String::new();
    for character in version.chars() {
        let separator = matches!(character, '-' | '_' | '+' | '.');
        let turn = current.chars().last().is_some_and(|last| last.is_ascii_digit() != character.is_ascii_digit());
        if (separator || turn) && !current.is_empty() {
            out.push(std::mem::take(&mut current));
        }
        if !separator {
            current.push(character);
        }
    }
    if !current.is_empty() {
        out.push(current);
    }
    out
}

/// Where a word stands; `#` stands for any number, unknown words, and others in capitals, come first.
fn form(word: &str) -> i8 {
    const FORMS: [(&str, i8); 10] = [
        ("dev", 0),
        ("alpha", 1),
        ("a", 1),
        ("beta", 2),
        ("b", 2),
        ("RC", 3),
        ("rc", 3),
        ("#", 4),
        ("pl", 5),
        ("p", 5),
    ];
    FORMS.iter().find(|(form, _)| word.starts_with(form)).map_or(-1, |(_, rank)| *rank)
}

const NUMBER: i8 = 4;

pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (parts(left), parts(right));
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let rank = |part: &String| if is_number(part) { NUMBER } else { form(part) };
    for (left, right) in left.iter().zip(&right) {
        let order =
            if is_number(left) && is_number(right) { numbers(left, right) } else { rank(left).cmp(&rank(right)) };
        if order.is_ne() {
            return Some(order);
        }
    }
    Some(tail(&left, right.len()).then_with(|| tail(&right, left.len()).reverse()))
}

/// What is left over is more when it is a number, else it counts against a number.
fn tail(longer: &[String], shorter: usize) -> Ordering {
    let ranks = longer
        .iter()
        .skip(shorter)
        .map(|part| if is_number(part) { Ordering::Greater } else { form(part).cmp(&NUMBER) });
    ranks.fold(Ordering::Equal, Ordering::then)
}
