//! Clocks in the database.

use std::collections::HashMap;

use db::{Row, Tx};
use kernel::{Id, Result, Timestamp, kinds};

use super::super::model::{Case, CaseId};
use super::rules;
use crate::issue_management::policy::{Policy, Step};

/// A clock as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Running {
    /// The step.
    pub(crate) step: Step,
    /// Since when it runs.
    pub(crate) started_at: Timestamp,
    /// Until when.
    pub(crate) due_at: Timestamp,
    /// Whether its severity is not confirmed yet.
    pub(crate) provisional: bool,
    /// When the step was done.
    pub(crate) met_at: Option<Timestamp>,
    /// When somebody was warned.
    pub(crate) warned_at: Option<Timestamp>,
    /// When it was escalated.
    pub(crate) escalated_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<Running> {
    Ok(Running {
        step: row.read("step", Step::parse)?,
        started_at: row.get("started_at")?,
        due_at: row.get("due_at")?,
        provisional: row.get("provisional")?,
        met_at: row.get("met_at")?,
        warned_at: row.get("warned_at")?,
        escalated_at: row.get("escalated_at")?,
    })
}

/// The clocks of a case in the order of their steps.
pub(crate) async fn list(tx: &mut Tx, case: CaseId) -> Result<Vec<Running>> {
    let rows = tx.fetch_all("select * from issue_clock where case_id = $1", &[case.into()]).await?;
    let mut clocks = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    clocks.sort_by_key(|clock| clock.step);
    Ok(clocks)
}

/// Makes the clocks of a case what the case and its policy say.
///
/// A step that was done keeps its times. A new end forgets that somebody was warned of the old one.
pub(crate) async fn settle(tx: &mut Tx, case: &Case, policy: &Policy) -> Result<()> {
    let known: HashMap<Step, Running> = list(tx, case.id).await?.into_iter().map(|clock| (clock.step, clock)).collect();
    let planned = rules::clocks_due(case, policy);
    let gone: Vec<_> = known
        .keys()
        .filter(|step| !planned.iter().any(|clock| clock.step == **step))
        .map(|step| vec![case.id.into(), step.as_str().into()])
        .collect();
    tx.execute_many("delete from issue_clock where case_id = $1 and step = $2", gone).await?;
    let rows = planned
        .iter()
        .filter_map(|clock| {
            let old = known.get(&clock.step);
            if old.is_some_and(|old| old.met_at.is_some() && clock.met_at.is_some()) {
                return None;
            }
            // What was met keeps the end it was met against.
            let kept = old.filter(|_| clock.met_at.is_some());
            let (started_at, due_at) =
                kept.map_or((clock.started_at, clock.due_at), |old| (old.started_at, old.due_at));
            let same = old.filter(|old| old.due_at == due_at);
            Some(vec![
                case.id.into(),
                clock.step.as_str().into(),
                started_at.into(),
                due_at.into(),
                clock.provisional.into(),
                clock.met_at.into(),
                same.and_then(|old| old.warned_at).into(),
                same.and_then(|old| old.escalated_at).into(),
            ])
        })
        .collect();
    tx.execute_many(
        "insert into issue_clock (case_id, step, started_at, due_at, provisional, met_at, warned_at, escalated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (case_id, step) do update set started_at = excluded.started_at, due_at = excluded.due_at,
           provisional = excluded.provisional, met_at = excluded.met_at, warned_at = excluded.warned_at,
           escalated_at = excluded.escalated_at",
        rows,
    )
    .await?;
    Ok(())
}

/// Cases with a running clock that nobody was warned of, or that was missed and not escalated.
pub(super) async fn list_cases_to_look_at(tx: &mut Tx, now: Timestamp) -> Result<Vec<CaseId>> {
    let rows = tx
        .fetch_all(
            "select distinct k.case_id from issue_clock k join issue_case c on c.id = k.case_id
              where k.met_at is null and c.state <> 'closed'
                and (k.warned_at is null or (k.escalated_at is null and k.due_at < $1))
              order by k.case_id",
            &[now.into()],
        )
        .await?;
    rows.iter().map(|row| Ok(row.get("case_id")?)).collect()
}

/// Cases whose mitigation became available by the passing of days.
pub(super) async fn list_cases_mitigated_by_date(tx: &mut Tx, today: kernel::Date) -> Result<Vec<CaseId>> {
    let rows = tx
        .fetch_all(
            "select distinct c.id from issue_case c
               join issue_vulnerability v on v.case_id = c.id
               join issue_remediation m on m.vulnerability_id = v.id
              where c.state <> 'closed' and c.mitigated_at is null and m.available_on <= $1
                and m.category in ('vendor_fix', 'mitigation', 'workaround') order by c.id",
            &[today.into()],
        )
        .await?;
    rows.iter().map(|row| Ok(row.get("id")?)).collect()
}

/// Notes that people were warned of a clock, or that it was escalated.
pub(super) async fn set_told(tx: &mut Tx, case: CaseId, step: Step, escalated: bool, now: Timestamp) -> Result<()> {
    let sql = if escalated {
        "update issue_clock set escalated_at = $3, warned_at = coalesce(warned_at, $3) where case_id = $1 and step = $2"
    } else {
        "update issue_clock set warned_at = $3 where case_id = $1 and step = $2"
    };
    tx.execute(sql, &[case.into(), step.as_str().into(), now.into()]).await?;
    Ok(())
}

/// Addresses of the active leads of everything, of a family or of a product.
pub(super) async fn list_lead_addresses(
    tx: &mut Tx,
    family: Option<Id<kinds::Family>>,
    product: Option<Id<kinds::Product>>,
) -> Result<Vec<String>> {
    let rows = tx
        .fetch_all(
            "select distinct p.email from person p join role_grant g on g.person_id = p.id
              where p.state = 'active' and g.role = 'lead'
                and (g.family_id is null or (g.product_id is null and g.family_id = $1) or g.product_id = $2)
              order by p.email limit 20",
            &[family.into(), product.into()],
        )
        .await?;
    rows.iter().map(|row| Ok(row.get("email")?)).collect()
}
