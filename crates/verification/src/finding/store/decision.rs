//! What people decided: states, ratings, wishes for acceptance, history.

use std::collections::HashMap;

use db::{Row, Tx, Value};
use kernel::{Date, Error, Id, Result, Timestamp, kinds};

use super::super::model::{Decision, Event, FindingId, Request, RequestId, State, TargetId, Verdict};
use super::{CHUNK, places, severity};

fn decision(row: &Row) -> Result<Decision> {
    let kind: String = row.get("kind")?;
    let verdict = match State::parse(&kind) {
        Some(state) => Verdict::State(state),
        None => Verdict::Severity(row.get::<Option<i64>>("to_severity")?.unwrap_or(0)),
    };
    Ok(Decision {
        id: row.get("id")?,
        fingerprint: row.get("fingerprint")?,
        verdict,
        context: row.get("context")?,
        severity: row.get("severity")?,
        reach: row.get("reach")?,
        reason: row.get("reason")?,
        until: row.get("until")?,
        duplicate_of: row.get("duplicate_of")?,
    })
}

/// The decisions about these fingerprints of a product, by fingerprint, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list_decisions(
    tx: &mut Tx,
    product: Id<kinds::Product>,
    fingerprints: &[&str],
) -> Result<HashMap<String, Vec<Decision>>> {
    let mut found: HashMap<String, Vec<Decision>> = HashMap::new();
    // A product without any decision needs no look-up of its fingerprints.
    let any = "select id from verification_decision where product_id = $1 and ended_at is null limit 1";
    if fingerprints.is_empty() || tx.fetch_optional(any, &[product.into()]).await?.is_none() {
        return Ok(found);
    }
    for chunk in fingerprints.chunks(CHUNK) {
        let mut parameters: Vec<Value> = vec![product.into()];
        parameters.extend(chunk.iter().map(|fingerprint| Value::from(*fingerprint)));
        let sql = format!(
            "select * from verification_decision where product_id = $1 and ended_at is null and fingerprint in ({}) order by id",
            places(2, chunk.len())
        );
        for row in tx.fetch_all(sql, &parameters).await? {
            let decision = decision(&row)?;
            found.entry(decision.fingerprint.clone()).or_default().push(decision);
        }
    }
    Ok(found)
}

/// Adds decisions of one person about one product.
///
/// # Errors
/// When the database does not answer.
pub async fn insert_decisions(
    tx: &mut Tx,
    product: Id<kinds::Product>,
    decisions: &[Decision],
    (requested_by, decided_by): (&str, &str),
    now: Timestamp,
) -> Result<()> {
    let rows = decisions
        .iter()
        .map(|decision| {
            let (kind, to_severity) = match decision.verdict {
                Verdict::State(state) => (state.as_str(), None),
                Verdict::Severity(severity) => ("severity", Some(severity)),
            };
            vec![
                decision.id.as_str().into(),
                product.into(),
                decision.fingerprint.as_str().into(),
                kind.into(),
                decision.context.as_str().into(),
                decision.severity.into(),
                to_severity.into(),
                decision.reach.into(),
                decision.reason.as_str().into(),
                decision.until.into(),
                decision.duplicate_of.as_deref().into(),
                requested_by.into(),
                decided_by.into(),
                now.into(),
            ]
        })
        .collect();
    tx.execute_many(
        "insert into verification_decision (id, product_id, fingerprint, kind, context, severity, to_severity, reach, reason,
           until, duplicate_of, requested_by, decided_by, decided_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        rows,
    )
    .await?;
    Ok(())
}

/// Ends the decisions about states of these fingerprints, so that they carry no further.
///
/// # Errors
/// When the database does not answer.
pub async fn end_decisions(
    tx: &mut Tx,
    product: Id<kinds::Product>,
    fingerprints: &[&str],
    now: Timestamp,
) -> Result<()> {
    for chunk in fingerprints.chunks(CHUNK) {
        let mut parameters: Vec<Value> = vec![now.into(), product.into()];
        parameters.extend(chunk.iter().map(|fingerprint| Value::from(*fingerprint)));
        let sql = format!(
            "update verification_decision set ended_at = $1 where product_id = $2 and ended_at is null and kind <> 'severity'
               and fingerprint in ({})",
            places(3, chunk.len())
        );
        tx.execute(sql, &parameters).await?;
    }
    Ok(())
}

/// A live finding with the same fingerprint in another target, to which a decision may carry over.
#[derive(Clone, Debug)]
pub struct Carrier {
    /// Which.
    pub id: FindingId,
    /// Where it is.
    pub target: TargetId,
    /// The same over moved code.
    pub fingerprint: String,
    /// What decisions rest on.
    pub context: String,
    /// 0 to 4.
    pub severity: i64,
    /// 0 to 4, the tool's.
    pub tool_severity: i64,
    /// Where it stands.
    pub state: State,
    /// The release's position; `None` for a branch.
    pub position: Option<i64>,
}

/// Live findings of a product with these fingerprints.
///
/// # Errors
/// When the database does not answer.
pub async fn list_carriers(tx: &mut Tx, product: Id<kinds::Product>, fingerprints: &[&str]) -> Result<Vec<Carrier>> {
    let mut found = Vec::new();
    for chunk in fingerprints.chunks(CHUNK) {
        let mut parameters: Vec<Value> = vec![product.into()];
        parameters.extend(chunk.iter().map(|fingerprint| Value::from(*fingerprint)));
        let sql = format!(
            "select f.id, f.fingerprint, f.context, f.severity, f.tool_severity, f.state, r.position, f.target_id
               from verification_finding f join verification_target t on t.id = f.target_id
               left join register_release r on r.id = t.release_id
              where f.product_id = $1 and f.live = true and f.fingerprint in ({}) order by f.id",
            places(2, chunk.len())
        );
        for row in tx.fetch_all(sql, &parameters).await? {
            found.push(Carrier {
                id: row.get("id")?,
                target: row.get("target_id")?,
                fingerprint: row.get("fingerprint")?,
                context: row.get("context")?,
                severity: row.get("severity")?,
                tool_severity: row.get("tool_severity")?,
                state: row.read("state", State::parse)?,
                position: row.get("position")?,
            });
        }
    }
    Ok(found)
}

/// A finding that moves to another state.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Which.
    pub id: FindingId,
    /// In which release or branch.
    pub target: TargetId,
    /// From where.
    pub from: State,
    /// Where to.
    pub to: State,
    /// The decision that it rests on.
    pub decision: Option<String>,
    /// The last day of acceptance.
    pub until: Option<Date>,
    /// The original of a duplicate.
    pub duplicate_of: Option<String>,
    /// What is said in its history.
    pub action: &'static str,
    /// Why.
    pub reason: String,
}

/// After so many days out of the work a finding that is open again has a new term.
const FORGOTTEN_DAYS: u64 = 30;

/// Moves findings to other states; how many moved. A finding that is not where it was is left alone.
///
/// What is opened again stays open since it was opened first, unless the reports had lost it or it was settled for long:
/// otherwise to settle and to reopen a finding would be a way to begin its term anew.
///
/// # Errors
/// When the database does not answer.
pub async fn set_moved(tx: &mut Tx, moved: &[Moved], now: Timestamp) -> Result<u64> {
    let rows = moved
        .iter()
        .map(|one| {
            let live = one.to.is_live();
            vec![
                one.to.as_str().into(),
                live.into(),
                one.decision.as_deref().into(),
                one.until.into(),
                one.duplicate_of.as_deref().into(),
                if live { Value::Null } else { now.into() },
                (live && !one.from.is_live()).into(),
                now.into(),
                one.id.into(),
                one.from.as_str().into(),
                (now - std::time::Duration::from_secs(FORGOTTEN_DAYS * 86_400)).into(),
            ]
        })
        .collect();
    tx.execute_many(
        "update verification_finding set state = $1, live = $2, decision_id = $3, accepted_until = $4, duplicate_of = $5,
           closed_at = $6,
           opened_at = case when $7 = true and (present = false or closed_at < $11) then $8 else opened_at end,
           by_tool = false, waiting = false, revision = revision + 1 where id = $9 and state = $10",
        rows,
    )
    .await
}

/// Rates findings; each as finding, new severity.
///
/// # Errors
/// When the database does not answer.
pub async fn set_rated(tx: &mut Tx, rated: &[(FindingId, i64)]) -> Result<()> {
    let rows: Vec<Vec<Value>> = rated.iter().map(|(id, severity)| vec![(*severity).into(), (*id).into()]).collect();
    tx.execute_many("update verification_mark set severity = $1 where finding_id = $2", rows.clone()).await?;
    tx.execute_many(
        "update verification_finding set severity = $1, rated = true, revision = revision + 1 where id = $2",
        rows,
    )
    .await?;
    Ok(())
}

/// One line of history to write.
pub(super) type HistoryRow = Vec<Value>;

/// Adds lines of history, made by [`super::super::actions::history_row`].
///
/// # Errors
/// When the database does not answer.
pub async fn insert_history(tx: &mut Tx, rows: Vec<HistoryRow>) -> Result<()> {
    tx.execute_many(
        "insert into verification_history (id, finding_id, at, who, action, from_state, to_state, from_severity, to_severity,
           reason, import_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        rows,
    )
    .await?;
    Ok(())
}

/// What happened to a finding, newest first, at most 500 lines.
///
/// # Errors
/// When the database does not answer.
pub async fn list_history(tx: &mut Tx, id: FindingId) -> Result<Vec<Event>> {
    let rows = tx
        .fetch_all("select * from verification_history where finding_id = $1 order by id desc limit 500", &[id.into()])
        .await?;
    rows.iter()
        .map(|row| {
            let rated = row.get::<Option<i64>>("from_severity")?.is_some();
            Ok(Event {
                at: row.get("at")?,
                who: row.get("who")?,
                action: row.get("action")?,
                states: (
                    State::parse(&row.get::<String>("from_state")?),
                    State::parse(&row.get::<String>("to_state")?),
                ),
                severities: if rated {
                    Some((severity(row, "from_severity")?, severity(row, "to_severity")?))
                } else {
                    None
                },
                reason: row.get("reason")?,
            })
        })
        .collect()
}

/// Adds wishes for acceptance: each as request and finding.
///
/// # Errors
/// When the database does not answer.
pub async fn insert_requests(tx: &mut Tx, requests: &[(FindingId, Request)]) -> Result<()> {
    let rows = requests
        .iter()
        .map(|(finding, request)| {
            vec![
                request.id.into(),
                (*finding).into(),
                request.requested_by.as_str().into(),
                request.requested_name.as_str().into(),
                request.requested_at.into(),
                request.reason.as_str().into(),
                request.until.into(),
                "waiting".into(),
            ]
        })
        .collect();
    tx.execute_many(
        "insert into verification_request (id, finding_id, requested_by, requested_name, requested_at, reason, until, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        rows,
    )
    .await?;
    Ok(())
}

/// Says of findings whether somebody wishes their acceptance.
///
/// # Errors
/// When the database does not answer.
pub async fn set_waiting(tx: &mut Tx, ids: &[FindingId], waiting: bool) -> Result<()> {
    let rows = ids.iter().map(|id| vec![waiting.into(), (*id).into()]).collect();
    tx.execute_many("update verification_finding set waiting = $1, revision = revision + 1 where id = $2", rows)
        .await?;
    Ok(())
}

/// The wishes that wait, of these findings.
///
/// # Errors
/// When the database does not answer.
pub async fn list_requests(tx: &mut Tx, ids: &[FindingId]) -> Result<HashMap<FindingId, Request>> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let parameters: Vec<Value> = chunk.iter().map(|id| Value::from(*id)).collect();
        let sql = format!(
            "select * from verification_request where state = 'waiting' and finding_id in ({})",
            places(1, chunk.len())
        );
        for row in tx.fetch_all(sql, &parameters).await? {
            found.insert(
                row.get("finding_id")?,
                Request {
                    id: row.get("id")?,
                    requested_by: row.get("requested_by")?,
                    requested_name: row.get("requested_name")?,
                    requested_at: row.get("requested_at")?,
                    reason: row.get("reason")?,
                    until: row.get("until")?,
                },
            );
        }
    }
    Ok(found)
}

/// The wish that waits for a decision about one finding.
///
/// # Errors
/// Not found when there is none.
pub async fn load_request(tx: &mut Tx, id: FindingId) -> Result<Request> {
    list_requests(tx, &[id]).await?.remove(&id).ok_or(Error::NotFound { what: "request" })
}

/// Writes how wishes were decided.
///
/// # Errors
/// When the database does not answer.
pub async fn set_request(
    tx: &mut Tx,
    ids: &[RequestId],
    state: &str,
    (by, name): (&str, &str),
    note: &str,
    now: Timestamp,
) -> Result<()> {
    let rows = ids
        .iter()
        .map(|id| vec![state.into(), by.into(), name.into(), now.into(), note.into(), (*id).into()])
        .collect();
    tx.execute_many(
        "update verification_request set state = $1, decided_by = $2, decided_name = $3, decided_at = $4, note = $5
          where id = $6 and state = 'waiting'",
        rows,
    )
    .await?;
    Ok(())
}

/// Accepted findings whose last day is before `today`, with their target.
///
/// # Errors
/// When the database does not answer.
pub async fn list_lapsed(tx: &mut Tx, today: Date) -> Result<Vec<(FindingId, TargetId, Date)>> {
    let rows = tx
        .fetch_all(
            "select id, target_id, accepted_until from verification_finding
              where accepted_until is not null and accepted_until < $1 and state = 'accepted' order by id limit 5000",
            &[today.into()],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("target_id")?, row.get("accepted_until")?))).collect()
}
