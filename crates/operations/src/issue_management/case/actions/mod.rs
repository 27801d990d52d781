//! What people and jobs can do to cases: one action, one transaction, one audit entry.

mod moves;
mod moving;
mod people;

use std::time::Duration;

use db::Tx;
use kernel::{Date, Error, Id, Permission, RecordRef, Result, Scope, Timestamp, clean_line, clean_text, kinds};
use platform::audit::{self, Entry};
use platform::{Ctx, numbers};
use serde_json::json;

use super::model::{Case, CaseId, NewCase, Route, Severity, State, Tlp};
use super::{clock, rules, store};
use crate::issue_management::policy;

pub(super) use moves::{make_move, move_in, set_route};
pub(crate) use moves::{mark_acknowledged, mark_published, route_by_exception};
pub(super) use moving::{mark_duplicate, merge, split};
pub(super) use people::{add_member, assign, remove_member, watch};

/// The reference under which a case is recorded.
pub(super) fn reference(id: CaseId) -> RecordRef {
    RecordRef::new("case", id)
}

/// Loads a case to work on: visible, and the actor works on cases there.
pub(super) async fn load_to_work(tx: &mut Tx, ctx: &Ctx, id: CaseId) -> Result<Case> {
    let case = store::load_visible(tx, ctx, id).await?;
    if may_work(ctx, &case) { Ok(case) } else { Err(Error::NotFound { what: "case" }) }
}

/// Whether the actor, who sees the case, may change it. A case without a product is nobody's place, so there whoever
/// works on cases anywhere may.
pub(super) fn may_work(ctx: &Ctx, case: &Case) -> bool {
    match case.place() {
        Scope::All => ctx.actor.may_somewhere(Permission::WorkCases),
        place @ (Scope::Family(_) | Scope::Product { .. }) => ctx.actor.may(Permission::WorkCases, place),
    }
}

/// Whether the actor leads this case.
pub(super) fn may_lead(ctx: &Ctx, case: &Case) -> bool {
    ctx.actor.may(Permission::LeadCases, case.place())
}

/// Opens a case with the caller's transaction and record: numbered by the policy, with its opener as member and
/// provisional clocks.
pub(crate) async fn open(tx: &mut Tx, ctx: &Ctx, new: NewCase) -> Result<CaseId> {
    let family = match new.product {
        Some(product) => Some(store::load_family(tx, product).await?),
        None => new.family,
    };
    let policy = policy::load_for(tx, family).await?;
    let number = numbers::next(tx, &policy.case_prefix, ctx.now.date().year()).await?;
    let case = Case {
        id: ctx.id(),
        number,
        title: new.title,
        state: State::Triage,
        outcome: None,
        outcome_reason: String::new(),
        family,
        product: new.product,
        assignee: ctx.actor.person(),
        severity: None,
        score: None,
        exploited: false,
        tlp: Tlp::Amber,
        encrypted_only: new.encrypted_only,
        route: Route::Undecided,
        route_exception: false,
        route_reason: String::new(),
        target_release: None,
        support_override: String::new(),
        agreed_disclosure: None,
        received_at: new.received_at,
        opened_at: ctx.now,
        acknowledged_at: new.acknowledged_at,
        triaged_at: None,
        confirmed_at: None,
        mitigated_at: None,
        fixed_at: None,
        disclosed_at: None,
        closed_at: None,
        merged_into: None,
        revision: 1,
    };
    store::insert(tx, &case).await?;
    if let Some(person) = ctx.actor.person() {
        store::insert_member(tx, case.id, person, ctx.actor.name(), ctx.now).await?;
    }
    clock::settle(tx, &case, &policy).await?;
    Ok(case.id)
}

/// Opens a case for a finding from inside; nobody waits for an answer, so it counts as acknowledged.
pub(super) async fn open_from_desk(
    ctx: &Ctx,
    title: &str,
    product: Option<Id<kinds::Product>>,
    received_at: Timestamp,
    encrypted_only: bool,
) -> Result<CaseId> {
    let title = clean_line("title", title, 200).map_err(|problem| Error::Invalid(vec![problem]))?;
    if received_at > ctx.now {
        return Err(Error::invalid("received", "This lies in the future. Write when it was found."));
    }
    let mut tx = ctx.begin().await?;
    if let Some(product) = product {
        let family = store::load_family(&mut tx, product).await?;
        if !ctx.actor.may(Permission::WorkCases, Scope::Product { product, family }) {
            return Err(Error::invalid(
                "product",
                "You do not work on cases of this product. Ask its lead to open one.",
            ));
        }
    }
    let new = NewCase { title, product, family: None, received_at, encrypted_only, acknowledged_at: Some(ctx.now) };
    let id = open(&mut tx, ctx, new).await?;
    audit::record(&mut tx, ctx, Entry::new("case.opened", reference(id)).with(json!({ "source": "desk" }))).await?;
    tx.commit().await?;
    Ok(id)
}

/// Brings everything that follows from other facts in line: severity, route, mitigation and fix times, clocks.
///
/// `before` is the case as it was loaded; the row is written only where something differs from it.
pub(super) async fn settle(tx: &mut Tx, ctx: &Ctx, before: &Case, case: &mut Case) -> Result<()> {
    let policy = policy::load_for(tx, case.family).await?;
    case.score = store::load_worst_score(tx, case.id).await?;
    case.severity = case.score.map(Severity::of_score);
    if case.is_confirmed()
        && !case.route_exception
        && matches!(case.state, State::Confirmed | State::Fixing | State::Ready)
    {
        case.route = rules::route_by_risk(case.severity, case.exploited, policy.advisory_threshold);
    }
    let standing = store::load_standing(tx, case, ctx.now.date()).await?;
    if case.disclosed_at.is_none() && !case.is_closed() {
        case.mitigated_at = if standing.mitigated { case.mitigated_at.or(Some(ctx.now)) } else { None };
        case.fixed_at = if standing.fixed { case.fixed_at.or(Some(ctx.now)) } else { None };
    } else if standing.fixed {
        case.fixed_at = case.fixed_at.or(Some(ctx.now));
    }
    if case != before {
        store::set(tx, case).await?;
    }
    clock::settle(tx, case, &policy).await
}

/// The overview as a person edits it.
#[derive(Clone, Debug, Default)]
pub(super) struct Edit {
    pub(super) title: String,
    pub(super) product: Option<Id<kinds::Product>>,
    pub(super) tlp: Option<Tlp>,
    pub(super) agreed_disclosure: Option<Date>,
    pub(super) target_release: Option<Id<kinds::Release>>,
    pub(super) support_override: String,
    pub(super) encrypted_only: bool,
}

/// Changes the overview of a case.
pub(super) async fn edit(ctx: &Ctx, id: CaseId, revision: i64, edit: &Edit) -> Result<()> {
    let title = clean_line("title", &edit.title, 200).map_err(|problem| Error::Invalid(vec![problem]))?;
    let support_override = if edit.support_override.trim().is_empty() {
        String::new()
    } else {
        clean_text("support_override", &edit.support_override, 2_000)
            .map_err(|problem| Error::Invalid(vec![problem]))?
    };
    let mut tx = ctx.begin().await?;
    let before = load_to_work(&mut tx, ctx, id).await?;
    if before.revision != revision {
        return Err(Error::Stale { what: "case" });
    }
    if before.encrypted_only && !edit.encrypted_only && !may_lead(ctx, &before) {
        return Err(Error::invalid("encrypted_only", "Only a lead can allow mail in clear again."));
    }
    let mut case = before.clone();
    case.title = title;
    case.tlp = edit.tlp.unwrap_or(before.tlp);
    case.agreed_disclosure = edit.agreed_disclosure;
    case.encrypted_only = edit.encrypted_only;
    case.support_override = support_override;
    if edit.product != before.product {
        case.product = edit.product;
        case.family = match edit.product {
            Some(product) => Some(store::load_family(&mut tx, product).await?),
            None => before.family,
        };
        if !may_work(ctx, &case) {
            return Err(Error::invalid(
                "product",
                "You do not work on cases of this product. Ask its lead to take it over.",
            ));
        }
        case.target_release = None;
    }
    if let Some(release) = edit.target_release
        && edit.product == before.product
    {
        let releases = store::list_releases(&mut tx, &case).await?;
        if !releases.iter().any(|known| known.id == release) {
            return Err(Error::invalid("target_release", "Choose a release of the product."));
        }
        case.target_release = Some(release);
    } else {
        case.target_release = None;
    }
    let detail = changes(&before, &case);
    settle(&mut tx, ctx, &before, &mut case).await?;
    audit::record(&mut tx, ctx, Entry::new("case.edited", reference(id)).with(detail)).await?;
    tx.commit().await
}

/// Which fields changed; texts by name only, since the log holds no text of a case.
fn changes(before: &Case, after: &Case) -> serde_json::Value {
    let mut fields = Vec::new();
    let mut note = |name: &str, changed: bool| {
        if changed {
            fields.push(name.to_owned());
        }
    };
    note("title", before.title != after.title);
    note("product", before.product != after.product);
    note("target release", before.target_release != after.target_release);
    note("reason to handle it without support", before.support_override != after.support_override);
    let mut detail = json!({ "fields": fields });
    if before.tlp != after.tlp {
        detail["tlp"] = json!(after.tlp.as_str());
    }
    if before.agreed_disclosure != after.agreed_disclosure {
        detail["agreed_disclosure"] = json!(after.agreed_disclosure.map(|date| date.to_string()));
    }
    if before.encrypted_only != after.encrypted_only {
        detail["encrypted_only"] = json!(after.encrypted_only);
    }
    detail
}

/// Marks a case as exploited, or takes that back. The moment of awareness stands in the log: the clocks of CRA
/// Article 14 count from it.
pub(super) async fn set_exploited(
    ctx: &Ctx,
    id: CaseId,
    revision: i64,
    exploited: bool,
    aware_at: Option<Timestamp>,
    reason: &str,
) -> Result<()> {
    if exploited && aware_at.is_none_or(|at| at > ctx.now) {
        return Err(Error::invalid("aware_at", "Write when somebody here first knew of it, not later than now."));
    }
    if !exploited && reason.trim().is_empty() {
        return Err(Error::invalid("reason", "Say why it is not exploited after all."));
    }
    let mut tx = ctx.begin().await?;
    let before = load_to_work(&mut tx, ctx, id).await?;
    if before.revision != revision {
        return Err(Error::Stale { what: "case" });
    }
    let mut case = before.clone();
    case.exploited = exploited;
    settle(&mut tx, ctx, &before, &mut case).await?;
    let action = if exploited { "case.exploited" } else { "case.not-exploited" };
    let detail = json!({ "aware_at": aware_at.map(Timestamp::rfc3339), "reason": reason.trim() });
    audit::record(&mut tx, ctx, Entry::new(action, reference(id)).with(detail)).await?;
    tx.commit().await
}

/// Records that a person read an embargoed case (P8), once an hour at most, so that the page stays cheap.
pub(super) async fn note_read(ctx: &Ctx, case: &Case) -> Result<()> {
    let Some(person) = ctx.actor.person().filter(|_| case.is_embargoed()) else { return Ok(()) };
    let mut tx = ctx.read().await?;
    let since = ctx.now - Duration::from_secs(3_600);
    let subject = reference(case.id);
    if audit::is_recorded_since(&mut tx, &person.to_string(), "case.read", &subject, since).await? {
        return Ok(());
    }
    drop(tx);
    let mut tx = ctx.begin().await?;
    audit::record(&mut tx, ctx, Entry::new("case.read", subject)).await?;
    tx.commit().await
}

/// Notes that a mitigation became available by the passing of days; the job calls this.
pub(super) async fn note_mitigation(ctx: &Ctx, id: CaseId) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let before = store::load(&mut tx, id).await?;
    let mut case = before.clone();
    settle(&mut tx, ctx, &before, &mut case).await?;
    if case.mitigated_at == before.mitigated_at {
        return Ok(());
    }
    audit::record(&mut tx, ctx, Entry::new("case.mitigated", reference(id))).await?;
    tx.commit().await
}
