//! Open findings counted by target and day, kept beside the findings: every transaction that changes findings counts
//! their targets anew before it ends.

use db::{Tx, Value};
use kernel::{Id, Result, kinds};

use super::super::model::TargetId;
use super::{CHUNK, places};

const COUNTED: &str = "select f.target_id, t.product_id, f.practice, f.kind, f.severity, f.state,
     f.opened_at / 86400000000 as opened_day, count(*) as count
   from verification_target t join verification_finding f on f.target_id = t.id and f.live = true";
const GROUPED: &str =
    "group by f.target_id, t.product_id, f.practice, f.kind, f.severity, f.state, f.opened_at / 86400000000";

/// Makes other writers of the findings of these targets wait, all in one order; nothing is changed for readers.
///
/// # Errors
/// When the database does not answer.
pub async fn lock_targets(tx: &mut Tx, targets: &[TargetId]) -> Result<()> {
    let mut targets = targets.to_vec();
    targets.sort();
    targets.dedup();
    for target in targets {
        super::set_locked(tx, target).await?;
    }
    Ok(())
}

/// Counts the open findings of these targets anew. They have to be locked, so that no other writer counts meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn set_tallies(tx: &mut Tx, targets: &[TargetId]) -> Result<()> {
    for chunk in targets.chunks(CHUNK) {
        let list = places(1, chunk.len());
        let parameters: Vec<Value> = chunk.iter().map(|target| Value::from(*target)).collect();
        tx.execute(format!("delete from verification_tally where target_id in ({list})"), &parameters).await?;
        let sql = format!(
            "insert into verification_tally (target_id, product_id, practice, kind, severity, state, opened_day, count)
             {COUNTED} where t.id in ({list}) {GROUPED}"
        );
        tx.execute(sql, &parameters).await?;
    }
    Ok(())
}

/// The releases among these targets.
///
/// # Errors
/// When the database does not answer.
pub async fn list_releases_of(tx: &mut Tx, targets: &[TargetId]) -> Result<Vec<Id<kinds::Release>>> {
    let mut found = Vec::new();
    for chunk in targets.chunks(CHUNK) {
        let parameters: Vec<Value> = chunk.iter().map(|target| Value::from(*target)).collect();
        let sql = format!(
            "select release_id from verification_target where release_id is not null and id in ({}) order by release_id",
            places(1, chunk.len())
        );
        for row in tx.fetch_all(sql, &parameters).await? {
            found.push(row.get("release_id")?);
        }
    }
    Ok(found)
}

/// How many rows of the tallies differ from what the findings say: none, unless somebody wrote past this program.
///
/// # Errors
/// When the database does not answer.
#[cfg(test)]
pub async fn count_wrong_tallies(tx: &mut Tx) -> Result<i64> {
    let kept =
        "select target_id, product_id, practice, kind, severity, state, opened_day, count from verification_tally";
    let counted = format!("{COUNTED} {GROUPED}");
    let sql = format!(
        "select (select count(*) from ({kept} except {counted}) a) + (select count(*) from ({counted} except {kept}) b) as wrong"
    );
    Ok(tx.fetch_one(sql, &[]).await?.get("wrong")?)
}
