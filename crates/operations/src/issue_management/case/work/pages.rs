//! The page of notes, tasks and files.

use axum::extract::Path;
use axum::response::Response;
use kernel::{Error, Result};
use maud::{Markup, html};
use platform::Ctx;
use web::{Download, Fields, Flashed, Operation, PageError, redirect_with, ui};

use super::super::model::CaseId;
use super::super::pages::{address, load_frame, page, read_id, unfinished};
use super::super::store::{self as cases, Member};
use super::actions;
use super::store::{self, Attachment, CaseTask, Note};

/// `GET /desk/cases/{id}/work`.
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    Ok(work_page(&ctx, &id, flashed, &Fields::default()).await?)
}

async fn work_page(ctx: &Ctx, id: &str, flashed: Flashed, fields: &Fields) -> Result<Markup> {
    let frame = load_frame(ctx, id).await?;
    let case = frame.case.id;
    let mut tx = ctx.read().await?;
    let notes = store::list_notes(&mut tx, case).await?;
    let tasks = store::list_tasks(&mut tx, case).await?;
    let files = store::list_attachments(&mut tx, case).await?;
    let members = cases::list_members(&mut tx, case).await?;
    drop(tx);
    let body = html! {
        (ui::error_summary(&fields.errors()))
        (ui::split(
            ui::panel("Internal notes", note_list(ctx, case, &notes, fields)),
            html! {
                (ui::panel("Tasks", task_list(ctx, case, &tasks, &members, fields)))
                (ui::panel("Files", file_list(case, &files, frame.works, fields)))
            },
        ))
    };
    Ok(page(ctx, flashed, &frame, "/work", body))
}

fn note_list(ctx: &Ctx, case: CaseId, notes: &[Note], fields: &Fields) -> Markup {
    let me = ctx.actor.person();
    html! {
        (ui::Form::new(address(case, "/notes"), "Write")
            .field(ui::Field::textarea("body", "Note").lines(4).required().value(fields.get("body")).error(fields.error("body"))
                .hint("Only members of the case read it; it never goes to the reporter.")))
        @if notes.is_empty() { (ui::empty_state("No notes yet", "Write what the next person to look should know.")) }
        @for note in notes {
            (ui::thread(&[ui::Message::internal(&note.author, &note.at.rfc3339(), &note.at.for_people(), &note.body)]))
            @if Some(note.person) == me {
                (ui::ButtonForm::new("Edit", address(case, &format!("/notes/{}", note.id)))
                    .weight(ui::Weight::Plain)
                    .with("revision", note.revision)
                    .confirm("Change your note; without text it is removed.")
                    .fields(ui::Field::textarea(format!("note_{}", note.id), "Note").lines(4).value(&note.body).markup()))
            }
        }
    }
}

fn task_list(ctx: &Ctx, case: CaseId, tasks: &[CaseTask], members: &[Member], fields: &Fields) -> Markup {
    let today = ctx.now.date();
    let rows = tasks.iter().map(|task| {
        let label = if task.done { "Reopen" } else { "Done" };
        let button = ui::ButtonForm::new(label, address(case, &format!("/tasks/{}", task.id)))
            .weight(ui::Weight::Plain)
            .with("revision", task.revision)
            .with("done", if task.done { "" } else { "on" });
        let late = !task.done && task.due_on.is_some_and(|day| day < today);
        let row = ui::Row::new(vec![
            html! { (task.title) @if let Some(name) = &task.assignee { br; span class="muted small" { (name) } } },
            html! {
                @match (task.done_at, task.due_on) {
                    (Some(at), _) => span class="muted small" { "done " (web::ago(at, ctx.now)) },
                    (None, Some(day)) => { (day) @if late { " " (ui::badge(ui::Tone::Bad, "late")) } },
                    (None, None) => {},
                }
            },
            button.markup(),
        ]);
        if task.done { row.quiet() } else { row }
    });
    let people: Vec<(String, &str)> =
        members.iter().map(|member| (member.person.to_string(), member.name.as_str())).collect();
    let pairs = std::iter::once(("", "Nobody yet")).chain(people.iter().map(|(id, name)| (id.as_str(), *name)));
    html! {
        (ui::Table::new("Tasks").columns(["Task", "Due", ""]).rows(rows)
            .empty(ui::empty_state("No tasks", "Write down who does what until when.")))
        (ui::Form::new(address(case, "/tasks"), "Add the task")
            .field(ui::Field::text("task_title", "Task").required().longest(200).value(fields.get("task_title")).error(fields.error("task_title")))
            .field(ui::Field::select("task_assignee", "Who", ui::Choice::list(pairs, fields.get("task_assignee"))).error(fields.error("task_assignee")))
            .field(ui::Field::date("due_on", "Due").value(fields.get("due_on")).error(fields.error("due_on"))))
    }
}

fn size(bytes: i64) -> String {
    match bytes {
        ..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KiB", bytes / 1_024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}

fn file_list(case: CaseId, files: &[Attachment], works: bool, fields: &Fields) -> Markup {
    let rows = files.iter().map(|file| {
        ui::Row::new(vec![
            html! {
                a href=(address(case, &format!("/files/{}", file.id))) download { (file.name) }
                br; span class="muted small" { (size(file.size)) ", SHA-256 " code { (file.sha256.get(..12).unwrap_or_default()) "…" } }
            },
            html! {
                (web::moment(file.added_at)) br;
                span class="muted small" { @if file.from_report { "with a report" } @else { (file.added_by) } }
            },
            html! { @if works && !file.from_report {
                (ui::ButtonForm::new("Remove", address(case, &format!("/files/{}/remove", file.id)))
                    .weight(ui::Weight::Plain).confirm("Take this file from the case?"))
            } },
        ])
    });
    html! {
        (ui::Table::new("Files").columns(["File", "Added", ""]).rows(rows)
            .empty(ui::empty_state("No files", "Proofs of concept, captures, patches: sealed under the key of this case.")))
        (ui::Form::new(address(case, "/files"), "Add files").multipart()
            .field(ui::Field::file("files", "Files").required().error(fields.error("files"))
                .hint("Downloads are never opened by the browser itself.")))
    }
}

async fn again(ctx: &Ctx, id: &str, fields: Fields, error: Error) -> Result<Response, PageError> {
    let fields = fields.with_errors(error)?;
    Ok(unfinished(work_page(ctx, id, Flashed::default(), &fields).await?))
}

/// `POST /desk/cases/{id}/notes`.
pub(super) async fn write_note(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    match actions::write_note(&ctx, case, fields.get("body")).await {
        Ok(()) => Ok(redirect_with(&address(case, "/work"), "Written.")),
        Err(error) => again(&ctx, &id, fields, error).await,
    }
}

/// `POST /desk/cases/{id}/notes/{note}`.
pub(super) async fn edit_note(
    Operation(ctx): Operation,
    Path((id, note)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let note_id = read_id(&note, "note")?;
    let body = fields.get(&format!("note_{note_id}")).to_owned();
    match actions::edit_note(&ctx, case, note_id, fields.revision()?, &body).await {
        Ok(()) => Ok(redirect_with(&address(case, "/work"), "Saved.")),
        Err(error) => {
            // What was typed comes back in the field for a new note, since the old one may be gone.
            let mut pairs: Vec<(String, String)> =
                fields.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            pairs.push(("body".to_owned(), body));
            again(&ctx, &id, Fields::from_pairs(pairs), error).await
        }
    }
}

/// `POST /desk/cases/{id}/tasks`.
pub(super) async fn add_task(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let (title, who, due) = (fields.get("task_title"), fields.get("task_assignee"), fields.get("due_on"));
    match actions::add_task(&ctx, case, title, who, due).await {
        Ok(()) => Ok(redirect_with(&address(case, "/work"), "Added.")),
        Err(error) => again(&ctx, &id, fields, error).await,
    }
}

/// `POST /desk/cases/{id}/tasks/{task}`.
pub(super) async fn set_task(
    Operation(ctx): Operation,
    Path((id, task)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let done = fields.ticked("done");
    actions::set_task(&ctx, case, read_id(&task, "task")?, fields.revision()?, done).await?;
    Ok(redirect_with(&address(case, "/work"), if done { "Done." } else { "Open again." }))
}

/// `POST /desk/cases/{id}/files`.
pub(super) async fn add_files(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    mut fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let uploads = fields.take_uploads();
    match actions::add_files(&ctx, case, &uploads).await {
        Ok(count) => Ok(redirect_with(&address(case, "/work"), &format!("Added: {count}."))),
        Err(error) => again(&ctx, &id, fields, error).await,
    }
}

/// `POST /desk/cases/{id}/files/{file}/remove`.
pub(super) async fn remove_file(
    Operation(ctx): Operation,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    actions::remove_file(&ctx, case, read_id(&file, "file")?).await?;
    Ok(redirect_with(&address(case, "/work"), "Removed."))
}

/// `GET /desk/cases/{id}/files/{file}`: always as a download of no particular type, since strangers send these files.
pub(super) async fn download(
    Operation(ctx): Operation,
    Path((id, file)): Path<(String, String)>,
) -> Result<Download, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let (name, content) = actions::download(&ctx, case, read_id(&file, "file")?).await?;
    Ok(Download::new(&name, content))
}
