//! The texts that authors saved, one row each; none is ever changed.

use db::{Row, Tx};
use kernel::{Id, Result, Timestamp, kinds};

use super::super::model::{Advisory, AdvisoryId, Draft, Origin, SavedDraft};

/// Keeps the text of an advisory as it is now. The caller wrote the advisory in the same transaction, so no other
/// writer takes the same place.
pub(in super::super) async fn insert_draft(
    tx: &mut Tx,
    advisory: &Advisory,
    origin: Origin,
    restored_from: Option<i64>,
    now: Timestamp,
) -> Result<()> {
    let row = tx
        .fetch_one(
            "select coalesce(max(position), 0) + 1 as next from issue_advisory_draft where advisory_id = $1",
            &[advisory.id.into()],
        )
        .await?;
    let position: i64 = row.get("next")?;
    let draft = &advisory.draft;
    let author: Id<kinds::Person> = advisory.author;
    tx.execute(
        "insert into issue_advisory_draft (advisory_id, position, for_version, origin, restored_from, title, summary,
           details, acknowledgements, reference_links, change_note, saved_by, saved_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &[
            advisory.id.into(),
            position.into(),
            (advisory.version + 1).into(),
            origin.as_str().into(),
            restored_from.into(),
            draft.title.as_str().into(),
            draft.summary.as_str().into(),
            draft.details.as_str().into(),
            draft.acknowledgements.as_str().into(),
            draft.links.as_str().into(),
            draft.change_note.as_str().into(),
            author.into(),
            now.into(),
        ],
    )
    .await?;
    Ok(())
}

const DRAFT: &str = "select d.*, p.name as saver from issue_advisory_draft d join person p on p.id = d.saved_by";

fn read(row: &Row) -> Result<SavedDraft> {
    Ok(SavedDraft {
        position: row.get("position")?,
        for_version: row.get("for_version")?,
        origin: row.read("origin", Origin::parse)?,
        restored_from: row.get("restored_from")?,
        draft: Draft {
            title: row.get("title")?,
            summary: row.get("summary")?,
            details: row.get("details")?,
            acknowledgements: row.get("acknowledgements")?,
            links: row.get("reference_links")?,
            change_note: row.get("change_note")?,
        },
        saved_by: row.get("saver")?,
        saved_at: row.get("saved_at")?,
    })
}

/// The texts of an advisory, the newest first, at most so many. The caller asked who may see the advisory.
pub(in super::super) async fn list_drafts(tx: &mut Tx, id: AdvisoryId, most: u64) -> Result<Vec<SavedDraft>> {
    let sql = format!("{DRAFT} where d.advisory_id = $1 order by d.position desc limit $2");
    tx.fetch_all(sql, &[id.into(), most.into()]).await?.iter().map(read).collect()
}

/// One of them; `None` when there is no such.
pub(in super::super) async fn load_draft(tx: &mut Tx, id: AdvisoryId, position: i64) -> Result<Option<SavedDraft>> {
    let sql = format!("{DRAFT} where d.advisory_id = $1 and d.position = $2");
    tx.fetch_optional(sql, &[id.into(), position.into()]).await?.as_ref().map(read).transpose()
}
