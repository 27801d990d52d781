//! Who is told of advisories.

use cvss::Severity;
use kernel::{EmailAddress, Id, Timestamp, kinds};

/// The kind of a subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SubscriberKind {}

/// A subscriber's identifier.
pub(crate) type SubscriberId = Id<SubscriberKind>;

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The address is not confirmed yet.
    Pending,
    /// Gets notices.
    Confirmed,
    /// Ended by the subscriber or by us.
    Ended,
}

impl State {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 3] = [Self::Pending, Self::Confirmed, Self::Ended];

    /// The stored text.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Ended => "ended",
        }
    }

    /// What people read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Pending => "Not confirmed",
            Self::Confirmed => "Confirmed",
            Self::Ended => "Ended",
        }
    }

    /// Reads the stored text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What somebody wants to be told of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wishes {
    /// From this severity on.
    pub(crate) least: Severity,
    /// These products; all when empty.
    pub(crate) products: Vec<Id<kinds::Product>>,
}

/// Somebody who signed up.
#[derive(Clone, Debug)]
pub(crate) struct Subscriber {
    /// Which one.
    pub(crate) id: SubscriberId,
    /// Where notices go.
    pub(crate) address: EmailAddress,
    /// Where it stands.
    pub(crate) state: State,
    /// What they want.
    pub(crate) wishes: Wishes,
    /// The token of the link with which they manage it, sealed.
    pub(crate) sealed_manage: Vec<u8>,
    /// When they signed up.
    pub(crate) created_at: Timestamp,
    /// Until when they can confirm.
    pub(crate) confirm_until: Option<Timestamp>,
}
