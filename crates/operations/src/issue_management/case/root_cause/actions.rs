//! Recording a root cause, alone or together with closing the case: one transaction, one audit entry.

use std::sync::Arc;

use db::Tx;
use kernel::{Error, Result};
use pack::Pack;
use platform::Ctx;
use platform::audit::{self, Entry};
use serde_json::{Value, json};

use super::super::actions::{load_to_work, may_lead, move_in, reference};
use super::super::model::CaseId;
use super::super::store as cases;
use super::model::{Catch, RootCause};
use super::rules::{self, Said};
use super::store;

/// The process pack that activities are chosen from; `None` while the program has none.
pub(super) async fn load_pack(tx: &mut Tx) -> Result<Option<Arc<Pack>>> {
    match process::pack::load_active(tx).await {
        Ok(document) => Ok(Some(document.pack)),
        Err(Error::Refused { .. } | Error::NotFound { .. }) => Ok(None),
        Err(other @ (Error::Invalid(_) | Error::Stale { .. } | Error::Unavailable { .. } | Error::Internal(_))) => {
            Err(other)
        }
    }
}

/// The move that closes the case after recording, with the case's revision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closing<'a> {
    pub(super) name: &'a str,
    pub(super) revision: i64,
}

/// Records the root cause of a case, and closes it where that was asked for. `revision` is that of the root cause which
/// the form showed, 0 for none.
pub(super) async fn record(
    ctx: &Ctx,
    id: CaseId,
    revision: i64,
    said: Said<'_>,
    closing: Option<Closing<'_>>,
) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let case = load_to_work(&mut tx, ctx, id).await?;
    cases::set_locked(&mut tx, id).await?;
    let before = store::load_current(&mut tx, id).await?;
    if before.as_ref().map_or(0, |kept| kept.revision) != revision {
        return Err(Error::Stale { what: "root cause" });
    }
    let standing = cases::load_standing(&mut tx, &case, ctx.now.date()).await?;
    rules::may_record(&case, standing.vulnerabilities)?;
    let releases: Vec<_> = cases::list_releases(&mut tx, &case).await?.into_iter().map(|row| row.id).collect();
    let pack = load_pack(&mut tx).await?;
    let activities: Vec<_> = pack.iter().flat_map(|pack| &pack.activities).map(named).collect();
    // What was named once may be kept although the pack in use no longer has it.
    let kept = before.as_ref().and_then(|kept| match &kept.root_cause.catch {
        Catch::Activity { id, title, practice } => Some((id.as_str(), title.as_str(), practice.as_str())),
        Catch::Gap { .. } | Catch::Unknown => None,
    });
    let activities: Vec<_> = activities.into_iter().chain(kept).collect();
    let root_cause = rules::read(said, &releases, &activities).map_err(Error::Invalid)?;
    rules::may_leave_unknown(&root_cause, may_lead(ctx, &case))?;
    store::set(&mut tx, ctx, id, revision + 1, &root_cause).await?;
    let mut detail = told(&root_cause);
    if let Some(before) = &before {
        detail["before"] = told(&before.root_cause);
    }
    match closing {
        Some(closing) => move_in(&mut tx, ctx, id, closing.revision, (closing.name, ""), Some(detail)).await?,
        None => {
            audit::record(&mut tx, ctx, Entry::new("case.root-cause", reference(id)).with(detail)).await?;
        }
    }
    tx.commit().await
}

fn named(activity: &pack::Activity) -> rules::Named<'_> {
    (activity.id.as_str(), activity.title.as_str(), activity.practice.as_str())
}

/// A root cause as the log tells it: words of the lists, no text.
fn told(said: &RootCause) -> Value {
    let mut detail = json!({
        "cause": said.cause.as_str(),
        "introduced": said.introduced.as_str(),
        "introduced_release": said.introduced.release().map(|id| id.to_string()),
        "caught": said.catch.as_str(),
        "detected": said.detected.as_str(),
    });
    if let Catch::Activity { id, practice, .. } = &said.catch {
        detail["activity"] = json!(id);
        detail["practice"] = json!(practice);
    }
    detail
}
