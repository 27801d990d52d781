//! Judging findings: one on its page, many by ticks in the list.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Date, Error, Permission, Result};
use maud::{Markup, html};
use platform::Ctx;
use web::{Fields, Flashed, Operation, PageError, Path, desk_page, redirect_with, ui};

use super::super::actions::{self, Wish};
use super::super::model::{FindingId, SEVERITIES, severity_label, severity_named};
use super::super::rules::Move;
use super::super::store;
use super::{ACTIVE, show};

/// The buttons above the list, for the ticked rows; `back` is the list to come back to.
pub(super) fn bulk_buttons(ctx: &Ctx, back: &str) -> Markup {
    let may_approve = ctx.actor.may_somewhere(Permission::ApprovePlans);
    html! {
        (ui::hidden("back", back))
        @for wanted in Move::BY_HAND {
            @if *wanted != Move::Duplicate {
                button type="submit" class="btn small" name="do" value=(wanted.as_str()) { (wanted.label()) }
            }
        }
        button type="submit" class="btn small" name="do" value="acceptance" { "Ask for acceptance" }
        button type="submit" class="btn small" name="do" value="rate" { "Severity" }
        @if may_approve {
            button type="submit" class="btn small" name="do" value="approve" { "Approve" }
            button type="submit" class="btn small" name="do" value="decline" { "Decline" }
        }
    }
}

/// The ticked findings.
fn chosen(fields: &Fields) -> Vec<FindingId> {
    fields.all("finding").filter_map(|id| id.parse().ok()).collect()
}

/// Only back into the list, never to another site.
fn back(fields: &Fields) -> String {
    let back = fields.get("back");
    let inside = back == "/desk/findings" || back.starts_with("/desk/findings?");
    if inside { back.to_owned() } else { "/desk/findings".to_owned() }
}

fn date(fields: &Fields) -> Result<Date> {
    fields.parse("until", "Say until when, as a date.")
}

/// `POST /desk/findings/bulk`: asks for a reason on a page of its own where one is needed, then does it.
pub(in super::super) async fn bulk(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    let ids = chosen(&fields);
    let wanted = fields.get("do").to_owned();
    let asks = Move::parse(&wanted).map_or(wanted != "approve", Move::needs_reason);
    if asks && fields.get("step") != "2" && !ids.is_empty() {
        return Ok(reason_page(&ctx, &fields, &wanted, ids.len(), StatusCode::OK));
    }
    match bulk_action(&ctx, &ids, &wanted, &fields).await {
        Ok(words) => Ok(redirect_with(&back(&fields), &words)),
        Err(error) => {
            let count = ids.len();
            let fields = fields.with_errors(error)?;
            Ok(reason_page(&ctx, &fields, &wanted, count, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn bulk_action(ctx: &Ctx, ids: &[FindingId], wanted: &str, fields: &Fields) -> Result<String> {
    let reason = fields.get("reason");
    let count = ids.len();
    let findings = if count == 1 { "One finding".to_owned() } else { format!("{count} findings") };
    match wanted {
        "acceptance" => {
            actions::ask_acceptance(ctx, ids, date(fields)?, reason).await?;
            Ok(format!("{findings}: acceptance asked for. Somebody else decides."))
        }
        "rate" => {
            let severity = severity_named(fields.get("severity"))
                .ok_or_else(|| Error::invalid("severity", "Choose a severity."))?;
            actions::rate(ctx, ids, severity, reason).await?;
            Ok(format!("{findings} rated {}.", severity.name()))
        }
        "approve" | "decline" => {
            actions::decide_acceptance(ctx, ids, wanted == "approve", reason).await?;
            Ok(format!("{findings}: acceptance {}.", if wanted == "approve" { "approved" } else { "declined" }))
        }
        name => {
            let wanted =
                Move::parse(name).ok_or_else(|| Error::invalid("do", "Choose what to do with the findings."))?;
            let wish = Wish { wanted, reason: reason.to_owned(), duplicate_of: original(fields) };
            let carried = actions::judge(ctx, ids, &wish).await?;
            let also = match carried {
                0 => String::new(),
                1 => " One more took the decision over elsewhere.".to_owned(),
                more => format!(" {more} more took the decision over elsewhere."),
            };
            Ok(format!("{findings}: {}.{also}", wanted.label().to_lowercase()))
        }
    }
}

/// The identifier at the end of an address, or alone.
fn original(fields: &Fields) -> Option<FindingId> {
    fields.get("duplicate_of").trim().rsplit('/').next().and_then(|id| id.parse().ok())
}

fn reason_page(ctx: &Ctx, fields: &Fields, wanted: &str, count: usize, status: StatusCode) -> Response {
    let label = match wanted {
        "acceptance" => "Ask for acceptance",
        "rate" => "Change the severity",
        "decline" => "Decline the acceptance",
        "approve" => "Approve the acceptance",
        name => Move::parse(name).map_or("Judge", Move::label),
    };
    let mut form = ui::Form::new("/desk/findings/bulk", label)
        .errors(&fields.errors())
        .hidden("do", wanted)
        .hidden("step", "2")
        .hidden("back", back(fields));
    for id in fields.all("finding") {
        form = form.hidden("finding", id);
    }
    if wanted == "acceptance" {
        let until = ui::Field::date("until", "Until").hint("At most a year ahead; then they are open again.");
        form = form.field(until.value(fields.get("until")).error(fields.error("until")).required());
    }
    if wanted == "rate" {
        let severities = SEVERITIES.map(|severity| (severity.name(), severity_label(severity)));
        form =
            form.field(ui::Field::select("severity", "Severity", ui::Choice::list(severities, fields.get("severity"))));
    }
    let reason = ui::Field::textarea("reason", "Why")
        .hint("Stands in the history of each, and carries over with the decision.")
        .value(fields.get("reason"))
        .error(fields.error("reason"));
    form = form.field(if wanted == "approve" { reason } else { reason.required() });
    form = form.beside(ui::button_link(ui::Weight::Plain, "Back to the list", &back(fields)));
    let title = if count == 1 { format!("{label}: one finding") } else { format!("{label}: {count} findings") };
    let shell = ui::Shell::new(title).crumbs(vec![ui::Crumb::link("Findings", back(fields)), ui::Crumb::here(label)]);
    (status, desk_page(ctx, ACTIVE, Flashed::default(), shell, form.markup())).into_response()
}

/// After an action on one finding: back to it, or its page again with what has to be mended.
async fn done(ctx: &Ctx, id: FindingId, fields: Fields, result: Result<String>) -> Result<Response, PageError> {
    match result {
        Ok(words) => Ok(redirect_with(&format!("/desk/findings/{id}"), &words)),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), show::page(ctx, id, Flashed::default(), &fields).await?).into_response())
        }
    }
}

/// Refuses when somebody else changed the finding since the page was made.
async fn check_revision(ctx: &Ctx, id: FindingId, fields: &Fields) -> Result<()> {
    let Ok(revision) = fields.get("revision").parse::<i64>() else { return Ok(()) };
    let mut tx = ctx.read().await?;
    let finding = store::load_finding(&mut tx, id).await?;
    if finding.revision == revision { Ok(()) } else { Err(Error::Stale { what: "finding" }) }
}

/// `POST /desk/findings/{id}/judge`
pub(in super::super) async fn judge(
    Operation(ctx): Operation,
    Path(id): Path<FindingId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let result = judge_one(&ctx, id, &fields).await;
    done(&ctx, id, fields, result).await
}

async fn judge_one(ctx: &Ctx, id: FindingId, fields: &Fields) -> Result<String> {
    check_revision(ctx, id, fields).await?;
    bulk_action(ctx, &[id], fields.get("move"), fields).await
}

/// `POST /desk/findings/{id}/rate`
pub(in super::super) async fn rate(
    Operation(ctx): Operation,
    Path(id): Path<FindingId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let result = rate_one(&ctx, id, &fields).await;
    done(&ctx, id, fields, result).await
}

async fn rate_one(ctx: &Ctx, id: FindingId, fields: &Fields) -> Result<String> {
    check_revision(ctx, id, fields).await?;
    bulk_action(ctx, &[id], "rate", fields).await
}

/// `POST /desk/findings/{id}/acceptance`
pub(in super::super) async fn ask(
    Operation(ctx): Operation,
    Path(id): Path<FindingId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let result = bulk_action(&ctx, &[id], "acceptance", &fields).await;
    done(&ctx, id, fields, result).await
}

/// `POST /desk/findings/{id}/acceptance/decide`
pub(in super::super) async fn decide(
    Operation(ctx): Operation,
    Path(id): Path<FindingId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let wanted = if fields.get("do") == "approve" { "approve" } else { "decline" };
    let result = bulk_action(&ctx, &[id], wanted, &fields).await;
    done(&ctx, id, fields, result).await
}
