//! Exceptions.

use kernel::{Date, Id, Timestamp, kinds};
use register::products::ReleaseId;

use crate::plan::TaskId;

/// An exception.
pub type WaiverId = Id<kinds::Waiver>;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The task is owed and may wait.
    Waiver,
    /// The activity does not apply to this release.
    NotApplicable,
}

impl Kind {
    /// The stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiver => "waiver",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Waiver => "Waiver",
            Self::NotApplicable => "Not applicable",
        }
    }

    /// Reads the stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Waiver, Self::NotApplicable].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// An exception that was asked for.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// Which.
    pub id: WaiverId,
    /// For which release.
    pub release: ReleaseId,
    /// For which task.
    pub task: TaskId,
    /// What it is.
    pub kind: Kind,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub expires_on: Date,
    /// Who asked, as the audit log names them.
    pub requested_by: String,
    /// Their name.
    pub requested_name: String,
    /// When it was asked for.
    pub made_at: Timestamp,
    /// The decision, when there is one.
    pub approved: Option<bool>,
    /// Who decided.
    pub decided_name: String,
    /// What they said.
    pub decided_note: String,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
}

impl Waiver {
    /// Whether it was asked for and not yet decided at a moment.
    #[must_use]
    pub fn is_pending_at(&self, at: Timestamp) -> bool {
        self.made_at <= at
            && self.decided_at.is_none_or(|decided| decided > at)
            && self.ended_at.is_none_or(|ended| ended > at)
    }

    fn was_approved_by(&self, at: Timestamp) -> bool {
        self.approved == Some(true)
            && self.decided_at.is_some_and(|decided| decided <= at)
            && self.ended_at.is_none_or(|ended| ended > at)
    }

    /// Whether it held at a moment.
    #[must_use]
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.was_approved_by(at) && at.date() <= self.expires_on
    }

    /// Whether its time was over at a moment.
    #[must_use]
    pub fn is_lapsed_at(&self, at: Timestamp) -> bool {
        self.was_approved_by(at) && at.date() > self.expires_on
    }
}
