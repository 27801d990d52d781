//! Root causes in the database: rows begin and end, so that past figures stay what they were.

use db::Tx;
use kernel::{Error, Result};
use platform::Ctx;

use super::super::model::CaseId;
use super::model::{Catch, Cause, Detected, Introduced, Kept, RootCause};

/// The kind of a row.
pub(super) enum RootCauseKind {}

/// The root cause of a case, as it is known now.
pub(crate) async fn load_current(tx: &mut Tx, case: CaseId) -> Result<Option<Kept>> {
    let row = tx
        .fetch_optional(
            "select k.*, r.version from issue_root_cause k left join register_release r on r.id = k.introduced_release_id
              where k.case_id = $1 and k.ended_at is null",
            &[case.into()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let release: Option<String> = row.get("introduced_release_id")?;
    let introduced = match release {
        Some(id) => Introduced::parse(&id).ok_or_else(|| Error::internal("a root cause names no release"))?,
        None => row.read("introduced", Introduced::parse)?,
    };
    let caught: String = row.get("caught")?;
    let catch = match caught.as_str() {
        "activity" => Catch::Activity {
            id: row.get("activity")?,
            title: row.get("activity_title")?,
            practice: row.get("practice")?,
        },
        "gap" => Catch::Gap { suggestion: row.get("suggestion")? },
        _ => Catch::Unknown,
    };
    Ok(Some(Kept {
        root_cause: RootCause {
            cause: row.read("cause", Cause::parse)?,
            explanation: row.get("explanation")?,
            introduced,
            catch,
            detected: row.read("detected", Detected::parse)?,
        },
        introduced_version: row.get::<Option<String>>("version")?.unwrap_or_default(),
        revision: row.get("revision")?,
        made_at: row.get("made_at")?,
        made_by: row.get("made_by")?,
    }))
}

/// Writes a root cause in the place of the one before; `revision` counts from 1.
pub(super) async fn set(tx: &mut Tx, ctx: &Ctx, case: CaseId, revision: i64, said: &RootCause) -> Result<()> {
    tx.execute(
        "update issue_root_cause set ended_at = $2 where case_id = $1 and ended_at is null",
        &[case.into(), ctx.now.into()],
    )
    .await?;
    let none = (String::new(), String::new(), String::new(), String::new());
    let (activity, title, practice, suggestion) = match &said.catch {
        Catch::Activity { id, title, practice } => (id.clone(), title.clone(), practice.clone(), String::new()),
        Catch::Gap { suggestion } => (String::new(), String::new(), String::new(), suggestion.clone()),
        Catch::Unknown => none,
    };
    tx.execute(
        "insert into issue_root_cause (id, case_id, cause, explanation, introduced, introduced_release_id, caught,
           activity, activity_title, practice, suggestion, detected, revision, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            ctx.id::<RootCauseKind>().into(),
            case.into(),
            said.cause.as_str().into(),
            said.explanation.as_str().into(),
            said.introduced.as_str().into(),
            said.introduced.release().into(),
            said.catch.as_str().into(),
            activity.into(),
            title.into(),
            practice.into(),
            suggestion.into(),
            said.detected.as_str().into(),
            revision.into(),
            ctx.now.into(),
            ctx.actor.name().into(),
        ],
    )
    .await?;
    Ok(())
}
