//! How figures are put into groups. Pure.

use kernel::{Date, Timestamp};

use super::model::{ProfileRow, TargetRow};

/// How a product's profile stands: `current`, `overdue`, `unfinished` or `none`.
pub(super) fn profile_key(profile: Option<&ProfileRow>, day: Date) -> &'static str {
    match profile {
        None => "none",
        Some(profile) if profile.open_questions > 0 => "unfinished",
        Some(profile) if profile.review_on < day => "overdue",
        Some(_) => "current",
    }
}

/// When an exception ends: `lapsed`, `days30`, `days90` or `later`.
pub(super) fn expiry_key(expires_on: Date, day: Date) -> &'static str {
    match expires_on.days_since(day) {
        ..=-1 => "lapsed",
        0..=30 => "days30",
        31..=90 => "days90",
        _ => "later",
    }
}

/// How a target stood: `met`, `late`, `overdue` or `running`.
pub(super) fn target_key(target: &TargetRow, at: Timestamp) -> &'static str {
    match target.met_at.filter(|met| *met <= at) {
        Some(met) if met <= target.due_at => "met",
        Some(_) => "late",
        None if target.due_at < at => "overdue",
        None => "running",
    }
}

/// Days between two moments, to a tenth.
#[expect(clippy::cast_precision_loss, reason = "spans of days")]
pub(super) fn days(from: Timestamp, until: Timestamp) -> f64 {
    until.since(from).as_secs() as f64 / 86_400.0
}

/// The middle of some figures; `None` without any.
pub(super) fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    let upper = figures.get(middle).copied()?;
    if figures.len() % 2 == 1 {
        return Some(upper);
    }
    figures.get(middle.checked_sub(1)?).map(|lower| f64::midpoint(*lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn profiles_hold_through_their_day_of_review() {
        let ids = kernel::IdSource::counted();
        let product = ids.next(Timestamp::from_micros(0));
        let profile = |open_questions| ProfileRow { product, open_questions, review_on: day("2026-03-02") };
        assert_eq!(profile_key(None, day("2026-03-02")), "none");
        assert_eq!(profile_key(Some(&profile(0)), day("2026-03-02")), "current");
        assert_eq!(profile_key(Some(&profile(0)), day("2026-03-03")), "overdue");
        assert_eq!(profile_key(Some(&profile(2)), day("2026-03-02")), "unfinished");
    }

    #[test]
    fn exceptions_end_after_their_last_day() {
        let check = |ends: &str, key: &str| assert_eq!(expiry_key(day(ends), day("2026-03-02")), key, "{ends}");
        check("2026-03-01", "lapsed");
        check("2026-03-02", "days30");
        check("2026-04-01", "days30");
        check("2026-04-02", "days90");
        check("2026-06-01", "later");
    }

    #[test]
    fn a_target_met_later_was_still_running_then() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let ids = kernel::IdSource::counted();
        let target = TargetRow {
            case: ids.next(Timestamp::from_micros(0)),
            product: None,
            severity: String::new(),
            step: "fix".to_owned(),
            started_at: at("2026-01-01T00:00:00Z"),
            due_at: at("2026-01-31T00:00:00Z"),
            met_at: Some(at("2026-02-10T00:00:00Z")),
        };
        assert_eq!(target_key(&target, at("2026-01-15T00:00:00Z")), "running");
        assert_eq!(target_key(&target, at("2026-02-05T00:00:00Z")), "overdue");
        assert_eq!(target_key(&target, at("2026-02-11T00:00:00Z")), "late");
        let early = TargetRow { met_at: Some(at("2026-01-20T00:00:00Z")), ..target };
        assert_eq!(target_key(&early, at("2026-02-11T00:00:00Z")), "met");
        assert!((days(early.started_at, early.due_at) - 30.0).abs() < 0.01);
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(Vec::new()), None);
    }
}
