//! What a gate says, and what people decided.

use kernel::{Date, Timestamp};
use register::products::ReleaseId;

use crate::plan::{TaskId, TaskState};

/// What a gate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is settled by evidence or does not apply.
    Passed,
    /// Nothing lacks, since somebody approved that something may wait.
    PassedWithExceptions,
    /// Something lacks.
    Lacking,
}

impl Outcome {
    /// The word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::PassedWithExceptions => "passed_with_exceptions",
            Self::Lacking => "lacking",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Passed => "Passed",
            Self::PassedWithExceptions => "Passed with exceptions",
            Self::Lacking => "Something lacks",
        }
    }
}

/// One task as the gate counted it.
#[derive(Clone, Debug)]
pub struct Item {
    /// The task.
    pub task: TaskId,
    /// Its activity.
    pub activity: String,
    /// The activity's title.
    pub title: String,
    /// Its practice.
    pub practice: String,
    /// How it stands.
    pub state: TaskState,
    /// Whether it was only assumed to be done.
    pub assumed: bool,
    /// When it is due.
    pub due_on: Date,
    /// Who answers for it; may be empty.
    pub owner: String,
    /// What lacks and what to do.
    pub lacks: Vec<String>,
    /// Until when it stays settled.
    pub until: Option<Timestamp>,
    /// For exceptions: why.
    pub reason: String,
    /// SHA-256 of the evidence that it stands on.
    pub evidence: Vec<String>,
}

impl Item {
    /// Whether the gate lets it pass.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        self.assumed || self.state.is_settled()
    }
}

/// What a gate says about a release at a moment.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The gate.
    pub gate: String,
    /// Its title.
    pub title: String,
    /// The phase it closes; none: the release gate.
    pub phase: Option<String>,
    /// What it says.
    pub outcome: Outcome,
    /// Every task it counted.
    pub items: Vec<Item>,
    /// The first moment at which something that is settled is so no longer.
    pub until: Option<Timestamp>,
    /// When it was asked.
    pub at: Timestamp,
}

impl Verdict {
    /// What lacks.
    pub fn lacking(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| !item.is_settled())
    }

    /// What passes by an exception.
    pub fn exceptions(&self) -> impl Iterator<Item = &Item> {
        self.items
            .iter()
            .filter(|item| matches!(item.state, TaskState::Waived | TaskState::NotApplicable) && !item.assumed)
    }

    /// Whether the gate lets the release pass.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.outcome != Outcome::Lacking
    }

    /// Whether something was only assumed.
    #[must_use]
    pub fn is_what_if(&self) -> bool {
        self.items.iter().any(|item| item.assumed)
    }
}

/// What a person can decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The release passes.
    Passed,
    /// The release passes with the exceptions that were approved.
    PassedWithExceptions,
    /// The release does not go on.
    Stopped,
}

impl Choice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Passed, Self::PassedWithExceptions, Self::Stopped];

    /// The stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::PassedWithExceptions => "passed_with_exceptions",
            Self::Stopped => "stopped",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Passed => "Passed",
            Self::PassedWithExceptions => "Passed with exceptions",
            Self::Stopped => "Stopped",
        }
    }

    /// Reads the stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == text)
    }
}

/// A decision that somebody took.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The release.
    pub release: ReleaseId,
    /// The gate.
    pub gate: String,
    /// What was decided.
    pub choice: Choice,
    /// Why.
    pub reason: String,
    /// The state it was based on, as JSON.
    pub state: String,
    /// SHA-256 of that.
    pub state_sha256: String,
    /// Who.
    pub decided_name: String,
    /// When.
    pub made_at: Timestamp,
}
