//! Packs in the database.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use db::{Row, Tx};
use kernel::{Error, Result, Timestamp};
use pack::Pack;

use super::model::{Document, PackRow, PackRowId};

const ROW: &str =
    "select id, pack_id, version, title, extends, warnings, active, loaded_at, loaded_by, digest from process_pack";

fn read(row: &Row) -> Result<PackRow> {
    Ok(PackRow {
        id: row.get("id")?,
        pack_id: row.get("pack_id")?,
        version: row.get("version")?,
        title: row.get("title")?,
        extends: row.get("extends")?,
        warnings: row.get("warnings")?,
        active: row.get("active")?,
        loaded_at: row.get("loaded_at")?,
        loaded_by: row.get("loaded_by")?,
        digest: row.get("digest")?,
    })
}

/// How many packs are kept parsed; more than any vendor has in use.
const PARSED: usize = 32;

/// Packs by the SHA-256 of their text. Every page of a release needs one, and a pack that is kept never changes.
static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Pack>>>> = LazyLock::new(Mutex::default);

/// The content of a pack, read and parsed at most once for each text.
async fn content(tx: &mut Tx, digest: &str) -> Result<Arc<Pack>> {
    if let Some(pack) = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get(digest) {
        return Ok(Arc::clone(pack));
    }
    let row = tx.fetch_one("select document from process_pack where digest = $1 limit 1", &[digest.into()]).await?;
    let text: String = row.get("document")?;
    let pack: Arc<Pack> = serde_json::from_str(&text).map(Arc::new).map_err(Error::internal)?;
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= PARSED {
        known.clear();
    }
    known.insert(digest.to_owned(), Arc::clone(&pack));
    Ok(pack)
}

/// All versions, by pack and the newest first.
pub(crate) async fn list(tx: &mut Tx) -> Result<Vec<PackRow>> {
    tx.fetch_all(format!("{ROW} order by pack_id, loaded_at desc, id desc"), &[]).await?.iter().map(read).collect()
}

/// About one version.
///
/// # Errors
/// Not found, or when the database does not answer.
pub async fn load_row(tx: &mut Tx, id: PackRowId) -> Result<PackRow> {
    let row = tx.fetch_optional(format!("{ROW} where id = $1"), &[id.into()]).await?;
    read(&row.ok_or(Error::NotFound { what: "process pack" })?)
}

/// One version with its content.
///
/// # Errors
/// Not found, or when the database does not answer.
pub async fn load_document(tx: &mut Tx, id: PackRowId) -> Result<Document> {
    let row = load_row(tx, id).await?;
    let pack = content(tx, &row.digest).await?;
    Ok(Document { row, pack })
}

/// All versions that plans stand on, with their content.
///
/// # Errors
/// When the database does not answer.
pub async fn list_documents(tx: &mut Tx) -> Result<HashMap<PackRowId, Arc<Pack>>> {
    let rows = tx
        .fetch_all(
            "select id, digest from process_pack where active = true or id in (select pack_row from process_plan)",
            &[],
        )
        .await?;
    let mut documents = HashMap::with_capacity(rows.len());
    for row in rows {
        documents.insert(row.get("id")?, content(tx, &row.get::<String>("digest")?).await?);
    }
    Ok(documents)
}

/// The version that new plans are made from.
///
/// # Errors
/// Refused while there is none, or when the database does not answer.
pub async fn load_active(tx: &mut Tx) -> Result<Document> {
    let row = tx.fetch_optional(format!("{ROW} where active = true order by loaded_at desc limit 1"), &[]).await?;
    let row = row.ok_or_else(|| Error::Refused {
        code: "no-pack",
        words: "No process pack is chosen yet. Choose one under Practices, Packs.".to_owned(),
    })?;
    let row = read(&row)?;
    let pack = content(tx, &row.digest).await?;
    Ok(Document { row, pack })
}

pub(super) async fn load_version(tx: &mut Tx, pack_id: &str, version: &str) -> Result<Option<PackRow>> {
    let row = tx
        .fetch_optional(format!("{ROW} where pack_id = $1 and version = $2"), &[pack_id.into(), version.into()])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The newest version of a pack.
pub(super) async fn load_newest(tx: &mut Tx, pack_id: &str) -> Result<Option<Arc<Pack>>> {
    let row = tx
        .fetch_optional(
            "select digest from process_pack where pack_id = $1 order by loaded_at desc, id desc limit 1",
            &[pack_id.into()],
        )
        .await?;
    match row {
        Some(row) => Ok(Some(content(tx, &row.get::<String>("digest")?).await?)),
        None => Ok(None),
    }
}

pub(super) async fn insert(tx: &mut Tx, row: &PackRow, document: &str) -> Result<()> {
    tx.execute(
        "insert into process_pack (id, pack_id, version, title, extends, document, digest, warnings, active, loaded_at, loaded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            row.id.into(),
            row.pack_id.as_str().into(),
            row.version.as_str().into(),
            row.title.as_str().into(),
            row.extends.as_str().into(),
            document.into(),
            row.digest.as_str().into(),
            row.warnings.into(),
            row.active.into(),
            row.loaded_at.into(),
            row.loaded_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn set_active(tx: &mut Tx, id: PackRowId) -> Result<()> {
    tx.execute("update process_pack set active = case when id = $1 then true else false end", &[id.into()]).await?;
    Ok(())
}

/// How many releases are planned with each version.
pub(super) async fn count_plans(tx: &mut Tx) -> Result<HashMap<PackRowId, i64>> {
    let rows = tx
        .fetch_all(
            "select pack_row, count(*) as releases from process_plan where ended_at is null group by pack_row",
            &[],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("pack_row")?, row.get("releases")?))).collect()
}

pub(super) fn new_row(id: PackRowId, pack: &Pack, digest: &str, warnings: usize, by: &str, at: Timestamp) -> PackRow {
    PackRow {
        id,
        pack_id: pack.id.clone(),
        version: pack.version.to_string(),
        title: pack.title.clone(),
        extends: pack.extends.as_ref().map(|(id, version)| format!("{id} {version}")).unwrap_or_default(),
        warnings: i64::try_from(warnings).unwrap_or(0),
        active: false,
        loaded_at: at,
        loaded_by: by.to_owned(),
        digest: digest.to_owned(),
    }
}
