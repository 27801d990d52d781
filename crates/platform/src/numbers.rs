//! Human numbers such as PSIRT-2026-0042, assigned by the database.

use db::Tx;
use kernel::Result;

/// The next number of a series in a year, `PREFIX-YEAR-NNNN`; never given twice, also when two nodes ask.
///
/// # Errors
/// When the database does not answer.
pub async fn next(tx: &mut Tx, series: &str, year: i16) -> Result<String> {
    let row = tx
        .fetch_one(
            "insert into number_series (series, year, last_number) values ($1, $2, 1)
             on conflict (series, year) do update set last_number = number_series.last_number + 1
             returning last_number",
            &[series.into(), i64::from(year).into()],
        )
        .await?;
    let number: i64 = row.get("last_number")?;
    Ok(format!("{series}-{year}-{number:04}"))
}
