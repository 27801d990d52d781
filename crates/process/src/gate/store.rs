//! Decisions and signing keys in the database.

use db::{Row, Tx};
use kernel::{Id, Result, Timestamp, kinds};
use register::products::ReleaseId;

use super::model::{Choice, Decision};

fn read(row: &Row) -> Result<Decision> {
    Ok(Decision {
        release: row.get("release_id")?,
        gate: row.get("gate")?,
        choice: row.read("outcome", Choice::parse)?,
        reason: row.get("reason")?,
        state: row.get("state")?,
        state_sha256: row.get("state_sha256")?,
        decided_name: row.get("decided_name")?,
        made_at: row.get("made_at")?,
    })
}

/// The decisions about a release until a moment, the newest first.
pub(crate) async fn list_decisions(tx: &mut Tx, release: ReleaseId, at: Timestamp) -> Result<Vec<Decision>> {
    let sql = "select * from process_decision where release_id = $1 and made_at <= $2 order by made_at desc, id desc limit 100";
    tx.fetch_all(sql, &[release.into(), at.into()]).await?.iter().map(read).collect()
}

/// The newest decision at each gate of each release: what, and when.
pub(crate) async fn list_newest(tx: &mut Tx) -> Result<Vec<(ReleaseId, String, Choice, Timestamp)>> {
    let rows = tx
        .fetch_all(
            "select d.release_id, d.gate, d.outcome, d.made_at from process_decision d
              where not exists (select 1 from process_decision n where n.release_id = d.release_id and n.gate = d.gate
                and (n.made_at > d.made_at or (n.made_at = d.made_at and n.id > d.id)))",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok((row.get("release_id")?, row.get("gate")?, row.read("outcome", Choice::parse)?, row.get("made_at")?))
        })
        .collect()
}

pub(super) async fn insert_decision(
    tx: &mut Tx,
    id: &str,
    decision: &Decision,
    person: Id<kinds::Person>,
) -> Result<()> {
    tx.execute(
        "insert into process_decision (id, release_id, gate, outcome, reason, state, state_sha256, decided_by, decided_name, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            id.into(),
            decision.release.into(),
            decision.gate.as_str().into(),
            decision.choice.as_str().into(),
            decision.reason.as_str().into(),
            decision.state.as_str().into(),
            decision.state_sha256.as_str().into(),
            person.into(),
            decision.decided_name.as_str().into(),
            decision.made_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A key pair as kept: the secret half is sealed.
pub(super) struct KeyRow {
    pub(super) public_pem: String,
    pub(super) sealed_secret: Vec<u8>,
}

/// The key that signs now.
pub(super) async fn load_key(tx: &mut Tx) -> Result<Option<KeyRow>> {
    let row = tx
        .fetch_optional(
            "select public_pem, sealed_secret from process_key where ended_at is null order by made_at desc limit 1",
            &[],
        )
        .await?;
    row.map(|row| Ok(KeyRow { public_pem: row.get("public_pem")?, sealed_secret: row.get("sealed_secret")? }))
        .transpose()
}

pub(super) async fn insert_key(tx: &mut Tx, id: &str, key: &KeyRow, now: Timestamp) -> Result<()> {
    tx.execute(
        "insert into process_key (id, public_pem, sealed_secret, made_at) values ($1, $2, $3, $4)",
        &[id.into(), key.public_pem.as_str().into(), key.sealed_secret.clone().into(), now.into()],
    )
    .await?;
    Ok(())
}
