//! The desk's page about our own key pairs.

use axum::response::{IntoResponse, Response};
use kernel::{Error, Id, kinds};
use maud::{Markup, html};
use platform::Ctx;
use web::ui::{self, ButtonForm, Choice, Column, Crumb, Field, Form, Row, Shell, Table, Tone};
use web::{CsvFile, Fields, Flashed, Operation, PageError, Query, desk_page, redirect_with};

use super::model::IntakeKey;
use super::rules::{self, Standing};
use super::{actions, store};

/// All key pairs, and what to do with them.
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let keys = store::public_keys(&mut tx).await?;
    if query.get("format") == "csv" {
        return Ok(csv(&keys).into_response());
    }
    let families = store::list_families(&mut tx).await?;
    let address = store::intake_address(&mut tx, &ctx, None).await?;
    let plus = store::plus_addressing(&mut tx).await?;
    drop(tx);
    let body = html! {
        @if ctx.url("").starts_with("http://") { (without_tls(&ctx)) }
        @for key in keys.iter().filter(|key| key.active) { (warning(key, &ctx)) }
        @for key in keys.iter().filter(|key| key.active && key.family.is_none() && key.address != address) {
            (ui::alert(Tone::Warn, "The key is for another address", html! {
                p { "Reports go to " (address) ", but the key is for " (key.address) ". Make a new one, so that mail programs find it." }
            }))
        }
        (table(&keys, &families, &ctx))
        (ui::columns(new_key(&keys, &families), plus_panel(plus)))
    };
    let shell = Shell::new("Keys")
        .subtitle("Key pairs of the intake addresses: reports are encrypted to them, answers and advisories signed with them.")
        .crumbs(vec![Crumb::link("Settings", "/desk/settings"), Crumb::here("Keys")])
        .actions(ui::button_link(ui::Weight::Plain, "As the public sees them", "/keys"));
    Ok(desk_page(&ctx, "settings", flashed, shell, body).into_response())
}

fn csv(keys: &[IntakeKey]) -> CsvFile {
    let mut file = CsvFile::new("keys.csv", ["Address", "Fingerprint", "State", "Made", "Ends"]);
    for key in keys {
        file.row(vec![
            key.address.clone(),
            key.fingerprint.clone(),
            if key.active { "active".to_owned() } else { "retired".to_owned() },
            key.created_at.rfc3339(),
            key.expires_at.map_or_else(String::new, kernel::Timestamp::rfc3339),
        ]);
    }
    file
}

/// What is missing while people reach the portal without TLS.
fn without_tls(ctx: &Ctx) -> Markup {
    ui::alert(
        Tone::Warn,
        "security.txt is not complete",
        html! {
            p {
                "People reach the portal under " (ctx.url("")) ", without TLS. RFC 9116 takes web addresses in "
                a href="/.well-known/security.txt" { "security.txt" }
                " by https only, so the links to key, policy and CSAF are left out of it. They come by themselves once the setting "
                code { "base_url" } " is an https address."
            }
        },
    )
}

fn warning(key: &IntakeKey, ctx: &Ctx) -> Markup {
    let words = match rules::standing(key.expires_at, ctx.now) {
        Standing::Fine => return html! {},
        Standing::EndsIn(days) => format!(
            "The key of {} ends in {days} days. Make a new one now, so that reporters find it in time.",
            key.address
        ),
        Standing::Over => format!(
            "The key of {} has ended: nobody can encrypt to it and nothing is signed. Make a new one.",
            key.address
        ),
    };
    ui::alert(Tone::Warn, "A key ends", html! { p { (words) } })
}

fn table(keys: &[IntakeKey], families: &[(Id<kinds::Family>, String)], ctx: &Ctx) -> Markup {
    let rows = keys.iter().map(|key| {
        let state = match (key.active, rules::standing(key.expires_at, ctx.now)) {
            (false, _) => ui::state(Tone::Neutral, "Retired, still decrypts"),
            (true, Standing::Fine) => ui::state(Tone::Good, "Active"),
            (true, Standing::EndsIn(_)) => ui::state(Tone::Warn, "Ends soon"),
            (true, Standing::Over) => ui::state(Tone::Bad, "Ended"),
        };
        let family = match key.family {
            None => "All without their own",
            Some(id) => families.iter().find(|(known, _)| *known == id).map_or("A family", |(_, name)| name),
        };
        let row = Row::new(vec![
            html! { (key.address) },
            html! { code { (rules::grouped(&key.fingerprint)) } },
            html! { (family) },
            state,
            html! { (key.created_at.date().to_string()) },
            html! { (key.expires_at.map_or_else(|| "never".to_owned(), |at| at.date().to_string())) },
            html! { a href={ "/keys/" (key.fingerprint) ".asc" } { "Public key" } },
        ]);
        if key.active { row } else { row.quiet() }
    });
    Table::new("Key pairs")
        .column(Column::new("Address"))
        .column(Column::new("Fingerprint"))
        .column(Column::new("For"))
        .column(Column::narrow("State"))
        .column(Column::narrow("Made"))
        .column(Column::narrow("Ends"))
        .column(Column::narrow("Export"))
        .rows(rows)
        .empty(ui::empty_state(
            "No key yet",
            "Make one below. Without a key nobody can send an encrypted report by mail, and nothing is signed.",
        ))
        .foot(html! { a href="/desk/settings/keys?format=csv" { "CSV" } })
        .markup()
}

fn new_key(keys: &[IntakeKey], families: &[(Id<kinds::Family>, String)]) -> Markup {
    let mut choices = vec![Choice::new("", "All families without their own")];
    choices.extend(families.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())));
    let button = ButtonForm::new(if keys.is_empty() { "Make a key" } else { "Make a new key" }, "/desk/settings/keys")
        .weight(ui::Weight::Primary)
        .confirm("The new key is published at once and signs from now on. The one before retires: it goes on decrypting, so no report is lost.")
        .fields(Field::select("family", "For", choices).markup());
    ui::panel(
        "New key",
        html! {
            p { "Ed25519 and Curve25519, three years. A family gets a key of its own when its policy names an intake address." }
            (button)
        },
    )
}

fn plus_panel(on: bool) -> Markup {
    let form =
        Form::new("/desk/settings/keys/plus-addressing", "Save")
            .field(Field::checkbox("on", "Our mail server delivers name+anything@ to the intake mailbox", on).hint(
            "Then answers carry a token in their reply address, and replies find their report even without References.",
        ));
    ui::panel("Replies", form.markup())
}

/// Makes a key pair.
pub(super) async fn make(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    let family = match fields.get("family") {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::NotFound { what: "family" })?),
    };
    let fingerprint = actions::rotate(&ctx, family).await?;
    let said = format!("The new key is {}. It is published.", rules::grouped(&fingerprint));
    Ok(redirect_with("/desk/settings/keys", &said))
}

/// Says whether addresses with a plus arrive.
pub(super) async fn set_plus_addressing(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    actions::set_plus_addressing(&ctx, fields.ticked("on")).await?;
    Ok(redirect_with("/desk/settings/keys", "Saved."))
}
