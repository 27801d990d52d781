//! The moves of the table, and what siblings report: acknowledged, published.

use db::Tx;
use kernel::{Error, Result, clean_text};
use platform::Ctx;
use platform::audit::{self, Entry};
use serde_json::json;

use super::super::model::{Case, CaseId, Route, State};
use super::super::rules::{self, By, Given, Move};
use super::super::{clock, store};
use super::{load_to_work, may_lead, reference, settle};
use crate::issue_management::policy;

/// Makes one of the moves that have a button.
pub(in super::super) async fn make_move(ctx: &Ctx, id: CaseId, revision: i64, name: &str, reason: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    move_in(&mut tx, ctx, id, revision, (name, reason), None).await?;
    tx.commit().await
}

/// The same in the caller's transaction, with its audit entry; `root_cause` is what the entry tells of the root cause that
/// was recorded together with the move.
pub(in super::super) async fn move_in(
    tx: &mut Tx,
    ctx: &Ctx,
    id: CaseId,
    revision: i64,
    (name, reason): (&str, &str),
    root_cause: Option<serde_json::Value>,
) -> Result<()> {
    let chosen = rules::move_named(name).ok_or(Error::NotFound { what: "move" })?;
    let reason = cleaned(reason)?;
    let before = load_to_work(tx, ctx, id).await?;
    if !ctx.actor.may(chosen.who, before.place()) && chosen.who != kernel::Permission::WorkCases {
        return Err(Error::Refused {
            code: "case-only-lead",
            words: format!("Only a lead can do this: {}.", chosen.verb),
        });
    }
    if before.revision != revision {
        return Err(Error::Stale { what: "case" });
    }
    let standing = store::load_standing(tx, &before, ctx.now.date()).await?;
    rules::may_move(&before, standing, chosen, By::Button, Given { reason: &reason, other: false })?;
    let mut case = before.clone();
    apply(&mut case, chosen, &reason, ctx);
    settle(tx, ctx, &before, &mut case).await?;
    let mut detail = json!({
        "move": chosen.verb, "from": before.state.as_str(), "to": case.state.as_str(),
        "outcome": case.outcome.map(super::super::model::Outcome::as_str), "reason": reason,
        "severity": case.severity.map(super::super::model::Severity::as_str), "route": case.route.as_str(),
        "out_of_support": standing.is_out_of_support(),
    });
    if let Some(root_cause) = root_cause {
        detail["root_cause"] = root_cause;
    }
    audit::record(tx, ctx, Entry::new(chosen.action, reference(id)).with(detail)).await?;
    Ok(())
}

/// A reason as it is kept, or nothing.
pub(super) fn cleaned(reason: &str) -> Result<String> {
    if reason.trim().is_empty() {
        return Ok(String::new());
    }
    clean_text("reason", reason, 2_000).map_err(|problem| Error::Invalid(vec![problem]))
}

/// Writes a move into the case: state, outcome, times.
pub(super) fn apply(case: &mut Case, chosen: &Move, reason: &str, ctx: &Ctx) {
    let from = case.state;
    case.state = chosen.to;
    match chosen.to {
        State::Triage => {
            // Reopened: it is judged anew, but what the public knows stays known.
            case.outcome = None;
            case.outcome_reason = String::new();
            case.closed_at = None;
            case.triaged_at = None;
            case.confirmed_at = None;
            case.route = Route::Undecided;
            case.route_exception = false;
            case.route_reason = String::new();
        }
        State::Confirmed => {
            case.triaged_at = case.triaged_at.or(Some(ctx.now));
            case.confirmed_at = Some(ctx.now);
        }
        State::Fixing | State::Ready => {}
        State::Published => case.disclosed_at = case.disclosed_at.or(Some(ctx.now)),
        State::Closed => {
            case.outcome = chosen.outcome;
            case.outcome_reason = reason.to_owned();
            case.closed_at = Some(ctx.now);
            if from == State::Triage {
                case.triaged_at = case.triaged_at.or(Some(ctx.now));
            }
        }
    }
}

/// Decides where a confirmed case goes (P1). Against the rule only by a lead, with a reason, in the log.
pub(in super::super) async fn set_route(
    ctx: &Ctx,
    id: CaseId,
    revision: i64,
    wanted: Route,
    reason: &str,
) -> Result<()> {
    let reason = cleaned(reason)?;
    let mut tx = ctx.begin().await?;
    let before = load_to_work(&mut tx, ctx, id).await?;
    if before.revision != revision {
        return Err(Error::Stale { what: "case" });
    }
    let policy = policy::load_for(&mut tx, before.family).await?;
    let by_risk = rules::route_by_risk(before.severity, before.exploited, policy.advisory_threshold);
    let exception = rules::may_route(&before, wanted, by_risk, may_lead(ctx, &before), &reason)?;
    let mut case = before.clone();
    case.route = wanted;
    case.route_exception = exception;
    case.route_reason = if exception { reason.clone() } else { String::new() };
    settle(&mut tx, ctx, &before, &mut case).await?;
    let action = if exception { "case.route-exception" } else { "case.routed" };
    let detail = json!({
        "route": wanted.as_str(), "by_risk": by_risk.as_str(), "reason": reason,
        "severity": before.severity.map(super::super::model::Severity::as_str),
    });
    audit::record(&mut tx, ctx, Entry::new(action, reference(id)).with(detail)).await?;
    tx.commit().await
}

/// A lead sends the case to an advisory against the policy's line (P1). The caller asked whether the actor leads here,
/// and records the reason.
pub(crate) async fn route_by_exception(tx: &mut Tx, ctx: &Ctx, id: CaseId, reason: &str) -> Result<()> {
    let before = store::load(tx, id).await?;
    let mut case = before.clone();
    case.route = Route::Advisory;
    case.route_exception = true;
    case.route_reason = reason.to_owned();
    settle(tx, ctx, &before, &mut case).await
}

/// Notes that the reporter was told that the report arrived; the caller records the action.
pub(crate) async fn mark_acknowledged(tx: &mut Tx, ctx: &Ctx, id: CaseId) -> Result<()> {
    let before = store::load(tx, id).await?;
    if before.acknowledged_at.is_some() {
        return Ok(());
    }
    let mut case = before.clone();
    case.acknowledged_at = Some(ctx.now);
    store::set(tx, &mut case).await?;
    let policy = policy::load_for(tx, case.family).await?;
    clock::settle(tx, &case, &policy).await
}

/// Notes that an advisory of the case was published: the move of the table, with its needs (P1, P6). The caller records
/// the action. A later revision of an advisory changes nothing here; a limited notice is not a publication of the case
/// and does not come here.
pub(crate) async fn mark_published(tx: &mut Tx, ctx: &Ctx, id: CaseId) -> Result<()> {
    let before = store::load(tx, id).await?;
    if before.disclosed_at.is_some() && matches!(before.state, State::Published | State::Closed) {
        return Ok(());
    }
    let publish = rules::move_named("publish").ok_or_else(|| Error::internal("the table has no move to publish"))?;
    let standing = store::load_standing(tx, &before, ctx.now.date()).await?;
    rules::may_move(&before, standing, publish, By::Advisory, Given::default())?;
    let mut case = before.clone();
    apply(&mut case, publish, "", ctx);
    settle(tx, ctx, &before, &mut case).await
}
