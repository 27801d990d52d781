//! Exposures in the database; they are read through the case's facts.

use db::Tx;
use kernel::{Id, Result, kinds};
use platform::Ctx;

use super::super::model::CaseId;
use super::model::{Justification, Status};

/// How often exposures of a case were written: what a form of the matrix was made from.
pub(super) async fn count_writes(tx: &mut Tx, case: CaseId) -> Result<i64> {
    let row = tx
        .fetch_one(
            "select cast(coalesce(sum(e.revision), 0) as bigint) as writes
               from issue_exposure e join issue_vulnerability v on v.id = e.vulnerability_id where v.case_id = $1",
            &[case.into()],
        )
        .await?;
    Ok(row.get("writes")?)
}

/// Writes one assessment for all pairs.
pub(super) async fn set(
    tx: &mut Tx,
    ctx: &Ctx,
    pairs: &[(Id<kinds::Vulnerability>, Id<kinds::Release>)],
    status: Status,
    justification: Option<Justification>,
    statement: &str,
) -> Result<()> {
    let rows = pairs
        .iter()
        .map(|(vulnerability, release)| {
            vec![
                (*vulnerability).into(),
                (*release).into(),
                status.as_str().into(),
                justification.map(Justification::as_str).into(),
                statement.into(),
                ctx.now.into(),
                ctx.actor.name().into(),
            ]
        })
        .collect();
    tx.execute_many(
        "insert into issue_exposure (vulnerability_id, release_id, status, justification, statement, changed_at, changed_by)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (vulnerability_id, release_id) do update set status = excluded.status,
           justification = excluded.justification, statement = excluded.statement, changed_at = excluded.changed_at,
           changed_by = excluded.changed_by, revision = issue_exposure.revision + 1",
        rows,
    )
    .await?;
    Ok(())
}
