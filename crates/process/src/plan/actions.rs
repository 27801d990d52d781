//! What people can do with plans and tasks.

use std::collections::{BTreeMap, HashMap};

use db::Tx;
use kernel::{Date, Error, Id, Permission, RecordRef, Result, Timestamp, clean_text, kinds};
use pack::{Ask, Model, Pack, ProductChange, RiskClass};
use platform::Ctx;
use platform::audit::{self, Entry};
use register::products::{ReleaseId, list_releases};
use serde_json::json;

use super::model::{Line, Plan, Schedule, Task, TaskId, TaskState, Which};
use super::{due, rules, sheet, store, summary};
use crate::evidence::{self, Carried, Evidence, EvidenceId};
use crate::pack::{self as packs, Document, PackRowId};
use crate::place::{self, Place};
use crate::profile;

/// What a form says of a plan.
#[derive(Clone, Debug, Default)]
pub struct PlanDraft {
    /// The ways of working.
    pub models: Vec<Model>,
    /// Highest level of maturity; none: all.
    pub up_to_level: Option<u32>,
    /// When work begins.
    pub starts_on: String,
    /// When it is to come out.
    pub target_on: String,
    /// Length of a sprint in days.
    pub sprint_days: String,
    /// The last day of each phase that was set, by its identifier.
    pub phase_ends: BTreeMap<String, String>,
    /// What changed since the release that this one starts from.
    pub changes: Vec<ProductChange>,
    /// The number of the plan that the form was made from; nought for a first one.
    pub seen: i64,
}

fn day(field: &str, text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::invalid(field, "Give a date such as 2026-11-30."))
}

fn schedule(draft: &PlanDraft, pack: &Pack) -> Result<Schedule> {
    let starts_on = day("starts_on", &draft.starts_on)?;
    let target_on = day("target_on", &draft.target_on)?;
    if target_on < starts_on {
        return Err(Error::invalid("target_on", "The release cannot come out before work on it begins."));
    }
    let sprint_days = draft.sprint_days.trim().parse().ok().filter(|days| (1..=90).contains(days));
    let sprint_days =
        sprint_days.ok_or_else(|| Error::invalid("sprint_days", "A sprint lasts between 1 and 90 days."))?;
    let mut phase_ends = due::even_phases(pack, starts_on, target_on);
    let is_known = |id: &str| pack.phases.iter().any(|phase| phase.id == id);
    let given = draft.phase_ends.iter().filter(|(phase, text)| is_known(phase) && !text.trim().is_empty());
    for (phase, text) in given {
        phase_ends.insert(phase.clone(), day(&format!("phase-{phase}"), text)?);
    }
    Ok(Schedule { starts_on, target_on, sprint_days, phase_ends })
}

/// Makes the plan of a release from the active pack, the product's class and its ways of working; or changes it.
///
/// # Errors
/// Refused without a profile, invalid, stale when somebody changed the plan in between, not found where one may not.
pub async fn make(ctx: &Ctx, release: ReleaseId, draft: &PlanDraft) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let place = place::release(ctx, &mut tx, release, Permission::WorkPlans).await?;
    let present = store::load_plan(&mut tx, release).await?;
    if present.as_ref().map_or(0, |plan| plan.number) != draft.seen {
        return Err(Error::Stale { what: "plan" });
    }
    let document = match &present {
        Some(plan) => packs::load_document(&mut tx, plan.pack_row).await?,
        None => packs::load_active(&mut tx).await?,
    };
    let class = class_of(&mut tx, ctx, &place).await?;
    if draft.models.is_empty() {
        return Err(Error::invalid("models", "Tick at least one way of working."));
    }
    if present.is_none() {
        let may_approve = ctx.actor.may(Permission::ApprovePlans, place.product.scope());
        rules::may_begin(draft.up_to_level, may_approve)?;
    }
    let based_on = match &present {
        Some(plan) => plan.based_on,
        None => base_of(&mut tx, &place).await?,
    };
    let plan = Plan {
        release,
        product: place.product.id,
        number: draft.seen + 1,
        pack_row: document.row.id,
        class,
        models: draft.models.clone(),
        up_to_level: draft.up_to_level,
        schedule: schedule(draft, &document.pack)?,
        changes: draft.changes.clone(),
        based_on,
        made_at: ctx.now,
        made_by: ctx.actor.name().to_owned(),
    };
    let action = if present.is_some() { "plan.changed" } else { "plan.made" };
    apply(&mut tx, ctx, &place, &document, &plan, action).await?;
    tx.commit().await
}

async fn class_of(tx: &mut Tx, ctx: &Ctx, place: &Place) -> Result<RiskClass> {
    let profile = profile::load_profile(tx, place.product.id, ctx.now).await?;
    profile.map(|profile| profile.class).ok_or_else(|| Error::Refused {
        code: "no-profile",
        words: format!("{} has no profile yet, so its risk class is not known. Answer the questions on the product's profile page first.", place.product.name),
    })
}

/// The newest planned release before this one.
async fn base_of(tx: &mut Tx, place: &Place) -> Result<Option<ReleaseId>> {
    let planned = store::list_plans(tx, Which::Product(place.product.id), Timestamp::from_micros(i64::MAX)).await?;
    let releases = list_releases(tx, place.product.id).await?;
    Ok(releases
        .iter()
        .find(|release| {
            release.position < place.release.position && planned.iter().any(|plan| plan.release == release.id)
        })
        .map(|release| release.id))
}

/// Moves a release to another version of its pack, or another pack.
///
/// # Errors
/// Stale when somebody changed the plan in between, refused without one, not found where one may not.
pub async fn move_pack(ctx: &Ctx, release: ReleaseId, target: PackRowId, seen: i64) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let place = place::release(ctx, &mut tx, release, Permission::WorkPlans).await?;
    let present = store::load_plan(&mut tx, release).await?.ok_or_else(store::no_plan)?;
    if present.number != seen {
        return Err(Error::Stale { what: "plan" });
    }
    let document = packs::load_document(&mut tx, target).await?;
    let mut schedule = present.schedule.clone();
    let even = due::even_phases(&document.pack, schedule.starts_on, schedule.target_on);
    schedule.phase_ends = even
        .into_iter()
        .map(|(phase, day)| {
            let kept = schedule.phase_ends.get(&phase).copied().unwrap_or(day);
            (phase, kept)
        })
        .collect();
    let class = class_of(&mut tx, ctx, &place).await?;
    let plan = Plan {
        number: present.number + 1,
        pack_row: target,
        class,
        schedule,
        made_at: ctx.now,
        made_by: ctx.actor.name().to_owned(),
        ..present
    };
    apply(&mut tx, ctx, &place, &document, &plan, "plan.moved").await?;
    tx.commit().await
}

/// What a task of the release before brings along: the evidence it stands on, or why it is open again.
struct Brought {
    words: String,
    evidence: Vec<(EvidenceId, Option<Timestamp>)>,
}

/// What the release before settled, by activity.
struct Base {
    title: String,
    lines: HashMap<String, Line>,
    evidence: HashMap<EvidenceId, Evidence>,
    carried: Vec<Carried>,
}

async fn load_base(tx: &mut Tx, ctx: &Ctx, place: &Place, based_on: Option<ReleaseId>) -> Result<Option<Base>> {
    let Some(id) = based_on else { return Ok(None) };
    let release = register::products::load_release(tx, id).await?;
    let base = Place { product: place.product.clone(), release };
    let title = base.release.version.clone();
    let loaded = sheet::load_sheet(tx, base, ctx.now).await?;
    let carried = evidence::list_carried(tx, Which::Release(id), ctx.now).await?;
    Ok(Some(Base {
        title,
        evidence: loaded.evidence.into_iter().map(|one| (one.id, one)).collect(),
        lines: loaded.lines.into_iter().map(|line| (line.task.activity.clone(), line)).collect(),
        carried,
    }))
}

fn bring(base: &Base, activity: &pack::Activity, changes: &[ProductChange]) -> Option<Brought> {
    let line = base.lines.get(&activity.id)?;
    if line.status.state != TaskState::Done {
        return None;
    }
    let pieces: Vec<&Evidence> =
        line.status.pieces.iter().filter_map(|piece| piece.by).filter_map(|id| base.evidence.get(&id)).collect();
    // What only live facts settle is looked at anew by itself.
    if pieces.is_empty() {
        return None;
    }
    if let Err(words) = rules::carry(&activity.carry, changes) {
        return Some(Brought { words: format!("It was done in {}. {words}", base.title), evidence: Vec::new() });
    }
    let known: HashMap<EvidenceId, Option<Timestamp>> =
        evidence::carried_of(&base.carried, line.task.id).map(|one| (one.evidence.id, one.until)).collect();
    let until = |evidence: &Evidence| {
        let own = rules::carry_until(&activity.carry, evidence);
        match known.get(&evidence.id).copied().flatten() {
            Some(before) => Some(own.map_or(before, |own| own.min(before))),
            None => own,
        }
    };
    let evidence: Vec<(EvidenceId, Option<Timestamp>)> = pieces.iter().map(|one| (one.id, until(one))).collect();
    let end = evidence.iter().filter_map(|(_, until)| *until).min();
    let end = end.map_or_else(String::new, |end| format!(", until {} at the latest", end.date()));
    Some(Brought { words: format!("Carried over from {}: its evidence still holds{end}.", base.title), evidence })
}

/// Writes a version of a plan and brings the tasks in line with it.
async fn apply(tx: &mut Tx, ctx: &Ctx, place: &Place, document: &Document, plan: &Plan, action: &str) -> Result<()> {
    let ask = Ask { class: plan.class, models: &plan.models, up_to_level: plan.up_to_level };
    let planned = pack::plan(&document.pack, &ask);
    let which = Which::Release(plan.release);
    let mut present: HashMap<String, Task> =
        store::list_tasks(tx, which, ctx.now).await?.into_iter().map(|task| (task.activity.clone(), task)).collect();
    let base = load_base(tx, ctx, place, plan.based_on).await?;
    let (mut added, mut kept, mut carried, mut reopened) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (position, one) in planned.iter().enumerate() {
        let activity = one.activity;
        let (due_on, due_words) = due::due(&document.pack, &plan.schedule, one);
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        if let Some(mut task) = present.remove(&activity.id) {
            if !task.carried_words.is_empty()
                && let Err(words) = rules::carry(&activity.carry, &plan.changes)
            {
                reopened.push(task.id);
                task.carried_words = words;
            }
            kept.push(Task { due_on, due_words, position, ..task });
            continue;
        }
        let id: TaskId = ctx.id();
        let brought = base.as_ref().and_then(|base| bring(base, activity, &plan.changes));
        let words = brought.as_ref().map_or_else(String::new, |brought| brought.words.clone());
        carried.extend(
            brought.into_iter().flat_map(|brought| brought.evidence).map(|(evidence, until)| (id, evidence, until)),
        );
        added.push(Task {
            id,
            release: plan.release,
            activity: activity.id.clone(),
            practice: activity.practice.clone(),
            position,
            owner: None,
            owner_name: String::new(),
            due_on,
            due_words,
            note: String::new(),
            started_at: None,
            carried_words: words,
            made_at: ctx.now,
            ended_at: None,
            revision: 1,
        });
    }
    let gone: Vec<TaskId> = present.values().map(|task| task.id).collect();
    // To owe less is an approval like a waiver; otherwise a lower level or another way of working would be a way around one.
    rules::may_drop(gone.len(), ctx.actor.may(Permission::ApprovePlans, place.product.scope()))?;
    store::insert_plan(tx, &ctx.id::<Plan>().to_string(), plan).await?;
    store::set_tasks_ended(tx, &gone, ctx.now).await?;
    store::insert_tasks(tx, plan.product, &added).await?;
    store::set_due(tx, &kept).await?;
    evidence::set_carried_ended(tx, &reopened, ctx.now).await?;
    evidence::insert_carried(tx, carried, ctx.now).await?;
    summary::refresh(tx, ctx, plan.release).await?;
    let changes: Vec<&str> = plan.changes.iter().map(|change| change.id()).collect();
    let detail = json!({
        "pack": document.row.label(), "class": plan.class.id(), "models": profile::models_text(&plan.models),
        "tasks": added.len() + kept.len(), "added": added.len(), "removed": gone.len(), "changes": changes,
        "target_on": plan.schedule.target_on.to_string(),
    });
    let entry = Entry::new(action, RecordRef::new("release", plan.release)).with(detail);
    audit::record(tx, ctx, entry).await
}

/// Gives tasks an owner, or takes it away.
///
/// # Errors
/// Invalid without tasks, or not found where one may not.
pub async fn assign(ctx: &Ctx, release: ReleaseId, tasks: &[TaskId], owner: Option<Id<kinds::Person>>) -> Result<()> {
    if tasks.is_empty() {
        return Err(Error::invalid("task", "Tick the tasks to assign."));
    }
    let mut tx = ctx.begin().await?;
    place::release(ctx, &mut tx, release, Permission::WorkPlans).await?;
    let name = match owner {
        Some(person) => place::worker(&mut tx, "owner", person).await?.name,
        None => "nobody".to_owned(),
    };
    let assigned = store::set_owner(&mut tx, release, tasks, owner).await?;
    if assigned == 0 {
        return Err(Error::NotFound { what: "task" });
    }
    let detail = json!({"tasks": assigned, "owner": name});
    audit::record(&mut tx, ctx, Entry::new("task.assigned", RecordRef::new("release", release)).with(detail)).await?;
    tx.commit().await
}

/// Changes owner, due date and note of a task, unless somebody else did since `revision` was read.
///
/// # Errors
/// Stale, invalid, or not found where one may not.
pub async fn edit_task(
    ctx: &Ctx,
    release: ReleaseId,
    task: TaskId,
    revision: i64,
    owner: Option<Id<kinds::Person>>,
    due_on: &str,
    note: &str,
) -> Result<()> {
    let due_on = day("due_on", due_on)?;
    let note = if note.trim().is_empty() {
        String::new()
    } else {
        clean_text("note", note, 20_000).map_err(|problem| Error::Invalid(vec![problem]))?
    };
    let mut tx = ctx.begin().await?;
    place::release(ctx, &mut tx, release, Permission::WorkPlans).await?;
    let present = store::load_task(&mut tx, release, task).await?;
    if let Some(person) = owner.filter(|_| owner != present.owner) {
        place::worker(&mut tx, "owner", person).await?;
    }
    store::set_task(&mut tx, task, revision, owner, due_on, &note).await?;
    summary::refresh(&mut tx, ctx, release).await?;
    let detail = json!({"activity": present.activity, "due_on": due_on.to_string()});
    let entry = Entry::new("task.changed", RecordRef::new("task", task)).under(RecordRef::new("release", release));
    audit::record(&mut tx, ctx, entry.with(detail)).await?;
    tx.commit().await
}

/// Says that work on a task has begun.
///
/// # Errors
/// Not found, also where one may not.
pub async fn start(ctx: &Ctx, release: ReleaseId, task: TaskId) -> Result<()> {
    let mut tx = ctx.begin().await?;
    place::release(ctx, &mut tx, release, Permission::WorkPlans).await?;
    let present = store::load_task(&mut tx, release, task).await?;
    store::set_started(&mut tx, task, ctx.now).await?;
    summary::refresh(&mut tx, ctx, release).await?;
    let entry = Entry::new("task.started", RecordRef::new("task", task)).under(RecordRef::new("release", release));
    audit::record(&mut tx, ctx, entry.with(json!({"activity": present.activity}))).await?;
    tx.commit().await
}
