//! How escapes are counted, what an improvement action needs, and its effect. Pure.

use kernel::{Date, Refusal};

use super::model::{Action, ActionState, Aim, Escape};

/// Days after an action's end before its effect is judged.
pub(crate) const SETTLING_DAYS: i32 = 90;
/// Fewer escapes than this before and after together say nothing.
pub(crate) const FEWEST: usize = 3;
/// How far back the time before is looked at.
pub(crate) const BEFORE_DAYS: i32 = 365;

/// Escapes by some key: the key and how many, the most first, then by key.
pub(crate) fn count_by<'a>(
    escapes: impl IntoIterator<Item = &'a Escape>,
    key: impl Fn(&Escape) -> String,
) -> Vec<(String, usize)> {
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for escape in escapes {
        *counts.entry(key(escape)).or_default() += 1;
    }
    let mut list: Vec<_> = counts.into_iter().collect();
    list.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    list
}

/// The day on which the records of escapes begin.
pub(crate) fn begins(escapes: &[Escape], today: Date) -> Date {
    escapes.iter().map(|escape| escape.found_at.date()).min().unwrap_or(today)
}

/// An escape as the effect sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    /// When it was found.
    pub(crate) on: Date,
    /// Whether a release from before the action brought it in, or nobody knows.
    pub(crate) old: bool,
}

/// Escapes in a span of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate {
    /// How many.
    pub(crate) escapes: usize,
    /// In so many days.
    pub(crate) days: i32,
    /// While so many releases came out.
    pub(crate) releases: usize,
}

impl Rate {
    /// Escapes a month of 30.4 days.
    #[expect(clippy::cast_precision_loss, reason = "counts of escapes are small")]
    pub(crate) fn per_month(self) -> f64 {
        if self.days <= 0 { 0.0 } else { self.escapes as f64 * 30.4 / f64::from(self.days) }
    }

    /// Escapes for each release that came out; `None` without releases.
    #[expect(clippy::cast_precision_loss, reason = "counts of escapes are small")]
    pub(crate) fn per_release(self) -> Option<f64> {
        (self.releases > 0).then(|| self.escapes as f64 / self.releases as f64)
    }
}

/// What can be said about an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Too little time has passed: so many days are still to come.
    TooEarly(i32),
    /// Too few escapes to tell a change from chance.
    TooFew,
    /// Fewer a month than before.
    Fewer,
    /// As many, within a fifth.
    Same,
    /// More a month than before.
    More,
}

/// The effect of an action.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Effect {
    /// The time before it was done.
    pub(crate) before: Rate,
    /// The time since.
    pub(crate) after: Rate,
    /// Of those since: brought in by a release from before the action, or nobody knows by which.
    pub(crate) old: usize,
    /// What can be said.
    pub(crate) said: Said,
}

/// The effect that an action had until `today`: escapes found in the year before it was done (or since the records begin)
/// beside those found since. `releases` are the days on which releases of the same products came out.
pub(crate) fn effect(done_on: Date, today: Date, begins: Date, escapes: &[Found], releases: &[Date]) -> Effect {
    let from = begins.max(done_on.plus_days(-BEFORE_DAYS)).min(done_on);
    let rate = |from: Date, until: Date| Rate {
        escapes: escapes.iter().filter(|found| found.on >= from && found.on < until).count(),
        days: until.days_since(from),
        releases: releases.iter().filter(|day| **day >= from && **day < until).count(),
    };
    let before = rate(from, done_on);
    let after = rate(done_on, today.plus_days(1));
    let old = escapes.iter().filter(|found| found.on >= done_on && found.on <= today && found.old).count();
    let passed = today.days_since(done_on);
    let said = if passed < SETTLING_DAYS {
        Said::TooEarly(SETTLING_DAYS - passed)
    } else if before.escapes + after.escapes < FEWEST {
        Said::TooFew
    } else if after.per_month() < before.per_month() * 0.8 {
        Said::Fewer
    } else if after.per_month() > before.per_month() * 1.2 {
        Said::More
    } else {
        Said::Same
    };
    Effect { before, after, old, said }
}

/// Why an action cannot be written or moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ActionRefused {
    #[error("Say what it is about: a practice, an activity or a cause. Its effect is measured by that.")]
    Aimless,
    #[error("Say why it is dropped.")]
    Reason,
    #[error("Write the day since when it is in effect, not later than today.")]
    DoneOn,
    #[error("It stands there already. Reload the page to see it.")]
    Same,
    #[error("Only its owner or whoever runs the programme can change how it stands.")]
    NotYours,
}

impl Refusal for ActionRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Aimless => "improvement-aimless",
            Self::Reason => "improvement-reason-missing",
            Self::DoneOn => "improvement-done-on",
            Self::Same => "improvement-same-state",
            Self::NotYours => "improvement-not-yours",
        }
    }
}

/// Decides whether an action says what it is about.
pub(crate) fn may_aim(aim: &Aim) -> Result<(), ActionRefused> {
    if aim.practice.is_empty() && aim.activity.is_empty() && aim.cause.is_empty() {
        Err(ActionRefused::Aimless)
    } else {
        Ok(())
    }
}

/// Decides about a new state; the day is asked for when it is done.
pub(crate) fn may_move(
    action: &Action,
    to: ActionState,
    reason: &str,
    done_on: Option<Date>,
    today: Date,
) -> Result<(), ActionRefused> {
    if action.state == to && !(to == ActionState::Done && done_on != action.done_on) {
        return Err(ActionRefused::Same);
    }
    match to {
        ActionState::Dropped if reason.trim().is_empty() => Err(ActionRefused::Reason),
        ActionState::Done if done_on.is_none_or(|day| day > today) => Err(ActionRefused::DoneOn),
        ActionState::Open | ActionState::Doing | ActionState::Done | ActionState::Dropped => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn found(days: &[&str]) -> Vec<Found> {
        days.iter().map(|text| Found { on: day(text), old: text.starts_with("2026-03") }).collect()
    }

    #[track_caller]
    fn check(today: &str, days: &[&str], expected: Said) -> Effect {
        let releases = [day("2025-06-01"), day("2026-03-01")];
        let effect = effect(day("2026-01-01"), day(today), day("2025-01-01"), &found(days), &releases);
        assert_eq!(effect.said, expected);
        effect
    }

    #[test]
    fn effects_wait_for_time_and_numbers() {
        let before = ["2025-02-01", "2025-04-01", "2025-06-01", "2025-08-01", "2025-10-01", "2025-12-01"];
        check("2026-01-31", &before, Said::TooEarly(60));
        check("2026-12-31", &["2025-02-01"], Said::TooFew);
        let effect = check("2026-12-31", &before, Said::Fewer);
        assert_eq!((effect.before.escapes, effect.before.days, effect.before.releases), (6, 365, 1));
        assert_eq!((effect.after.escapes, effect.after.days), (0, 365));
        let mut more = before.to_vec();
        more.extend(["2026-03-02", "2026-03-03", "2026-04-01"]);
        let effect = check("2026-04-30", &more, Said::More);
        assert_eq!((effect.after.escapes, effect.old), (3, 2));
        assert!(effect.after.per_month() > 0.7 && effect.after.per_release() == Some(3.0));
    }

    #[test]
    fn the_time_before_begins_with_the_records() {
        let effect = effect(day("2026-01-01"), day("2026-06-01"), day("2025-12-02"), &found(&["2025-12-05"]), &[]);
        assert_eq!((effect.before.days, effect.before.per_release()), (30, None));
    }
}
