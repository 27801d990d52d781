//! What score is wanted in which practice, and by when.

use std::collections::BTreeMap;

use kernel::{Date, Id, Scope, Timestamp};
use maturity::Ratio;

/// Target profiles as kept.
pub enum TargetKind {}
/// A target profile.
pub type TargetId = Id<TargetKind>;

/// What is wanted in one practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The score in hundredths.
    pub hundredths: i64,
    /// By which day.
    pub due_on: Option<Date>,
}

impl Wanted {
    /// The score as a fraction.
    #[must_use]
    pub fn score(self) -> Ratio {
        Ratio::new(self.hundredths, 100).unwrap_or(Ratio::ZERO)
    }
}

/// A target profile.
#[derive(Clone, Debug)]
pub struct Target {
    /// Which.
    pub id: TargetId,
    /// The place it was set for; a product without one takes that of its family or of the organisation.
    pub scope: Scope,
    /// The how-manieth for its place and series.
    pub number: i64,
    /// Why it is so.
    pub note: String,
    /// When it was set.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
    /// When the next took its place.
    pub ended_at: Option<Timestamp>,
    /// What is wanted, by practice.
    pub wanted: BTreeMap<String, Wanted>,
}

/// How far a practice is from what is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nothing is wanted, or there is no score.
    None,
    /// Reached.
    Reached,
    /// So much lacks, in hundredths, and there is time.
    Open(i64),
    /// So much lacks, in hundredths, and the day is over.
    Overdue(i64),
}

/// Compares a score with what is wanted, on a day. Scores are compared exactly and gaps shown rounded up.
#[must_use]
pub fn gap(score: Option<Ratio>, wanted: Option<Wanted>, day: Date) -> Gap {
    let (Some(score), Some(wanted)) = (score, wanted) else { return Gap::None };
    if score >= wanted.score() {
        return Gap::Reached;
    }
    let (top, bottom) = score.parts();
    let have = top.saturating_mul(100).checked_div(bottom).unwrap_or(0);
    let lacks = wanted.hundredths.saturating_sub(have).max(1);
    if wanted.due_on.is_some_and(|due| due < day) { Gap::Overdue(lacks) } else { Gap::Open(lacks) }
}

/// Reads a score such as `1.5` as hundredths.
#[must_use]
pub(crate) fn hundredths(text: &str) -> Option<i64> {
    let text = text.trim().replace(',', ".");
    let (whole, rest) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || rest.len() > 2 || !digits(whole) || !digits(rest) {
        return None;
    }
    let whole: i64 = whole.parse().ok().filter(|whole| *whole < 1_000)?;
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    Some(whole.saturating_mul(100).saturating_add(rest))
}

/// Hundredths as people read them: `1.50`.
#[must_use]
pub(crate) fn shown(hundredths: i64) -> String {
    Ratio::new(hundredths, 100).unwrap_or(Ratio::ZERO).rounded(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_read_with_up_to_two_decimals() {
        let read: Vec<_> = ["0", "1.5", "2,25", "3", " 1 ", "", "1.234", "-1", "x", "."].map(hundredths).to_vec();
        assert_eq!(read, [Some(0), Some(150), Some(225), Some(300), Some(100), None, None, None, None, None]);
        assert_eq!(shown(225), "2.25");
    }

    #[test]
    fn a_gap_is_open_until_its_day_is_over() {
        let day: Date = "2026-06-01".parse().unwrap();
        let wanted = |due: &str| Some(Wanted { hundredths: 150, due_on: due.parse().ok() });
        assert_eq!(gap(Ratio::new(3, 2), wanted("2026-01-01"), day), Gap::Reached);
        assert_eq!(gap(Ratio::new(4, 3), wanted("2026-06-01"), day), Gap::Open(17));
        assert_eq!(gap(Ratio::new(4, 3), wanted("2026-05-31"), day), Gap::Overdue(17));
        assert_eq!(gap(Ratio::new(1499, 1000), wanted(""), day), Gap::Open(1));
        assert_eq!(gap(None, wanted(""), day), Gap::None);
    }
}
