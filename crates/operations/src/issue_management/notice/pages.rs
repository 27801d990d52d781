//! The public pages of sign-up.

use axum::response::{IntoResponse, Response};
use cvss::Severity;
use kernel::{EmailAddress, Error, Id, Result, kinds};
use maud::{Markup, html};
use platform::Ctx;
use platform::rate::Class;
use web::ui::{self, Choice, Field, Form, Portal, Weight};
use web::{Fields, Flashed, Operation, PageError, Path, Visitor, portal_page, redirect_with};

use super::actions;
use super::model::{State, Wishes};
use super::store;
use crate::issue_management::advisory::{parse_severity, severity_word};

type Products = Vec<(Id<kinds::Product>, String)>;

async fn page(ctx: &Ctx, flashed: Flashed, title: &str, body: Markup) -> Result<Markup> {
    portal_page(ctx, "subscribe", flashed, |vendor| Portal::new(title, vendor), body).await
}

async fn list_products(ctx: &Ctx) -> Result<Products> {
    let mut tx = ctx.read().await?;
    store::list_products(&mut tx).await
}

fn wish_fields(form: Form, fields: &Fields, products: &Products) -> Form {
    let least = if fields.get("least").is_empty() { "none" } else { fields.get("least") };
    let severities = [
        ("none", "Everything"),
        ("low", "Low and above"),
        ("medium", "Medium and above"),
        ("high", "High and above"),
        ("critical", "Critical only"),
    ];
    let which = [("all", "All products"), ("chosen", "Only the products ticked below")];
    let chosen = if fields.get("which") == "chosen" { "chosen" } else { "all" };
    let form = form
        .field(Field::radios("least", "Tell me about", Choice::list(severities, least)).error(fields.error("least")))
        .field(Field::radios("which", "Products", Choice::list(which, chosen)));
    if products.is_empty() {
        return form;
    }
    let boxes = products
        .iter()
        .map(|(id, name)| {
            let id = id.to_string();
            let ticked = fields.all("product").any(|sent| sent == id);
            Choice::new(id, name.clone()).chosen(ticked)
        })
        .collect();
    form.field(Field::boxes("product", "Which products", boxes).error(fields.error("product")))
}

fn read_wishes(fields: &Fields, products: &Products) -> Result<Wishes> {
    let least = parse_severity(fields.get("least")).unwrap_or(Severity::None);
    if fields.get("which") != "chosen" {
        return Ok(Wishes { least, products: Vec::new() });
    }
    let chosen: Vec<Id<kinds::Product>> = products
        .iter()
        .map(|(id, _)| *id)
        .filter(|id| fields.all("product").any(|sent| sent == id.to_string()))
        .collect();
    if chosen.is_empty() {
        return Err(Error::invalid("product", "Tick at least one product, or choose all products."));
    }
    Ok(Wishes { least, products: chosen })
}

fn sign_up_body(fields: &Fields, products: &Products) -> Markup {
    let form = Form::new("/subscribe", "Sign up").errors(&fields.errors()).field(
        Field::email("address", "Your mail address")
            .value(fields.get("address"))
            .hint("We send a link to confirm it. It is used for these notices only.")
            .error(fields.error("address"))
            .required(),
    );
    html! {
        (ui::prose(html! { p { "We write when an advisory is published, revised or withdrawn. Every mail has a link that ends it at once. No account is needed; the " a href="/feeds/advisories.atom" { "Atom feed" } " tells the same without an address." } }))
        (wish_fields(form, fields, products))
    }
}

/// `GET /subscribe`.
pub(super) async fn sign_up_form(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    let products = list_products(&ctx).await?;
    Ok(page(&ctx, flashed, "Sign up for security notices", sign_up_body(&Fields::default(), &products)).await?)
}

/// `POST /subscribe`.
pub(super) async fn sign_up(
    Operation(ctx): Operation,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, PageError> {
    ctx.platform.rates.take(Class::PublicForm, &visitor.address, ctx.now)?;
    let products = list_products(&ctx).await?;
    let read = || -> Result<(EmailAddress, Wishes)> {
        let address =
            EmailAddress::parse("address", fields.get("address")).map_err(|error| Error::Invalid(vec![error]))?;
        Ok((address, read_wishes(&fields, &products)?))
    };
    match read() {
        Ok((address, wishes)) => {
            actions::sign_up(&ctx, &address, wishes).await?;
            let body = ui::prose(html! {
                p { "If this address can be signed up, a mail is on its way to it. Open the link in that mail and press the button; it holds for 48 hours." }
                p { "Nothing there after some minutes? Look where your mail program keeps suspected spam, or " a href="/subscribe" { "try again" } "." }
            });
            Ok(page(&ctx, Flashed::default(), "Look into your mailbox", body).await?.into_response())
        }
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let body = sign_up_body(&fields, &products);
            let markup = page(&ctx, Flashed::default(), "Sign up for security notices", body).await?;
            Ok((fields.status(), markup).into_response())
        }
    }
}

fn lapsed() -> Markup {
    ui::empty_state_with(
        "This link does not hold any more",
        "It was used, or it is older than 48 hours. Sign up again to get a new one.",
        ui::button_link(Weight::Primary, "Sign up again", "/subscribe"),
    )
}

/// `GET /subscribe/{token}/confirm`: changes nothing, since mail scanners open links.
pub(super) async fn confirm_form(
    Operation(ctx): Operation,
    visitor: Visitor,
    Path(token): Path<String>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    ctx.platform.rates.take(Class::SecretLink, &visitor.address, ctx.now)?;
    let body = if actions::may_confirm(&ctx, &token).await? {
        let action = format!("/subscribe/{token}/confirm");
        html! {
            (ui::prose(html! { p { "Press the button to get security notices at this address." } }))
            (ui::ButtonForm::new("Confirm my address", action).weight(Weight::Primary))
        }
    } else {
        lapsed()
    };
    Ok(page(&ctx, flashed, "Confirm your address", body).await?)
}

/// `POST /subscribe/{token}/confirm`.
pub(super) async fn confirm(
    Operation(ctx): Operation,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Markup, PageError> {
    ctx.platform.rates.take(Class::SecretLink, &visitor.address, ctx.now)?;
    let done = actions::confirm(&ctx, &token).await?;
    let body = if done {
        html! {
            (ui::prose(html! { p { "Your address is confirmed. You will hear from us when there is something to tell." } }))
            (ui::button_link(Weight::Secondary, "See the advisories so far", "/advisories"))
        }
    } else {
        lapsed()
    };
    Ok(page(&ctx, Flashed::default(), if done { "You are signed up" } else { "Confirm your address" }, body).await?)
}

fn manage_body(token: &str, fields: &Fields, products: &Products, address: &str) -> Markup {
    let form = Form::new(format!("/subscribe/{token}"), "Save").errors(&fields.errors());
    html! {
        (ui::prose(html! { p { "Notices go to " strong { (address) } "." } }))
        (wish_fields(form, fields, products))
        (ui::ButtonForm::new("Unsubscribe", format!("/subscribe/{token}/unsubscribe")).weight(Weight::Danger))
    }
}

fn ended() -> Markup {
    ui::empty_state_with(
        "This subscription has ended",
        "You get no more notices at this address.",
        ui::button_link(Weight::Secondary, "Sign up again", "/subscribe"),
    )
}

/// `GET /subscribe/{token}`.
pub(super) async fn manage_form(
    Operation(ctx): Operation,
    visitor: Visitor,
    Path(token): Path<String>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    ctx.platform.rates.take(Class::SecretLink, &visitor.address, ctx.now)?;
    let mut tx = ctx.read().await?;
    let subscriber = actions::load_managed(&mut tx, &token).await?;
    let products = store::list_products(&mut tx).await?;
    drop(tx);
    if subscriber.state == State::Ended {
        return Ok(page(&ctx, flashed, "Your security notices", ended()).await?);
    }
    let which = if subscriber.wishes.products.is_empty() { "all" } else { "chosen" };
    let mut pairs =
        vec![("least".to_owned(), severity_word(subscriber.wishes.least)), ("which".to_owned(), which.to_owned())];
    pairs.extend(subscriber.wishes.products.iter().map(|id| ("product".to_owned(), id.to_string())));
    let fields = Fields::from_pairs(pairs);
    let body = manage_body(&token, &fields, &products, subscriber.address.as_str());
    Ok(page(&ctx, flashed, "Your security notices", body).await?)
}

/// `POST /subscribe/{token}`.
pub(super) async fn manage(
    Operation(ctx): Operation,
    visitor: Visitor,
    Path(token): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    ctx.platform.rates.take(Class::SecretLink, &visitor.address, ctx.now)?;
    let products = list_products(&ctx).await?;
    match read_wishes(&fields, &products) {
        Ok(wishes) => {
            actions::change(&ctx, &token, wishes).await?;
            Ok(redirect_with(&format!("/subscribe/{token}"), "Your wishes are saved."))
        }
        Err(error) => {
            let mut tx = ctx.read().await?;
            let subscriber = actions::load_managed(&mut tx, &token).await?;
            drop(tx);
            let fields = fields.with_errors(error)?;
            let body = manage_body(&token, &fields, &products, subscriber.address.as_str());
            let markup = page(&ctx, Flashed::default(), "Your security notices", body).await?;
            Ok((fields.status(), markup).into_response())
        }
    }
}

/// `GET /subscribe/{token}/unsubscribe`: asks, and changes nothing.
pub(super) async fn unsubscribe_form(
    Operation(ctx): Operation,
    visitor: Visitor,
    Path(token): Path<String>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    ctx.platform.rates.take(Class::SecretLink, &visitor.address, ctx.now)?;
    let mut tx = ctx.read().await?;
    let subscriber = actions::load_managed(&mut tx, &token).await?;
    drop(tx);
    let body = if subscriber.state == State::Ended {
        ended()
    } else {
        html! {
            (ui::prose(html! { p { "Press the button to get no more notices at " strong { (subscriber.address) } "." } }))
            (ui::ButtonForm::new("Unsubscribe", format!("/subscribe/{token}/unsubscribe")).weight(Weight::Danger))
        }
    };
    Ok(page(&ctx, flashed, "Unsubscribe", body).await?)
}

/// `POST /subscribe/{token}/unsubscribe`: the button, and the one click of mail programs (RFC 8058), which send neither
/// cookies nor the headers of browsers.
pub(super) async fn unsubscribe(Operation(ctx): Operation, Path(token): Path<String>) -> Result<Markup, PageError> {
    actions::end(&ctx, &token).await?;
    Ok(page(&ctx, Flashed::default(), "You are unsubscribed", ended()).await?)
}
