//! Exceptions in the database.

use db::{Row, Tx};
use kernel::{Error, Id, Result, Timestamp, kinds};
use register::products::ReleaseId;

use super::model::{Kind, Waiver, WaiverId};
use crate::plan::Which;

fn read(row: &Row) -> Result<Waiver> {
    Ok(Waiver {
        id: row.get("id")?,
        release: row.get("release_id")?,
        task: row.get("task_id")?,
        kind: row.read("kind", Kind::parse)?,
        reason: row.get("reason")?,
        expires_on: row.get("expires_on")?,
        requested_by: row.get("requested_by")?,
        requested_name: row.get("requested_name")?,
        made_at: row.get("made_at")?,
        approved: row.get("approved")?,
        decided_name: row.get("decided_name")?,
        decided_note: row.get("decided_note")?,
        decided_at: row.get("decided_at")?,
        ended_at: row.get("ended_at")?,
    })
}

/// The exceptions of these releases, the oldest first.
pub(crate) async fn list_of(tx: &mut Tx, which: Which, at: Timestamp) -> Result<Vec<Waiver>> {
    let place = which.clause("release_id");
    let sql = format!("select * from process_waiver where ({place}) and made_at <= $2 order by made_at, id");
    tx.fetch_all(sql, &[which.parameter(), at.into()]).await?.iter().map(read).collect()
}

pub(super) async fn load(tx: &mut Tx, release: ReleaseId, id: WaiverId) -> Result<Waiver> {
    let row = tx
        .fetch_optional("select * from process_waiver where id = $1 and release_id = $2", &[id.into(), release.into()])
        .await?;
    read(&row.ok_or(Error::NotFound { what: "waiver" })?)
}

pub(super) async fn insert(tx: &mut Tx, waivers: &[Waiver]) -> Result<()> {
    let rows = waivers.iter().map(|waiver| {
        vec![
            waiver.id.into(),
            waiver.release.into(),
            waiver.task.into(),
            waiver.kind.as_str().into(),
            waiver.reason.as_str().into(),
            waiver.expires_on.into(),
            waiver.requested_by.as_str().into(),
            waiver.requested_name.as_str().into(),
            waiver.made_at.into(),
        ]
    });
    tx.execute_many(
        "insert into process_waiver (id, release_id, task_id, kind, reason, expires_on, requested_by, requested_name, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        rows.collect(),
    )
    .await?;
    Ok(())
}

pub(super) async fn set_decided(
    tx: &mut Tx,
    id: WaiverId,
    approved: bool,
    person: Id<kinds::Person>,
    name: &str,
    note: &str,
    now: Timestamp,
) -> Result<()> {
    let decided = tx
        .execute(
            "update process_waiver set approved = $1, decided_by = $2, decided_name = $3, decided_note = $4, decided_at = $5
              where id = $6 and decided_at is null and ended_at is null",
            &[approved.into(), person.into(), name.into(), note.into(), now.into(), id.into()],
        )
        .await?;
    if decided == 0 { Err(Error::Stale { what: "waiver" }) } else { Ok(()) }
}

pub(super) async fn set_ended(tx: &mut Tx, id: WaiverId, name: &str, now: Timestamp) -> Result<()> {
    let ended = tx
        .execute(
            "update process_waiver set ended_at = $1, ended_name = $2 where id = $3 and ended_at is null",
            &[now.into(), name.into(), id.into()],
        )
        .await?;
    if ended == 0 { Err(Error::Stale { what: "waiver" }) } else { Ok(()) }
}
