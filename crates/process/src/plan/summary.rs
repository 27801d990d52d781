//! How releases stand in each practice, in figures: what lists and the heat map show.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use db::Tx;
use kernel::{Date, Result, Timestamp};
use platform::Ctx;
use register::products::{ProductId, ReleaseId};

use super::model::{Line, TaskState, Which};
use super::{sheet, store};
use crate::evidence::Evidence;

/// Release, practice, and how the one stands in the other.
pub type Summary = (ReleaseId, String, Counts);

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
pub(super) async fn compute_all(tx: &mut Tx, at: Timestamp) -> Result<Vec<Summary>> {
    compute(tx, Which::All, at).await
}

async fn compute(tx: &mut Tx, which: Which, at: Timestamp) -> Result<Vec<Summary>> {
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
    write(tx, ctx, Which::Release(release)).await
}

/// The same for all releases of a product.
///
/// # Errors
/// When the database does not answer.
pub async fn refresh_product(tx: &mut Tx, ctx: &Ctx, product: ProductId) -> Result<()> {
    write(tx, ctx, Which::Product(product)).await
}

async fn write(tx: &mut Tx, ctx: &Ctx, which: Which) -> Result<()> {
    store::set_locked(tx, which).await?;
    let rows = compute(tx, which, ctx.now).await?;
    store::set_summaries(tx, which, &rows, ctx.now).await
}

/// The same for the releases that stand on a piece of evidence.
pub(crate) async fn refresh_leaning_on(tx: &mut Tx, ctx: &Ctx, evidence: &Evidence) -> Result<()> {
    let mut releases = store::list_leaning(tx, evidence.id).await?;
    releases.push(evidence.release);
    // Whoever holds several plans takes them in one order, so that no two wait for each other.
    releases.sort_unstable();
    releases.dedup();
    for release in releases {
        refresh(tx, ctx, release).await?;
    }
    if evidence.shared_activity.is_some() {
        // Evidence of the whole vendor may hold up any release; the job looks at all of them.
        platform::jobs::enqueue(tx, ctx, "process.recompute", &serde_json::Value::Null).await?;
    }
    Ok(())
}

/// Computes every release anew; how many tasks there are. It reads first, so that the write takes no longer than it must.
///
/// # Errors
/// When the database does not answer.
pub async fn refresh_all(ctx: &Ctx) -> Result<i64> {
    let seen = Seen::load(ctx).await?;
    let tasks = seen.rows.iter().map(|(_, _, counts)| counts.total()).sum();
    seen.keep(ctx).await?;
    Ok(tasks)
}

/// How every release stands, computed at a moment at which no lock was held.
struct Seen {
    rows: Vec<Summary>,
    /// The releases whose kept summary says something else.
    changed: Vec<ReleaseId>,
    /// When their kept summaries were written.
    computed: HashMap<ReleaseId, Timestamp>,
}

impl Seen {
    async fn load(ctx: &Ctx) -> Result<Self> {
        let mut tx = ctx.read().await?;
        let kept = store::list_summaries(&mut tx).await?;
        let computed = store::list_computed(&mut tx).await?;
        let rows = compute(&mut tx, Which::All, ctx.now).await?;
        let (before, after) = (by_release(&kept), by_release(&rows));
        let all: BTreeSet<ReleaseId> = before.keys().chain(after.keys()).copied().collect();
        let changed = all.into_iter().filter(|release| before.get(release) != after.get(release)).collect();
        Ok(Self { rows, changed, computed })
    }

    /// Writes what is different, but for releases whose summary somebody else wrote since.
    async fn keep(self, ctx: &Ctx) -> Result<()> {
        if self.changed.is_empty() {
            return Ok(());
        }
        let mut tx = ctx.begin().await?;
        tx.is_housekeeping();
        store::set_locked(&mut tx, Which::All).await?;
        let now = store::list_computed(&mut tx).await?;
        let is_as_seen = |release: &ReleaseId| now.get(release) == self.computed.get(release);
        let changed: Vec<ReleaseId> = self.changed.into_iter().filter(is_as_seen).collect();
        let mut rows = self.rows;
        rows.retain(|(release, _, _)| changed.contains(release));
        store::set_summaries_of(&mut tx, &changed, &rows, ctx.now).await?;
        tx.commit().await
    }
}

fn by_release(rows: &[Summary]) -> BTreeMap<ReleaseId, BTreeMap<&str, Counts>> {
    let mut by: BTreeMap<ReleaseId, BTreeMap<&str, Counts>> = BTreeMap::new();
    for (release, practice, counts) in rows {
        by.entry(*release).or_default().insert(practice, *counts);
    }
    by
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan;
    use crate::testing::Vendor;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_written_while_all_is_computed_stays() {
        let mut vendor = Vendor::new().await;
        vendor.answer(&["agile"]).await;
        let release = vendor.release;
        vendor.plan(release, &["agile"], &[]).await;
        let program = vendor.bed.platform.program("test");
        // Something is overdue when the job looks, so that it has a reason to write.
        vendor.bed.pass(std::time::Duration::from_secs(20 * 86_400));
        let late = vendor.bed.platform.program("test");
        let seen = Seen::load(&late).await.unwrap();
        assert_eq!(seen.changed, [release]);
        let task = vendor.sheet(release).await.lines.first().unwrap().task.clone();
        vendor.dev.client.post(&format!("/desk/releases/{release}/tasks/{}/start", task.id), &[]).await.expect(303);
        let mut tx = program.read().await.unwrap();
        let before = store::list_summaries(&mut tx).await.unwrap();
        drop(tx);
        seen.keep(&late).await.unwrap();
        let mut tx = program.read().await.unwrap();
        let after = store::list_summaries(&mut tx).await.unwrap();
        assert_eq!(by_release(&after), by_release(&before));
        assert!(after.iter().any(|(_, _, counts)| counts.in_work == 1));
        drop(tx);
        assert!(plan::refresh_all(&late).await.unwrap() > 0);
    }
}
