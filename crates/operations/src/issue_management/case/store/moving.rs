//! What moves from one case to another: on merging, splitting, and for duplicates.

use db::{Tx, Value};
use kernel::Result;

use super::super::model::CaseId;

/// How many advisories of a case are not withdrawn.
pub(crate) async fn count_advisories(tx: &mut Tx, case: CaseId) -> Result<i64> {
    let row = tx
        .fetch_one(
            "select count(*) as advisories from issue_advisory where case_id = $1 and state <> 'withdrawn'",
            &[case.into()],
        )
        .await?;
    Ok(row.get("advisories")?)
}

/// Adds the members of one case to another.
pub(crate) async fn copy_members(tx: &mut Tx, from: CaseId, to: CaseId) -> Result<()> {
    tx.execute(
        "insert into issue_member (case_id, person_id, watches, added_at, added_by)
         select $2, person_id, watches, added_at, added_by from issue_member where case_id = $1
         on conflict (case_id, person_id) do nothing",
        &[from.into(), to.into()],
    )
    .await?;
    Ok(())
}

/// Moves everything of the desk's own that work rests on: vulnerabilities, files and open tasks.
pub(crate) async fn move_work(tx: &mut Tx, from: CaseId, to: CaseId) -> Result<()> {
    let both = [from.into(), to.into()];
    tx.execute("update issue_attachment set case_id = $2 where case_id = $1 and report_id is null", &both).await?;
    tx.execute(
        "update issue_vulnerability set revision = revision + 1, case_id = $2, position = position + coalesce(
           (select max(o.position) from issue_vulnerability o where o.case_id = $2), 0)
         where case_id = $1",
        &both,
    )
    .await?;
    tx.execute(
        "update issue_task set case_id = $2, revision = revision + 1 where case_id = $1 and state = 'open'",
        &both,
    )
    .await?;
    Ok(())
}

/// Moves the chosen vulnerabilities; how many of them were there.
pub(crate) async fn move_vulnerabilities(tx: &mut Tx, from: CaseId, to: CaseId, chosen: &[String]) -> Result<u64> {
    if chosen.is_empty() {
        return Ok(0);
    }
    let (parameters, places) = among(from, to, chosen);
    let sql = format!(
        "update issue_vulnerability set case_id = $2, revision = revision + 1 where case_id = $1 and id in ({places})"
    );
    Ok(tx.execute(sql, &parameters).await?)
}

fn among(from: CaseId, to: CaseId, chosen: &[String]) -> (Vec<Value>, String) {
    let mut parameters: Vec<Value> = vec![from.into(), to.into()];
    let places: Vec<String> = chosen
        .iter()
        .take(500)
        .map(|id| {
            parameters.push(id.as_str().into());
            format!("${}", parameters.len())
        })
        .collect();
    (parameters, places.join(", "))
}
