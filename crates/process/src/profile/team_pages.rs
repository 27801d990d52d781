//! HTML pages of product teams.

use axum::response::{IntoResponse, Response};
use kernel::{Permission, Result, Scope};
use maud::{Markup, html};
use platform::{Ctx, access};
use register::products::{ProductId, tabs};
use web::{Fields, Flashed, Operation, PageError, Path, desk_page, moment, redirect_with, ui};

use super::model::{CHAMPION, Member};
use super::pages::crumbs;
use super::{actions, rules, store};
use crate::{pack as packs, place};

/// `GET /desk/products/{id}/team`
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    page(&ctx, id, flashed, &Fields::default()).await
}

async fn page(ctx: &Ctx, id: ProductId, flashed: Flashed, fields: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let product = place::product(ctx, &mut tx, id, Permission::ReadPlans).await?;
    let active = packs::load_active(&mut tx).await?;
    let team = store::list_team(&mut tx, id).await?;
    let mut people = access::list_people(&mut tx, "").await?;
    people.retain(|person| person.state != access::PersonState::Disabled);
    let may = ctx.actor.may(Permission::WorkPlans, product.scope());
    let may_all = ctx.actor.may(Permission::RunProgramme, Scope::All);
    let now: Vec<&Member> = team.iter().filter(|member| member.is_at(ctx.now)).collect();
    let title = |role: &str| {
        active.pack.role(role).map_or_else(
            || if role == CHAMPION { "Security champion".to_owned() } else { role.to_owned() },
            |role| role.title.clone(),
        )
    };
    let table = ui::Table::new("Team").columns(["Part", "Who", "For", "Since", ""]).rows(now.iter().map(|member| {
        let end = ui::ButtonForm::new("End", format!("/desk/products/{id}/team/leave"))
            .with("member", &member.id)
            .confirm(format!("{} no longer has this part.", member.name));
        let allowed = if member.product.is_none() { may_all } else { may };
        ui::Row::new(vec![
            html! { (title(&member.role)) },
            ui::person(&member.name, ""),
            html! { @if member.product.is_none() { "all products" } @else { (product.name) } },
            moment(member.made_at),
            html! { @if allowed { (end) } },
        ])
    }));
    let missing = rules::unfilled(&active.pack, &now);
    let mut roles: Vec<(&str, &str)> =
        active.pack.roles.iter().map(|role| (role.id.as_str(), role.title.as_str())).collect();
    if active.pack.role(CHAMPION).is_none() {
        roles.push((CHAMPION, "Security champion"));
    }
    let ids: Vec<String> = people.iter().map(|person| person.id.to_string()).collect();
    let names = ids.iter().map(String::as_str).zip(people.iter().map(|person| person.name.as_str()));
    let mut form = ui::Form::new(format!("/desk/products/{id}/team"), "Add to the team")
        .errors(&fields.errors())
        .field(
            ui::Field::select("person", "Who", ui::Choice::list(names, fields.get("person")))
                .error(fields.error("person")),
        )
        .field(
            ui::Field::select("role", "Part", ui::Choice::list(roles, fields.get("role"))).error(fields.error("role")),
        );
    if may_all {
        form = form.field(ui::Field::checkbox("for_all", "For all products", fields.ticked("for_all")));
    }
    let body = ui::split(
        html! {
            @if !missing.is_empty() {
                (ui::alert(ui::Tone::Warn, "Nobody has these parts yet", html! { p { (missing.join(", ")) } }))
            }
            (table.empty(ui::empty_state("Nobody yet", "Name who plays which part, the security champion first.")))
        },
        html! { @if may { (ui::panel("Add", html! { (form) })) } },
    );
    let shell = ui::Shell::new(product.name.as_str())
        .subtitle("Team")
        .crumbs(crumbs(&product, "Team"))
        .tabs(tabs(ctx, &product, "Team"));
    Ok(desk_page(ctx, "products", flashed, shell, body))
}

/// `POST /desk/products/{id}/team`
pub(super) async fn join(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let joined = match fields.parse("person", "Choose who.") {
        Ok(person) => actions::join(&ctx, id, fields.ticked("for_all"), person, fields.get("role")).await,
        Err(error) => Err(error),
    };
    match joined {
        Ok(()) => Ok(redirect_with(&format!("/desk/products/{id}/team"), "The team has one more part filled.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), page(&ctx, id, Flashed::default(), &fields).await?).into_response())
        }
    }
}

/// `POST /desk/products/{id}/team/leave`
pub(super) async fn leave(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    fields: Fields,
) -> Result<Response, PageError> {
    actions::leave(&ctx, id, fields.get("member")).await?;
    Ok(redirect_with(&format!("/desk/products/{id}/team"), "The part is free again."))
}
