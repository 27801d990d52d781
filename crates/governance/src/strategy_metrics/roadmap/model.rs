//! Phases of a roadmap.

use std::collections::BTreeMap;

use kernel::{Date, Id, Scope, Timestamp, kinds};

/// Phases as kept.
pub enum PhaseKind {}
/// A phase.
pub type PhaseId = Id<PhaseKind>;

/// Where a phase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseState {
    /// Not begun.
    Planned,
    /// Being worked on.
    Running,
    /// Done.
    Done,
    /// Given up.
    Dropped,
}

impl PhaseState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Planned, Self::Running, Self::Done, Self::Dropped];

    /// The stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::Running => "Running",
            Self::Done => "Done",
            Self::Dropped => "Given up",
        }
    }

    /// Reads the stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether nothing is to be done any more.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Dropped)
    }
}

/// A phase of a roadmap.
#[derive(Clone, Debug)]
pub struct Phase {
    /// Which.
    pub id: PhaseId,
    /// The series of models that its scores are of.
    pub series: String,
    /// For which place.
    pub scope: Scope,
    /// Its name.
    pub name: String,
    /// When it is to be done.
    pub due_on: Date,
    /// Where it stands.
    pub state: PhaseState,
    /// Who sees to it.
    pub owner: Option<Id<kinds::Person>>,
    /// Their name.
    pub owner_name: String,
    /// What is to be done, one activity a line.
    pub activities: String,
    /// Anything else.
    pub note: String,
    /// The scores to be reached, in hundredths, by practice.
    pub wanted: BTreeMap<String, i64>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// Counts writes.
    pub revision: i64,
}
