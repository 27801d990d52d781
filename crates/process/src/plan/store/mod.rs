//! Plans, tasks and summaries in the database.

pub(super) mod day;

use std::collections::{BTreeMap, HashMap};

use db::{Row, Tx, Value};
use kernel::{Date, Error, Id, Result, Timestamp, kinds};
use pack::{ProductChange, RiskClass};
use register::products::{ProductId, ReleaseId};

use super::find::TaskFound;
use super::model::{Plan, Schedule, Task, TaskId, Which};
use super::summary::{Counts, Summary};
use crate::pack::{self as packs, Document};
use crate::profile::{models_of, models_text};

impl Which {
    /// The condition on a column that holds a release, with one parameter.
    pub(crate) fn clause(self, column: &str) -> String {
        match self {
            Self::Release(_) => format!("{column} = $1"),
            Self::Product(_) => format!("{column} in (select w.id from register_release w where w.product_id = $1)"),
            Self::All => "$1 = ''".to_owned(),
        }
    }

    /// The parameter of the condition.
    pub(crate) fn parameter(self) -> Value {
        match self {
            Self::Release(id) => id.into(),
            Self::Product(id) => id.into(),
            Self::All => "".into(),
        }
    }
}

fn dates_text(dates: &BTreeMap<String, Date>) -> String {
    dates.iter().map(|(phase, day)| format!("{phase}={day}")).collect::<Vec<_>>().join(" ")
}

fn dates_of(text: &str) -> BTreeMap<String, Date> {
    let pair = |part: &str| part.split_once('=').and_then(|(phase, day)| Some((phase.to_owned(), day.parse().ok()?)));
    text.split(' ').filter_map(pair).collect()
}

fn plan(row: &Row) -> Result<Plan> {
    let small = |column: &str| -> Result<u32> { Ok(u32::try_from(row.get::<i64>(column)?).unwrap_or(14)) };
    Ok(Plan {
        release: row.get("release_id")?,
        product: row.get("product_id")?,
        number: row.get("number")?,
        pack_row: row.get("pack_row")?,
        class: row.read("class", RiskClass::parse)?,
        models: models_of(&row.get::<String>("models")?),
        up_to_level: row.get::<Option<i64>>("up_to_level")?.and_then(|level| u32::try_from(level).ok()),
        schedule: Schedule {
            starts_on: row.get("starts_on")?,
            target_on: row.get("target_on")?,
            sprint_days: small("sprint_days")?,
            phase_ends: dates_of(&row.get::<String>("phase_ends")?),
        },
        changes: row.get::<String>("changes")?.split(' ').filter_map(ProductChange::parse).collect(),
        based_on: row.get("based_on")?,
        made_at: row.get("made_at")?,
        made_by: row.get("made_by")?,
    })
}

/// The plans that held at a moment.
pub(super) async fn list_plans(tx: &mut Tx, which: Which, at: Timestamp) -> Result<Vec<Plan>> {
    let place = which.clause("release_id");
    let sql =
        format!("select * from process_plan where ({place}) and made_at <= $2 and (ended_at is null or ended_at > $2)");
    tx.fetch_all(sql, &[which.parameter(), at.into()]).await?.iter().map(plan).collect()
}

/// The day on which the first plan was made.
pub(super) async fn load_first_day(tx: &mut Tx) -> Result<Option<Date>> {
    let row = tx.fetch_one("select min(made_at) as first from process_plan", &[]).await?;
    Ok(row.get::<Option<Timestamp>>("first")?.map(Timestamp::date))
}

/// The present plan of a release.
pub(crate) async fn load_plan(tx: &mut Tx, release: ReleaseId) -> Result<Option<Plan>> {
    let row = tx
        .fetch_optional("select * from process_plan where release_id = $1 and ended_at is null", &[release.into()])
        .await?;
    row.as_ref().map(plan).transpose()
}

/// All versions of a release's plan, the newest first: number, pack, since when, by whom.
pub(super) async fn list_versions(tx: &mut Tx, release: ReleaseId) -> Result<Vec<Plan>> {
    let sql = "select * from process_plan where release_id = $1 order by number desc limit 100";
    tx.fetch_all(sql, &[release.into()]).await?.iter().map(plan).collect()
}

/// The pack that a release is planned with.
pub(crate) async fn load_pack(tx: &mut Tx, release: ReleaseId) -> Result<Document> {
    let plan = load_plan(tx, release).await?.ok_or_else(no_plan)?;
    packs::load_document(tx, plan.pack_row).await
}

pub(super) fn no_plan() -> Error {
    Error::Refused {
        code: "no-plan",
        words: "This release has no plan yet. Make it on the release's page; tasks and gate come from it.".to_owned(),
    }
}

/// Holds the present plans of these releases until the transaction ends: what changes how their tasks stand waits for
/// others that do the same, and then judges what those left.
pub(crate) async fn set_locked(tx: &mut Tx, which: Which) -> Result<()> {
    let place = which.clause("release_id");
    tx.execute(
        format!("update process_plan set number = number where ({place}) and ended_at is null"),
        &[which.parameter()],
    )
    .await?;
    Ok(())
}

/// Writes the next version of a plan, unless somebody else did in the meantime.
pub(super) async fn insert_plan(tx: &mut Tx, id: &str, plan: &Plan) -> Result<()> {
    tx.execute(
        "update process_plan set ended_at = $1 where release_id = $2 and ended_at is null",
        &[plan.made_at.into(), plan.release.into()],
    )
    .await?;
    let changes: Vec<&str> = plan.changes.iter().map(|change| change.id()).collect();
    let inserted = tx
        .try_execute(
        "insert into process_plan (id, release_id, product_id, number, pack_row, class, models, up_to_level, starts_on,
           target_on, sprint_days, phase_ends, changes, based_on, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        &[
            id.into(),
            plan.release.into(),
            plan.product.into(),
            plan.number.into(),
            plan.pack_row.into(),
            plan.class.id().into(),
            models_text(&plan.models).into(),
            plan.up_to_level.map(i64::from).into(),
            plan.schedule.starts_on.into(),
            plan.schedule.target_on.into(),
            plan.schedule.sprint_days.into(),
            dates_text(&plan.schedule.phase_ends).into(),
            changes.join(" ").into(),
            plan.based_on.into(),
            plan.made_at.into(),
            plan.made_by.as_str().into(),
        ],
    )
    .await;
    match inserted {
        Ok(_) => Ok(()),
        Err(error) if error.is_constraint() => Err(Error::Stale { what: "plan" }),
        Err(error) => Err(error.into()),
    }
}

const TASK: &str =
    "select t.id, t.release_id, t.activity, t.practice, t.position, t.owner_id, p.name as owner_name, t.due_on,
     t.due_words, t.note, t.started_at, t.carried_words, t.made_at, t.ended_at, t.revision
   from process_task t left join person p on p.id = t.owner_id";

fn task(row: &Row) -> Result<Task> {
    Ok(Task {
        id: row.get("id")?,
        release: row.get("release_id")?,
        activity: row.get("activity")?,
        practice: row.get("practice")?,
        position: row.get("position")?,
        owner: row.get("owner_id")?,
        owner_name: row.get::<Option<String>>("owner_name")?.unwrap_or_default(),
        due_on: row.get("due_on")?,
        due_words: row.get("due_words")?,
        note: row.get("note")?,
        started_at: row.get("started_at")?,
        carried_words: row.get("carried_words")?,
        made_at: row.get("made_at")?,
        ended_at: row.get("ended_at")?,
        revision: row.get("revision")?,
    })
}

/// The tasks of these releases at a moment.
pub(super) async fn list_tasks(tx: &mut Tx, which: Which, at: Timestamp) -> Result<Vec<Task>> {
    let place = which.clause("t.release_id");
    let order = if matches!(which, Which::All) { "" } else { " order by t.release_id, t.position, t.id" };
    let sql = format!("{TASK} where ({place}) and t.made_at <= $2 and (t.ended_at is null or t.ended_at > $2){order}");
    tx.fetch_all(sql, &[which.parameter(), at.into()]).await?.iter().map(task).collect()
}

/// One task of a release.
pub(crate) async fn load_task(tx: &mut Tx, release: ReleaseId, id: TaskId) -> Result<Task> {
    let row = tx
        .fetch_optional(format!("{TASK} where t.id = $1 and t.release_id = $2"), &[id.into(), release.into()])
        .await?;
    task(&row.ok_or(Error::NotFound { what: "task" })?)
}

/// The activities of a release's present tasks, by task.
pub(crate) async fn list_task_names(tx: &mut Tx, release: ReleaseId) -> Result<HashMap<TaskId, String>> {
    let rows = tx
        .fetch_all(
            "select id, activity from process_task where release_id = $1 and ended_at is null",
            &[release.into()],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("activity")?))).collect()
}

pub(super) async fn insert_tasks(tx: &mut Tx, product: ProductId, tasks: &[Task]) -> Result<()> {
    let rows = tasks.iter().map(|task| {
        vec![
            task.id.into(),
            task.release.into(),
            product.into(),
            task.activity.as_str().into(),
            task.practice.as_str().into(),
            task.position.into(),
            task.owner.into(),
            task.due_on.into(),
            task.due_words.as_str().into(),
            task.carried_words.as_str().into(),
            task.made_at.into(),
        ]
    });
    tx.execute_many(
        "insert into process_task (id, release_id, product_id, activity, practice, position, owner_id, due_on, due_words,
           carried_words, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        rows.collect(),
    )
    .await?;
    Ok(())
}

/// New due dates and places for tasks that stay.
pub(super) async fn set_due(tx: &mut Tx, tasks: &[Task]) -> Result<()> {
    let rows = tasks.iter().map(|task| {
        vec![
            task.due_on.into(),
            task.due_words.as_str().into(),
            task.position.into(),
            task.carried_words.as_str().into(),
            task.id.into(),
        ]
    });
    tx.execute_many(
        "update process_task set due_on = $1, due_words = $2, position = $3, carried_words = $4 where id = $5",
        rows.collect(),
    )
    .await?;
    Ok(())
}

pub(super) async fn set_tasks_ended(tx: &mut Tx, tasks: &[TaskId], now: Timestamp) -> Result<()> {
    let rows = tasks.iter().map(|task| vec![now.into(), (*task).into()]).collect();
    tx.execute_many("update process_task set ended_at = $1 where id = $2 and ended_at is null", rows).await?;
    Ok(())
}

/// What a form says of a task, unless somebody changed it since `revision` was read.
pub(super) async fn set_task(
    tx: &mut Tx,
    id: TaskId,
    revision: i64,
    owner: Option<Id<kinds::Person>>,
    due_on: Date,
    note: &str,
) -> Result<()> {
    let changed = tx
        .execute(
            "update process_task set owner_id = $1, due_on = $2, note = $3, revision = revision + 1 where id = $4 and revision = $5",
            &[owner.into(), due_on.into(), note.into(), id.into(), revision.into()],
        )
        .await?;
    if changed == 0 { Err(Error::Stale { what: "task" }) } else { Ok(()) }
}

/// Gives tasks of a release an owner; how many there were.
pub(super) async fn set_owner(
    tx: &mut Tx,
    release: ReleaseId,
    tasks: &[TaskId],
    owner: Option<Id<kinds::Person>>,
) -> Result<u64> {
    let rows = tasks.iter().map(|task| vec![owner.into(), (*task).into(), release.into()]).collect();
    tx.execute_many(
        "update process_task set owner_id = $1, revision = revision + 1 where id = $2 and release_id = $3",
        rows,
    )
    .await
}

pub(super) async fn set_started(tx: &mut Tx, id: TaskId, now: Timestamp) -> Result<()> {
    tx.execute(
        "update process_task set started_at = $1 where id = $2 and started_at is null",
        &[now.into(), id.into()],
    )
    .await?;
    Ok(())
}

/// The releases with tasks that stand on a piece of evidence of another release.
pub(super) async fn list_leaning(tx: &mut Tx, evidence: crate::evidence::EvidenceId) -> Result<Vec<ReleaseId>> {
    let rows = tx
        .fetch_all(
            "select distinct t.release_id from process_carried c join process_task t on t.id = c.task_id
              where c.evidence_id = $1 and c.ended_at is null and t.ended_at is null",
            &[evidence.into()],
        )
        .await?;
    rows.iter().map(|row| Ok(row.get("release_id")?)).collect()
}

/// One row for each release and practice in the place of those before.
pub(super) async fn set_summaries(tx: &mut Tx, which: Which, rows: &[Summary], now: Timestamp) -> Result<()> {
    let place = which.clause("release_id");
    tx.execute(format!("delete from process_summary where {place}"), &[which.parameter()]).await?;
    insert_summaries(tx, rows, now).await
}

/// The same for some releases.
pub(super) async fn set_summaries_of(
    tx: &mut Tx,
    releases: &[ReleaseId],
    rows: &[Summary],
    now: Timestamp,
) -> Result<()> {
    let gone = releases.iter().map(|release| vec![(*release).into()]).collect();
    tx.execute_many("delete from process_summary where release_id = $1", gone).await?;
    insert_summaries(tx, rows, now).await
}

/// What is counted, in the order of its columns.
fn figures(counts: &Counts) -> [Value; 9] {
    [
        counts.open.into(),
        counts.in_work.into(),
        counts.waiting.into(),
        counts.done.into(),
        counts.lapsed.into(),
        counts.not_applicable.into(),
        counts.waived.into(),
        counts.overdue.into(),
        counts.next_due.into(),
    ]
}

async fn insert_summaries(tx: &mut Tx, rows: &[Summary], now: Timestamp) -> Result<()> {
    let values = rows.iter().map(|(release, practice, counts)| {
        let mut row = vec![(*release).into(), practice.as_str().into()];
        row.extend(figures(counts));
        row.push(now.into());
        row
    });
    tx.execute_many(
        "insert into process_summary (release_id, practice, open, in_work, waiting, done, lapsed, not_applicable, waived,
           overdue, next_due, computed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        values.collect(),
    )
    .await?;
    Ok(())
}

/// When the summary of each release was written.
pub(super) async fn list_computed(tx: &mut Tx) -> Result<HashMap<ReleaseId, Timestamp>> {
    let sql = "select release_id, max(computed_at) as computed_at from process_summary group by release_id";
    let rows = tx.fetch_all(sql, &[]).await?;
    rows.iter().map(|row| Ok((row.get("release_id")?, row.get("computed_at")?))).collect()
}

/// The kept summaries of all releases, by release and practice: how they stand now.
///
/// # Errors
/// When the database does not answer.
pub async fn list_summaries(tx: &mut Tx) -> Result<Vec<Summary>> {
    let rows = tx.fetch_all("select * from process_summary", &[]).await?;
    rows.iter().map(summary).collect()
}

pub(super) fn summary(row: &Row) -> Result<Summary> {
    let counts = Counts {
        open: row.get("open")?,
        in_work: row.get("in_work")?,
        waiting: row.get("waiting")?,
        done: row.get("done")?,
        lapsed: row.get("lapsed")?,
        not_applicable: row.get("not_applicable")?,
        waived: row.get("waived")?,
        overdue: row.get("overdue")?,
        next_due: row.get("next_due")?,
    };
    Ok((row.get("release_id")?, row.get("practice")?, counts))
}

/// The present plans of all releases, in short: class, models, target.
pub(super) async fn list_present_plans(tx: &mut Tx) -> Result<HashMap<ReleaseId, Plan>> {
    let rows = tx.fetch_all("select * from process_plan where ended_at is null", &[]).await?;
    rows.iter().map(|row| plan(row).map(|plan| (plan.release, plan))).collect()
}

/// Tasks of these activities in releases in work, what is due first at the top; conditions come with their parameters.
pub(super) async fn find_tasks(
    tx: &mut Tx,
    activities: &str,
    visible: &str,
    parameters: &[Value],
    most: u32,
) -> Result<Vec<TaskFound>> {
    let sql = format!(
        "select t.id, t.release_id, t.activity, t.due_on, p.name, r.version
           from register_release r join register_product p on p.id = r.product_id
                join process_task t on t.release_id = r.id
          where r.state in ('planned', 'in_development') and t.ended_at is null and t.activity in ({activities})
            and {visible} order by t.due_on, lower(p.name), t.id limit {most}"
    );
    let found = |row: &Row| {
        Ok(TaskFound {
            task: row.get("id")?,
            release: row.get("release_id")?,
            activity: row.get("activity")?,
            product: row.get("name")?,
            version: row.get("version")?,
            due_on: row.get("due_on")?,
        })
    };
    tx.fetch_all(sql, parameters).await?.iter().map(found).collect()
}
