//! HTML pages of releases.

use axum::response::{IntoResponse, Response};
use kernel::{Date, Permission, Result};
use maud::{Markup, html};
use platform::Ctx;
use web::{Fields, Flashed, Operation, PageError, Path, desk_page, redirect_with, ui};

use super::model::{ProductId, ReleaseDraft, ReleaseId, ReleaseState};
use super::{actions, store};

async fn form_page(
    ctx: &Ctx,
    product: ProductId,
    action: &str,
    title: &str,
    fields: &Fields,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let product = store::load_product(&mut tx, product).await?;
    ctx.require(Permission::EditProducts, product.scope(), "page")?;
    let states =
        ui::Choice::list(ReleaseState::ALL.iter().map(|state| (state.as_str(), state.label())), fields.get("state"));
    let form = ui::Form::new(action, "Save")
        .errors(&fields.errors())
        .hidden("revision", fields.get("revision"))
        .field(
            ui::Field::text("version", "Version")
                .value(fields.get("version"))
                .error(fields.error("version"))
                .required(),
        )
        .field(ui::Field::select("state", "State", states))
        .field(
            ui::Field::date("released_on", "Released on")
                .value(fields.get("released_on"))
                .error(fields.error("released_on")),
        )
        .field(
            ui::Field::date("support_ends_on", "Last day of support")
                .hint("Empty while no end is set. Customers may see it (CRA Article 13(19)).")
                .value(fields.get("support_ends_on"))
                .error(fields.error("support_ends_on")),
        )
        .field(
            ui::Field::text("support_note", "Note on support")
                .value(fields.get("support_note"))
                .error(fields.error("support_note")),
        );
    let shell = ui::Shell::new(title).crumbs(vec![
        ui::Crumb::link("Products", "/desk/products"),
        ui::Crumb::link(product.name, format!("/desk/products/{}", product.id)),
        ui::Crumb::here(title),
    ]);
    Ok(desk_page(ctx, "products", Flashed::default(), shell, ui::panel("", html! { (form) })))
}

fn draft(fields: &Fields) -> Result<ReleaseDraft> {
    let day = |name: &str| -> Result<Option<Date>> {
        if fields.get(name).trim().is_empty() {
            Ok(None)
        } else {
            fields.parse(name, "This is not a date such as 2026-11-30.").map(Some)
        }
    };
    Ok(ReleaseDraft {
        version: fields.get("version").to_owned(),
        state: ReleaseState::parse(fields.get("state")).unwrap_or(ReleaseState::Planned),
        released_on: day("released_on")?,
        support_ends_on: day("support_ends_on")?,
        support_note: fields.get("support_note").to_owned(),
    })
}

/// `GET /desk/products/{id}/releases/new`
pub(super) async fn new_form(Operation(ctx): Operation, Path(id): Path<ProductId>) -> Result<Markup, PageError> {
    let fields = Fields::of([("state", "planned".to_owned())]);
    form_page(&ctx, id, &format!("/desk/products/{id}/releases/new"), "Add a release", &fields).await
}

/// `POST /desk/products/{id}/releases/new`
pub(super) async fn new(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let added = match draft(&fields) {
        Ok(draft) => actions::add_release(&ctx, id, &draft).await.map(|_| ()),
        Err(error) => Err(error),
    };
    match added {
        Ok(()) => Ok(redirect_with(&format!("/desk/products/{id}"), "The release is added.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let markup =
                form_page(&ctx, id, &format!("/desk/products/{id}/releases/new"), "Add a release", &fields).await?;
            Ok((fields.status(), markup).into_response())
        }
    }
}

/// `GET /desk/products/{id}/releases/{release}/edit`
pub(super) async fn edit_form(
    Operation(ctx): Operation,
    Path((id, release)): Path<(ProductId, ReleaseId)>,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let present = store::load_release(&mut tx, release).await?;
    drop(tx);
    let date = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let fields = Fields::of([
        ("version", present.version),
        ("state", present.state.as_str().to_owned()),
        ("released_on", date(present.released_on)),
        ("support_ends_on", date(present.support_ends_on)),
        ("support_note", present.support_note),
        ("revision", present.revision.to_string()),
    ]);
    form_page(&ctx, id, &format!("/desk/products/{id}/releases/{release}/edit"), "Edit release", &fields).await
}

/// `POST /desk/products/{id}/releases/{release}/edit`
pub(super) async fn edit(
    Operation(ctx): Operation,
    Path((id, release)): Path<(ProductId, ReleaseId)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let changed = match draft(&fields) {
        Ok(draft) => actions::change_release(&ctx, release, fields.revision()?, &draft).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(redirect_with(&format!("/desk/products/{id}"), "Saved.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let action = format!("/desk/products/{id}/releases/{release}/edit");
            Ok((fields.status(), form_page(&ctx, id, &action, "Edit release", &fields).await?).into_response())
        }
    }
}
