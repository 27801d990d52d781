//! What people can do with packs: bring one in, choose the active one.

use std::sync::Arc;

use db::Tx;
use kernel::{Error, Permission, RecordRef, Result, Scope};
use pack::{Finding, Pack};
use platform::Ctx;
use platform::audit::{self, Entry};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::model::{PackRow, PackRowId};
use super::{rules, store};

/// What came of bringing in a pack.
#[derive(Clone, Debug)]
pub enum Loaded {
    /// It is kept; with what the check warned about.
    Kept(PackRow, Vec<Finding>),
    /// It has errors and nothing of it is kept.
    Broken(Vec<Finding>),
}

/// Reads and checks a pack and keeps it as a new version, or says what is wrong and keeps nothing.
///
/// # Errors
/// Refused when the version is taken; not found where one may not.
pub async fn import(ctx: &Ctx, files: &[(String, Vec<u8>)]) -> Result<Loaded> {
    ctx.require(Permission::RunProgramme, Scope::All, "page")?;
    let borrowed: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let base = match pack::header(&borrowed).and_then(|header| header.extends) {
        Some(below) => {
            let mut tx = ctx.read().await?;
            store::load_newest(&mut tx, &below).await?.or_else(|| built_in(&below))
        }
        None => None,
    };
    let reading = pack::read(&borrowed, base.as_deref());
    let Some(pack) = reading.usable() else { return Ok(Loaded::Broken(reading.findings)) };
    let mut tx = ctx.begin().await?;
    audit::take_turn(&mut tx).await?;
    let row = keep(tx, ctx, pack, reading.findings.len(), false).await?;
    Ok(Loaded::Kept(row, reading.findings))
}

fn built_in(id: &str) -> Option<Arc<Pack>> {
    let folder = content::pack(id)?;
    pack::read(folder, None).usable().cloned().map(Arc::new)
}

async fn keep(mut tx: Tx, ctx: &Ctx, pack: &Pack, warnings: usize, active: bool) -> Result<PackRow> {
    let document = serde_json::to_string(pack).map_err(Error::internal)?;
    let digest = hex::encode(Sha256::digest(document.as_bytes()));
    let mut row = store::new_row(ctx.id(), pack, &digest, warnings, ctx.actor.name(), ctx.now);
    row.active = active;
    let present = store::load_version(&mut tx, &row.pack_id, &row.version).await?;
    rules::may_import(present.as_ref(), &digest)?;
    store::insert(&mut tx, &row, &document).await?;
    let detail = json!({"pack": row.label(), "sha256": digest, "warnings": warnings});
    audit::record(&mut tx, ctx, Entry::new("pack.loaded", RecordRef::new("pack", row.id)).with(detail)).await?;
    tx.commit().await?;
    Ok(row)
}

/// Loads the built-in pack where no pack is yet, and makes it the active one; does nothing afterwards.
///
/// # Errors
/// When the database does not answer.
pub async fn load_built_in(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.read().await?;
    if !store::list(&mut tx).await?.is_empty() {
        return Ok(());
    }
    drop(tx);
    let pack = built_in("standard").ok_or_else(|| Error::internal("the built-in pack cannot be used"))?;
    let mut tx = ctx.begin().await?;
    audit::take_turn(&mut tx).await?;
    // Another instance that started at the same time may have loaded it.
    if store::list(&mut tx).await?.is_empty() {
        keep(tx, ctx, &pack, 0, true).await?;
    }
    Ok(())
}

/// Makes a version the one that new plans are made from. Plans that exist keep theirs.
///
/// # Errors
/// Not found, also where one may not.
pub async fn choose(ctx: &Ctx, id: PackRowId) -> Result<PackRow> {
    ctx.require(Permission::RunProgramme, Scope::All, "page")?;
    let mut tx = ctx.begin().await?;
    let row = store::load_row(&mut tx, id).await?;
    store::set_active(&mut tx, id).await?;
    let entry = Entry::new("pack.chosen", RecordRef::new("pack", id)).with(json!({"pack": row.label()}));
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(row)
}
