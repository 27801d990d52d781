//! Decisions about subscriptions. Pure: no clock, no database, no HTTP.

use std::time::Duration;

use cvss::Severity;
use kernel::Timestamp;

use super::model::{State, Subscriber};

/// How long a confirmation link holds.
pub(super) const CONFIRM_WITHIN: Duration = Duration::from_secs(48 * 3_600);

/// How long one address is left alone after a confirmation mail, so that nobody can be flooded through our form.
const QUIET: Duration = Duration::from_secs(600);

/// What happens with a sign-up; the visitor sees the same in every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignUp {
    /// A new subscriber, and a confirmation mail.
    New,
    /// The same subscriber again, with new wishes and a new confirmation mail.
    Again,
    /// Somebody who is confirmed gets the link with which they manage it.
    Remind,
    /// A mail went out a moment ago; nothing is sent.
    Quiet,
}

/// Decides about a sign-up of an address that is `known` or not.
pub(super) fn next_sign_up(known: Option<&Subscriber>, now: Timestamp) -> SignUp {
    match known {
        None => SignUp::New,
        Some(known) => match known.state {
            _ if now.since(known.created_at) < QUIET => SignUp::Quiet,
            State::Confirmed => SignUp::Remind,
            State::Pending | State::Ended => SignUp::Again,
        },
    }
}

/// Whether the confirmation still holds.
pub(super) fn may_confirm(subscriber: &Subscriber, now: Timestamp) -> bool {
    subscriber.state == State::Pending && subscriber.confirm_until.is_some_and(|until| now <= until)
}

/// Where a severity stands in the order; a notice without one counts as the highest, since it tells of something that
/// cannot wait for a score.
pub(super) fn rank(severity: Option<Severity>) -> i64 {
    match severity {
        Some(Severity::None) => 0,
        Some(Severity::Low) => 1,
        Some(Severity::Medium) => 2,
        Some(Severity::High) => 3,
        Some(Severity::Critical) | None => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Wishes;
    use super::*;

    fn subscriber(state: State) -> Subscriber {
        Subscriber {
            id: "00000000-0000-7000-8000-000000000001".parse().unwrap(),
            address: kernel::EmailAddress::parse("a", "a@b.example").unwrap(),
            state,
            wishes: Wishes { least: Severity::None, products: Vec::new() },
            sealed_manage: Vec::new(),
            created_at: Timestamp::from_micros(0),
            confirm_until: Some(Timestamp::from_micros(0) + CONFIRM_WITHIN),
        }
    }

    #[test]
    fn an_address_is_not_flooded() {
        let start = Timestamp::from_micros(0);
        assert_eq!(next_sign_up(None, start), SignUp::New);
        for state in State::ALL {
            assert_eq!(next_sign_up(Some(&subscriber(state)), start + Duration::from_secs(599)), SignUp::Quiet);
        }
        let later = start + QUIET;
        assert_eq!(next_sign_up(Some(&subscriber(State::Pending)), later), SignUp::Again);
        assert_eq!(next_sign_up(Some(&subscriber(State::Ended)), later), SignUp::Again);
        assert_eq!(next_sign_up(Some(&subscriber(State::Confirmed)), later), SignUp::Remind);
    }

    #[test]
    fn confirmation_ends_after_two_days_and_with_use() {
        let start = Timestamp::from_micros(0);
        assert!(may_confirm(&subscriber(State::Pending), start + CONFIRM_WITHIN));
        assert!(!may_confirm(&subscriber(State::Pending), start + CONFIRM_WITHIN + Duration::from_secs(1)));
        assert!(!may_confirm(&subscriber(State::Confirmed), start));
        assert!(!may_confirm(&subscriber(State::Ended), start));
    }
}
