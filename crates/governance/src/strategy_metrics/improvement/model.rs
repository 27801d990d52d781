//! Escapes and improvement actions.

use kernel::{Date, Id, Timestamp, kinds};

/// The kind of an improvement action.
pub(crate) enum ActionKind {}
/// Which improvement action.
pub(crate) type ActionId = Id<ActionKind>;

type ProductId = Id<kinds::Product>;
type ReleaseId = Id<kinds::Release>;

/// The words of a cause, as cases record them.
pub(crate) const CAUSES: &[(&str, &str)] = &[
    ("design_flaw", "Design flaw"),
    ("missing_requirement", "Missing requirement"),
    ("coding_mistake", "Coding mistake"),
    ("third_party", "Third-party component"),
    ("configuration", "Configuration or default"),
    ("build_release", "Build or release"),
    ("documentation", "Documentation"),
    ("not_ours", "Not ours"),
    ("unknown", "Unknown"),
];

/// What found an escape.
pub(crate) const DETECTED: &[(&str, &str)] = &[
    ("finder", "A finder from outside"),
    ("customer", "A customer"),
    ("partner", "A partner"),
    ("exploitation", "Exploitation in the field"),
    ("intelligence", "Vulnerability intelligence"),
    ("own_work", "Our own test or review after release"),
    ("unknown", "Not known"),
];

/// What people read for a stored word.
pub(crate) fn label<'a>(words: &'a [(&'a str, &'a str)], word: &'a str) -> &'a str {
    words.iter().find(|(known, _)| *known == word).map_or(word, |(_, label)| label)
}

/// A vulnerability found in the field, with what its case learned from it.
#[derive(Clone, Debug)]
pub(crate) struct Escape {
    /// The row of the root cause; names the escape in forms.
    pub(crate) id: String,
    /// The case; shown only through its card.
    pub(crate) case: Id<kinds::Case>,
    /// The product, where one is named.
    pub(crate) product: Option<ProductId>,
    /// `critical` to `none`; empty while unrated.
    pub(crate) severity: String,
    /// When the first report came.
    pub(crate) found_at: Timestamp,
    /// When the case was closed.
    pub(crate) closed_at: Option<Timestamp>,
    /// What kind of mistake.
    pub(crate) cause: String,
    /// What found it.
    pub(crate) detected: String,
    /// `release`, `before_records` or `unknown`.
    pub(crate) introduced: String,
    /// The release that brought it in.
    pub(crate) release: Option<ReleaseId>,
    /// `activity`, `gap` or `unknown`.
    pub(crate) caught: String,
    /// The activity that should have caught it.
    pub(crate) activity: String,
    /// Its title when it was named.
    pub(crate) activity_title: String,
    /// Its practice.
    pub(crate) practice: String,
    /// What the process lacks; empty while the case is under embargo.
    pub(crate) suggestion: String,
}

impl Escape {
    /// The practice as a group: its identifier, `gap` or `unknown`.
    pub(crate) fn practice_key(&self) -> &str {
        if self.caught == "activity" { &self.practice } else { &self.caught }
    }

    /// The activity as a group.
    pub(crate) fn activity_key(&self) -> &str {
        if self.caught == "activity" { &self.activity } else { &self.caught }
    }

    /// The release as a group: its identifier, `before_records` or `unknown`.
    pub(crate) fn release_key(&self) -> String {
        self.release.map_or_else(|| self.introduced.clone(), |id| id.to_string())
    }

    /// The severity as a group.
    pub(crate) fn severity_key(&self) -> &str {
        if self.severity.is_empty() { "unrated" } else { &self.severity }
    }
}

/// How an improvement action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActionState {
    /// Nothing was begun.
    Open,
    /// Somebody is at it.
    Doing,
    /// It is in effect.
    Done,
    /// It will not be done.
    Dropped,
}

impl ActionState {
    /// All of them, in order.
    pub(crate) const ALL: &'static [Self] = &[Self::Open, Self::Doing, Self::Done, Self::Dropped];

    /// The stored text.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Doing => "doing",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// What people read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Doing => "Doing",
            Self::Done => "Done",
            Self::Dropped => "Dropped",
        }
    }

    /// Reads the stored text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.as_str() == text)
    }

    /// Whether work is still owed.
    pub(crate) const fn is_owed(self) -> bool {
        matches!(self, Self::Open | Self::Doing)
    }
}

/// What an action is about; empty texts are "any". Escapes that fit are those whose number it should bring down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Aim {
    /// A practice, or `gap`.
    pub(crate) practice: String,
    /// An activity of it.
    pub(crate) activity: String,
    /// A cause.
    pub(crate) cause: String,
    /// One product only.
    pub(crate) product: Option<ProductId>,
}

impl Aim {
    /// Whether an escape is of the kind that the action is about.
    pub(crate) fn fits(&self, escape: &Escape) -> bool {
        (self.practice.is_empty() || self.practice == escape.practice_key())
            && (self.activity.is_empty() || self.activity == escape.activity_key())
            && (self.cause.is_empty() || self.cause == escape.cause)
            && (self.product.is_none() || self.product == escape.product)
    }
}

/// An improvement action as it stood at a moment.
#[derive(Clone, Debug)]
pub(crate) struct Action {
    /// Which.
    pub(crate) id: ActionId,
    /// In a line.
    pub(crate) title: String,
    /// In detail.
    pub(crate) what: String,
    /// What it is about.
    pub(crate) aim: Aim,
    /// Who does it.
    pub(crate) owner: Option<Id<kinds::Person>>,
    /// Their name.
    pub(crate) owner_name: String,
    /// By when.
    pub(crate) due_on: Option<Date>,
    /// How it stood.
    pub(crate) state: ActionState,
    /// Why it was dropped, or a note.
    pub(crate) reason: String,
    /// Since when it is in effect.
    pub(crate) done_on: Option<Date>,
    /// When it was written down.
    pub(crate) made_at: Timestamp,
    /// By whom.
    pub(crate) made_by: String,
    /// How many escapes are linked to it.
    pub(crate) links: i64,
    /// Counts writes.
    pub(crate) revision: i64,
}

impl Action {
    /// Whether it is owed and late on a day.
    pub(crate) fn is_overdue(&self, day: Date) -> bool {
        self.state.is_owed() && self.due_on.is_some_and(|due| due < day)
    }
}
