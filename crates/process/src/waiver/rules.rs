//! Decisions about exceptions. Pure.

use kernel::{Actor, Date, Refusal};

use super::model::{Kind, Waiver};

/// Why an exception is not taken or decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("An exception ends on a day from tomorrow to {latest}. Choose one; it can be asked for again before then.")]
    End { latest: Date },
    #[error("You asked for this, so somebody else has to decide.")]
    OwnRequest,
    #[error("This was decided or ended already. Ask again if it is still needed.")]
    Settled,
    #[error("An exception is decided by a person. Sign in to the desk.")]
    NoPerson,
}

impl Refusal for Refused {
    fn code(&self) -> &'static str {
        match self {
            Self::End { .. } => "waiver-end",
            Self::OwnRequest => "own-request",
            Self::Settled => "waiver-settled",
            Self::NoPerson => "no-person",
        }
    }
}

/// The last day that may be asked for: a year for a waiver, two for what does not apply.
pub(super) fn latest_end(kind: Kind, today: Date) -> Date {
    match kind {
        Kind::Waiver => today.plus_days(365),
        Kind::NotApplicable => today.plus_days(730),
    }
}

/// Whether an exception may end on this day.
pub(super) fn may_request(kind: Kind, expires_on: Date, today: Date) -> Result<(), Refused> {
    let latest = latest_end(kind, today);
    if expires_on <= today || expires_on > latest { Err(Refused::End { latest }) } else { Ok(()) }
}

/// Whether `actor` may decide: never the one who asked, and only once.
pub(super) fn may_decide(waiver: &Waiver, actor: &Actor) -> Result<(), Refused> {
    let Some(person) = actor.person() else { return Err(Refused::NoPerson) };
    if waiver.decided_at.is_some() || waiver.ended_at.is_some() {
        return Err(Refused::Settled);
    }
    if waiver.requested_by == person.to_string() { Err(Refused::OwnRequest) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, ends: &str, holds: bool) {
        let today = "2026-03-02".parse().unwrap();
        assert_eq!(may_request(kind, ends.parse().unwrap(), today).is_ok(), holds);
    }

    #[test]
    fn exceptions_end_within_their_time() {
        check(Kind::Waiver, "2026-03-02", false);
        check(Kind::Waiver, "2026-03-03", true);
        check(Kind::Waiver, "2027-03-02", true);
        check(Kind::Waiver, "2027-03-03", false);
        check(Kind::NotApplicable, "2027-03-03", true);
        check(Kind::NotApplicable, "2028-03-02", false);
    }
}
