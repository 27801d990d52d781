//! Reports that one of us enters: by hand after a call, or as mail files.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{EmailAddress, Error, FieldError, Timestamp, clean_line, clean_text};
use maud::{Markup, html};
use platform::Ctx;
use web::ui::{self, Choice, Crumb, Field, Form, Shell, Tone};
use web::{Fields, Flashed, Operation, PageError, desk_page, redirect_with};

use super::super::mailbox;
use super::super::shared::{self, optional_line};
use super::actions::{self, Told};
use super::model::Credit;
use super::store;

/// The products as choices, with "not known" first.
pub(in super::super) fn product_choices(products: &[store::ProductRow], chosen: &str) -> Vec<Choice> {
    product_choices_of(products, chosen, "Not known")
}

/// The products as choices, with words for none of them first.
pub(in super::super) fn product_choices_of(products: &[store::ProductRow], chosen: &str, none: &str) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", none).chosen(chosen.is_empty())];
    choices.extend(products.iter().map(|product| {
        let id = product.id.to_string();
        let here = id == chosen;
        Choice::new(id, format!("{} ({})", product.name, product.family_name)).chosen(here)
    }));
    choices
}

/// The empty form.
pub(super) async fn new(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    let fields = Fields::of([("received_at", ctx.now.local("UTC"))]);
    page(&ctx, flashed, &fields).await
}

async fn page(ctx: &Ctx, flashed: Flashed, fields: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let products = store::list_products(&mut tx).await?;
    drop(tx);
    let text = |name: &str, label: &str| Field::text(name, label).value(fields.get(name)).error(fields.error(name));
    let credits = Credit::ALL.iter().map(|credit| (credit.as_str(), credit.label()));
    let credit = if fields.get("credit").is_empty() { "unknown" } else { fields.get("credit") };
    let form = Form::new("/desk/reports/new", "Enter the report")
        .multipart()
        .errors(&fields.errors())
        .field(text("subject", "Subject").required().longest(200))
        .field(
            Field::textarea("body", "What was reported")
                .value(fields.get("body"))
                .error(fields.error("body"))
                .required()
                .lines(10)
                .hint("Description, impact, steps to reproduce: as the caller said it."),
        )
        .field(
            Field::select("product", "Product", product_choices(&products, fields.get("product")))
                .error(fields.error("product")),
        )
        .field(text("product_text", "Product in the caller's words"))
        .field(text("version", "Version"))
        .field(
            Field::datetime("received_at", "When it came (UTC)")
                .value(fields.get("received_at"))
                .error(fields.error("received_at"))
                .required(),
        )
        .field(text("sender_name", "Name of the caller"))
        .field(
            Field::email("sender_address", "Address of the caller")
                .value(fields.get("sender_address"))
                .error(fields.error("sender_address")),
        )
        .field(Field::radios("credit", "Credit", Choice::list(credits, credit)))
        .field(text("credit_name", "Credited as"))
        .field(Field::file("file", "File").error(fields.error("file")))
        .beside(ui::button_link(ui::Weight::Plain, "Cancel", "/desk/reports"));
    let shell = Shell::new("Enter a report")
        .subtitle("For what came by telephone, at a conference or through support.")
        .crumbs(vec![Crumb::link("Reports", "/desk/reports"), Crumb::here("Enter a report")]);
    Ok(desk_page(ctx, "reports", flashed, shell, form.markup()))
}

fn read(ctx: &Ctx, fields: &mut Fields) -> Result<Told, Error> {
    let mut errors: Vec<FieldError> = Vec::new();
    let subject = shared::take(&mut errors, clean_line("subject", fields.get("subject"), 200));
    let body = shared::take(&mut errors, clean_text("body", fields.get("body"), 200_000));
    let line =
        |errors: &mut Vec<FieldError>, name: &str| shared::take(errors, optional_line(name, fields.get(name), 200));
    let product_text = line(&mut errors, "product_text");
    let version = line(&mut errors, "version");
    let sender_name = line(&mut errors, "sender_name");
    let credit_name = line(&mut errors, "credit_name");
    let sender_address = match fields.get("sender_address").trim() {
        "" => String::new(),
        typed => EmailAddress::parse("sender_address", typed).map_or_else(
            |error| {
                errors.push(error);
                String::new()
            },
            |address| address.to_string(),
        ),
    };
    let received_at = match Timestamp::from_local(fields.get("received_at"), "UTC") {
        Some(at) if at <= ctx.now => at,
        Some(_) => {
            errors.push(FieldError { field: "received_at".to_owned(), words: "This lies in the future.".to_owned() });
            ctx.now
        }
        None => {
            errors.push(FieldError {
                field: "received_at".to_owned(),
                words: "Give a date and a time, such as 2026-11-22T14:05.".to_owned(),
            });
            ctx.now
        }
    };
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let product = match fields.get("product") {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::invalid("product", "Choose a product from the list."))?),
    };
    let credit = Credit::parse(fields.get("credit")).unwrap_or(Credit::Unknown);
    Ok(Told {
        subject,
        body,
        product,
        product_text,
        version,
        sender_name,
        sender_address,
        received_at,
        credit,
        credit_name,
        files: fields.take_uploads(),
    })
}

/// Enters a report by hand.
pub(super) async fn enter(Operation(ctx): Operation, mut fields: Fields) -> Result<Response, PageError> {
    let done = match read(&ctx, &mut fields) {
        Ok(told) => actions::enter(&ctx, told).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => Ok(redirect_with(&format!("/desk/reports/{id}"), "The report was entered.")),
        Err(error) => {
            let page = page(&ctx, Flashed::default(), &fields.with_errors(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// The form for mail files.
pub(super) async fn import_form(Operation(ctx): Operation, flashed: Flashed) -> Markup {
    import_page(&ctx, flashed, html! {})
}

fn import_page(ctx: &Ctx, flashed: Flashed, said: Markup) -> Markup {
    let form = Form::new("/desk/reports/import", "Import")
        .multipart()
        .field(Field::file("file", "Mail file").accept(".eml,.mbox,.txt").required())
        .field(Field::file("file2", "Another one").accept(".eml,.mbox,.txt"));
    let shell = Shell::new("Import mail")
        .subtitle("Single mails (.eml) and mbox files. Encrypted ones are opened with our keys; the same mail twice does nothing.")
        .crumbs(vec![Crumb::link("Reports", "/desk/reports"), Crumb::here("Import mail")]);
    desk_page(ctx, "reports", flashed, shell, html! { (said) (form) })
}

/// Imports mail files.
pub(super) async fn import(Operation(ctx): Operation, mut fields: Fields) -> Result<Markup, PageError> {
    ctx.require(kernel::Permission::HandleReports, kernel::Scope::All, "page")?;
    let mut lines = Vec::new();
    for upload in fields.take_uploads() {
        for imported in mailbox::import_all(&ctx, &upload.content, &upload.name).await? {
            lines.push(format!("{}: {imported}", upload.name));
        }
    }
    let said = if lines.is_empty() {
        ui::alert(Tone::Warn, "Nothing was imported", html! { p { "Choose at least one file." } })
    } else {
        ui::alert(Tone::Good, "Imported", html! { ul { @for line in &lines { li { (line) } } } })
    };
    Ok(import_page(&ctx, Flashed::default(), said))
}
