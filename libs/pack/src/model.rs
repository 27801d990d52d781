//! A process pack as typed values. What is stored with a release is this, so every type can be written and read back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::words::{Change, Criterion, EvidenceKind, EvidenceRule, Fact, Model, RiskClass, Scope};

/// Version of a pack: three numbers, compared in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Version {
    /// Changes what teams owe.
    pub major: u32,
    /// Adds activities.
    pub minor: u32,
    /// Words only.
    pub patch: u32,
}

impl Version {
    /// Reads `1.2.3`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| {
            let plain = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            if plain { part.parse::<u32>().ok() } else { None }
        });
        let version = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        if parts.next().is_some() { None } else { Some(version) }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A whole process pack.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pack {
    /// Identifier, such as `standard`.
    pub id: String,
    /// Version.
    pub version: Version,
    /// Title for people.
    pub title: String,
    /// What the pack is for.
    pub about: String,
    /// The pack it builds on, with the version it was read with.
    pub extends: Option<(String, Version)>,
    /// Fewest activities a practice must have.
    pub minimum_activities: u32,
    /// Number of maturity levels on which every practice must have an activity.
    pub levels: u32,
    /// Who does and decides.
    pub roles: Vec<Role>,
    /// Business functions, in order.
    pub functions: Vec<Function>,
    /// Practices, in the order of their functions.
    pub practices: Vec<Practice>,
    /// Phases of the waterfall model, in order.
    pub phases: Vec<Phase>,
    /// Delivery models the pack speaks of.
    pub models: Vec<Model>,
    /// What can happen in a story that makes an activity due.
    pub triggers: Vec<Trigger>,
    /// What pipelines can post.
    pub posts: Vec<Post>,
    /// Where tasks are counted.
    pub gates: Vec<Gate>,
    /// Frameworks whose identifiers are named.
    pub frameworks: Vec<Framework>,
    /// The product profile and how it becomes a class.
    pub risk: RiskModel,
    /// The activities, in the order of their practices.
    pub activities: Vec<Activity>,
    /// What was taken out of the pack it builds on, and why.
    pub removed: Vec<Removal>,
}

impl Pack {
    /// Finds an activity.
    #[must_use]
    pub fn activity(&self, id: &str) -> Option<&Activity> {
        self.activities.iter().find(|activity| activity.id == id)
    }

    /// Finds a practice.
    #[must_use]
    pub fn practice(&self, id: &str) -> Option<&Practice> {
        self.practices.iter().find(|practice| practice.id == id)
    }

    /// Finds a role.
    #[must_use]
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// The activities of one practice, in order of level.
    #[must_use]
    pub fn activities_of(&self, practice: &str) -> Vec<&Activity> {
        let mut list: Vec<&Activity> = self.activities.iter().filter(|a| a.practice == practice).collect();
        list.sort_by_key(|activity| activity.level);
        list
    }

    /// The position of a phase, for ordering.
    #[must_use]
    pub fn phase_index(&self, id: &str) -> Option<usize> {
        self.phases.iter().position(|phase| phase.id == id)
    }
}

/// A part somebody plays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Identifier.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// What this role answers for.
    pub about: String,
}

/// A business function: a group of practices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// Identifier.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// What it is for.
    pub about: String,
}

/// A practice: a group of activities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    /// Identifier.
    pub id: String,
    /// The function it belongs to.
    pub function: String,
    /// Title for people.
    pub title: String,
    /// What it is for.
    pub purpose: String,
}

/// A phase of the waterfall model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// Identifier.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// What happens in it.
    pub about: String,
}

/// An event in a story that makes an activity due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Identifier.
    pub id: String,
    /// How a team recognises it.
    pub title: String,
}

/// A kind of pipeline post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Identifier, as pipelines name it.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// What it counts; only these can have thresholds.
    pub measures: Vec<String>,
}

/// A point where tasks are counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Identifier.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// The delivery models it is for.
    pub models: Vec<Model>,
    /// The phase it closes; none for the release gate.
    pub phase: Option<String>,
    /// The role that takes the decision.
    pub approver: String,
    /// What it asks.
    pub about: String,
}

/// A framework whose identifiers activities name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Framework {
    /// Identifier, such as `ssdf`.
    pub id: String,
    /// Title for people.
    pub title: String,
}

/// Something taken out of the pack below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    /// The activity or practice.
    pub id: String,
    /// Why it does not apply to this vendor.
    pub reason: String,
}

/// The product profile: questions, and the sums from which a class begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskModel {
    /// Questions, in order.
    pub questions: Vec<Question>,
    /// The least sum of weights of each class above low.
    pub from: BTreeMap<RiskClass, u32>,
    /// Days after which the profile is to be looked at again.
    pub review_days: u32,
}

/// One question of the product profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Identifier.
    pub id: String,
    /// The question.
    pub title: String,
    /// Why it is asked.
    pub about: String,
    /// Whether several answers can be true at once.
    pub several: bool,
    /// The answers, lightest first.
    pub answers: Vec<Answer>,
}

/// An answer of the product profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Identifier.
    pub id: String,
    /// The answer.
    pub title: String,
    /// What it adds to the sum.
    pub weight: u32,
    /// The class that this answer alone demands.
    pub at_least: Option<RiskClass>,
    /// Why it weighs what it weighs.
    pub reason: String,
}

/// One thing the life cycle asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Stable identifier: practice, dot, name.
    pub id: String,
    /// The practice it belongs to.
    pub practice: String,
    /// Level of maturity, from 1.
    pub level: u32,
    /// What it is done for.
    pub scope: Scope,
    /// Title for people.
    pub title: String,
    /// Why it is done.
    pub purpose: String,
    /// What to do, step by step.
    pub steps: Vec<String>,
    /// Roles that do it.
    pub does: Vec<String>,
    /// The role that decides.
    pub decides: String,
    /// Risk classes it applies to.
    pub classes: Vec<RiskClass>,
    /// Whether all evidence is needed or one piece.
    pub evidence_rule: EvidenceRule,
    /// Evidence that counts.
    pub evidence: Vec<Evidence>,
    /// When it is due in each delivery model.
    pub due: Delivery,
    /// Whether the next release may carry it over.
    pub carry: Carry,
    /// Identifiers it answers, by framework.
    pub answers: BTreeMap<String, Vec<String>>,
}

/// Upper bounds by measure, such as open critical findings.
pub type Thresholds = BTreeMap<String, u32>;

/// One kind of evidence that counts for an activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The kind.
    pub kind: EvidenceKind,
    /// What it must show.
    pub what: String,
    /// How long it proves something.
    pub validity: Validity,
    /// The kind of post or scan, for pipeline posts and scan reports.
    pub post: Option<String>,
    /// Upper bounds.
    pub max: Thresholds,
    /// Least share in percent, for training coverage.
    pub min_percent: Option<u32>,
    /// The fact, for live facts.
    pub fact: Option<Fact>,
}

/// How long evidence proves something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// For so many days after it was made.
    Days(u32),
    /// For the release it was made for.
    Release,
}

/// When an activity is due in each delivery model; a model that is missing does not ask for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// At a phase gate.
    pub waterfall: Option<WaterfallDue>,
    /// In sprints.
    pub agile: Option<AgileDue>,
    /// In every pipeline run.
    pub devops: Option<DevopsDue>,
}

/// Due at a phase gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaterfallDue {
    /// The phase.
    pub phase: String,
    /// To enter or to leave it.
    pub criterion: Criterion,
    /// The role that approves.
    pub approver: String,
}

/// Due in sprints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "rule")]
pub enum AgileDue {
    /// Part of the definition of done of every story.
    Done {
        /// The line of the definition.
        words: String,
    },
    /// When a story has one of these triggers.
    Trigger {
        /// The triggers.
        on: Vec<String>,
    },
    /// Once in so many sprints.
    Bucket {
        /// Number of sprints.
        sprints: u32,
    },
    /// Once, before the first sprint ends, and again when its evidence lapses.
    Setup,
}

/// The evidence contract for pipeline runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevopsDue {
    /// The kind of post that must be there; none: the activity's own evidence is looked up.
    pub post: Option<String>,
    /// How old it may be in days.
    pub fresh_days: u32,
    /// Upper bounds.
    pub max: Thresholds,
}

/// Until when a result holds for later releases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carry {
    /// What reopens it; empty together with no days: never carried over.
    pub until: Vec<Change>,
    /// Most days since it was settled.
    pub days: Option<u32>,
}

impl Carry {
    /// Whether a later release can start with this settled.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        !self.until.is_empty() || self.days.is_some()
    }
}
