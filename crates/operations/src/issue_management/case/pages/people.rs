//! The people of a case: members, watching, handing over.

use axum::extract::Path;
use axum::response::Response;
use kernel::{Permission, Result};
use maud::{Markup, html};
use platform::Ctx;
use web::{Fields, Flashed, Operation, PageError, redirect_with, ui};

use super::super::actions;
use super::super::model::CaseId;
use super::super::store;
use super::{address, load_frame, page, read_id, unfinished};

/// `GET /desk/cases/{id}/people`.
pub(in super::super) async fn people(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    Ok(show(&ctx, &id, flashed, &Fields::default()).await?)
}

async fn show(ctx: &Ctx, id: &str, flashed: Flashed, fields: &Fields) -> Result<Markup> {
    let frame = load_frame(ctx, id).await?;
    let case = frame.case.id;
    let mut tx = ctx.read().await?;
    let members = store::list_members(&mut tx, case).await?;
    let candidates =
        if frame.works { store::list_candidates(&mut tx, Permission::ReadCases).await? } else { Vec::new() };
    drop(tx);
    let me = ctx.actor.person();
    let own = members.iter().find(|member| Some(member.person) == me);
    let watches = own.is_some_and(|member| member.watches);
    let rows = members.iter().map(|member| {
        let is_me = Some(member.person) == me;
        let label = if is_me { "Leave the case" } else { "Remove" };
        let question = if is_me {
            "You no longer see this case then.".to_owned()
        } else {
            format!("{} no longer sees this case then.", member.name)
        };
        ui::Row::new(vec![
            ui::person(&member.name, if frame.case.assignee == Some(member.person) { "leads the work" } else { "" }),
            html! { (member.email) },
            html! { @if member.watches { "gets mail" } @else { span class="muted" { "no mail" } } },
            html! { (web::moment(member.added_at)) },
            html! { @if frame.works || is_me {
                (ui::ButtonForm::new(label, address(case, "/people/remove"))
                    .weight(ui::Weight::Plain).with("person", member.person).confirm(question))
            } },
        ])
    });
    let table = ui::Table::new("Members of the case")
        .columns(["Who", "Address", "Mail about targets", "Member since", ""])
        .rows(rows)
        .empty(ui::empty_state("No members", "Only the leads of this place see the case. Add those who work on it."));
    let free: Vec<(String, &str)> = candidates
        .iter()
        .filter(|choice| !members.iter().any(|member| member.person == choice.id))
        .map(|choice| (choice.id.to_string(), choice.name.as_str()))
        .collect();
    let pairs = std::iter::once(("", "Choose…")).chain(free.iter().map(|(id, name)| (id.as_str(), *name)));
    let body = html! {
        (ui::alert(ui::Tone::Info, "Need to know", html! {
            p { "Only these people, and the leads of the product, its family or of everything, see this case. For everybody else it does not exist (P8)." }
        }))
        (table)
        (ui::columns(
            html! { @if frame.works { (ui::panel("Add a member", ui::Form::new(address(case, "/people/add"), "Add")
                .errors(&fields.errors())
                .field(ui::Field::select("person", "Who", ui::Choice::list(pairs, fields.get("person"))).required().error(fields.error("person")))
                .markup())) } },
            html! { @if own.is_some() || frame.leads { (ui::panel("Your mail", html! {
                p { @if watches { "You get mail before targets of this case end, while nobody leads the work." } @else { "You get no mail about this case." } }
                (ui::ButtonForm::new(if watches { "Stop watching" } else { "Watch this case" }, address(case, "/watch"))
                    .with("watches", if watches { "" } else { "on" }))
            })) } },
        ))
    };
    Ok(page(ctx, flashed, &frame, "/people", body))
}

/// `POST /desk/cases/{id}/people/add`.
pub(in super::super) async fn add_member(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let added = match fields.parse("person", "Choose somebody from the list.") {
        Ok(person) => actions::add_member(&ctx, case, person).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(()) => Ok(redirect_with(&address(case, "/people"), "Added. They see the case from now on.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok(unfinished(show(&ctx, &id, Flashed::default(), &fields).await?))
        }
    }
}

/// `POST /desk/cases/{id}/people/remove`.
pub(in super::super) async fn remove_member(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let person = read_id(fields.get("person"), "member")?;
    match actions::remove_member(&ctx, case, person).await {
        Ok(()) if ctx.actor.person() == Some(person) => Ok(redirect_with("/desk/cases", "You left the case.")),
        Ok(()) => Ok(redirect_with(&address(case, "/people"), "Removed. They no longer see the case.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok(unfinished(show(&ctx, &id, Flashed::default(), &fields).await?))
        }
    }
}

/// `POST /desk/cases/{id}/watch`.
pub(in super::super) async fn watch(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let watches = fields.ticked("watches");
    actions::watch(&ctx, case, watches).await?;
    let words = if watches { "You watch this case." } else { "You no longer watch this case." };
    Ok(redirect_with(&address(case, "/people"), words))
}

/// `POST /desk/cases/{id}/assign`.
pub(in super::super) async fn assign(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let person = fields.get("assignee").parse().ok();
    actions::assign(&ctx, case, fields.revision()?, person).await?;
    Ok(redirect_with(&address(case, ""), if person.is_some() { "Handed over." } else { "Nobody leads the work now." }))
}
