//! Notes, tasks and files in the database.

use db::{Row, Tx};
use kernel::{Date, Error, Id, Result, Timestamp, kinds};
use platform::Ctx;

use super::super::model::CaseId;

/// The kind of a note.
pub(super) enum NoteKind {}
/// The kind of a case's task.
pub(super) enum CaseTaskKind {}
/// The kind of an attachment.
pub(super) enum AttachmentKind {}

/// A note.
pub(super) struct Note {
    pub(super) id: Id<NoteKind>,
    pub(super) person: Id<kinds::Person>,
    pub(super) author: String,
    pub(super) body: String,
    pub(super) at: Timestamp,
    pub(super) revision: i64,
}

/// A task.
pub(super) struct CaseTask {
    pub(super) id: Id<CaseTaskKind>,
    pub(super) title: String,
    pub(super) assignee: Option<String>,
    pub(super) due_on: Option<Date>,
    pub(super) done_at: Option<Timestamp>,
    pub(super) done: bool,
    pub(super) revision: i64,
}

/// A file.
pub(super) struct Attachment {
    pub(super) id: Id<AttachmentKind>,
    pub(super) file: Id<kinds::File>,
    pub(super) name: String,
    pub(super) size: i64,
    pub(super) sha256: String,
    pub(super) added_at: Timestamp,
    pub(super) added_by: String,
    pub(super) from_report: bool,
}

/// The notes of a case, newest first.
pub(super) async fn list_notes(tx: &mut Tx, case: CaseId) -> Result<Vec<Note>> {
    let rows = tx
        .fetch_all(
            "select n.id, n.person_id, n.body, n.at, n.revision, p.name
               from issue_note n join person p on p.id = n.person_id
              where n.case_id = $1 order by n.at desc, n.id desc limit 500",
            &[case.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Note {
                id: row.get("id")?,
                person: row.get("person_id")?,
                author: row.get("name")?,
                body: row.get("body")?,
                at: row.get("at")?,
                revision: row.get("revision")?,
            })
        })
        .collect()
}

/// Writes a new note.
pub(super) async fn insert_note(
    tx: &mut Tx,
    ctx: &Ctx,
    case: CaseId,
    person: Id<kinds::Person>,
    body: &str,
) -> Result<Id<NoteKind>> {
    let id = ctx.id();
    tx.execute(
        "insert into issue_note (id, case_id, person_id, body, at) values ($1, $2, $3, $4, $5)",
        &[id.into(), case.into(), person.into(), body.into(), ctx.now.into()],
    )
    .await?;
    Ok(id)
}

/// Changes one's own note; an empty body removes it.
pub(super) async fn set_note(
    tx: &mut Tx,
    case: CaseId,
    id: Id<NoteKind>,
    person: Id<kinds::Person>,
    revision: i64,
    body: &str,
) -> Result<()> {
    let own = [id.into(), case.into(), person.into(), revision.into()];
    let changed = if body.is_empty() {
        tx.execute("delete from issue_note where id = $1 and case_id = $2 and person_id = $3 and revision = $4", &own)
            .await?
    } else {
        let mut values = own.to_vec();
        values.push(body.into());
        tx.execute(
            "update issue_note set body = $5, revision = revision + 1
              where id = $1 and case_id = $2 and person_id = $3 and revision = $4",
            &values,
        )
        .await?
    };
    if changed == 0 { Err(Error::Stale { what: "note" }) } else { Ok(()) }
}

/// The tasks of a case: open ones by date, then those that are done.
pub(super) async fn list_tasks(tx: &mut Tx, case: CaseId) -> Result<Vec<CaseTask>> {
    let rows = tx
        .fetch_all(
            "select t.id, t.title, t.due_on, t.state, t.done_at, t.revision, p.name
               from issue_task t left join person p on p.id = t.assignee_id
              where t.case_id = $1
              order by case t.state when 'open' then 0 else 1 end, coalesce(t.due_on, '9999'), t.created_at, t.id
              limit 500",
            &[case.into()],
        )
        .await?;
    rows.iter().map(read_task).collect()
}

fn read_task(row: &Row) -> Result<CaseTask> {
    Ok(CaseTask {
        id: row.get("id")?,
        title: row.get("title")?,
        assignee: row.get("name")?,
        due_on: row.get("due_on")?,
        done_at: row.get("done_at")?,
        done: row.get::<String>("state")? == "done",
        revision: row.get("revision")?,
    })
}

/// Writes a new task.
pub(super) async fn insert_task(
    tx: &mut Tx,
    ctx: &Ctx,
    case: CaseId,
    title: &str,
    assignee: Option<Id<kinds::Person>>,
    due_on: Option<Date>,
) -> Result<Id<CaseTaskKind>> {
    let id = ctx.id();
    tx.execute(
        "insert into issue_task (id, case_id, title, assignee_id, due_on, state, created_at)
         values ($1, $2, $3, $4, $5, 'open', $6)",
        &[id.into(), case.into(), title.into(), assignee.into(), due_on.into(), ctx.now.into()],
    )
    .await?;
    Ok(id)
}

/// Marks a task as done, or as open again when `done_at` is `None`.
pub(super) async fn set_task(
    tx: &mut Tx,
    case: CaseId,
    id: Id<CaseTaskKind>,
    revision: i64,
    done_at: Option<Timestamp>,
) -> Result<()> {
    let state = if done_at.is_some() { "done" } else { "open" };
    let changed = tx
        .execute(
            "update issue_task set state = $4, done_at = $5, revision = revision + 1
              where id = $1 and case_id = $2 and revision = $3",
            &[id.into(), case.into(), revision.into(), state.into(), done_at.into()],
        )
        .await?;
    if changed == 0 { Err(Error::Stale { what: "task" }) } else { Ok(()) }
}

/// The files of a case, also those that came with its reports.
pub(super) async fn list_attachments(tx: &mut Tx, case: CaseId) -> Result<Vec<Attachment>> {
    let rows = tx
        .fetch_all(
            "select a.id, a.file_id, a.name, a.added_at, a.added_by, a.report_id, f.size, f.sha256
               from issue_attachment a join file f on f.id = a.file_id
              where a.case_id = $1 or a.report_id in (select r.id from issue_report r where r.case_id = $1)
              order by a.added_at, a.id limit 1000",
            &[case.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Attachment {
                id: row.get("id")?,
                file: row.get("file_id")?,
                name: row.get("name")?,
                size: row.get("size")?,
                sha256: row.get("sha256")?,
                added_at: row.get("added_at")?,
                added_by: row.get("added_by")?,
                from_report: row.get::<Option<String>>("report_id")?.is_some(),
            })
        })
        .collect()
}

/// Links a stored file to a case.
pub(super) async fn insert_attachment(
    tx: &mut Tx,
    ctx: &Ctx,
    case: CaseId,
    file: Id<kinds::File>,
    name: &str,
) -> Result<()> {
    tx.execute(
        "insert into issue_attachment (id, file_id, case_id, name, added_at, added_by) values ($1, $2, $3, $4, $5, $6)",
        &[
            ctx.id::<AttachmentKind>().into(),
            file.into(),
            case.into(),
            name.into(),
            ctx.now.into(),
            ctx.actor.name().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Takes a file from a case; what came with a report stays.
pub(super) async fn delete_attachment(tx: &mut Tx, case: CaseId, id: Id<AttachmentKind>) -> Result<()> {
    let changed = tx
        .execute(
            "delete from issue_attachment where id = $1 and case_id = $2 and report_id is null and message_id is null",
            &[id.into(), case.into()],
        )
        .await?;
    if changed == 0 { Err(Error::NotFound { what: "file" }) } else { Ok(()) }
}
