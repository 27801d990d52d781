//! How releases stand in each practice, in figures: what lists and the heat map show.

use std::collections::BTreeMap;

use db::Tx;
use kernel::{Date, Result, Timestamp};
use platform::Ctx;
use register::products::{ProductId, ReleaseId};

use super::model::{Line, TaskState, Which};
use super::{sheet, store};
use crate::evidence::Evidence;

/// Tasks by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Nothing has been done.
    pub open: i64,
    /// Something lacks.
    pub in_work: i64,
    /// Somebody else has to look.
    pub waiting: i64,
    /// Done.
    pub done: i64,
    /// What settled it is over.
    pub lapsed: i64,
    /// Does not apply.
    pub not_applicable: i64,
    /// May wait.
    pub waived: i64,
    /// Not settled and due before today.
    pub overdue: i64,
    /// The earliest day on which something unsettled is due.
    pub next_due: Option<Date>,
}

impl Counts {
    /// Counts one task.
    pub fn add(&mut self, line: &Line, today: Date) {
        let counter = match line.status.state {
            TaskState::Open => &mut self.open,
            TaskState::InWork => &mut self.in_work,
            TaskState::Waiting => &mut self.waiting,
            TaskState::Done => &mut self.done,
            TaskState::Lapsed => &mut self.lapsed,
            TaskState::NotApplicable => &mut self.not_applicable,
            TaskState::Waived => &mut self.waived,
        };
        *counter += 1;
        if !line.status.state.is_settled() {
            self.overdue += i64::from(line.is_overdue(today));
            self.next_due = Some(self.next_due.map_or(line.task.due_on, |day| day.min(line.task.due_on)));
        }
    }

    /// Adds other figures to these.
    pub fn join(&mut self, other: &Self) {
        self.open += other.open;
        self.in_work += other.in_work;
        self.waiting += other.waiting;
        self.done += other.done;
        self.lapsed += other.lapsed;
        self.not_applicable += other.not_applicable;
        self.waived += other.waived;
        self.overdue += other.overdue;
        self.next_due = match (self.next_due, other.next_due) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// Tasks that the gate lets pass.
    #[must_use]
    pub const fn settled(&self) -> i64 {
        self.done + self.not_applicable + self.waived
    }

    /// Tasks that hold the gate.
    #[must_use]
    pub const fn lacking(&self) -> i64 {
        self.open + self.in_work + self.waiting + self.lapsed
    }

    /// All tasks.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.settled() + self.lacking()
    }
}

/// Figures by practice.
pub(super) fn by_practice(lines: &[Line], today: Date) -> BTreeMap<String, Counts> {
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    for line in lines {
        // Looking first saves a copy of the name for all but the first task of a practice.
        match counts.get_mut(&line.task.practice) {
            Some(known) => known.add(line, today),
            None => counts.entry(line.task.practice.clone()).or_default().add(line, today),
        }
    }
    counts
}

/// How every release stood at a moment, computed from what was recorded until then.
pub(super) async fn compute_all(tx: &mut Tx, at: Timestamp) -> Result<Vec<(ReleaseId, String, Counts)>> {
    compute(tx, Which::All, at).await
}

async fn compute(tx: &mut Tx, which: Which, at: Timestamp) -> Result<Vec<(ReleaseId, String, Counts)>> {
    let today = at.date();
    let mut rows = Vec::new();
    for (plan, lines) in sheet::load_sheets(tx, which, at).await? {
        rows.extend(by_practice(&lines, today).into_iter().map(|(practice, counts)| (plan.release, practice, counts)));
    }
    Ok(rows)
}

/// Writes the summary of a release anew, in the caller's transaction. Call it after anything that changes how its tasks
/// stand.
///
/// # Errors
/// When the database does not answer.
pub async fn refresh(tx: &mut Tx, ctx: &Ctx, release: ReleaseId) -> Result<()> {
    let which = Which::Release(release);
    let rows = compute(tx, which, ctx.now).await?;
    store::set_summaries(tx, which, &rows, ctx.now).await
}

/// The same for all releases of a product.
///
/// # Errors
/// When the database does not answer.
pub async fn refresh_product(tx: &mut Tx, ctx: &Ctx, product: ProductId) -> Result<()> {
    let which = Which::Product(product);
    let rows = compute(tx, which, ctx.now).await?;
    store::set_summaries(tx, which, &rows, ctx.now).await
}

/// The same for the releases that stand on a piece of evidence.
pub(crate) async fn refresh_leaning_on(tx: &mut Tx, ctx: &Ctx, evidence: &Evidence) -> Result<()> {
    let leaning = store::list_leaning(tx, evidence.id).await?;
    refresh(tx, ctx, evidence.release).await?;
    for release in leaning.into_iter().filter(|release| *release != evidence.release) {
        refresh(tx, ctx, release).await?;
    }
    if evidence.shared_activity.is_some() {
        // Evidence of the whole vendor may hold up any release; the job looks at all of them.
        platform::jobs::enqueue(tx, ctx, "process.recompute", &serde_json::Value::Null).await?;
    }
    Ok(())
}

/// Computes every release anew, reading first, so that the write takes no longer than it must; how many tasks there are.
///
/// # Errors
/// When the database does not answer.
pub async fn refresh_all(ctx: &Ctx) -> Result<i64> {
    let mut tx = ctx.read().await?;
    let rows = compute(&mut tx, Which::All, ctx.now).await?;
    drop(tx);
    let mut tx = ctx.begin().await?;
    tx.is_housekeeping();
    store::set_summaries(&mut tx, Which::All, &rows, ctx.now).await?;
    tx.commit().await?;
    Ok(rows.iter().map(|(_, _, counts)| counts.total()).sum())
}
