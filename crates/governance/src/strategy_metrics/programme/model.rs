//! What the figures are counted from.

use kernel::{Date, Id, Timestamp, kinds};

type ProductId = Id<kinds::Product>;
type ReleaseId = Id<kinds::Release>;
type CaseId = Id<kinds::Case>;

/// The profile that a product had.
#[derive(Clone, Debug)]
pub(super) struct ProfileRow {
    pub(super) product: ProductId,
    pub(super) open_questions: i64,
    pub(super) review_on: Date,
}

/// A part that somebody had; without a product, for all of them.
#[derive(Clone, Debug)]
pub(super) struct TeamRow {
    pub(super) product: Option<ProductId>,
    pub(super) person: String,
    pub(super) role: String,
}

/// Somebody who signs in.
#[derive(Clone, Debug)]
pub(super) struct PersonRow {
    pub(super) id: String,
    pub(super) name: String,
}

/// A decision at a gate.
#[derive(Clone, Debug)]
pub(super) struct DecisionRow {
    pub(super) release: ReleaseId,
    pub(super) gate: String,
    pub(super) outcome: String,
    pub(super) made_at: Timestamp,
}

/// An approved exception that was not ended.
#[derive(Clone, Debug)]
pub(super) struct WaiverRow {
    pub(super) release: ReleaseId,
    pub(super) practice: String,
    pub(super) activity: String,
    pub(super) kind: String,
    pub(super) expires_on: Date,
}

/// Open findings of one severity.
#[derive(Clone, Debug)]
pub(super) struct FindingCount {
    pub(super) severity: i64,
    /// `week`, `month`, `quarter` or `older`.
    pub(super) age: String,
    pub(super) state: String,
    pub(super) count: i64,
}

/// A response target of a case.
#[derive(Clone, Debug)]
pub(super) struct TargetRow {
    pub(super) case: CaseId,
    pub(super) product: Option<ProductId>,
    pub(super) severity: String,
    pub(super) step: String,
    pub(super) started_at: Timestamp,
    pub(super) due_at: Timestamp,
    pub(super) met_at: Option<Timestamp>,
}

/// A confirmed case: so many vulnerabilities found in the field.
#[derive(Clone, Debug)]
pub(super) struct FieldRow {
    pub(super) case: CaseId,
    pub(super) product: Option<ProductId>,
    pub(super) severity: String,
    pub(super) confirmed_at: Timestamp,
    pub(super) vulnerabilities: i64,
}

/// How many vulnerabilities a release is affected by.
#[derive(Clone, Debug)]
pub(super) struct AffectedRow {
    pub(super) release: ReleaseId,
    pub(super) affected: i64,
    pub(super) fixed: i64,
}

/// The score of one practice in a finished assessment.
#[derive(Clone, Debug)]
pub(super) struct ScoreRow {
    pub(super) assessment: String,
    pub(super) name: String,
    pub(super) model: String,
    pub(super) family: Option<Id<kinds::Family>>,
    pub(super) product: Option<ProductId>,
    pub(super) place: String,
    pub(super) assessed_on: Date,
    pub(super) practice: String,
    /// `None` where nothing of the practice applies.
    pub(super) score: Option<f64>,
}

/// Row and key of a measure; the dashboard counts keys, the page behind a number shows the rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// What the number behind which this row stands counts.
    pub(super) key: String,
    /// The cells, in the order of the measure's columns.
    pub(super) cells: Vec<String>,
    /// Where the row leads, for those who may go there.
    pub(super) link: Option<Link>,
    /// What it counts for, where that is not one.
    pub(super) weight: Option<i64>,
}

/// Where a row leads.
#[derive(Clone, Debug)]
pub(super) enum Link {
    /// To a page of plans.
    Plans(String),
    /// To a page that everybody who reads products may see.
    Products(String),
    /// To a case, for those who may see it; its card becomes the first cell.
    Case(CaseId),
}
