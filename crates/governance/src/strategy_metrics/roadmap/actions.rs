//! Making and changing phases.

use std::collections::BTreeMap;

use kernel::{Date, Error, FieldError, Id, Permission, RecordRef, Result, Scope, clean_line, clean_text, kinds};
use platform::Ctx;
use platform::audit::{self, Entry};
use serde_json::json;

use super::model::{Phase, PhaseId, PhaseState};
use super::store;
use crate::strategy_metrics::assessment::practices;
use crate::strategy_metrics::catalogue::Document;
use crate::strategy_metrics::place;

/// What a form says of a phase.
#[derive(Clone, Debug)]
pub struct PhaseDraft {
    /// Its name.
    pub name: String,
    /// When it is to be done; empty or no date is refused.
    pub due_on: Option<Date>,
    /// Where it stands.
    pub state: PhaseState,
    /// Who sees to it.
    pub owner: Option<Id<kinds::Person>>,
    /// What is to be done, one activity a line.
    pub activities: String,
    /// Anything else.
    pub note: String,
    /// The scores to be reached, in hundredths.
    pub wanted: BTreeMap<String, i64>,
}

fn clean(document: &Document, draft: &PhaseDraft) -> Result<(String, Date, String, String)> {
    let mut problems = Vec::new();
    let mut say = |field: &str, words: String| problems.push(FieldError { field: field.to_owned(), words });
    let name = clean_line("name", &draft.name, 200).unwrap_or_else(|problem| {
        say("name", problem.words);
        String::new()
    });
    let due = draft.due_on;
    if due.is_none() {
        say("due_on", "Say by when, as a date such as 2026-11-30.".to_owned());
    }
    let mut optional = |field: &str, text: &str| {
        if text.trim().is_empty() {
            return String::new();
        }
        clean_text(field, text, 4_000).unwrap_or_else(|problem| {
            say(field, problem.words);
            String::new()
        })
    };
    let (activities, note) = (optional("activities", &draft.activities), optional("note", &draft.note));
    if draft.wanted.is_empty() && activities.is_empty() {
        say("activities", "Say what is to be done, or which score is to be reached in which practice.".to_owned());
    }
    for (place, practice) in practices(&document.model).enumerate() {
        let most = i64::try_from(practice.levels.len()).unwrap_or(0).saturating_mul(100);
        if draft.wanted.get(&practice.id).is_some_and(|wanted| *wanted > most) {
            say(&format!("w-{place}"), format!("At most {}.", practice.levels.len()));
        }
    }
    match due {
        Some(due) if problems.is_empty() => Ok((name, due, activities, note)),
        Some(_) | None => Err(Error::Invalid(problems)),
    }
}

/// Adds a phase to the roadmap of a place.
///
/// # Errors
/// Invalid, or not found where one may not.
pub async fn add(ctx: &Ctx, document: &Document, scope: Scope, draft: PhaseDraft) -> Result<PhaseId> {
    ctx.require(Permission::RunProgramme, scope, "place")?;
    let (name, due_on, activities, note) = clean(document, &draft)?;
    let phase = Phase {
        id: ctx.id(),
        series: document.row.series.clone(),
        scope,
        name,
        due_on,
        state: draft.state,
        owner: draft.owner,
        owner_name: String::new(),
        activities,
        note,
        wanted: draft.wanted,
        made_at: ctx.now,
        done_at: (draft.state == PhaseState::Done).then_some(ctx.now),
        revision: 1,
    };
    let mut tx = ctx.begin().await?;
    store::insert(&mut tx, &phase, ctx.actor.name()).await?;
    record(&mut tx, ctx, "phase.added", &phase).await?;
    tx.commit().await?;
    Ok(phase.id)
}

/// Changes a phase.
///
/// # Errors
/// Invalid, stale, or not found where one may not.
pub async fn change(ctx: &Ctx, document: &Document, id: PhaseId, draft: PhaseDraft, revision: i64) -> Result<Phase> {
    let (name, due_on, activities, note) = clean(document, &draft)?;
    let mut tx = ctx.begin().await?;
    let mut phase = store::load(&mut tx, id).await?;
    ctx.require(Permission::RunProgramme, phase.scope, "phase")?;
    phase.name = name;
    phase.due_on = due_on;
    phase.activities = activities;
    phase.note = note;
    phase.owner = draft.owner;
    phase.wanted = draft.wanted;
    phase.done_at = match (phase.state, draft.state) {
        (PhaseState::Done, PhaseState::Done) => phase.done_at,
        (_, PhaseState::Done) => Some(ctx.now),
        (_, PhaseState::Planned | PhaseState::Running | PhaseState::Dropped) => None,
    };
    phase.state = draft.state;
    phase.revision = revision;
    store::set(&mut tx, &phase).await?;
    record(&mut tx, ctx, "phase.changed", &phase).await?;
    tx.commit().await?;
    Ok(phase)
}

async fn record(tx: &mut db::Tx, ctx: &Ctx, action: &str, phase: &Phase) -> Result<()> {
    let detail = json!({
        "name": phase.name, "due_on": phase.due_on.to_string(), "state": phase.state.as_str(),
        "place": place::text(phase.scope), "wanted": phase.wanted,
    });
    audit::record(tx, ctx, Entry::new(action, RecordRef::new("phase", phase.id)).with(detail)).await
}
