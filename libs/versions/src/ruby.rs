//! RubyGems: the order of `Gem::Version`.

use std::cmp::Ordering;

use crate::natural::{is_number, numbers, padded, runs};

/// The segments without the zeros before a letter and at the end, which do not count.
fn segments(version: &str) -> Option<Vec<String>> {
    let version = version.trim().replace('-', ".pre.");
    let clean = version.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    if !clean || !version.starts_with(|character: char| character.is_ascii_digit()) {
        return None;
    }
    let zero = |segment: &String| segment.bytes().all(|byte| byte == b'0');
    let mut out: Vec<String> = Vec::new();
    let mut in_words = false;
    for segment in runs(&version) {
        if !in_words && !is_number(segment) {
            in_words = true;
            while out.last().is_some_and(zero) {
                out.pop();
            }
        }
        out.push(segment.to_owned());
    }
    while out.last().is_some_and(zero) {
        out.pop();
    }
    Some(out)
}

pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(padded(&segments(left)?, &segments(right)?, |left, right| {
        let (left, right) = (left.map_or("0", String::as_str), right.map_or("0", String::as_str));
        match (is_number(left), is_number(right)) {
            (true, true) => numbers(left, right),
            (false, false) => left.cmp(right),
            (left, right) => left.cmp(&right),
        }
    }))
}
