//! What the case desk asks of intake as a whole: reports with their conversation and files going from one case to
//! another, and whom to thank.

use db::{Tx, Value};
use kernel::{Id, Result, kinds};

/// At most so many reports are chosen at once.
const MOST: usize = 500;

/// Moves all reports of a case to another one, with their conversation and files; how many reports there were. The
/// caller asked who may change both cases and records the action.
pub(crate) async fn move_reports(tx: &mut Tx, from: Id<kinds::Case>, to: Id<kinds::Case>) -> Result<u64> {
    let both = [from.into(), to.into()];
    let reports =
        tx.execute("update issue_report set case_id = $2, revision = revision + 1 where case_id = $1", &both).await?;
    tx.execute("update issue_message set case_id = $2 where case_id = $1", &both).await?;
    tx.execute("update issue_attachment set case_id = $2 where case_id = $1 and report_id is not null", &both).await?;
    Ok(reports)
}

/// The same for the chosen reports; how many of them were there.
pub(crate) async fn move_chosen_reports(
    tx: &mut Tx,
    from: Id<kinds::Case>,
    to: Id<kinds::Case>,
    chosen: &[String],
) -> Result<u64> {
    if chosen.is_empty() {
        return Ok(0);
    }
    let mut values: Vec<Value> = vec![from.into(), to.into()];
    let places: Vec<String> = chosen
        .iter()
        .take(MOST)
        .map(|id| {
            values.push(id.as_str().into());
            format!("${}", values.len())
        })
        .collect();
    let places = places.join(", ");
    let sql = format!(
        "update issue_report set case_id = $2, revision = revision + 1 where case_id = $1 and id in ({places})"
    );
    let moved = tx.execute(sql, &values).await?;
    for table in ["issue_message", "issue_attachment"] {
        let sql = format!("update {table} set case_id = $2 where case_id = $1 and report_id in ({places})");
        tx.execute(sql, &values).await?;
    }
    Ok(moved)
}

/// The names of a case's reporters who said that they want to be named, in the order they reported.
pub(crate) async fn list_credits(tx: &mut Tx, case: Id<kinds::Case>) -> Result<Vec<String>> {
    let rows = tx
        .fetch_all(
            "select credit_name, sender_name from issue_report
              where case_id = $1 and credit = 'wanted' and anonymous = false order by received_at, id",
            &[case.into()],
        )
        .await?;
    let mut names = Vec::new();
    for row in rows {
        let (credit, sender): (String, String) = (row.get("credit_name")?, row.get("sender_name")?);
        let name = if credit.is_empty() { sender } else { credit };
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}
