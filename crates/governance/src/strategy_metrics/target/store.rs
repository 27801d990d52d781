//! Target profiles in the database.

use std::collections::BTreeMap;

use db::{Row, Tx, Value};
use kernel::{Result, Scope, Timestamp};

use super::model::{Target, TargetId, Wanted};
use crate::strategy_metrics::place;

fn read(row: &Row) -> Result<Target> {
    Ok(Target {
        id: row.get("id")?,
        scope: place::of_row(row)?,
        number: row.get("number")?,
        note: row.get("note")?,
        made_at: row.get("made_at")?,
        made_by: row.get("made_by")?,
        ended_at: row.get("ended_at")?,
        wanted: BTreeMap::new(),
    })
}

const TARGET: &str = "select a.*, p.family_id as place_family from strategy_target a left join register_product p on p.id = a.product_id";

async fn fill(tx: &mut Tx, target: &mut Target) -> Result<()> {
    let rows = tx.fetch_all("select * from strategy_target_practice where target_id = $1", &[target.id.into()]).await?;
    for row in rows {
        let wanted = Wanted { hundredths: row.get("hundredths")?, due_on: row.get("due_on")? };
        target.wanted.insert(row.get("practice")?, wanted);
    }
    Ok(())
}

/// The target that held at a moment for a place: its own, else that of its family, else that of the organisation.
pub(crate) async fn load_effective(tx: &mut Tx, scope: Scope, series: &str, at: Timestamp) -> Result<Option<Target>> {
    let mut parameters: Vec<Value> = vec![series.into(), at.into()];
    let more = match scope {
        Scope::All => "",
        Scope::Family(family) => {
            parameters.push(family.into());
            "or a.family_id = $3"
        }
        Scope::Product { product, family } => {
            parameters.extend([family.into(), product.into()]);
            "or a.family_id = $3 or a.product_id = $4"
        }
    };
    let sql = format!(
        "{TARGET} where a.series = $1 and a.made_at <= $2 and (a.ended_at is null or a.ended_at > $2)
            and ((a.family_id is null and a.product_id is null) {more})
          order by case when a.product_id is not null then 0 when a.family_id is not null then 1 else 2 end limit 1"
    );
    let row = tx.fetch_optional(sql, &parameters).await?;
    let Some(row) = row else { return Ok(None) };
    let mut target = read(&row)?;
    fill(tx, &mut target).await?;
    Ok(Some(target))
}

/// The targets ever set for exactly this place, newest first, without what they want.
pub(super) async fn list(tx: &mut Tx, scope: Scope, series: &str) -> Result<Vec<Target>> {
    let (exactly, more) = place::exactly(scope, "a", 2);
    let mut parameters: Vec<Value> = vec![series.into()];
    parameters.extend(more);
    let sql = format!("{TARGET} where a.series = $1 and {exactly} order by a.number desc limit 100");
    tx.fetch_all(sql, &parameters).await?.iter().map(read).collect()
}

pub(super) async fn insert(tx: &mut Tx, series: &str, target: &Target, before: Option<TargetId>) -> Result<()> {
    tx.execute(
        "update strategy_target set ended_at = $1 where id = $2 and ended_at is null",
        &[target.made_at.into(), before.map_or_else(String::new, |id| id.to_string()).into()],
    )
    .await?;
    let (family, product) = place::columns(target.scope);
    tx.execute(
        "insert into strategy_target (id, series, family_id, product_id, number, note, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            target.id.into(),
            series.into(),
            family.into(),
            product.into(),
            target.number.into(),
            target.note.as_str().into(),
            target.made_at.into(),
            target.made_by.as_str().into(),
        ],
    )
    .await?;
    let rows = target
        .wanted
        .iter()
        .map(|(practice, wanted)| {
            vec![target.id.into(), practice.as_str().into(), wanted.hundredths.into(), wanted.due_on.into()]
        })
        .collect();
    tx.execute_many(
        "insert into strategy_target_practice (target_id, practice, hundredths, due_on) values ($1, $2, $3, $4)",
        rows,
    )
    .await?;
    Ok(())
}
