//! CRAN and Hackage: lists of numbers, where the longer of two that begin alike is newer.

use std::cmp::Ordering;

use crate::natural::{is_number, numbers};

fn compare(left: &str, right: &str, separators: &[char]) -> Option<Ordering> {
    let (left, right): (Vec<&str>, Vec<&str>) =
        (left.trim().split(separators).collect(), right.trim().split(separators).collect());
    if !left.iter().chain(&right).all(|number| is_number(number)) {
        return None;
    }
    let pairs = left.iter().zip(&right).map(|(left, right)| numbers(left, right));
    Some(pairs.fold(Ordering::Equal, Ordering::then).then(left.len().cmp(&right.len())))
}

/// CRAN: numbers between dots and hyphens.
pub(crate) fn compare_cran(left: &str, right: &str) -> Option<Ordering> {
    compare(left, right, &['.', '-'])
}

/// Hackage: numbers between dots.
pub(crate) fn compare_hackage(left: &str, right: &str) -> Option<Ordering> {
    compare(left, right, &['.'])
}
