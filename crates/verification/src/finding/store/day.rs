//! Findings that were open at the end of past days.

use db::{Tx, Value};
use kernel::{Date, Result, Timestamp};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// The first and the last day that are kept.
///
/// # Errors
/// When the database does not answer.
pub async fn load_kept_days(tx: &mut Tx) -> Result<Option<(Date, Date)>> {
    let row = tx.fetch_optional("select first_day, last_day from verification_day_kept", &[]).await?;
    row.map(|row| Ok((row.get("first_day")?, row.get("last_day")?))).transpose()
}

/// Says that a day is kept; false when it is not the next one any more.
///
/// # Errors
/// When the database does not answer.
pub async fn set_kept_days(tx: &mut Tx, day: Date, before: Option<(Date, Date)>) -> Result<bool> {
    let changed = match before {
        Some((_, last)) => {
            let sql = "update verification_day_kept set last_day = $1 where last_day = $2";
            tx.execute(sql, &[day.into(), last.into()]).await?
        }
        None => {
            let sql =
                "insert into verification_day_kept (id, first_day, last_day) values (1, $1, $1) on conflict do nothing";
            tx.execute(sql, &[day.into()]).await?
        }
    };
    Ok(changed == 1)
}

/// The day on which the first finding was opened.
///
/// # Errors
/// When the database does not answer.
pub async fn load_first_day(tx: &mut Tx) -> Result<Option<Date>> {
    let row = tx.fetch_one("select min(opened_at) as first from verification_finding", &[]).await?;
    Ok(row.get::<Option<Timestamp>>("first")?.map(Timestamp::date))
}

/// Counts the findings that were open at the end of a day, by product, severity and age, as rows to insert.
///
/// # Errors
/// When the database does not answer.
pub async fn count_day(tx: &mut Tx, day: Date) -> Result<Vec<Vec<Value>>> {
    let end = day.plus_days(1).start().micros();
    let number = day.start().micros() / DAY;
    let sql = "select product_id, severity, age, count(*) as count from (
           select product_id, severity, case when opened_at / 86400000000 > $2 then 'week'
                                             when opened_at / 86400000000 > $3 then 'month'
                                             when opened_at / 86400000000 > $4 then 'quarter' else 'older' end as age
             from verification_finding where opened_at < $1 and (live = true or closed_at >= $1)) counted
         group by product_id, severity, age";
    let parameters = [end.into(), (number - 7).into(), (number - 30).into(), (number - 90).into()];
    let row_of = |row: &db::Row| -> Result<Vec<Value>> {
        Ok(vec![
            day.into(),
            row.get::<String>("product_id")?.into(),
            row.get::<i64>("severity")?.into(),
            row.get::<String>("age")?.into(),
            row.get::<i64>("count")?.into(),
        ])
    };
    tx.fetch_all(sql, &parameters).await?.iter().map(row_of).collect()
}

/// Writes the counts of a day.
///
/// # Errors
/// When the database does not answer.
pub async fn insert_day(tx: &mut Tx, day: Date, counts: Vec<Vec<Value>>) -> Result<()> {
    tx.execute("delete from verification_day where day = $1", &[day.into()]).await?;
    tx.execute_many(
        "insert into verification_day (day, product_id, severity, age, count) values ($1, $2, $3, $4, $5)",
        counts,
    )
    .await?;
    Ok(())
}
