//! The figures of past days in the database.

use db::Tx;
use kernel::{Date, Result};
use register::products::ReleaseId;

use super::super::summary::Summary;
use super::{figures, summary};

/// The day until which a row holds that still holds.
const STILL: &str = "9999-12-31";

/// The first and the last day that are kept.
pub(in super::super) async fn load_kept(tx: &mut Tx) -> Result<Option<(Date, Date)>> {
    let row = tx.fetch_optional("select first_day, last_day from process_day_kept", &[]).await?;
    row.map(|row| Ok((row.get("first_day")?, row.get("last_day")?))).transpose()
}

/// Says that a day is kept; false when it is not the next one any more.
pub(in super::super) async fn set_kept(tx: &mut Tx, day: Date, before: Option<(Date, Date)>) -> Result<bool> {
    let changed = match before {
        Some((_, last)) => {
            let sql = "update process_day_kept set last_day = $1 where last_day = $2";
            tx.execute(sql, &[day.into(), last.into()]).await?
        }
        None => {
            let sql =
                "insert into process_day_kept (id, first_day, last_day) values (1, $1, $1) on conflict do nothing";
            tx.execute(sql, &[day.into()]).await?
        }
    };
    Ok(changed == 1)
}

/// The figures of a kept day.
pub(in super::super) async fn list(tx: &mut Tx, day: Date) -> Result<Vec<Summary>> {
    let sql = "select * from process_day where until_day > $1 and from_day <= $1";
    tx.fetch_all(sql, &[day.into()]).await?.iter().map(summary).collect()
}

/// The figures of the last kept day.
pub(in super::super) async fn list_last(tx: &mut Tx) -> Result<Vec<Summary>> {
    let sql = "select * from process_day where until_day = $1";
    tx.fetch_all(sql, &[STILL.into()]).await?.iter().map(summary).collect()
}

/// Ends rows, so that they hold until the day before `day`.
pub(in super::super) async fn set_ended(tx: &mut Tx, rows: &[(ReleaseId, String)], day: Date) -> Result<()> {
    let rows = rows
        .iter()
        .map(|(release, practice)| vec![day.into(), (*release).into(), practice.as_str().into(), STILL.into()]);
    let sql = "update process_day set until_day = $1 where release_id = $2 and practice = $3 and until_day = $4";
    tx.execute_many(sql, rows.collect()).await?;
    Ok(())
}

/// Adds rows that hold from `day` on.
pub(in super::super) async fn insert(tx: &mut Tx, rows: &[Summary], day: Date) -> Result<()> {
    let rows = rows.iter().map(|(release, practice, counts)| {
        let mut row = vec![(*release).into(), practice.as_str().into(), day.into(), STILL.into()];
        row.extend(figures(counts));
        row
    });
    let sql =
        "insert into process_day (release_id, practice, from_day, until_day, open, in_work, waiting, done, lapsed,
           not_applicable, waived, overdue, next_due)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    tx.execute_many(sql, rows.collect()).await?;
    Ok(())
}
