//! Pieces that the orders share: numbers of any length, runs of digits and letters, the order of anything else.

use std::cmp::Ordering;

/// Compares two runs of digits as numbers, however long; no digits are zero.
pub(crate) fn numbers(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.trim_start_matches('0'), right.trim_start_matches('0'));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// Whether a text is one or more digits.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits off the longest start whose characters all fit.
pub(crate) fn run(text: &str, fits: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|character| !fits(character)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Splits off the digits at the start.
pub(crate) fn digits(text: &str) -> (&str, &str) {
    run(text, |character| character.is_ascii_digit())
}

/// The runs of digits and of letters, without what separates them.
pub(crate) fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|character: char| !character.is_ascii_alphanumeric());
        let first = rest.chars().next()?;
        let (piece, after) =
            if first.is_ascii_digit() { digits(rest) } else { run(rest, |character| character.is_ascii_alphabetic()) };
        rest = after;
        Some(piece)
    })
}

/// Compares item by item with a value for what the shorter one lacks.
pub(crate) fn padded<T>(left: &[T], right: &[T], order: impl Fn(Option<&T>, Option<&T>) -> Ordering) -> Ordering {
    (0..left.len().max(right.len()))
        .map(|index| order(left.get(index), right.get(index)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Sorts by merging. The sort of the standard library may panic when an order is not transitive, and those of some
/// ecosystems are not.
pub(crate) fn sorted<T>(items: Vec<T>, order: &impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let count = items.len();
    if count < 2 {
        return items;
    }
    let mut left = items;
    let right = left.split_off(count / 2);
    let mut left = sorted(left, order).into_iter().peekable();
    let mut right = sorted(right, order).into_iter().peekable();
    let mut out = Vec::with_capacity(count);
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        let next = if order(one, other).is_le() { left.next() } else { right.next() };
        out.extend(next);
    }
    out.extend(left);
    out.extend(right);
    out
}

/// The order for versions of no known scheme: runs of digits as numbers, runs of letters as text, a pre-release
/// word before nothing, nothing before anything else. Nothing when a text has neither digit nor letter.
pub(crate) fn generic(left: &str, right: &str) -> Option<Ordering> {
    let (left, right): (Vec<_>, Vec<_>) = (generic_runs(left).collect(), generic_runs(right).collect());
    if left.is_empty() || right.is_empty() {
        return None;
    }
    Some(padded(&left, &right, |left, right| {
        rank(left).cmp(&rank(right)).then_with(|| match (left, right) {
            (Some(left), Some(right)) if is_number(left) && is_number(right) => numbers(left, right),
            (Some(left), Some(right)) => left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase()),
            _ => Ordering::Equal,
        })
    }))
}

/// The runs without a leading `v`.
fn generic_runs(text: &str) -> impl Iterator<Item = &str> {
    let mut first = true;
    runs(text).filter(move |run| {
        let skip = first && run.eq_ignore_ascii_case("v");
        first = false;
        !skip
    })
}

/// Pre-release words, then zero and nothing, then other words, then numbers.
fn rank(run: Option<&&str>) -> u8 {
    const PRE: [&str; 10] = ["dev", "snapshot", "alpha", "a", "beta", "b", "pre", "preview", "rc", "cr"];
    match run {
        Some(run) if PRE.iter().any(|word| run.eq_ignore_ascii_case(word)) => 0,
        None => 1,
        Some(run) if is_number(run) && run.bytes().all(|byte| byte == b'0') => 1,
        Some(run) if !is_number(run) => 2,
        Some(_) => 3,
    }
}
