//! Which clocks a case has and how they stand. Pure: no clock, no database, no HTTP.

use kernel::Timestamp;

use super::super::model::{Case, Route, Severity};
use crate::issue_management::policy::{self, Policy, Step};

/// A clock as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    /// The step.
    pub(super) step: Step,
    /// Since when it runs.
    pub(super) started_at: Timestamp,
    /// Until when.
    pub(super) due_at: Timestamp,
    /// When to warn.
    pub(super) warn_at: Timestamp,
    /// Whether its severity is not confirmed yet.
    pub(super) provisional: bool,
    /// When the step was done.
    pub(super) met_at: Option<Timestamp>,
}

/// The severity that targets are taken from: the case's own, or high while there is none, since a report that nobody
/// scored yet may be about anything.
const fn severity_of(case: &Case) -> Severity {
    match case.severity {
        Some(severity) => severity,
        None => Severity::High,
    }
}

/// The clocks of a case.
///
/// Acknowledgement and triage count from the arrival of the report. Mitigation, fix and disclosure count from the
/// confirmation (P2), and before it provisionally from the arrival. A case that goes to a release has no disclosure
/// (P1); a closed case keeps only the clocks that were met.
pub(super) fn clocks_due(case: &Case, policy: &Policy) -> Vec<Planned> {
    let provisional = !case.is_confirmed();
    let severity = severity_of(case);
    Step::ALL
        .into_iter()
        .filter_map(|step| {
            let (started_at, met_at) = match step {
                Step::Acknowledge => (case.received_at, case.acknowledged_at),
                Step::Triage => (case.received_at, case.triaged_at),
                Step::Mitigate => (case.confirmed_at.unwrap_or(case.received_at), case.mitigated_at),
                Step::Fix => (case.confirmed_at.unwrap_or(case.received_at), case.fixed_at),
                Step::Disclose => (case.confirmed_at.unwrap_or(case.received_at), case.disclosed_at),
            };
            let dropped = step == Step::Disclose && case.route == Route::Release;
            if met_at.is_none() && (dropped || case.is_closed()) {
                return None;
            }
            let target = policy.target(severity, step)?;
            Some(Planned {
                step,
                started_at,
                due_at: policy::due(policy, target, started_at),
                warn_at: policy::warn_at(policy, target, started_at),
                provisional,
                met_at,
            })
        })
        .collect()
}

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Done in time.
    Met,
    /// Done, too late.
    MetLate,
    /// Running.
    Running,
    /// Due soon.
    Warning,
    /// Missed.
    Overdue,
}

/// How a clock stands at `now`; `warned` when its warning was given.
pub(crate) fn level(due_at: Timestamp, met_at: Option<Timestamp>, warned: bool, now: Timestamp) -> Level {
    match met_at {
        Some(met) if met <= due_at => Level::Met,
        Some(_) => Level::MetLate,
        None if now > due_at => Level::Overdue,
        None if warned => Level::Warning,
        None => Level::Running,
    }
}

/// How much of the time is used up, in per cent.
pub(crate) fn percent_used(started_at: Timestamp, due_at: Timestamp, now: Timestamp) -> u8 {
    let whole = due_at.since(started_at).as_secs().max(1);
    let used = now.since(started_at).as_secs().min(whole);
    u8::try_from(used.saturating_mul(100) / whole).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_runs_warns_and_is_missed() {
        let due = moment("2026-03-03T09:00:00Z");
        let check = |met: Option<&str>, warned, now: &str| level(due, met.map(moment), warned, moment(now));
        assert_eq!(check(None, false, "2026-03-02T09:00:00Z"), Level::Running);
        assert_eq!(check(None, true, "2026-03-03T03:00:00Z"), Level::Warning);
        assert_eq!(check(None, true, "2026-03-03T09:00:01Z"), Level::Overdue);
        assert_eq!(check(Some("2026-03-03T09:00:00Z"), true, "2026-03-09T09:00:00Z"), Level::Met);
        assert_eq!(check(Some("2026-03-03T09:00:01Z"), true, "2026-03-09T09:00:00Z"), Level::MetLate);
        assert_eq!(percent_used(moment("2026-03-02T09:00:00Z"), due, moment("2026-03-03T03:00:00Z")), 75);
        assert_eq!(percent_used(moment("2026-03-02T09:00:00Z"), due, moment("2026-04-03T03:00:00Z")), 100);
    }
}
