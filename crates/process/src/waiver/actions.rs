//! What people can do with exceptions: ask, decide, end.

use kernel::{Date, Error, Permission, RecordRef, Result, clean_text};
use platform::Ctx;
use platform::audit::{self, Entry};
use register::products::ReleaseId;
use serde_json::json;

use super::model::{Kind, Waiver, WaiverId};
use super::{rules, store};
use crate::place;
use crate::plan::{self, TaskId};

/// Asks for an exception from one or several tasks.
///
/// # Errors
/// Invalid without reason or end, or not found where one may not.
pub async fn request(
    ctx: &Ctx,
    release: ReleaseId,
    tasks: &[TaskId],
    kind: Kind,
    reason: &str,
    expires_on: &str,
) -> Result<()> {
    let expires: Date = expires_on.parse().map_err(|_| {
        Error::invalid("expires_on", "Say until when, as a date such as 2026-11-30. Exceptions always end.")
    })?;
    let reason = clean_text("reason", reason, 2_000).map_err(|problem| Error::Invalid(vec![problem]))?;
    if reason.chars().count() < 10 {
        return Err(Error::invalid("reason", "Say why in a sentence; whoever approves it has only this to go by."));
    }
    rules::may_request(kind, expires, ctx.now.date())
        .map_err(|refused| Error::invalid("expires_on", refused.to_string()))?;
    let mut tx = ctx.begin().await?;
    place::release(ctx, &mut tx, release, Permission::WorkPlans).await?;
    let known = plan::list_task_names(&mut tx, release).await?;
    let mut waivers = Vec::new();
    for task in tasks {
        if !known.contains_key(task) {
            return Err(Error::NotFound { what: "task" });
        }
        waivers.push(Waiver {
            id: ctx.id(),
            release,
            task: *task,
            kind,
            reason: reason.clone(),
            expires_on: expires,
            requested_by: ctx.actor.id_text(),
            requested_name: ctx.actor.name().to_owned(),
            made_at: ctx.now,
            approved: None,
            decided_name: String::new(),
            decided_note: String::new(),
            decided_at: None,
            ended_at: None,
        });
    }
    if waivers.is_empty() {
        return Err(Error::invalid("task", "Tick the tasks that this is about."));
    }
    store::insert(&mut tx, &waivers).await?;
    plan::refresh(&mut tx, ctx, release).await?;
    let activities: Vec<&str> = tasks.iter().filter_map(|task| known.get(task).map(String::as_str)).collect();
    let detail = json!({"kind": kind.as_str(), "tasks": activities, "expires_on": expires.to_string()});
    audit::record(&mut tx, ctx, Entry::new("waiver.requested", RecordRef::new("release", release)).with(detail))
        .await?;
    tx.commit().await
}

/// Approves or refuses an exception; never by the one who asked.
///
/// # Errors
/// Refused to the requester and when it is settled; not found where one may not.
pub async fn decide(ctx: &Ctx, release: ReleaseId, id: WaiverId, approved: bool, note: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    place::release(ctx, &mut tx, release, Permission::ApprovePlans).await?;
    let waiver = store::load(&mut tx, release, id).await?;
    rules::may_decide(&waiver, &ctx.actor)?;
    let person = ctx.actor.person().ok_or(Error::NotFound { what: "waiver" })?;
    let note = note.trim().chars().take(2_000).collect::<String>();
    store::set_decided(&mut tx, id, approved, person, ctx.actor.name(), &note, ctx.now).await?;
    plan::refresh(&mut tx, ctx, release).await?;
    let action = if approved { "waiver.approved" } else { "waiver.refused" };
    record(&mut tx, ctx, action, &waiver).await?;
    tx.commit().await
}

/// Approves or refuses several exceptions of a release, all or none of them.
///
/// # Errors
/// As [`decide`]; invalid without any.
pub async fn decide_all(ctx: &Ctx, release: ReleaseId, ids: &[WaiverId], approved: bool, note: &str) -> Result<()> {
    if ids.is_empty() {
        return Err(Error::invalid("waiver", "Tick the exceptions that this is about."));
    }
    let note = note.trim().chars().take(2_000).collect::<String>();
    let mut tx = ctx.begin().await?;
    place::release(ctx, &mut tx, release, Permission::ApprovePlans).await?;
    let person = ctx.actor.person().ok_or(Error::NotFound { what: "waiver" })?;
    let known = plan::list_task_names(&mut tx, release).await?;
    let mut activities = Vec::with_capacity(ids.len());
    for id in ids {
        let waiver = store::load(&mut tx, release, *id).await?;
        rules::may_decide(&waiver, &ctx.actor)?;
        store::set_decided(&mut tx, *id, approved, person, ctx.actor.name(), &note, ctx.now).await?;
        activities.extend(known.get(&waiver.task).cloned());
    }
    plan::refresh(&mut tx, ctx, release).await?;
    let action = if approved { "waiver.approved" } else { "waiver.refused" };
    let detail = json!({"tasks": activities});
    audit::record(&mut tx, ctx, Entry::new(action, RecordRef::new("release", release)).with(detail)).await?;
    tx.commit().await
}

/// Ends an exception before its time, or takes a request back.
///
/// # Errors
/// Stale when it is ended already; not found where one may not.
pub async fn end(ctx: &Ctx, release: ReleaseId, id: WaiverId) -> Result<()> {
    let mut tx = ctx.begin().await?;
    place::release(ctx, &mut tx, release, Permission::WorkPlans).await?;
    let waiver = store::load(&mut tx, release, id).await?;
    store::set_ended(&mut tx, id, ctx.actor.name(), ctx.now).await?;
    plan::refresh(&mut tx, ctx, release).await?;
    record(&mut tx, ctx, "waiver.ended", &waiver).await?;
    tx.commit().await
}

async fn record(tx: &mut db::Tx, ctx: &Ctx, action: &str, waiver: &Waiver) -> Result<()> {
    let detail = json!({"kind": waiver.kind.as_str(), "task": waiver.task.to_string(), "expires_on": waiver.expires_on.to_string()});
    let entry =
        Entry::new(action, RecordRef::new("waiver", waiver.id)).under(RecordRef::new("release", waiver.release));
    audit::record(tx, ctx, entry.with(detail)).await
}
