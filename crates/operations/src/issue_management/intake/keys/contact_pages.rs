//! The desk's page about keys of people we write to.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use platform::Ctx;
use web::ui::{self, ButtonForm, Column, Crumb, Field, FilterBar, Form, Row, Shell, Table, Tone};
use web::{CsvFile, Fields, Flashed, Operation, Page, PageError, Query, desk_page, redirect_with};

use super::super::shared::{self, jiff};
use super::model::{ContactKey, Origin};
use super::{actions, rules, store};

const PATH: &str = "/desk/contact-keys";

/// The keys, by address.
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    if query.get("format") == "csv" {
        let mut tx = ctx.read().await?;
        let (keys, _) = store::list_contact_keys(&mut tx, query.get("q"), Page::all(100_000)).await?;
        let mut file = CsvFile::new("contact-keys.csv", ["Address", "Fingerprint", "Origin", "Since"]);
        for key in keys {
            file.row(vec![key.address, key.fingerprint, key.origin.label().to_owned(), key.created_at.rfc3339()]);
        }
        return Ok(file.into_response());
    }
    Ok(page(&ctx, &query, flashed, &Fields::default()).await?.into_response())
}

async fn page(ctx: &Ctx, query: &Query, flashed: Flashed, fields: &Fields) -> Result<Markup, PageError> {
    let asked = Page::of(query, 50);
    let mut tx = ctx.read().await?;
    let (keys, total) = store::list_contact_keys(&mut tx, query.get("q"), asked).await?;
    drop(tx);
    let rows = keys.iter().map(|key| row(key, ctx));
    let table = Table::new("Keys of people")
        .column(Column::new("Address"))
        .column(Column::new("Fingerprint"))
        .column(Column::narrow("Origin"))
        .column(Column::narrow("State"))
        .column(Column::narrow("Since"))
        .column(Column::narrow("Actions"))
        .rows(rows)
        .empty(web::empty(
            query,
            &[],
            "key",
            ui::empty_state("No keys", "Keys come with reports, from reporters' pages, or are entered below."),
        ))
        .foot(asked.links(query, total));
    let filter =
        FilterBar::new(PATH).search("q", query.get("q"), "Address or fingerprint").export(query.with("format", "csv"));
    let form = Form::new(PATH, "Enter the key")
        .multipart()
        .errors(&fields.errors())
        .field(
            Field::email("address", "Address")
                .value(fields.get("address"))
                .error(fields.error("address"))
                .hint("Leave empty to take the address from the key."),
        )
        .field(
            Field::textarea("key", "Public key")
                .value(fields.get("key"))
                .error(fields.error("key"))
                .placeholder("-----BEGIN PGP PUBLIC KEY BLOCK-----"),
        )
        .field(Field::file("file", "or as a file").accept(".asc,.gpg,.pgp,.key"));
    let body = html! {
        (filter) (table)
        (ui::panel("Enter a key", html! {
            p { "Compare the fingerprint with its owner over another way first, by telephone for example." }
            (form)
        }))
    };
    let shell = Shell::new("Keys of people")
        .subtitle("Mail to these addresses is encrypted. A key that one of us checked goes before one that came with a report.")
        .crumbs(vec![Crumb::link("Reports", "/desk/reports"), Crumb::here("Keys of people")]);
    Ok(desk_page(ctx, "reports", flashed, shell, body))
}

fn row(key: &ContactKey, ctx: &Ctx) -> Row {
    let state = match key.read().map(|read| read.can_encrypt(jiff(ctx.now))) {
        None => ui::state(Tone::Bad, "Unreadable"),
        Some(Err(why)) => ui::state(Tone::Warn, &why.to_string()),
        Some(Ok(())) => ui::state(Tone::Good, "Usable"),
    };
    let tone = if key.origin == Origin::Desk { Tone::Good } else { Tone::Warn };
    let actions = html! {
        @if key.origin != Origin::Desk {
            (ButtonForm::new("I compared it", format!("{PATH}/{}/trust", key.id))
                .confirm("Did you compare the whole fingerprint with its owner over another way than this mail?"))
        }
        (ButtonForm::new("Remove", format!("{PATH}/{}/remove", key.id)).weight(ui::Weight::Danger)
            .confirm("Mail to this address is not encrypted with this key any more."))
    };
    Row::new(vec![
        html! { (key.address) },
        html! { code { (rules::grouped(&key.fingerprint)) } },
        ui::badge(tone, key.origin.label()),
        state,
        html! { (key.created_at.date().to_string()) },
        actions,
    ])
}

/// Enters a key.
pub(super) async fn import(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    let bytes = match fields.uploads().first() {
        Some(upload) => upload.content.clone(),
        None => fields.get("key").as_bytes().to_vec(),
    };
    match actions::import(&ctx, fields.get("address"), &bytes).await {
        Ok(()) => Ok(redirect_with(PATH, "The key was entered. Mail to this address is encrypted from now on.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let page = page(&ctx, &Query::of(PATH, ""), Flashed::default(), &fields).await?;
            Ok((http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Notes that a key was compared.
pub(super) async fn trust(Operation(ctx): Operation, Path(id): Path<String>) -> Result<Response, PageError> {
    actions::trust(&ctx, shared::id(&id, "key")?).await?;
    Ok(redirect_with(PATH, "The key counts as checked."))
}

/// Removes a key.
pub(super) async fn remove(Operation(ctx): Operation, Path(id): Path<String>) -> Result<Response, PageError> {
    actions::remove(&ctx, shared::id(&id, "key")?).await?;
    Ok(redirect_with(PATH, "The key was removed."))
}
