//! Where the advisory meets its neighbours: the case it is about, and the key that signs.

use db::{Tx, Value};
use kernel::{Actor, Id, Result, kinds};
use mail::openpgp::SecretKey;
use platform::Ctx;

use super::model::CaseFacts;
use super::store;
use crate::issue_management::{case, intake};

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
pub(crate) async fn tell_reporters(
    tx: &mut Tx,
    ctx: &Ctx,
    id: Id<kinds::Case>,
    subject: &str,
    text: &str,
) -> Result<()> {
    intake::tell_reporters(tx, ctx, id, subject, text).await.map(|_| ())
}

/// The key that signs what a family publishes: its own, else the one for all; `None` while there is none in force.
///
/// # Errors
/// When the database does not answer, or the key cannot be opened.
pub(crate) async fn open_signing_key(
    tx: &mut Tx,
    ctx: &Ctx,
    family: Option<Id<kinds::Family>>,
) -> Result<Option<SecretKey>> {
    Ok(intake::keys::signing_key(tx, ctx, family).await?.map(|key| key.secret))
}
