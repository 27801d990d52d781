//! NuGet: semantic versions with up to four numbers and labels in any case.

use std::cmp::Ordering;

use crate::natural::{is_number, numbers, padded};
use crate::semver::identifiers;

fn parts(version: &str) -> Option<(Vec<&str>, String)> {
    let version = version.trim();
    let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let version = version.split_once('+').map_or(version, |(before, _build)| before);
    let (core, label) = version.split_once('-').unwrap_or((version, ""));
    let numbers: Vec<&str> = core.split('.').collect();
    let valid = numbers.len() <= 4 && numbers.iter().all(|number| is_number(number)) && !version.ends_with('-');
    valid.then(|| (numbers, label.to_lowercase()))
}

pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let ((left, left_label), (right, right_label)) = (parts(left)?, parts(right)?);
    let order = padded(&left, &right, |left, right| numbers(left.unwrap_or(&""), right.unwrap_or(&"")));
    Some(order.then_with(|| match (left_label.is_empty(), right_label.is_empty()) {
        (false, false) => identifiers(&left_label, &right_label),
        (left, right) => left.cmp(&right),
    }))
}
