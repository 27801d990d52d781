//! The public form.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use maud::{Markup, html};
use platform::rate::Class;
use platform::{Ctx, profile};
use web::ui::{self, Choice, Field, Portal, Tone};
use web::{Fields, Flashed, Operation, PageError, Visitor, portal_page, redirect};

use super::super::report::{self, Credit};
use super::fields::{LARGEST_FILE, MOST_FILES, TRAP};
use super::{actions, fields};

/// The empty form.
pub(super) async fn form(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    page(&ctx, flashed, &Fields::default(), false).await
}

async fn page(ctx: &Ctx, flashed: Flashed, fields: &Fields, had_files: bool) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let products = report::list_products(&mut tx).await?;
    let address = super::super::keys::intake_address(&mut tx, ctx, None).await?;
    let vendor = profile::load(&mut tx).await?;
    drop(tx);
    let choices = report::product_choices_of(&products, fields.get("product"), "Another, or not sure");
    let body = ui::split(
        html! {
            form class="form" method="post" action="/report" enctype="multipart/form-data" data-guard {
                (ui::error_summary(&fields.errors()))
                @if had_files {
                    (ui::alert(Tone::Warn, "", html! { p { "Please choose your files again: browsers do not keep them." } }))
                }
                (ui::fieldset("The vulnerability", what(fields, choices)))
                (ui::fieldset("You", who(fields)))
                // People neither see nor reach this; programs fill in everything.
                div class="sr-only" aria-hidden="true" {
                    label { "Leave this empty" input type="text" name=(TRAP) value="" tabindex="-1" autocomplete="off"; }
                }
                div class="form-actions" { (ui::submit(ui::Weight::Primary, "Send the report")) }
            }
        },
        aside(&address, &vendor),
    );
    let shell = |vendor: &str| {
        Portal::new("Report a vulnerability", vendor)
            .subtitle("No account needed. You get a private page on which to follow it and to talk with us.")
    };
    Ok(portal_page(ctx, "report", flashed, shell, body).await?)
}

fn what(fields: &Fields, products: Vec<Choice>) -> Markup {
    let text = |name: &str, label: &str| Field::text(name, label).value(fields.get(name)).error(fields.error(name));
    let area = |name: &str, label: &str| Field::textarea(name, label).value(fields.get(name)).error(fields.error(name));
    html! {
        (Field::select("product", "Product", products).error(fields.error("product")))
        (text("product_text", "If it is not in the list: its name").longest(200))
        (text("version", "Version, firmware or build").longest(200))
        (text("title", "In one line").longest(200))
        (area("description", "Description").required().lines(8).hint("What is wrong, and where."))
        (area("impact", "Impact").lines(3).hint("What could somebody do with it?"))
        (area("steps", "Steps to reproduce").lines(6).hint("What we have to do to see it, as exactly as you can."))
        @for number in 1..=3 {
            (Field::file(if number == 1 { "file".to_owned() } else { format!("file{number}") }, if number == 1 { "File" } else { "Another file" })
                .error(if number == 1 { fields.error("file") } else { None })
                .hint(if number == 1 { format!("At most {MOST_FILES} files of {} MiB. More can follow on your page.", LARGEST_FILE >> 20) } else { String::new() }))
        }
    }
}

fn who(fields: &Fields) -> Markup {
    let text = |name: &str, label: &str| Field::text(name, label).value(fields.get(name)).error(fields.error(name));
    let credits = [("unknown", "Decide later"), ("wanted", "Yes, please"), ("declined", "No, thank you")];
    let credit = if fields.get("credit").is_empty() { Credit::Unknown.as_str() } else { fields.get("credit") };
    html! {
        (Field::email("address", "Mail address").value(fields.get("address")).error(fields.error("address"))
            .hint("Only if you want mail from us. Without it, everything goes over your private page."))
        (text("name", "Name").autocomplete("name").longest(200))
        (Field::checkbox("anonymous", "Stay anonymous: do not keep my name", fields.ticked("anonymous")))
        (Field::radios("credit", "Shall we name you when we publish?", Choice::list(credits, credit)))
        (text("credit_name", "Named as").longest(200))
        (Field::textarea("key", "Your OpenPGP public key").value(fields.get("key")).error(fields.error("key")).lines(3)
            .hint("Then our mail to you is encrypted.").placeholder("-----BEGIN PGP PUBLIC KEY BLOCK-----"))
        (Field::file("key_file", "or the key as a file").accept(".asc,.gpg,.pgp"))
    }
}

fn aside(address: &str, vendor: &profile::VendorProfile) -> Markup {
    let support = if vendor.contact_details.is_empty() { "" } else { vendor.contact_details.as_str() };
    html! {
        (ui::panel("Are you a customer?", html! {
            p { "Your partner or maintainer knows your installation and helps fastest, so please tell them first: they collect the details and bring it to us." }
            p { "You may also report right here. Every report is read by a person, whoever it comes from." }
        }))
        (ui::panel("By mail", html! {
            p { "Write to " a href={ "mailto:" (address) } { (address) } ", encrypted with our " a href="/keys" { "key" } " if you can. Once a conversation is encrypted, it stays so." }
        }))
        (ui::panel("Not a vulnerability?", html! {
            p { "Questions about products, licences, updates and support are not for this form. Please ask your partner or our support" @if !support.is_empty() { ": " (support) } "." }
        }))
        (ui::panel("What happens then", html! {
            ol { li { "You see a number and your private page at once." } li { "A person checks the report and answers you." } li { "We fix it, agree on a date, publish, and name you if you wish." } }
            p { a href="/policy" { "Our disclosure policy" } }
        }))
    }
}

/// Takes in a report.
pub(super) async fn send(
    Operation(ctx): Operation,
    visitor: Visitor,
    mut fields: Fields,
) -> Result<Response, PageError> {
    ctx.platform.rates.take(Class::PublicForm, &visitor.address, ctx.now)?;
    let had_files = !fields.uploads().is_empty();
    let sent = match fields::read(&mut fields) {
        Ok(filled) => actions::send(&ctx.acting_as(kernel::Actor::Nobody), filled).await,
        Err(error) => Err(error),
    };
    match sent {
        // Going on to the page keeps a reload from sending the report twice.
        Ok(secret) => Ok(redirect(&format!("/report/{secret}?new=yes"))),
        Err(error) => {
            let page = page(&ctx, Flashed::default(), &fields.with_errors(error)?, had_files).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
