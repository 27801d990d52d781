//! The page of a task: what to do, what proves it, what lacks.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Error, Permission, RecordRef, Result};
use maud::{Markup, html};
use pack::Activity;
use platform::{Ctx, access, audit};
use register::products::ReleaseId;
use web::{AsOf, Fields, Flashed, Operation, PageError, Path, Query, desk_page, moment, paragraphs, redirect_with, ui};

use super::describe::{due, piece_badge, state_badge};
use super::model::{Line, Sheet, TaskId, TaskState};
use super::pages::crumbs;
use super::{actions, sheet};
use crate::{evidence, place, waiver};

/// A task's page: what the forms on it got wrong comes back with what was typed.
#[derive(Default)]
pub(crate) struct Typed {
    /// The form for owner, due date and note.
    pub(crate) edit: Fields,
    /// The form for evidence.
    pub(crate) evidence: Fields,
    /// The form for exceptions.
    pub(crate) waiver: Fields,
    /// Whether the task was changed by somebody else while it was edited.
    pub(crate) stale: bool,
}

/// `GET /desk/releases/{id}/tasks/{task}`
pub(super) async fn show(
    Operation(ctx): Operation,
    Path((id, task)): Path<(ReleaseId, TaskId)>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    Ok(page(&ctx, id, task, &query, flashed, &Typed::default()).await?)
}

/// The page again, with what was typed and what has to be mended.
pub(crate) async fn again(ctx: &Ctx, id: ReleaseId, task: TaskId, typed: &Typed) -> Result<Response, PageError> {
    let query = Query::of(&format!("/desk/releases/{id}/tasks/{task}"), "");
    let markup = page(ctx, id, task, &query, Flashed::default(), typed).await?;
    let status = if typed.stale { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, markup).into_response())
}

async fn page(
    ctx: &Ctx,
    id: ReleaseId,
    task: TaskId,
    query: &Query,
    flashed: Flashed,
    typed: &Typed,
) -> Result<Markup> {
    let mut tx = ctx.read().await?;
    let place = place::release(ctx, &mut tx, id, Permission::ReadPlans).await?;
    let at = AsOf::read(query, ctx.now)?.at;
    let mut people = access::list_people(&mut tx, "").await?;
    let events = audit::load_timeline(&mut tx, &RecordRef::new("release", id), None, 200).await?;
    let sheet = sheet::load_sheet(&mut tx, place, at).await?;
    drop(tx);
    let line = sheet.line(task).ok_or(Error::NotFound { what: "task" })?;
    let activity = sheet.pack.activity(&line.task.activity).ok_or(Error::NotFound { what: "activity" })?;
    let may_work = at == ctx.now && ctx.actor.may(Permission::WorkPlans, sheet.place.product.scope());
    let may_approve = at == ctx.now && ctx.actor.may(Permission::ApprovePlans, sheet.place.product.scope());
    let main = html! {
        (lacking(line))
        (ui::panel("What it asks for", pieces(line)))
        (evidence::task_parts(&sheet, line, activity, ctx, may_work, may_approve, &typed.evidence))
        (waiver::task_part(&sheet, line, ctx, may_work, may_approve, &typed.waiver))
    };
    people.retain(|person| person.state != access::PersonState::Disabled || line.task.owner == Some(person.id));
    let ids: Vec<String> = people.iter().map(|person| person.id.to_string()).collect();
    let aside = html! {
        (ui::panel("What to do", instructions(activity, &sheet)))
        @if may_work { (ui::panel("Owner, date, note", edit_form(id, line, &ids, &people, typed))) }
        @else { (ui::panel("Note", html! { (paragraphs(&line.task.note)) })) }
        (ui::panel("History", history(&events, task, line)))
    };
    let state = line.status.state;
    let mut shell = ui::Shell::new(activity.title.as_str())
        .subtitle(format!("{} · {}", sheet.place.title(), line.task.due_words))
        .badges(state_badge(state))
        .crumbs(crumbs(&sheet.place, Some(&activity.title)));
    if at != ctx.now {
        shell = shell.banner(
            ui::Tone::Info,
            format!("This is how the task stood at the end of {}. Nothing can be changed here.", at.date()),
        );
    } else if may_work && state == TaskState::Open {
        shell = shell
            .actions(html! { (ui::ButtonForm::new("Start work", format!("/desk/releases/{id}/tasks/{task}/start"))) });
    }
    Ok(desk_page(ctx, "releases", flashed, shell, ui::split(main, aside)))
}

fn lacking(line: &Line) -> Markup {
    let carried = html! { @if !line.task.carried_words.is_empty() { p { (line.task.carried_words) } } };
    match line.status.state {
        TaskState::Done => ui::alert(
            ui::Tone::Good,
            "Done",
            html! {
                p { "Everything this task asks for is there." @if let Some(until) = line.status.until { " It holds until " (until.date()) "." } }
                (carried)
            },
        ),
        TaskState::NotApplicable | TaskState::Waived => ui::alert(
            ui::Tone::Info,
            line.status.state.label(),
            html! {
                @if let Some(until) = line.status.until { p { "Until " (until.date().plus_days(-1)) ". After that the task holds the gate again." } }
                (carried)
            },
        ),
        TaskState::Open | TaskState::InWork | TaskState::Waiting | TaskState::Lapsed => ui::alert(
            if line.status.state == TaskState::Lapsed { ui::Tone::Bad } else { ui::Tone::Warn },
            "What lacks",
            html! {
                ul { @for words in &line.status.lacks { li { (words) } } }
                (carried)
            },
        ),
    }
}

fn pieces(line: &Line) -> Markup {
    let rows = line.status.pieces.iter().map(|piece| {
        ui::Row::new(vec![
            html! { (piece.words) },
            piece_badge(piece.state),
            html! { @if let Some(until) = piece.until { (until.date()) } @if piece.carried { " " (ui::badge(ui::Tone::Info, "carried over")) } },
        ])
    });
    let table = ui::Table::new("What it asks for").columns(["Evidence", "State", "Holds until"]).rows(rows);
    html! { (table) }
}

fn instructions(activity: &Activity, sheet: &Sheet) -> Markup {
    let role = |id: &String| sheet.pack.role(id).map_or(id.as_str(), |role| role.title.as_str()).to_owned();
    let practice = sheet.pack.practice(&activity.practice).map_or("", |practice| practice.title.as_str());
    let answers = sheet.pack.answer_words(activity);
    let facts = ui::facts(&[
        ui::Fact::new(
            "Practice",
            html! { a href={"/desk/practices/" (activity.practice)} { (practice) } ", level " (activity.level) },
        ),
        ui::Fact::text("Done by", &activity.does.iter().map(role).collect::<Vec<_>>().join(", ")),
        ui::Fact::text("Decided by", &role(&activity.decides)),
        ui::Fact::text("Evidence", activity.evidence_rule.title()),
        ui::Fact::text("Answers", &answers.join("; ")),
    ]);
    html! {
        p { (activity.purpose) }
        (ui::prose(html! { ol { @for step in &activity.steps { li { (step) } } } }))
        (facts)
    }
}

fn edit_form(id: ReleaseId, line: &Line, ids: &[String], people: &[access::PersonRow], typed: &Typed) -> Markup {
    let task = &line.task;
    let sent = !typed.edit.get("revision").is_empty();
    let value = |name: &str, stored: String| if sent { typed.edit.get(name).to_owned() } else { stored };
    let owner = value("owner", task.owner.map(|owner| owner.to_string()).unwrap_or_default());
    let owners = std::iter::once(("", "Nobody"))
        .chain(ids.iter().map(String::as_str).zip(people.iter().map(|person| person.name.as_str())));
    // After a collision the next attempt is made knowingly, from what is stored now.
    let form = ui::Form::new(
        format!("/desk/releases/{id}/tasks/{}", task.id),
        if typed.stale { "Save mine over it" } else { "Save" },
    )
    .errors(&typed.edit.errors())
    .hidden("revision", task.revision)
    .field(ui::Field::select("owner", "Owner", ui::Choice::list(owners, &owner)))
    .field(
        ui::Field::date("due_on", "Due")
            .value(value("due_on", task.due_on.to_string()))
            .error(typed.edit.error("due_on")),
    )
    .field(
        ui::Field::textarea("note", "Note")
            .lines(6)
            .value(value("note", task.note.clone()))
            .error(typed.edit.error("note")),
    );
    html! {
        @if typed.stale {
            (ui::alert(ui::Tone::Bad, "Somebody else saved this task while you had it open", html! {
                p { "Your text is still in the form. What they saved:" }
                p { "Owner: " (if task.owner_name.is_empty() { "nobody" } else { task.owner_name.as_str() }) ", due " (task.due_on) }
                @if !task.note.is_empty() { (ui::diff("Their note, and what yours would change", &ui::diff_texts(&task.note, typed.edit.get("note")))) }
            }))
        }
        (form)
    }
}

/// An action of the log as people say it: `evidence.added` is “Evidence added”.
fn spoken(action: &str) -> String {
    let words = action.replace(['.', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn history(events: &[audit::Recorded], task: TaskId, line: &Line) -> Markup {
    let id = task.to_string();
    let about = |event: &&audit::Recorded| {
        event.subject.id == id
            || event.detail["task"] == id.as_str()
            || event.detail["task"] == line.task.activity.as_str()
            || event.detail["tasks"]
                .as_array()
                .is_some_and(|tasks| tasks.iter().any(|one| *one == line.task.activity.as_str()))
    };
    let list: Vec<ui::Event> = events
        .iter()
        .filter(about)
        .take(30)
        .map(|event| {
            ui::Event::new(
                ui::Icon::History,
                html! { (spoken(&event.action)) },
                event.at.rfc3339(),
                event.at.for_people(),
            )
            .by(event.actor_name.as_str())
        })
        .collect();
    html! {
        @if list.is_empty() { p class="muted" { "Nothing yet. In the plan since " (moment(line.task.made_at)) "." } } @else { (ui::timeline(&list)) }
        p { "Due " (due(line.task.due_on, line.task.due_on, true)) }
    }
}

/// `POST /desk/releases/{id}/tasks/{task}`
pub(super) async fn edit(
    Operation(ctx): Operation,
    Path((id, task)): Path<(ReleaseId, TaskId)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let owner = fields.get("owner").parse().ok();
    let revision = fields.revision()?;
    match actions::edit_task(&ctx, id, task, revision, owner, fields.get("due_on"), fields.get("note")).await {
        Ok(()) => Ok(redirect_with(&format!("/desk/releases/{id}/tasks/{task}"), "Saved.")),
        Err(error) => {
            let stale = matches!(error, Error::Stale { .. });
            let typed = Typed { edit: fields.with_errors(error)?, stale, ..Typed::default() };
            again(&ctx, id, task, &typed).await
        }
    }
}

/// `POST /desk/releases/{id}/tasks/{task}/start`
pub(super) async fn start(
    Operation(ctx): Operation,
    Path((id, task)): Path<(ReleaseId, TaskId)>,
) -> Result<Response, PageError> {
    actions::start(&ctx, id, task).await?;
    Ok(redirect_with(&format!("/desk/releases/{id}/tasks/{task}"), "The task is in work."))
}
