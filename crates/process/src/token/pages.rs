//! HTML pages of pipeline tokens.

use axum::response::{IntoResponse, Response};
use kernel::{Permission, Result};
use maud::{Markup, html};
use platform::{Ctx, access};
use register::products::{ProductId, tabs};
use web::{Fields, Flashed, Operation, PageError, Path, desk_page, moment, redirect_with, ui};

use crate::{place, profile};

/// `GET /desk/products/{id}/tokens`
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    page(&ctx, id, flashed, &Fields::default(), None).await
}

async fn page(
    ctx: &Ctx,
    id: ProductId,
    flashed: Flashed,
    fields: &Fields,
    made: Option<&str>,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let product = place::product(ctx, &mut tx, id, Permission::ManageTokens).await?;
    let tokens = access::list_tokens(&mut tx, id).await?;
    drop(tx);
    let table = ui::Table::new("Tokens").columns(["Label", "Made", "Works until", "Last used", "State", ""]).rows(
        tokens.iter().map(|token| {
            let ended = token.ended_at.is_some();
            let expired = token.expires_at <= ctx.now;
            let state = match (ended, expired) {
                (true, _) => ui::state(ui::Tone::Neutral, "Ended"),
                (false, true) => ui::state(ui::Tone::Bad, "Expired"),
                (false, false) => ui::state(ui::Tone::Good, "Works"),
            };
            ui::Row::new(vec![
                html! { (token.name) },
                moment(token.created_at),
                moment(token.expires_at),
                html! { @match token.last_used_at { Some(at) => (moment(at)), None => "never" } },
                state,
                html! { @if !ended && !expired {
                    (ui::ButtonForm::new("End", format!("/desk/products/{id}/tokens/end")).with("token", token.id)
                        .confirm("Pipelines that use this token are refused from now on."))
                } },
            ])
        }),
    );
    let form = ui::Form::new(format!("/desk/products/{id}/tokens"), "Make a token")
        .errors(&fields.errors())
        .field(
            ui::Field::text("name", "Label")
                .hint("Which pipeline uses it.")
                .value(fields.get("name"))
                .error(fields.error("name")),
        )
        .field(
            ui::Field::date("expires_on", "Last day")
                .value(if fields.get("expires_on").is_empty() {
                    ctx.now.date().plus_days(365).to_string()
                } else {
                    fields.get("expires_on").to_owned()
                })
                .error(fields.error("expires_on")),
        );
    let body = html! {
        @if let Some(text) = made {
            (ui::alert(ui::Tone::Good, "The token is made. It is shown this once.", html! {
                p { "Put it into the secrets of the pipeline. It reads the gate of " (product.name) " and posts evidence for it, nothing else." }
                (ui::code_block("", text))
            }))
        }
        (ui::split(
            html! { (table.empty(ui::empty_state("No token yet", "Make one for each pipeline that posts evidence or asks the gate."))) },
            html! {
                (ui::panel("New token", html! { (form) }))
                (ui::panel("How pipelines use it", html! {
                    p { "Post what a run found, then ask the gate:" }
                    (ui::code_block("", &format!("portcullis gate {} VERSION --server {} --token-env PORTCULLIS_TOKEN", product.slug, ctx.url(""))))
                    p { a href="/api/v1/openapi.json" { "The API in full" } }
                }))
            },
        ))
    };
    let shell = ui::Shell::new(product.name.as_str())
        .subtitle("Pipeline tokens")
        .crumbs(profile::crumbs(&product, "Tokens"))
        .tabs(tabs(ctx, &product, "Tokens"));
    Ok(desk_page(ctx, "products", flashed, shell, body))
}

/// `POST /desk/products/{id}/tokens`
pub(super) async fn make(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let product = place::product(&ctx, &mut tx, id, Permission::ManageTokens).await?;
    drop(tx);
    let made = match fields.parse("expires_on", "Say the last day on which it works, such as 2027-11-30.") {
        Ok(day) => access::make_token(&ctx, fields.get("name"), product.scope(), day).await,
        Err(error) => Err(error),
    };
    match made {
        // The token is in the answer itself and nowhere else, so that it cannot be fetched a second time.
        Ok(text) => Ok(page(&ctx, id, Flashed::default(), &Fields::default(), Some(&text)).await?.into_response()),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), page(&ctx, id, Flashed::default(), &fields, None).await?).into_response())
        }
    }
}

/// `POST /desk/products/{id}/tokens/end`
pub(super) async fn end(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let product = place::product(&ctx, &mut tx, id, Permission::ManageTokens).await?;
    drop(tx);
    access::end_token(&ctx, product.scope(), fields.parse("token", "Choose the token to end.")?).await?;
    Ok(redirect_with(&format!("/desk/products/{id}/tokens"), "The token is ended."))
}
