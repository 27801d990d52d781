//! Exceptions on the page of a task.

use axum::response::Response;
use kernel::{Error, Result};
use maud::{Markup, html};
use platform::Ctx;
use register::products::ReleaseId;
use web::{Fields, Operation, PageError, Path, moment, redirect_with, ui};

use super::actions;
use super::model::{Kind, Waiver, WaiverId};
use crate::plan::{self, Line, Sheet, TaskId, Typed};

/// The exceptions of a task, and the form to ask for one.
pub(crate) fn task_part(
    sheet: &Sheet,
    line: &Line,
    ctx: &Ctx,
    may_work: bool,
    may_approve: bool,
    typed: &Fields,
) -> Markup {
    let mut list: Vec<&Waiver> = sheet.waivers.iter().filter(|waiver| waiver.task == line.task.id).collect();
    list.reverse();
    let rows = list.iter().map(|waiver| row(waiver, sheet, ctx, may_work, may_approve));
    let table =
        ui::Table::new("Exceptions").columns(["What", "Reason", "Asked by", "Until", "Decision", ""]).rows(rows);
    html! {
        @if !list.is_empty() { (ui::panel("Exceptions", html! { (table) })) }
        @if may_work && !line.status.state.is_settled() { (ui::panel("Ask for an exception", form(sheet, line, typed))) }
    }
}

fn row(waiver: &Waiver, sheet: &Sheet, ctx: &Ctx, may_work: bool, may_approve: bool) -> ui::Row {
    let at = format!("/desk/releases/{}/waivers/{}", waiver.release, waiver.id);
    let own = ctx.actor.person().is_some_and(|person| waiver.requested_by == person.to_string());
    let pending = waiver.is_pending_at(sheet.at);
    let state = html! {
        @if waiver.ended_at.is_some_and(|ended| ended <= sheet.at) { (ui::state(ui::Tone::Neutral, "Ended")) }
        @else if pending { (ui::state(ui::Tone::Warn, "Waits for a decision")) }
        @else if waiver.holds_at(sheet.at) { (ui::state(ui::Tone::Good, "Approved")) " by " (waiver.decided_name) }
        @else if waiver.is_lapsed_at(sheet.at) { (ui::state(ui::Tone::Bad, "Lapsed")) }
        @else { (ui::state(ui::Tone::Bad, "Refused")) " by " (waiver.decided_name) }
        @if !waiver.decided_note.is_empty() { br; (waiver.decided_note) }
    };
    let note = || html! { (ui::Field::text("note", "Note")) };
    let buttons = html! { div class="actions" {
        @if pending && may_approve {
            @if own { span class="muted small" { "You asked; somebody else decides." } }
            @else {
                (ui::ButtonForm::new("Approve", format!("{at}/decide")).with("task", waiver.task).with("verdict", "approve").fields(note()))
                (ui::ButtonForm::new("Refuse", format!("{at}/decide")).with("task", waiver.task).with("verdict", "refuse").fields(note()))
            }
        }
        @if may_work && waiver.ended_at.is_none() && (pending || waiver.approved == Some(true)) {
            (ui::ButtonForm::new("End", format!("{at}/end")).with("task", waiver.task).confirm("The task holds the gate again."))
        }
    } };
    ui::Row::new(vec![
        html! { (waiver.kind.label()) },
        html! { (waiver.reason) },
        html! { (waiver.requested_name) br; (moment(waiver.made_at)) },
        html! { (waiver.expires_on) },
        state,
        buttons,
    ])
}

fn form(sheet: &Sheet, line: &Line, typed: &Fields) -> Markup {
    let kinds = [
        (Kind::NotApplicable.as_str(), "Not applicable: the activity makes no sense for this release"),
        (Kind::Waiver.as_str(), "Waiver: it is owed and may wait"),
    ];
    let form = ui::Form::new(format!("/desk/releases/{}/tasks/{}/waiver", sheet.place.release.id, line.task.id), "Ask")
        .errors(&typed.errors())
        .field(ui::Field::select("kind", "What", ui::Choice::list(kinds, typed.get("kind"))))
        .field(ui::Field::textarea("reason", "Reason").lines(3).value(typed.get("reason")).error(typed.error("reason")))
        .field(ui::Field::date("expires_on", "Until").value(typed.get("expires_on")).error(typed.error("expires_on")));
    html! { p class="muted" { "Somebody else who may approve decides. Every exception ends." } (form) }
}

fn page(release: ReleaseId, task: &str) -> String {
    if task.parse::<TaskId>().is_ok() {
        format!("/desk/releases/{release}/tasks/{task}")
    } else {
        format!("/desk/releases/{release}")
    }
}

/// `POST /desk/releases/{id}/tasks/{task}/waiver`
pub(super) async fn request(
    Operation(ctx): Operation,
    Path((id, task)): Path<(ReleaseId, TaskId)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let kind = Kind::parse(fields.get("kind")).unwrap_or(Kind::Waiver);
    match actions::request(&ctx, id, &[task], kind, fields.get("reason"), fields.get("expires_on")).await {
        Ok(()) => Ok(redirect_with(&format!("/desk/releases/{id}/tasks/{task}"), "Asked for. Somebody else decides.")),
        Err(error) => {
            plan::again(&ctx, id, task, &Typed { waiver: fields.with_errors(error)?, ..Typed::default() }).await
        }
    }
}

/// `POST /desk/releases/{id}/waivers/{waiver}/decide`
pub(super) async fn decide(
    Operation(ctx): Operation,
    Path((id, waiver)): Path<(ReleaseId, WaiverId)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let approved = match fields.get("verdict") {
        "approve" => true,
        "refuse" => false,
        _ => return Err(Error::invalid("verdict", "Choose what you decide.").into()),
    };
    actions::decide(&ctx, id, waiver, approved, fields.get("note")).await?;
    Ok(redirect_with(&page(id, fields.get("task")), if approved { "Approved." } else { "Refused." }))
}

/// `POST /desk/releases/{id}/waivers/{waiver}/end`
pub(super) async fn end(
    Operation(ctx): Operation,
    Path((id, waiver)): Path<(ReleaseId, WaiverId)>,
    fields: Fields,
) -> Result<Response, PageError> {
    actions::end(&ctx, id, waiver).await?;
    Ok(redirect_with(&page(id, fields.get("task")), "Ended. The task is judged by its evidence again."))
}
