//! Merging, splitting, duplicates.

use kernel::{Error, Result, clean_line};
use platform::Ctx;
use platform::audit::{self, Entry};
use serde_json::json;

use super::super::model::{Case, CaseId, NewCase, Outcome, State};
use super::super::rules::{self, By, Given};
use super::super::store;
use super::moves::{apply, cleaned};
use super::{load_to_work, may_work, open, reference, settle};
use crate::issue_management::intake;

fn other_missing() -> Error {
    Error::invalid("other", "There is no such case that you work on. Write its number, such as PSIRT-2026-0042.")
}

async fn load_other(tx: &mut db::Tx, ctx: &Ctx, case: &Case, number: &str) -> Result<Case> {
    let other = match store::load_numbered(tx, ctx, number).await {
        Ok(other) => other,
        Err(Error::NotFound { .. }) => return Err(other_missing()),
        Err(error) => return Err(error),
    };
    if !may_work(ctx, &other) {
        return Err(other_missing());
    }
    if other.id == case.id {
        return Err(Error::invalid(
            "other",
            "This is the number of the case itself. Write the number of the other one.",
        ));
    }
    if other.merged_into.is_some() {
        return Err(Error::invalid("other", "That case went into another one itself. Write the number of that one."));
    }
    Ok(other)
}

/// Dismisses a case as the repetition of another one: its members and reports move there.
pub(in super::super) async fn mark_duplicate(
    ctx: &Ctx,
    id: CaseId,
    revision: i64,
    number: &str,
    reason: &str,
) -> Result<CaseId> {
    let reason = cleaned(reason)?;
    let mut tx = ctx.begin().await?;
    let before = load_to_work(&mut tx, ctx, id).await?;
    if before.revision != revision {
        return Err(Error::Stale { what: "case" });
    }
    if number.trim().is_empty() {
        return Err(other_missing());
    }
    let other = load_other(&mut tx, ctx, &before, number).await?;
    let chosen = rules::move_named("duplicate").ok_or_else(|| Error::internal("the table has no duplicate"))?;
    let standing = store::load_standing(&mut tx, &before, ctx.now.date()).await?;
    rules::may_move(&before, standing, chosen, By::Button, Given { reason: &reason, other: true })?;
    let mut case = before.clone();
    apply(&mut case, chosen, &reason, ctx);
    case.merged_into = Some(other.id);
    store::copy_members(&mut tx, id, other.id).await?;
    let reports = intake::move_reports(&mut tx, id, other.id).await?;
    settle(&mut tx, ctx, &before, &mut case).await?;
    raise_other(&mut tx, ctx, &before, &other).await?;
    let detail = json!({ "other": other.number, "number": case.number, "reports": reports, "reason": reason });
    let entry = Entry::new(chosen.action, reference(id)).under(reference(other.id)).with(detail);
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(other.id)
}

/// What was told of the one case counts for the other: an earlier arrival, encryption, exploitation.
async fn raise_other(tx: &mut db::Tx, ctx: &Ctx, from: &Case, other: &Case) -> Result<()> {
    let mut raised = other.clone();
    raised.received_at = raised.received_at.min(from.received_at);
    raised.encrypted_only |= from.encrypted_only;
    raised.exploited |= from.exploited;
    settle(tx, ctx, other, &mut raised).await
}

/// Merges a case into another one: reports, files, vulnerabilities and open tasks move, this one closes as merged.
pub(in super::super) async fn merge(ctx: &Ctx, id: CaseId, revision: i64, number: &str) -> Result<CaseId> {
    let mut tx = ctx.begin().await?;
    let before = load_to_work(&mut tx, ctx, id).await?;
    if before.revision != revision {
        return Err(Error::Stale { what: "case" });
    }
    let other = load_other(&mut tx, ctx, &before, number).await?;
    let refused = |code, words: &str| Err(Error::Refused { code, words: words.to_owned() });
    if matches!(before.state, State::Closed | State::Published) {
        return refused("case-merge-too-late", "A published or closed case is not merged. Link it in a note instead.");
    }
    if other.is_closed() {
        return refused("case-merge-closed", "That case is closed. Reopen it first, or merge the other way round.");
    }
    if store::count_advisories(&mut tx, id).await? > 0 {
        return refused(
            "case-merge-advisory",
            "This case has an advisory. Merge the other case into this one, or withdraw the advisory first.",
        );
    }
    store::copy_members(&mut tx, id, other.id).await?;
    intake::move_reports(&mut tx, id, other.id).await?;
    store::move_work(&mut tx, id, other.id).await?;
    let mut case = before.clone();
    case.state = State::Closed;
    case.outcome = Some(Outcome::Merged);
    case.outcome_reason = format!("Merged into {}.", other.number);
    case.merged_into = Some(other.id);
    case.closed_at = Some(ctx.now);
    settle(&mut tx, ctx, &before, &mut case).await?;
    raise_other(&mut tx, ctx, &before, &other).await?;
    let detail = json!({ "number": before.number, "other": other.number });
    let entry = Entry::new("case.merged", reference(id)).under(reference(other.id)).with(detail);
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(other.id)
}

/// Splits chosen vulnerabilities and reports off into a new case with the same members.
pub(in super::super) async fn split(
    ctx: &Ctx,
    id: CaseId,
    revision: i64,
    title: &str,
    vulnerabilities: &[String],
    reports: &[String],
) -> Result<CaseId> {
    let title = clean_line("title", title, 200).map_err(|problem| Error::Invalid(vec![problem]))?;
    if vulnerabilities.is_empty() && reports.is_empty() {
        return Err(Error::invalid("vulnerability", "Tick what goes into the new case."));
    }
    let mut tx = ctx.begin().await?;
    let before = load_to_work(&mut tx, ctx, id).await?;
    if before.revision != revision {
        return Err(Error::Stale { what: "case" });
    }
    if matches!(before.state, State::Closed | State::Published) {
        return Err(Error::Refused {
            code: "case-split-too-late",
            words: "A published or closed case is not split. Reopen it first, or open a new case.".to_owned(),
        });
    }
    let new = NewCase {
        title,
        product: before.product,
        family: before.family,
        received_at: before.received_at,
        encrypted_only: before.encrypted_only,
        acknowledged_at: before.acknowledged_at,
    };
    let made = open(&mut tx, ctx, new).await?;
    store::copy_members(&mut tx, id, made).await?;
    let moved = store::move_vulnerabilities(&mut tx, id, made, vulnerabilities).await?
        + intake::move_chosen_reports(&mut tx, id, made, reports).await?;
    let asked = u64::try_from(vulnerabilities.len() + reports.len()).unwrap_or(u64::MAX);
    if moved != asked {
        return Err(Error::Stale { what: "case" });
    }
    let mut case = before.clone();
    settle(&mut tx, ctx, &before, &mut case).await?;
    let fresh = store::load(&mut tx, made).await?;
    let mut settled = fresh.clone();
    settle(&mut tx, ctx, &fresh, &mut settled).await?;
    let detail = json!({
        "number": fresh.number, "from": before.number, "vulnerabilities": vulnerabilities.len(), "reports": reports.len(),
    });
    let entry = Entry::new("case.split", reference(made)).under(reference(id)).with(detail);
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(made)
}
