//! What members can do with notes, tasks and files.

use kernel::{Date, Error, Id, Permission, RecordRef, Result, clean_line, clean_text, kinds};
use platform::audit::{self, Entry};
use platform::{Ctx, files};
use serde_json::json;
use web::Upload;

use super::super::actions::reference;
use super::super::model::CaseId;
use super::super::store as cases;
use super::store::{self, AttachmentKind, CaseTaskKind, NoteKind};

const MOST_FILES: usize = 20;

fn invalid(problem: kernel::FieldError) -> Error {
    Error::Invalid(vec![problem])
}

fn me(ctx: &Ctx) -> Result<Id<kinds::Person>> {
    ctx.actor.person().ok_or(Error::NotFound { what: "case" })
}

/// Writes an internal note. Its text stays out of the log.
pub(super) async fn write_note(ctx: &Ctx, case: CaseId, body: &str) -> Result<()> {
    let body = clean_text("body", body, 20_000).map_err(invalid)?;
    let mut tx = ctx.begin().await?;
    cases::load_visible(&mut tx, ctx, case).await?;
    let id = store::insert_note(&mut tx, ctx, case, me(ctx)?, &body).await?;
    audit::record(&mut tx, ctx, Entry::new("note.written", RecordRef::new("note", id)).under(reference(case))).await?;
    tx.commit().await
}

/// Changes one's own note; without text it is removed.
pub(super) async fn edit_note(ctx: &Ctx, case: CaseId, id: Id<NoteKind>, revision: i64, body: &str) -> Result<()> {
    let body =
        if body.trim().is_empty() { String::new() } else { clean_text("body", body, 20_000).map_err(invalid)? };
    let mut tx = ctx.begin().await?;
    cases::load_visible(&mut tx, ctx, case).await?;
    store::set_note(&mut tx, case, id, me(ctx)?, revision, &body).await?;
    let action = if body.is_empty() { "note.removed" } else { "note.edited" };
    audit::record(&mut tx, ctx, Entry::new(action, RecordRef::new("note", id)).under(reference(case))).await?;
    tx.commit().await
}

/// Adds a task; its assignee has to be a member, since others do not see the case.
pub(super) async fn add_task(ctx: &Ctx, case: CaseId, title: &str, assignee: &str, due_on: &str) -> Result<()> {
    let title = clean_line("task_title", title, 200).map_err(invalid)?;
    let due_on: Option<Date> = match due_on.trim() {
        "" => None,
        text => Some(
            text.parse().map_err(|_| Error::invalid("due_on", "This is not a date. Write one such as 2026-12-01."))?,
        ),
    };
    let mut tx = ctx.begin().await?;
    cases::load_visible(&mut tx, ctx, case).await?;
    let assignee: Option<Id<kinds::Person>> = assignee.parse().ok();
    if let Some(person) = assignee
        && !cases::list_members(&mut tx, case).await?.iter().any(|member| member.person == person)
    {
        return Err(Error::invalid("task_assignee", "Choose a member of the case. Others do not see it."));
    }
    let id = store::insert_task(&mut tx, ctx, case, &title, assignee, due_on).await?;
    let detail =
        json!({ "assignee": assignee.map(|person| person.to_string()), "due_on": due_on.map(|day| day.to_string()) });
    let entry = Entry::new("task.added", RecordRef::new("case-task", id)).under(reference(case)).with(detail);
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await
}

/// Marks a task as done, or opens it again.
pub(super) async fn set_task(ctx: &Ctx, case: CaseId, id: Id<CaseTaskKind>, revision: i64, done: bool) -> Result<()> {
    let mut tx = ctx.begin().await?;
    cases::load_visible(&mut tx, ctx, case).await?;
    store::set_task(&mut tx, case, id, revision, done.then_some(ctx.now)).await?;
    let action = if done { "task.done" } else { "task.reopened" };
    audit::record(&mut tx, ctx, Entry::new(action, RecordRef::new("case-task", id)).under(reference(case))).await?;
    tx.commit().await
}

/// Stores files under the key of the case.
pub(super) async fn add_files(ctx: &Ctx, case: CaseId, uploads: &[Upload]) -> Result<usize> {
    if uploads.is_empty() {
        return Err(Error::invalid("files", "Choose a file that is not empty."));
    }
    if uploads.len() > MOST_FILES {
        return Err(Error::invalid("files", format!("At most {MOST_FILES} files at once. Send the rest afterwards.")));
    }
    // Whoever may not see the case must not make the server seal and store megabytes.
    let mut tx = ctx.read().await?;
    cases::load_visible(&mut tx, ctx, case).await?;
    drop(tx);
    let mut tx = ctx.begin().await?;
    cases::load_visible(&mut tx, ctx, case).await?;
    let scope = format!("case {case}");
    let mut names = Vec::new();
    for upload in uploads {
        let file = files::store(ctx, &mut tx, &scope, &upload.name, &upload.media_type, &upload.content).await?;
        let name = files::safe_name(&upload.name);
        store::insert_attachment(&mut tx, ctx, case, file, &name).await?;
        names.push(name);
    }
    let detail = json!({ "names": names });
    audit::record(&mut tx, ctx, Entry::new("file.added", reference(case)).with(detail)).await?;
    tx.commit().await?;
    Ok(uploads.len())
}

/// Takes a file from a case.
pub(super) async fn remove_file(ctx: &Ctx, case: CaseId, id: Id<AttachmentKind>) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let found = cases::load_visible(&mut tx, ctx, case).await?;
    if !super::super::actions::may_work(ctx, &found) && !ctx.actor.may(Permission::LeadCases, found.place()) {
        return Err(Error::NotFound { what: "case" });
    }
    store::delete_attachment(&mut tx, case, id).await?;
    let entry = Entry::new("file.removed", RecordRef::new("attachment", id)).under(reference(case));
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await
}

/// The name and content of a file of a case.
pub(super) async fn download(ctx: &Ctx, case: CaseId, id: Id<AttachmentKind>) -> Result<(String, Vec<u8>)> {
    let mut tx = ctx.read().await?;
    let found = cases::load_visible(&mut tx, ctx, case).await?;
    let attachments = store::list_attachments(&mut tx, case).await?;
    let attachment = attachments.into_iter().find(|row| row.id == id).ok_or(Error::NotFound { what: "file" })?;
    let info = files::load_info(&mut tx, attachment.file).await?;
    let content = files::load_content(ctx, &mut tx, &info).await?;
    drop(tx);
    super::super::actions::note_read(ctx, &found).await?;
    Ok((attachment.name, content))
}
