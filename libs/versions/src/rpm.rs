//! RPM distributions and Arch Linux: the order of `rpmvercmp` on epoch, version and release.

use std::cmp::Ordering;

use crate::natural::{digits, numbers, run};

/// Epoch, version, release.
fn split(version: &str) -> (&str, &str, Option<&str>) {
    let (epoch, rest) = version.split_once(':').unwrap_or(("0", version));
    match rest.rsplit_once('-') {
        Some((version, release)) => (if epoch.is_empty() { "0" } else { epoch }, version, Some(release)),
        None => (if epoch.is_empty() { "0" } else { epoch }, rest, None),
    }
}

/// The text from where something counts.
fn skip(text: &str) -> &str {
    run(text, |character| !character.is_ascii_alphanumeric() && !matches!(character, '~' | '^')).1
}

/// The digits, or the letters, at the start.
fn take(text: &str, number: bool) -> (&str, &str) {
    if number { digits(text) } else { run(text, |character| character.is_ascii_alphabetic()) }
}

/// Compares runs of digits and letters; a tilde comes before the end, a caret after it.
fn part(mut left: &str, mut right: &str) -> Ordering {
    loop {
        (left, right) = (skip(left), skip(right));
        match (left.strip_prefix('~'), right.strip_prefix('~')) {
            (Some(one), Some(other)) => {
                (left, right) = (one, other);
                continue;
            }
            (Some(_), None) => return Ordering::Less,
            (None, Some(_)) => return Ordering::Greater,
            (None, None) => {}
        }
        match (left.strip_prefix('^'), right.strip_prefix('^')) {
            (Some(one), Some(other)) => {
                (left, right) = (one, other);
                continue;
            }
            (Some(_), None) => return if right.is_empty() { Ordering::Greater } else { Ordering::Less },
            (None, Some(_)) => return if left.is_empty() { Ordering::Less } else { Ordering::Greater },
            (None, None) => {}
        }
        if left.is_empty() || right.is_empty() {
            return right.is_empty().cmp(&left.is_empty());
        }
        let number = left.starts_with(|character: char| character.is_ascii_digit());
        let ((one, left_rest), (other, right_rest)) = (take(left, number), take(right, number));
        if other.is_empty() {
            // A number is newer than a word.
            return if number { Ordering::Greater } else { Ordering::Less };
        }
        let order = if number { numbers(one, other) } else { one.cmp(other) };
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
}

pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (left.trim(), right.trim());
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let (left, right) = (split(left), split(right));
    let release = match (left.2, right.2) {
        (Some(one), Some(other)) => part(one, other),
        (one, other) => one.is_some().cmp(&other.is_some()),
    };
    Some(part(left.0, right.0).then_with(|| part(left.1, right.1)).then(release))
}

/// Arch Linux: a release counts only when both versions have one (vercmp(8)).
pub(crate) fn compare_alpm(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (left.trim(), right.trim());
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let (left, right) = (split(left), split(right));
    let release = left.2.zip(right.2).map_or(Ordering::Equal, |(one, other)| part(one, other));
    Some(part(left.0, right.0).then_with(|| part(left.1, right.1)).then(release))
}
