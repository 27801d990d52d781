//! Where the advisory meets its neighbours: the case it is about, and the key that signs.

use db::{Tx, Value};
use kernel::{Actor, Id, Result, kinds};
use mail::openpgp::SecretKey;
use platform::{Ctx, vault};

use super::model::CaseFacts;
use super::store;
use crate::issue_management::case;

/// What the advisory takes from its case, for an actor who may see it.
///
/// # Errors
/// Not found when there is no such case or the actor may not see it.
pub(crate) async fn load_facts(tx: &mut Tx, ctx: &Ctx, case: Id<kinds::Case>) -> Result<CaseFacts> {
    store::load_facts(tx, ctx, case).await
}

/// A condition on `issue_case` under the name `alias` for what the actor may see.
pub(crate) fn visible_cases(actor: &Actor, alias: &str, parameters: &mut Vec<Value>) -> String {
    case::visible_condition(actor, alias, parameters)
}

/// Whether the actor may see cases at all.
pub(crate) fn may_see_cases(actor: &Actor) -> bool {
    actor.may_somewhere(kernel::Permission::ReadCases)
}

/// Tells the case that the public knows.
pub(crate) async fn mark_published(tx: &mut Tx, ctx: &Ctx, id: Id<kinds::Case>) -> Result<()> {
    case::mark_published(tx, ctx, id).await
}

/// Tells the reporters of a case, where there is a way to reach them.
pub(crate) async fn tell_reporters(_: &mut Tx, _: &Ctx, _: Id<kinds::Case>, _: &str, _: &str) -> Result<()> {
    Ok(())
}

/// The key that signs what a family publishes: its own, else the one for all; `None` while there is none.
///
/// # Errors
/// When the database does not answer, or the key cannot be opened.
pub(crate) async fn open_signing_key(
    tx: &mut Tx,
    ctx: &Ctx,
    family: Option<Id<kinds::Family>>,
) -> Result<Option<SecretKey>> {
    let Some(sealed) = store::load_sealed_key(tx, family).await? else { return Ok(None) };
    let Some(key) = vault::existing_key(tx, &ctx.platform.master_key, vault::PROGRAM).await? else { return Ok(None) };
    let bytes = key.open(&sealed)?;
    SecretKey::read(&bytes, "").map(Some).map_err(kernel::Error::internal)
}
