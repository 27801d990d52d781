//! What people do to findings: judge, rate, ask for acceptance and decide about it; what a job does when it lapses.

use std::future::Future;
use std::pin::Pin;

use db::{Tx, Value};
use kernel::{Date, Error, Permission, RecordRef, Result, Scope, clean_text};
use platform::Ctx;
use platform::audit::{self, Entry};
use register::products::ProductId;
use serde_json::json;

use super::model::{
    Decision, Finding, FindingId, ImportId, Request, Severity, State, TargetId, Verdict, rank, severity_label,
};
use super::rules::{self, Move, Subject};
use super::store::{Carrier, Moved};
use super::{standing, store};

/// The most findings that one action takes.
pub(super) const MOST_CHOSEN: usize = 2_000;

/// One line of history.
pub(super) fn history_row(
    ctx: &Ctx,
    finding: FindingId,
    action: &str,
    (from, to): (&str, &str),
    severities: Option<(i64, i64)>,
    reason: &str,
    import: Option<ImportId>,
) -> Vec<Value> {
    vec![
        ctx.id::<super::model::Event>().into(),
        finding.into(),
        ctx.now.into(),
        ctx.actor.name().into(),
        action.into(),
        from.into(),
        to.into(),
        severities.map(|(from, _)| from).into(),
        severities.map(|(_, to)| to).into(),
        reason.into(),
        import.into(),
    ]
}

/// The chosen findings, all of one product in which the actor has the permission.
async fn load_chosen(
    tx: &mut Tx,
    ctx: &Ctx,
    ids: &[FindingId],
    permission: Permission,
) -> Result<(ProductId, Scope, Vec<Finding>)> {
    if ids.is_empty() {
        return Err(Error::invalid("finding", "Tick the findings first."));
    }
    if ids.len() > MOST_CHOSEN {
        return Err(Error::invalid("finding", format!("At most {MOST_CHOSEN} findings are judged at once.")));
    }
    let mut ids = ids.to_vec();
    ids.sort();
    ids.dedup();
    let found = store::load_chosen(tx, &ids).await?;
    let first = found.first().ok_or(Error::NotFound { what: "finding" })?.product;
    if found.len() < ids.len() {
        return Err(Error::NotFound { what: "finding" });
    }
    let mut products: Vec<ProductId> = found.iter().map(|finding| finding.product).collect();
    products.sort();
    products.dedup();
    let known = register::products::list_products(tx).await?;
    let mut scope = Scope::All;
    for product in known.iter().filter(|product| products.contains(&product.id)) {
        ctx.require(Permission::ReadPlans, product.scope(), "finding")?;
        ctx.require(permission, product.scope(), "finding")?;
        scope = product.scope();
    }
    if products.len() > 1 {
        return Err(Error::Refused {
            code: "several-products",
            words: "These findings are of several products. Filter by one product, then judge its findings.".to_owned(),
        });
    }
    Ok((first, scope, found))
}

fn reason_of(text: &str, needed: bool) -> Result<String> {
    if text.trim().is_empty() && !needed {
        return Ok(String::new());
    }
    clean_text("reason", text, 4_000).map_err(|mut problem| {
        if text.trim().is_empty() {
            problem.words = "Say why; the reason stands in the history and carries over with the decision.".to_owned();
        }
        Error::Invalid(vec![problem])
    })
}

/// From which release on a decision counts: that of the finding; for a branch, the newest.
async fn reach(tx: &mut Tx, product: ProductId, findings: &[Finding]) -> Result<Vec<i64>> {
    let releases = register::products::list_releases(tx, product).await?;
    let newest = releases.iter().map(|release| release.position).max().unwrap_or(0);
    Ok(findings
        .iter()
        .map(|finding| {
            let position = finding.release.and_then(|id| releases.iter().find(|release| release.id == id));
            position.map_or(newest, |release| release.position)
        })
        .collect())
}

/// What a person decided about several findings.
struct Judged<'a> {
    verdict: State,
    reason: &'a str,
    until: Option<Date>,
    duplicate_of: Option<String>,
    requested_by: String,
}

/// Writes a decision about findings, moves them, and carries it over to where it holds; how many took it over, and the
/// releases and branches that were touched.
async fn decide(
    tx: &mut Tx,
    ctx: &Ctx,
    product: ProductId,
    findings: &[Finding],
    judged: &Judged<'_>,
) -> Result<(usize, Vec<TargetId>)> {
    let reaches = reach(tx, product, findings).await?;
    let decisions: Vec<Decision> = findings
        .iter()
        .zip(reaches)
        .map(|(finding, reach)| Decision {
            id: ctx.id::<Decision>().to_string(),
            fingerprint: finding.fingerprint.clone(),
            verdict: Verdict::State(judged.verdict),
            context: finding.context.clone(),
            severity: rank(finding.severity),
            reach,
            reason: judged.reason.to_owned(),
            until: judged.until,
            duplicate_of: judged.duplicate_of.clone(),
        })
        .collect();
    let by = (judged.requested_by.as_str(), ctx.actor.id_text());
    store::insert_decisions(tx, product, &decisions, (by.0, &by.1), ctx.now).await?;
    let fingerprints: Vec<&str> = findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    let carriers = store::list_carriers(tx, product, &fingerprints).await?;
    let mut moved = Vec::new();
    for (finding, decision) in findings.iter().zip(&decisions) {
        let from = (finding.id, finding.target, finding.state);
        moved.push(moved_by(from, decision, judged.verdict, judged.reason.to_owned(), "judged"));
    }
    let chosen: std::collections::HashSet<FindingId> = findings.iter().map(|finding| finding.id).collect();
    let mut carried = 0;
    for carrier in carriers.iter().filter(|carrier| !chosen.contains(&carrier.id)) {
        let subject = Subject { context: &carrier.context, severity: carrier.severity, position: carrier.position };
        let Some(decision) = decisions.iter().find(|decision| {
            decision.fingerprint == carrier.fingerprint && rules::holds(decision, subject, ctx.now.date())
        }) else {
            continue;
        };
        if decision.duplicate_of.as_deref() == Some(carrier.id.to_string().as_str()) {
            continue;
        }
        let words = format!("Carried over: {}", judged.reason);
        moved.push(moved_by((carrier.id, carrier.target, carrier.state), decision, judged.verdict, words, "carried"));
        carried += 1;
    }
    let targets = write_moves(tx, ctx, &moved).await?;
    Ok((carried, targets))
}

fn moved_by(
    (id, target, from): (FindingId, TargetId, State),
    decision: &Decision,
    to: State,
    reason: String,
    action: &'static str,
) -> Moved {
    Moved {
        id,
        target,
        from,
        to,
        decision: Some(decision.id.clone()),
        until: decision.until,
        duplicate_of: decision.duplicate_of.clone(),
        action,
        reason,
    }
}

/// Moves findings, with what their history says; where they are.
async fn write_moves(tx: &mut Tx, ctx: &Ctx, moved: &[Moved]) -> Result<Vec<TargetId>> {
    let targets: Vec<TargetId> = moved.iter().map(|one| one.target).collect();
    store::lock_targets(tx, &targets).await?;
    let changed = store::set_moved(tx, moved, ctx.now).await?;
    if changed < moved.len() as u64 {
        return Err(Error::Stale { what: "finding" });
    }
    let history = moved
        .iter()
        .map(|one| history_row(ctx, one.id, one.action, (one.from.as_str(), one.to.as_str()), None, &one.reason, None))
        .collect();
    store::insert_history(tx, history).await?;
    Ok(targets)
}

async fn close(
    mut tx: Tx,
    ctx: &Ctx,
    (action, product): (&str, ProductId),
    targets: Vec<TargetId>,
    detail: serde_json::Value,
) -> Result<()> {
    standing::refresh(&mut tx, ctx, targets).await?;
    let entry = Entry::new(action, RecordRef::new("product", product)).with(detail);
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await
}

/// What a person wants of some findings.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    /// The move.
    pub wanted: Move,
    /// Why.
    pub reason: String,
    /// The original, for duplicates.
    pub duplicate_of: Option<FindingId>,
}

/// Judges findings of one product; how many took the decision over elsewhere.
///
/// # Errors
/// Refused when one of them cannot move so, and then none does; invalid without a reason; not found where one may not.
pub(super) async fn judge(ctx: &Ctx, ids: &[FindingId], wish: &Wish) -> Result<usize> {
    let reason = reason_of(&wish.reason, wish.wanted.needs_reason())?;
    let mut tx = ctx.begin().await?;
    let (product, _, findings) = load_chosen(&mut tx, ctx, ids, Permission::WorkPlans).await?;
    let mut to = State::Open;
    for finding in &findings {
        to = rules::next(finding.state, wish.wanted)?;
    }
    let original =
        if to == State::Duplicate { Some(load_original(&mut tx, product, &findings, wish).await?) } else { None };
    let (carried, targets) = if to.is_decided() {
        let judged = Judged {
            verdict: to,
            reason: &reason,
            until: None,
            duplicate_of: original.map(|id| id.to_string()),
            requested_by: ctx.actor.id_text(),
        };
        decide(&mut tx, ctx, product, &findings, &judged).await?
    } else {
        if wish.wanted == Move::Reopen {
            let fingerprints: Vec<&str> = findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
            store::end_decisions(&mut tx, product, &fingerprints, ctx.now).await?;
        }
        let action = if wish.wanted == Move::Reopen { "reopened" } else { "judged" };
        let moved: Vec<Moved> = findings
            .iter()
            .map(|finding| Moved {
                id: finding.id,
                target: finding.target,
                from: finding.state,
                to,
                decision: None,
                until: None,
                duplicate_of: None,
                action,
                reason: reason.clone(),
            })
            .collect();
        (0, write_moves(&mut tx, ctx, &moved).await?)
    };
    let detail = json!({"to": to.as_str(), "findings": names(&findings), "carried": carried});
    withdraw_requests(&mut tx, ctx, &findings).await?;
    close(tx, ctx, ("finding.judged", product), targets, detail).await?;
    Ok(carried)
}

/// Identifiers for the audit log, at most a hundred of them.
fn names(findings: &[Finding]) -> Vec<String> {
    findings.iter().take(100).map(|finding| finding.id.to_string()).collect()
}

/// A wish for acceptance has no object any more once the finding was judged otherwise.
async fn withdraw_requests(tx: &mut Tx, ctx: &Ctx, findings: &[Finding]) -> Result<()> {
    let waiting: Vec<FindingId> = findings.iter().filter(|finding| finding.waiting).map(|finding| finding.id).collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let requests: Vec<_> = store::list_requests(tx, &waiting).await?.into_values().map(|request| request.id).collect();
    let by = (ctx.actor.id_text(), ctx.actor.name().to_owned());
    store::set_request(tx, &requests, "withdrawn", (&by.0, &by.1), "The finding was judged otherwise.", ctx.now).await
}

async fn load_original(tx: &mut Tx, product: ProductId, findings: &[Finding], wish: &Wish) -> Result<FindingId> {
    let missing = || {
        Error::invalid(
            "duplicate_of",
            "Name the finding that this one repeats: its address, or the identifier at its end.",
        )
    };
    let id = wish.duplicate_of.ok_or_else(missing)?;
    let original = store::load_finding(tx, id).await.map_err(|_| missing())?;
    if original.product != product {
        return Err(missing());
    }
    if findings.iter().any(|finding| finding.id == id) || original.state == State::Duplicate {
        return Err(Error::invalid(
            "duplicate_of",
            "The original cannot be one of the chosen findings, nor a duplicate itself. Name the one that stays.",
        ));
    }
    Ok(id)
}

/// Rates findings of one product; the rating carries over until a tool finds them worse.
///
/// # Errors
/// Invalid without a reason; not found where one may not.
pub(super) async fn rate(ctx: &Ctx, ids: &[FindingId], severity: Severity, reason: &str) -> Result<()> {
    let reason = reason_of(reason, true)?;
    let mut tx = ctx.begin().await?;
    let (product, _, findings) = load_chosen(&mut tx, ctx, ids, Permission::WorkPlans).await?;
    let to = rank(severity);
    let findings: Vec<Finding> = findings.into_iter().filter(|finding| rank(finding.severity) != to).collect();
    if findings.is_empty() {
        return Err(Error::Refused {
            code: "same-severity",
            words: format!("The severity is {} already.", severity_label(severity)),
        });
    }
    let reaches = reach(&mut tx, product, &findings).await?;
    let decisions: Vec<Decision> = findings
        .iter()
        .zip(reaches)
        .map(|(finding, reach)| Decision {
            id: ctx.id::<Decision>().to_string(),
            fingerprint: finding.fingerprint.clone(),
            verdict: Verdict::Severity(to),
            context: finding.context.clone(),
            severity: rank(finding.tool_severity),
            reach,
            reason: reason.clone(),
            until: None,
            duplicate_of: None,
        })
        .collect();
    let by = ctx.actor.id_text();
    store::insert_decisions(&mut tx, product, &decisions, (&by, &by), ctx.now).await?;
    let fingerprints: Vec<&str> = findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    let carriers = store::list_carriers(&mut tx, product, &fingerprints).await?;
    let chosen: std::collections::HashSet<FindingId> = findings.iter().map(|finding| finding.id).collect();
    let takes = |carrier: &&Carrier| {
        let subject =
            Subject { context: &carrier.context, severity: carrier.tool_severity, position: carrier.position };
        !chosen.contains(&carrier.id)
            && carrier.severity != to
            && decisions.iter().any(|decision| {
                decision.fingerprint == carrier.fingerprint && rules::holds(decision, subject, ctx.now.date())
            })
    };
    let carried: Vec<&Carrier> = carriers.iter().filter(takes).collect();
    let targets = findings.iter().map(|finding| finding.target).chain(carried.iter().map(|carrier| carrier.target));
    let targets: Vec<TargetId> = targets.collect();
    store::lock_targets(&mut tx, &targets).await?;
    let mut rated: Vec<(FindingId, i64)> = findings.iter().map(|finding| (finding.id, to)).collect();
    rated.extend(carried.iter().map(|carrier| (carrier.id, to)));
    store::set_rated(&mut tx, &rated).await?;
    let line = |id, state: State, from: i64, reason: &str| {
        history_row(ctx, id, "rated", (state.as_str(), state.as_str()), Some((from, to)), reason, None)
    };
    let mut history: Vec<Vec<Value>> =
        findings.iter().map(|finding| line(finding.id, finding.state, rank(finding.severity), &reason)).collect();
    let words = format!("Carried over: {reason}");
    history.extend(carried.iter().map(|carrier| line(carrier.id, carrier.state, carrier.severity, &words)));
    store::insert_history(&mut tx, history).await?;
    let detail = json!({"to": severity.name(), "findings": names(&findings), "carried": carried.len()});
    close(tx, ctx, ("finding.rated", product), targets, detail).await
}

/// Asks for the acceptance of findings of one product until a date.
///
/// # Errors
/// Refused when one of them is not open, or the date is not within a year; invalid without a reason.
pub(super) async fn ask_acceptance(ctx: &Ctx, ids: &[FindingId], until: Date, reason: &str) -> Result<()> {
    let reason = reason_of(reason, true)?;
    rules::may_end(until, ctx.now.date())?;
    let mut tx = ctx.begin().await?;
    let (product, _, findings) = load_chosen(&mut tx, ctx, ids, Permission::WorkPlans).await?;
    for finding in &findings {
        rules::next(finding.state, Move::Accept)?;
        if finding.waiting {
            return Err(Error::Refused {
                code: "request-waits",
                words: format!(
                    "Somebody asked already that “{}” is accepted. That wish has to be decided first.",
                    finding.title
                ),
            });
        }
    }
    let requests: Vec<(FindingId, Request)> = findings
        .iter()
        .map(|finding| {
            let request = Request {
                id: ctx.id(),
                requested_by: ctx.actor.id_text(),
                requested_name: ctx.actor.name().to_owned(),
                requested_at: ctx.now,
                reason: reason.clone(),
                until,
            };
            (finding.id, request)
        })
        .collect();
    store::insert_requests(&mut tx, &requests).await?;
    let ids: Vec<FindingId> = findings.iter().map(|finding| finding.id).collect();
    store::set_waiting(&mut tx, &ids, true).await?;
    let line = format!("Until {until}: {reason}");
    let history = findings
        .iter()
        .map(|finding| {
            history_row(
                ctx,
                finding.id,
                "acceptance_asked",
                (finding.state.as_str(), finding.state.as_str()),
                None,
                &line,
                None,
            )
        })
        .collect();
    store::insert_history(&mut tx, history).await?;
    let detail = json!({"until": until.to_string(), "findings": names(&findings)});
    close(tx, ctx, ("finding.acceptance_asked", product), Vec::new(), detail).await
}

/// Decides about acceptances that somebody else asked for.
///
/// # Errors
/// Refused when one asked oneself; not found where nothing waits or one may not approve.
pub(super) async fn decide_acceptance(ctx: &Ctx, ids: &[FindingId], approve: bool, note: &str) -> Result<()> {
    let note = reason_of(note, !approve)?;
    let mut tx = ctx.begin().await?;
    let (product, _, findings) = load_chosen(&mut tx, ctx, ids, Permission::ApprovePlans).await?;
    let ids: Vec<FindingId> = findings.iter().map(|finding| finding.id).collect();
    let requests = store::list_requests(&mut tx, &ids).await?;
    let me = ctx.actor.id_text();
    let mut targets = Vec::new();
    for finding in &findings {
        let request = requests.get(&finding.id).ok_or(Error::NotFound { what: "request" })?;
        rules::may_decide(&request.requested_by, &me)?;
        if approve {
            rules::next(finding.state, Move::Accept)?;
            rules::may_end(request.until, ctx.now.date())?;
        }
    }
    if approve {
        targets = approve_all(&mut tx, ctx, product, &findings, &requests).await?;
    } else {
        store::set_waiting(&mut tx, &ids, false).await?;
        let decline = |finding: &Finding| {
            history_row(
                ctx,
                finding.id,
                "acceptance_declined",
                (finding.state.as_str(), finding.state.as_str()),
                None,
                &note,
                None,
            )
        };
        store::insert_history(&mut tx, findings.iter().map(decline).collect()).await?;
    }
    let decided: Vec<_> = requests.values().map(|request| request.id).collect();
    let state = if approve { "approved" } else { "declined" };
    store::set_request(&mut tx, &decided, state, (&me, ctx.actor.name()), &note, ctx.now).await?;
    let detail = json!({"approved": approve, "findings": names(&findings)});
    close(tx, ctx, ("finding.acceptance_decided", product), targets, detail).await
}

/// Findings that were asked for together are decided together, so that the statements do not grow with them.
async fn approve_all(
    tx: &mut Tx,
    ctx: &Ctx,
    product: ProductId,
    findings: &[Finding],
    requests: &std::collections::HashMap<FindingId, Request>,
) -> Result<Vec<TargetId>> {
    let mut groups: Vec<(&Request, Vec<Finding>)> = Vec::new();
    for finding in findings {
        let Some(request) = requests.get(&finding.id) else { continue };
        let same = |known: &&mut (&Request, Vec<Finding>)| {
            known.0.reason == request.reason
                && known.0.until == request.until
                && known.0.requested_by == request.requested_by
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.1.push(finding.clone()),
            None => groups.push((request, vec![finding.clone()])),
        }
    }
    let mut targets = Vec::new();
    for (request, group) in groups {
        let reason =
            format!("{} (asked for by {}, accepted until {})", request.reason, request.requested_name, request.until);
        let judged = Judged {
            verdict: State::Accepted,
            reason: &reason,
            until: Some(request.until),
            duplicate_of: None,
            requested_by: request.requested_by.clone(),
        };
        targets.extend(decide(tx, ctx, product, &group, &judged).await?.1);
    }
    Ok(targets)
}

/// The job that opens what was accepted until yesterday, and judges releases as their findings grow older.
#[must_use]
pub(super) fn lapse(ctx: Ctx, _: serde_json::Value) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        lapse_due(&ctx).await?;
        standing::refresh_all(&ctx).await
    })
}

async fn lapse_due(ctx: &Ctx) -> Result<()> {
    let mut look = ctx.read().await?;
    if store::list_lapsed(&mut look, ctx.now.date()).await?.is_empty() {
        return Ok(());
    }
    drop(look);
    let mut tx = ctx.begin().await?;
    let lapsed = store::list_lapsed(&mut tx, ctx.now.date()).await?;
    let moved: Vec<Moved> = lapsed
        .iter()
        .map(|(id, target, until)| Moved {
            id: *id,
            target: *target,
            from: State::Accepted,
            to: State::Open,
            decision: None,
            // It stays on the finding until somebody decides anew: the gate sees an exception that lapsed.
            until: Some(*until),
            duplicate_of: None,
            action: "lapsed",
            reason: format!("It was accepted until {until}"),
        })
        .collect();
    let targets = write_moves(&mut tx, ctx, &moved).await?;
    standing::refresh(&mut tx, ctx, targets).await?;
    let subject: kernel::Id<super::model::Event> = ctx.id();
    let entry =
        Entry::new("finding.lapsed", RecordRef::new("findings", subject)).with(json!({"findings": moved.len()}));
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await
}
