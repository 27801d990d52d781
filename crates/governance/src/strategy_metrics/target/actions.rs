//! Setting a target profile.

use std::collections::BTreeMap;

use kernel::{Error, Permission, RecordRef, Result, Scope};
use platform::Ctx;
use platform::audit::{self, Entry};
use serde_json::json;

use super::model::{Target, TargetId, Wanted, shown};
use super::store;
use crate::strategy_metrics::assessment::practices;
use crate::strategy_metrics::catalogue::Document;
use crate::strategy_metrics::place;

/// What a form says of a target profile.
#[derive(Clone, Debug)]
pub struct TargetDraft {
    /// For which place.
    pub scope: Scope,
    /// What is wanted, by practice.
    pub wanted: BTreeMap<String, Wanted>,
    /// Why it is so.
    pub note: String,
    /// The number of the target that the form was made from; nought where there was none.
    pub seen: i64,
}

/// Sets the target of a place; the one before stays readable.
///
/// # Errors
/// Invalid, stale when somebody else set one since, or not found where one may not.
pub async fn set(ctx: &Ctx, document: &Document, draft: TargetDraft) -> Result<TargetId> {
    ctx.require(Permission::RunProgramme, draft.scope, "place")?;
    if draft.wanted.is_empty() {
        return Err(Error::invalid("note", "Say for at least one practice which score is wanted."));
    }
    for (practice, wanted) in &draft.wanted {
        let place = practices(&document.model).position(|known| known.id == *practice);
        let most = practices(&document.model).find(|known| known.id == *practice).map_or(0, |known| known.levels.len());
        let most = i64::try_from(most).unwrap_or(0).saturating_mul(100);
        if wanted.hundredths > most {
            let field = format!("w-{}", place.unwrap_or_default());
            return Err(Error::invalid(&field, format!("A practice has at most {}.", shown(most))));
        }
    }
    let note = if draft.note.trim().is_empty() {
        String::new()
    } else {
        kernel::clean_text("note", &draft.note, 2_000).map_err(|problem| Error::Invalid(vec![problem]))?
    };
    let series = document.row.series.as_str();
    let mut tx = ctx.begin().await?;
    audit::take_turn(&mut tx).await?;
    let newest = store::list(&mut tx, draft.scope, series).await?.into_iter().next();
    let number = newest.as_ref().map_or(0, |target| target.number);
    if number != draft.seen {
        return Err(Error::Stale { what: "target" });
    }
    let target = Target {
        id: ctx.id(),
        scope: draft.scope,
        number: number.saturating_add(1),
        note,
        made_at: ctx.now,
        made_by: ctx.actor.name().to_owned(),
        ended_at: None,
        wanted: draft.wanted,
    };
    store::insert(&mut tx, series, &target, newest.map(|target| target.id)).await?;
    let wanted: BTreeMap<&str, String> = target
        .wanted
        .iter()
        .map(|(practice, wanted)| {
            let due = wanted.due_on.map_or_else(String::new, |due| format!(" by {due}"));
            (practice.as_str(), format!("{}{due}", shown(wanted.hundredths)))
        })
        .collect();
    let detail = json!({"model": series, "place": place::text(target.scope), "wanted": wanted});
    audit::record(&mut tx, ctx, Entry::new("target.set", RecordRef::new("target", target.id)).with(detail)).await?;
    tx.commit().await?;
    Ok(target.id)
}
