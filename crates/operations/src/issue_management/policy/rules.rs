//! When targets are due and when to warn. Pure: no clock, no database, no HTTP.

use std::time::Duration;

use kernel::{BusinessCalendar, Date, FieldError, Timestamp, Weekday};

use super::model::{Policy, RATED, Step, Target, Unit};
use crate::issue_management::case::Severity;

/// When `target` is due, counted from `start`.
pub(crate) fn due(policy: &Policy, target: Target, start: Timestamp) -> Timestamp {
    after(policy, target.unit, target.amount, start)
}

fn after(policy: &Policy, unit: Unit, amount: u32, start: Timestamp) -> Timestamp {
    match (unit, policy.calendar()) {
        (Unit::Hours, _) | (Unit::WorkingDays, None) => BusinessCalendar::after_hours(start, amount),
        (Unit::WorkingDays, Some(calendar)) => calendar.after_working_days(start, amount),
    }
}

/// When to warn of a target: after three quarters of its time, one working day before the end at the latest.
///
/// A target of one working day, or of hours, warns after three quarters of the time, since one day before its end
/// would be before its beginning.
pub(crate) fn warn_at(policy: &Policy, target: Target, start: Timestamp) -> Timestamp {
    let end = due(policy, target, start);
    if target.unit == Unit::Hours || target.amount < 2 {
        return start + end.since(start) * 3 / 4;
    }
    let days = (target.amount * 3 / 4).min(target.amount - 1).max(1);
    after(policy, target.unit, days, start).min(end - Duration::from_secs(1))
}

/// A prefix of numbers: 2 to 12 capital letters and digits, the first a letter.
pub(crate) fn prefix(field: &str, text: &str) -> Result<String, FieldError> {
    let text = text.trim().to_uppercase();
    let fits = (2..=12).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if fits {
        return Ok(text);
    }
    Err(FieldError {
        field: field.to_owned(),
        words: "Use 2 to 12 letters and digits, beginning with a letter, such as PSIRT.".to_owned(),
    })
}

/// Dates, one a line; what follows a date on its line is a remark.
pub(crate) fn holidays(field: &str, text: &str) -> Result<Vec<Date>, FieldError> {
    let mut dates = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let word = line.split_whitespace().next().unwrap_or_default();
        dates.push(word.parse().map_err(|_| FieldError {
            field: field.to_owned(),
            words: format!("“{word}” is not a date. Write one date a line, such as 2026-12-25."),
        })?);
    }
    dates.sort();
    dates.dedup();
    Ok(dates)
}

/// Weekdays from their short names; unknown names are left out.
pub(crate) fn weekdays<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Weekday> {
    names.filter_map(Weekday::parse).collect()
}

/// Later steps must not be due before earlier ones, and what is more severe must not be slower.
pub(crate) fn target_problems(policy: &Policy) -> Vec<FieldError> {
    let start = Timestamp::from_micros(0);
    let end = |severity: Severity, step: Step| policy.target(severity, step).map(|target| due(policy, target, start));
    let mut problems = Vec::new();
    for severity in RATED {
        for pair in [(Step::Acknowledge, Step::Triage), (Step::Triage, Step::Mitigate), (Step::Mitigate, Step::Fix)] {
            if let (Some(first), Some(second)) = (end(severity, pair.0), end(severity, pair.1))
                && second < first
            {
                problems.push(FieldError {
                    field: field_name(severity, pair.1),
                    words: format!(
                        "{} at {}: this is due before “{}”. Give it at least the same time.",
                        pair.1.label(),
                        severity.label().to_lowercase(),
                        pair.0.label()
                    ),
                });
            }
        }
    }
    problems
}

/// The name of a target's field in the form.
pub(crate) fn field_name(severity: Severity, step: Step) -> String {
    format!("{}_{}", severity.as_str(), step.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(amount: u32, unit: Unit, start: &str, warns: &str, ends: &str) {
        let policy = Policy { holidays: vec!["2026-03-06".parse().unwrap()], ..Policy::built_in() };
        let target = Target { severity: Severity::High, step: Step::Fix, amount, unit };
        assert_eq!(due(&policy, target, moment(start)), moment(ends));
        assert_eq!(warn_at(&policy, target, moment(start)), moment(warns));
    }

    #[test]
    fn targets_count_on_the_calendar_and_warn_before_their_end() {
        // Monday; the Friday of that week is a holiday.
        check(8, Unit::Hours, "2026-03-02T09:00:00Z", "2026-03-02T15:00:00Z", "2026-03-02T17:00:00Z");
        check(1, Unit::WorkingDays, "2026-03-02T09:00:00Z", "2026-03-03T03:00:00Z", "2026-03-03T09:00:00Z");
        check(2, Unit::WorkingDays, "2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z", "2026-03-04T09:00:00Z");
        check(4, Unit::WorkingDays, "2026-03-02T09:00:00Z", "2026-03-05T09:00:00Z", "2026-03-09T09:00:00Z");
        check(20, Unit::WorkingDays, "2026-03-02T09:00:00Z", "2026-03-24T09:00:00Z", "2026-03-31T09:00:00Z");
    }

    #[test]
    fn the_built_in_policy_is_complete_and_in_order() {
        let policy = Policy::built_in();
        assert_eq!(policy.targets.len(), 20);
        assert_eq!(target_problems(&policy), []);
        let mut wrong = policy;
        for target in &mut wrong.targets {
            if target.step == Step::Acknowledge {
                target.amount = 500;
                target.unit = Unit::WorkingDays;
            }
        }
        assert_eq!(target_problems(&wrong).len(), 4);
    }

    #[test]
    fn prefixes_and_holidays_are_checked() {
        assert_eq!(prefix("p", " psirt ").unwrap(), "PSIRT");
        for bad in ["", "P", "1A", "PS-IRT", "ABCDEFGHIJKLM"] {
            assert!(prefix("p", bad).is_err(), "{bad}");
        }
        assert_eq!(holidays("h", "2026-12-25 Christmas\n\n2026-01-01\n2026-12-25").unwrap().len(), 2);
        assert!(holidays("h", "25.12.2026").is_err());
    }
}
