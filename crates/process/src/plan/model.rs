//! Plans, tasks and how they stand.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Date, Id, Timestamp, kinds};
use pack::{Model, Pack, ProductChange, RiskClass};
use register::products::{ProductId, ReleaseId};

use crate::evidence::{Evidence, EvidenceId};
use crate::pack::{PackRow, PackRowId};
use crate::place::Place;
use crate::waiver::Waiver;

/// A task.
pub type TaskId = Id<kinds::Task>;

/// Which releases a question is about.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// One.
    Release(ReleaseId),
    /// Those of one product.
    Product(ProductId),
    /// All.
    All,
}

/// When a release happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// When work begins.
    pub starts_on: Date,
    /// When it is to come out.
    pub target_on: Date,
    /// Length of a sprint in days.
    pub sprint_days: u32,
    /// The last day of each phase, by its identifier.
    pub phase_ends: BTreeMap<String, Date>,
}

/// A plan as it was agreed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The release.
    pub release: ReleaseId,
    /// Its product.
    pub product: ProductId,
    /// Counts the versions of the plan.
    pub number: i64,
    /// The pack it was made from.
    pub pack_row: PackRowId,
    /// The class it was made for.
    pub class: RiskClass,
    /// The ways of working it was made for.
    pub models: Vec<Model>,
    /// Highest level of maturity; none: all.
    pub up_to_level: Option<u32>,
    /// When it happens.
    pub schedule: Schedule,
    /// What changed in the product since the release it starts from.
    pub changes: Vec<ProductChange>,
    /// The release it starts from.
    pub based_on: Option<ReleaseId>,
    /// When it was agreed.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
}

/// One activity, for one release.
#[derive(Clone, Debug)]
pub struct Task {
    /// Which.
    pub id: TaskId,
    /// The release.
    pub release: ReleaseId,
    /// The activity.
    pub activity: String,
    /// Its practice.
    pub practice: String,
    /// Its place in the plan.
    pub position: i64,
    /// Who answers for it.
    pub owner: Option<Id<kinds::Person>>,
    /// Their name; empty without an owner.
    pub owner_name: String,
    /// When it is due.
    pub due_on: Date,
    /// Why then, in words.
    pub due_words: String,
    /// What the team wrote down about it.
    pub note: String,
    /// When somebody began.
    pub started_at: Option<Timestamp>,
    /// What was carried over, in words.
    pub carried_words: String,
    /// When it came into the plan.
    pub made_at: Timestamp,
    /// When it went out of the plan.
    pub ended_at: Option<Timestamp>,
    /// Counts writes.
    pub revision: i64,
}

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskState {
    /// Nothing has been done.
    Open,
    /// Something has been done, and something lacks.
    InWork,
    /// Somebody else has to look at it.
    Waiting,
    /// Everything it asks for is there and holds.
    Done,
    /// It was settled and what settled it is over.
    Lapsed,
    /// It does not apply, approved by somebody.
    NotApplicable,
    /// It may wait, approved by somebody.
    Waived,
}

impl TaskState {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::InWork, Self::Waiting, Self::Done, Self::Lapsed, Self::NotApplicable, Self::Waived];

    /// The word in addresses and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InWork => "in_work",
            Self::Waiting => "waiting_for_review",
            Self::Done => "done",
            Self::Lapsed => "lapsed",
            Self::NotApplicable => "not_applicable",
            Self::Waived => "waived",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::InWork => "In work",
            Self::Waiting => "Waiting for review",
            Self::Done => "Done",
            Self::Lapsed => "Lapsed",
            Self::NotApplicable => "Not applicable",
            Self::Waived => "Waived",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the gate lets it pass.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        match self {
            Self::Done | Self::NotApplicable | Self::Waived => true,
            Self::Open | Self::InWork | Self::Waiting | Self::Lapsed => false,
        }
    }
}

/// How one thing that a task asks for stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceState {
    /// Nothing is there.
    Missing,
    /// It is there and somebody else has to look at it.
    Unreviewed,
    /// It is there and holds.
    Met,
    /// It held and its time is over.
    Lapsed,
    /// It is there and not good enough, or was rejected; or the program sees that it is not so.
    Failed,
}

/// One thing that a task asks for.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Position among the evidence of the activity; none: what each pipeline run must post.
    pub slot: Option<usize>,
    /// What is asked, in words.
    pub words: String,
    /// How it stands.
    pub state: PieceState,
    /// What meets it.
    pub by: Option<EvidenceId>,
    /// Until when that holds.
    pub until: Option<Timestamp>,
    /// What to do, while it is not met.
    pub lacks: String,
    /// Whether it is met by evidence of an earlier release.
    pub carried: bool,
}

/// How a task stands, and why.
#[derive(Clone, Debug)]
pub struct Status {
    /// The state.
    pub state: TaskState,
    /// What it asks for.
    pub pieces: Vec<Piece>,
    /// Until when it stays settled.
    pub until: Option<Timestamp>,
    /// What lacks and what to do, a sentence each.
    pub lacks: Vec<String>,
}

/// A task with how it stands.
#[derive(Clone, Debug)]
pub struct Line {
    /// The task.
    pub task: Task,
    /// How it stands.
    pub status: Status,
}

impl Line {
    /// Whether it should have been settled by now.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        !self.status.state.is_settled() && self.task.due_on < today
    }
}

/// A release with its plan and all that decides how it stands, at one moment.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Product and release.
    pub place: Place,
    /// The plan.
    pub plan: Plan,
    /// About the pack it was made from.
    pub pack_row: PackRow,
    /// The pack.
    pub pack: Arc<Pack>,
    /// For which moment this is.
    pub at: Timestamp,
    /// The tasks in the order of the plan.
    pub lines: Vec<Line>,
    /// The evidence of the release, carried over or shared evidence included.
    pub evidence: Vec<Evidence>,
    /// The exceptions of the release.
    pub waivers: Vec<Waiver>,
}

impl Sheet {
    /// The line of a task.
    #[must_use]
    pub fn line(&self, task: TaskId) -> Option<&Line> {
        self.lines.iter().find(|line| line.task.id == task)
    }

    /// The title of a task's activity.
    #[must_use]
    pub fn title<'a>(&'a self, task: &'a Task) -> &'a str {
        self.pack.activity(&task.activity).map_or(task.activity.as_str(), |activity| activity.title.as_str())
    }
}
