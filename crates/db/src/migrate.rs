//! Applies schema changes on start, once, also when several nodes start together.

use kernel::{Error, Result, Timestamp};
use sha2::{Digest, Sha256};

use crate::collate::bytewise;
use crate::migrations::CHANGES;
use crate::{Db, Dialect, Value};

/// What a migration did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationReport {
    /// The changes that were applied now, in order.
    pub applied: Vec<&'static str>,
}

/// Brings the schema up to this program's, in one transaction.
///
/// # Errors
/// Refused when the database was written by a newer program, or when a change that was applied reads otherwise now.
pub async fn migrate(db: &Db, now: Timestamp) -> Result<MigrationReport> {
    let mut tx = db.begin().await?;
    tx.is_housekeeping();
    if tx.dialect() == Dialect::Postgres {
        tx.fetch_all("select 1 as locked from (select pg_advisory_xact_lock(7261000)) as waited", &[]).await?;
    }
    tx.script(
        "create table if not exists schema_change (
           position bigint primary key, name text not null unique, checksum text not null, applied_at bigint not null)",
    )
    .await?;
    let known = tx.fetch_all("select position, name, checksum from schema_change order by position", &[]).await?;
    if known.len() > CHANGES.len() {
        return Err(newer(&known.last().map_or(Ok(String::new()), |row| row.get("name"))?));
    }
    let mut applied = Vec::new();
    for (position, change) in CHANGES.iter().enumerate() {
        let checksum = hex::encode(Sha256::digest(change.sql.as_bytes()));
        if let Some(row) = known.get(position) {
            let (name, stored): (String, String) = (row.get("name")?, row.get("checksum")?);
            if name != change.name {
                return Err(newer(&name));
            }
            if stored != checksum {
                return Err(Error::Refused {
                    code: "schema-changed",
                    words: format!(
                        "The schema change {name} was applied with another text than this program has. \
                         Start the program version that made this database, or restore a backup."
                    ),
                });
            }
            continue;
        }
        let sql = if tx.dialect() == Dialect::Postgres { bytewise(change.sql) } else { change.sql.to_owned() };
        tx.script(&sql).await.map_err(|error| Error::internal(format!("schema change {}: {error}", change.name)))?;
        tx.execute(
            "insert into schema_change (position, name, checksum, applied_at) values ($1, $2, $3, $4)",
            &[Value::from(position), change.name.into(), checksum.into(), now.into()],
        )
        .await?;
        applied.push(change.name);
    }
    tx.commit().await?;
    Ok(MigrationReport { applied })
}

fn newer(name: &str) -> Error {
    Error::Refused {
        code: "schema-newer",
        words: format!(
            "This database was written by a newer version of Portcullis (it has the schema change {name}, which this \
             version does not know). Start the newer version; nothing was changed."
        ),
    }
}
