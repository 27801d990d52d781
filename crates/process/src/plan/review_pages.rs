//! What waits for a second person: evidence to review and exceptions to decide, all of a release on one page.

use axum::response::{IntoResponse, Response};
use kernel::{Error, Permission, Result};
use maud::{Markup, html};
use platform::Ctx;
use register::products::ReleaseId;
use web::{Fields, Flashed, Operation, PageError, Path, desk_page, moment, redirect_with, ui};

use super::model::{Sheet, TaskId};
use super::pages::{crumbs, folded, tabs};
use super::sheet;
use crate::evidence::{self, Evidence, EvidenceId};
use crate::place;
use crate::waiver::{self, Waiver, WaiverId};

/// `GET /desk/releases/{id}/reviews`
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    Ok(page(&ctx, id, flashed, &Fields::default()).await?)
}

async fn page(ctx: &Ctx, id: ReleaseId, flashed: Flashed, fields: &Fields) -> Result<Markup> {
    let mut tx = ctx.read().await?;
    let place = place::release(ctx, &mut tx, id, Permission::ReadPlans).await?;
    let may_approve = ctx.actor.may(Permission::ApprovePlans, place.product.scope());
    let sheet = sheet::load_sheet(&mut tx, place, ctx.now).await?;
    drop(tx);
    let body = html! {
        (ui::error_summary(&fields.errors()))
        @if !may_approve { p class="muted" { "Release managers, product security leads and security champions decide here." } }
        (ui::section("Evidence to review", evidence_table(&sheet, ctx, may_approve).markup()))
        (ui::section("Exceptions to decide", waiver_table(&sheet, ctx, may_approve).markup()))
    };
    let shell = ui::Shell::new(sheet.place.title())
        .subtitle("What waits for a second person")
        .crumbs(crumbs(&sheet.place, Some("Reviews")))
        .tabs(tabs(id, "Reviews"));
    Ok(desk_page(ctx, "releases", flashed, shell, body))
}

/// A task of the release as a link.
fn task_link(sheet: &Sheet, task: TaskId) -> Markup {
    let title = sheet.line(task).map_or("a task that left the plan", |line| sheet.title(&line.task));
    html! { a href={"/desk/releases/" (sheet.place.release.id) "/tasks/" (task)} { (title) } }
}

fn evidence_table(sheet: &Sheet, ctx: &Ctx, may_approve: bool) -> ui::Table {
    let id = sheet.place.release.id;
    let waits = |one: &&Evidence| {
        one.release == id && one.source.needs_review() && one.is_at(sheet.at) && one.review_at(sheet.at).is_none()
    };
    let me = ctx.actor.person().map(|person| person.to_string()).unwrap_or_default();
    let rows = sheet.evidence.iter().filter(waits).map(|one| {
        let own = one.author_id == me;
        let what = html! {
            @if one.file.is_some() { a href={"/desk/releases/" (id) "/evidence/" (one.id) "/file"} { (one.title) } }
            @else if !one.url.is_empty() { a href=(one.url) rel="noreferrer" { (one.title) } }
            @else { (one.title) }
        };
        let row = ui::Row::new(vec![
            what,
            html! { (one.kind.title()) },
            html! { @if let Some(task) = one.task { (task_link(sheet, task)) } },
            html! { (one.author_name) br; (moment(one.made_at)) @if own { br; span class="muted small" { "You added it; somebody else reviews it." } } },
        ]);
        if own { row.quiet() } else { row.select(one.id.to_string(), one.title.as_str()) }
    });
    let table = ui::Table::new("Evidence to review").columns(["What", "Kind", "For", "Added by"]).rows(rows).empty(
        ui::empty_state("Nothing waits", "Files and links that people add are looked at here by somebody else."),
    );
    if !may_approve {
        return table;
    }
    let controls = html! {
        (ui::submit_named(ui::Weight::Primary, "Accept", "do", "accept"))
        (folded("Reject", html! {
            (ui::Field::text("note", "What is wrong?"))
            (ui::submit_named(ui::Weight::Secondary, "Reject", "do", "reject"))
        }))
    };
    table.bulk("evidence", format!("/desk/releases/{id}/reviews"), controls)
}

fn waiver_table(sheet: &Sheet, ctx: &Ctx, may_approve: bool) -> ui::Table {
    let id = sheet.place.release.id;
    let me = ctx.actor.person().map(|person| person.to_string()).unwrap_or_default();
    let rows = sheet.waivers.iter().filter(|one| one.is_pending_at(sheet.at)).map(|one: &Waiver| {
        let own = one.requested_by == me;
        let row = ui::Row::new(vec![
            task_link(sheet, one.task),
            html! { (one.kind.label()) },
            html! { (one.reason) },
            html! { (one.expires_on) },
            html! { (one.requested_name) br; (moment(one.made_at)) @if own { br; span class="muted small" { "You asked; somebody else decides." } } },
        ]);
        if own {
            row.quiet()
        } else {
            row.select(one.id.to_string(), sheet.line(one.task).map_or("exception", |line| sheet.title(&line.task)))
        }
    });
    let table = ui::Table::new("Exceptions to decide")
        .columns(["Task", "What", "Reason"])
        .column(ui::Column::narrow("Until"))
        .column(ui::Column::new("Asked by"))
        .rows(rows)
        .empty(ui::empty_state(
            "Nothing waits",
            "Exceptions that somebody asks for are decided here by somebody else.",
        ));
    if !may_approve {
        return table;
    }
    let controls = html! {
        (ui::Field::text("decision_note", "Note"))
        (ui::submit_named(ui::Weight::Primary, "Approve", "do", "approve"))
        (ui::submit_named(ui::Weight::Secondary, "Refuse", "do", "refuse"))
    };
    table.bulk("waiver", format!("/desk/releases/{id}/reviews"), controls)
}

/// `POST /desk/releases/{id}/reviews`: decides about the ticked evidence or the ticked exceptions, all or none.
pub(super) async fn decide(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let evidence: Vec<EvidenceId> = fields.all("evidence").filter_map(|id| id.parse().ok()).collect();
    let waivers: Vec<WaiverId> = fields.all("waiver").filter_map(|id| id.parse().ok()).collect();
    let (done, words) = match fields.get("do") {
        "accept" => (evidence::review_all(&ctx, id, &evidence, true, "").await, "accepted"),
        "reject" => (evidence::review_all(&ctx, id, &evidence, false, fields.get("note")).await, "rejected"),
        "approve" => (waiver::decide_all(&ctx, id, &waivers, true, fields.get("decision_note")).await, "approved"),
        "refuse" => (waiver::decide_all(&ctx, id, &waivers, false, fields.get("decision_note")).await, "refused"),
        _ => (Err(Error::invalid("do", "Choose what you decide.")), ""),
    };
    match done {
        Ok(()) => {
            let count = evidence.len() + waivers.len();
            Ok(redirect_with(&format!("/desk/releases/{id}/reviews"), &format!("{count} {words}.")))
        }
        Err(error @ (Error::Invalid(_) | Error::Refused { .. })) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), page(&ctx, id, Flashed::default(), &fields).await?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
