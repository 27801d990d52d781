//! Policies in the database.

use std::collections::HashMap;

use db::{Row, Tx, Value};
use kernel::{Date, Error, Id, Result, Weekday, kinds};

use super::model::{Policy, PolicyId, Step, Target, Unit};
use crate::issue_management::case::Severity;

/// The policy that holds for a family: its own, else the one for all, else the built-in one.
pub(crate) async fn load_for(tx: &mut Tx, family: Option<Id<kinds::Family>>) -> Result<Policy> {
    let family = family.map_or_else(String::new, |family| family.to_string());
    let row = tx
        .fetch_optional(
            "select * from issue_policy where family_id = '' or family_id = $1 order by family_id desc limit 1",
            &[family.into()],
        )
        .await?;
    let Some(row) = row else { return Ok(Policy::built_in()) };
    let mut policy = read(&row)?;
    let id = policy.id.map_or_else(String::new, |id| id.to_string());
    let rows = tx.fetch_all("select * from issue_target where policy_id = $1", &[id.into()]).await?;
    let targets = rows.iter().map(read_target).collect::<Result<Vec<_>>>()?;
    policy.targets = completed(targets);
    Ok(policy)
}

/// All policies that somebody wrote, the one for all families first.
pub(crate) async fn list(tx: &mut Tx) -> Result<Vec<Policy>> {
    let rows = tx.fetch_all("select * from issue_policy order by family_id", &[]).await?;
    let targets = tx.fetch_all("select * from issue_target", &[]).await?;
    let mut by_policy: HashMap<PolicyId, Vec<Target>> = HashMap::new();
    for row in &targets {
        by_policy.entry(row.get("policy_id")?).or_default().push(read_target(row)?);
    }
    rows.iter()
        .map(|row| {
            let mut policy = read(row)?;
            policy.targets = completed(policy.id.and_then(|id| by_policy.remove(&id)).unwrap_or_default());
            Ok(policy)
        })
        .collect()
}

/// A target that was never written is the built-in one.
fn completed(mut targets: Vec<Target>) -> Vec<Target> {
    for target in Policy::built_in().targets {
        if !targets.iter().any(|known| known.severity == target.severity && known.step == target.step) {
            targets.push(target);
        }
    }
    targets
}

/// The names of families, for the list and the choice of a new policy.
pub(super) async fn list_families(tx: &mut Tx) -> Result<Vec<(Id<kinds::Family>, String)>> {
    let rows = tx
        .fetch_all("select id, name from register_family where state = 'active' order by lower(name), id", &[])
        .await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("name")?))).collect()
}

fn read(row: &Row) -> Result<Policy> {
    let family: String = row.get("family_id")?;
    let days: String = row.get("working_days")?;
    let holidays: String = row.get("holidays")?;
    Ok(Policy {
        id: row.get("id")?,
        family: family.parse().ok(),
        case_prefix: row.get("case_prefix")?,
        advisory_prefix: row.get("advisory_prefix")?,
        advisory_threshold: row.read("advisory_threshold", Severity::parse)?,
        low_entries: row.get("low_entries")?,
        legal_notice: row.get("legal_notice")?,
        intake_address: row.get("intake_address")?,
        time_zone: row.get("time_zone")?,
        working_days: days.split_whitespace().filter_map(Weekday::parse).collect(),
        holidays: holidays.split_whitespace().filter_map(|date| date.parse::<Date>().ok()).collect(),
        escalation_address: row.get("escalation_address")?,
        intelligence: row.get("intelligence")?,
        targets: Vec::new(),
        revision: row.get("revision")?,
    })
}

fn read_target(row: &Row) -> Result<Target> {
    Ok(Target {
        severity: row.read("severity", Severity::parse)?,
        step: row.read("step", Step::parse)?,
        amount: u32::try_from(row.get::<i64>("amount")?).unwrap_or(1),
        unit: row.read("unit", Unit::parse)?,
    })
}

fn values(policy: &Policy, id: PolicyId) -> Vec<Value> {
    let days: Vec<&str> = policy.working_days.iter().map(|day| day.as_str()).collect();
    let holidays: Vec<String> = policy.holidays.iter().map(ToString::to_string).collect();
    vec![
        id.into(),
        policy.family.map_or_else(String::new, |family| family.to_string()).into(),
        policy.case_prefix.as_str().into(),
        policy.advisory_prefix.as_str().into(),
        policy.advisory_threshold.as_str().into(),
        policy.low_entries.into(),
        policy.legal_notice.as_str().into(),
        policy.intake_address.as_str().into(),
        policy.time_zone.as_str().into(),
        days.join(" ").into(),
        holidays.join(" ").into(),
        policy.escalation_address.as_str().into(),
        policy.intelligence.as_str().into(),
        policy.revision.into(),
    ]
}

/// Writes a policy: a new one when its revision is 0, else over the one that was read.
pub(super) async fn set(tx: &mut Tx, policy: &Policy, id: PolicyId) -> Result<()> {
    let changed = if policy.revision == 0 {
        tx.execute(
            "insert into issue_policy (id, family_id, case_prefix, advisory_prefix, advisory_threshold, low_entries,
               legal_notice, intake_address, time_zone, working_days, holidays, escalation_address, intelligence, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, cast($14 as bigint) + 1)
             on conflict (family_id) do nothing",
            &values(policy, id),
        )
        .await?
    } else {
        tx.execute(
            "update issue_policy set case_prefix = $3, advisory_prefix = $4, advisory_threshold = $5, low_entries = $6,
               legal_notice = $7, intake_address = $8, time_zone = $9, working_days = $10, holidays = $11,
               escalation_address = $12, intelligence = $13, revision = revision + 1
             where id = $1 and family_id = $2 and revision = $14",
            &values(policy, id),
        )
        .await?
    };
    if changed == 0 {
        return Err(Error::Stale { what: "policy" });
    }
    let rows = policy
        .targets
        .iter()
        .map(|target| {
            vec![
                id.into(),
                target.severity.as_str().into(),
                target.step.as_str().into(),
                target.amount.into(),
                target.unit.as_str().into(),
            ]
        })
        .collect();
    tx.execute_many(
        "insert into issue_target (policy_id, severity, step, amount, unit) values ($1, $2, $3, $4, $5)
         on conflict (policy_id, severity, step) do update set amount = excluded.amount, unit = excluded.unit",
        rows,
    )
    .await?;
    Ok(())
}

/// Removes a policy; its family follows the one for all from then on.
pub(super) async fn delete(tx: &mut Tx, id: PolicyId, revision: i64) -> Result<()> {
    tx.execute("delete from issue_target where policy_id = $1", &[id.into()]).await?;
    let changed =
        tx.execute("delete from issue_policy where id = $1 and revision = $2", &[id.into(), revision.into()]).await?;
    if changed == 0 { Err(Error::Stale { what: "policy" }) } else { Ok(()) }
}
