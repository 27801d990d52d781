//! Process packs: the catalogue of life cycle activities as data, read, checked, compared and planned from.
//!
//! A pack is a folder of TOML files: `pack.toml` with the vocabulary, and one file for each practice.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

mod activity;
mod check;
mod diff;
mod finding;
mod frameworks;
mod header;
mod merge;
mod model;
mod plan;
mod read;
mod risk;
mod table;
mod words;

pub use diff::{Change, ChangeKind, FieldChange, diff};
pub use finding::{Finding, Severity};
pub use frameworks::{Existence, known_frameworks, lookup};
pub use model::{
    Activity, AgileDue, Answer, Carry, Delivery, DevopsDue, Evidence, Framework, Function, Gate, Pack, Phase, Post,
    Practice, Question, Removal, RiskModel, Role, Thresholds, Trigger, Validity, Version, WaterfallDue,
};
pub use plan::{Ask, Due, Planned, plan};
pub use read::{Header, Reading, header, read};
pub use risk::{Assessed, Reason, classify};
pub use words::{Change as ProductChange, Criterion, EvidenceKind, EvidenceRule, Fact, Model, RiskClass, Scope};
