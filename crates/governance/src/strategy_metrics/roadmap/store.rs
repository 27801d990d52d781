//! Phases in the database.

use std::collections::BTreeMap;

use db::{Row, Tx, Value};
use kernel::{Error, Result, Scope};

use super::model::{Phase, PhaseId, PhaseState};
use crate::strategy_metrics::place;

const PHASE: &str = "select a.*, p.family_id as place_family, coalesce(o.name, '') as owner_name
   from strategy_phase a left join register_product p on p.id = a.product_id left join person o on o.id = a.owner_id";

fn read(row: &Row) -> Result<Phase> {
    Ok(Phase {
        id: row.get("id")?,
        series: row.get("series")?,
        scope: place::of_row(row)?,
        name: row.get("name")?,
        due_on: row.get("due_on")?,
        state: row.read("state", PhaseState::parse)?,
        owner: row.get("owner_id")?,
        owner_name: row.get("owner_name")?,
        activities: row.get("activities")?,
        note: row.get("note")?,
        wanted: BTreeMap::new(),
        made_at: row.get("made_at")?,
        done_at: row.get("done_at")?,
        revision: row.get("revision")?,
    })
}

/// One phase.
pub(super) async fn load(tx: &mut Tx, id: PhaseId) -> Result<Phase> {
    let row = tx.fetch_optional(format!("{PHASE} where a.id = $1"), &[id.into()]).await?;
    let mut phase = read(&row.ok_or(Error::NotFound { what: "phase" })?)?;
    let rows = tx.fetch_all("select * from strategy_phase_practice where phase_id = $1", &[id.into()]).await?;
    for row in rows {
        phase.wanted.insert(row.get("practice")?, row.get("hundredths")?);
    }
    Ok(phase)
}

/// The phases of a place, by day.
pub(crate) async fn list(tx: &mut Tx, scope: Scope, series: &str) -> Result<Vec<Phase>> {
    let (exactly, more) = place::exactly(scope, "a", 2);
    let mut parameters: Vec<Value> = vec![series.into()];
    parameters.extend(more);
    let sql = format!("{PHASE} where a.series = $1 and {exactly} order by a.due_on, a.id limit 200");
    let rows = tx.fetch_all(sql, &parameters).await?;
    let mut phases: Vec<Phase> = rows.iter().map(read).collect::<Result<_>>()?;
    let sql = format!(
        "select w.* from strategy_phase_practice w join strategy_phase a on a.id = w.phase_id where a.series = $1 and {exactly}"
    );
    for row in tx.fetch_all(sql, &parameters).await? {
        let id: PhaseId = row.get("phase_id")?;
        if let Some(phase) = phases.iter_mut().find(|phase| phase.id == id) {
            phase.wanted.insert(row.get("practice")?, row.get("hundredths")?);
        }
    }
    Ok(phases)
}

pub(super) async fn insert(tx: &mut Tx, phase: &Phase, by: &str) -> Result<()> {
    let (family, product) = place::columns(phase.scope);
    tx.execute(
        "insert into strategy_phase (id, series, family_id, product_id, name, due_on, state, owner_id, activities, note,
           made_at, made_by, done_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &[
            phase.id.into(),
            phase.series.as_str().into(),
            family.into(),
            product.into(),
            phase.name.as_str().into(),
            phase.due_on.into(),
            phase.state.as_str().into(),
            phase.owner.into(),
            phase.activities.as_str().into(),
            phase.note.as_str().into(),
            phase.made_at.into(),
            by.into(),
            phase.done_at.into(),
        ],
    )
    .await?;
    insert_wanted(tx, phase).await
}

pub(super) async fn set(tx: &mut Tx, phase: &Phase) -> Result<()> {
    let changed = tx
        .execute(
            "update strategy_phase set name = $1, due_on = $2, state = $3, owner_id = $4, activities = $5, note = $6,
               done_at = $7, revision = revision + 1 where id = $8 and revision = $9",
            &[
                phase.name.as_str().into(),
                phase.due_on.into(),
                phase.state.as_str().into(),
                phase.owner.into(),
                phase.activities.as_str().into(),
                phase.note.as_str().into(),
                phase.done_at.into(),
                phase.id.into(),
                phase.revision.into(),
            ],
        )
        .await?;
    if changed == 0 {
        return Err(Error::Stale { what: "phase" });
    }
    tx.execute("delete from strategy_phase_practice where phase_id = $1", &[phase.id.into()]).await?;
    insert_wanted(tx, phase).await
}

async fn insert_wanted(tx: &mut Tx, phase: &Phase) -> Result<()> {
    let rows = phase
        .wanted
        .iter()
        .map(|(practice, hundredths)| vec![phase.id.into(), practice.as_str().into(), (*hundredths).into()])
        .collect();
    tx.execute_many("insert into strategy_phase_practice (phase_id, practice, hundredths) values ($1, $2, $3)", rows)
        .await?;
    Ok(())
}
