//! One report: what was written, what is known about it, and what can be done next.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use db::Tx;
use http::{StatusCode, header};
use kernel::{EmailAddress, Error, FieldError, Id, clean_line, clean_text, kinds};
use maud::{Markup, html};
use platform::{Ctx, files, profile};
use web::ui::{self, ButtonForm, Choice, Crumb, Fact, Field, Form, Shell, Tone};
use web::{Fields, Flashed, Operation, PageError, desk_page, redirect_with};

use super::super::conversation;
use super::super::shared::{self, optional_line};
use super::model::{Class, Report, ReportState};
use super::store::{self, Facts};
use super::{actions, desk_pages, inbox_pages, rules};

/// The page.
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    page(&ctx, shared::id(&id, "report")?, flashed, &Fields::default()).await
}

/// The page with what was typed and what has to be mended.
pub(in super::super) async fn show_again(
    ctx: &Ctx,
    id: Id<kinds::Report>,
    fields: Fields,
) -> Result<Response, PageError> {
    let page = page(ctx, id, Flashed::default(), &fields).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn page(ctx: &Ctx, id: Id<kinds::Report>, flashed: Flashed, fields: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let report = store::load_visible(&mut tx, &ctx.actor, id).await?;
    let messages = conversation::list_of_report(&mut tx, id).await?;
    let attachments = store::attachments(&mut tx, &[id]).await?;
    let may_handle = actions::require_handling(ctx, &report).is_ok();
    let products = store::list_products(&mut tx).await?;
    let vendor = profile::load(&mut tx).await?;
    let answer = if may_handle {
        conversation::answer_form(&mut tx, ctx, &report, fields).await?
    } else {
        html! {}
    };
    drop(tx);
    let single = std::slice::from_ref(&report);
    let main = html! {
        (ui::error_summary(&fields.errors()))
        @if !report.problem.is_empty() {
            (ui::alert(Tone::Bad, "A person has to look at this", html! { p { (report.problem) } }))
        }
        (conversation::thread(single, &messages, &attachments, "/desk/report-files", true))
        @if may_handle { (ui::panel("Answer", answer)) }
    };
    let aside = html! {
        (ui::panel("Facts", facts(&report)))
        @if report.case.is_none() { (ui::panel("Completeness", checklist(&report))) }
        @if may_handle && report.case.is_none() { (what_next(&report, &vendor, fields)) }
        @if may_handle { (ui::panel("Complete", facts_form(&report, &products, fields))) }
    };
    let mut actions = html! {};
    if let Some(case) = &report.case {
        actions = ui::button_link(ui::Weight::Primary, &case.number, &format!("/desk/cases/{}", case.id));
    }
    let shell = Shell::new(format!("{} {}", report.number, report.subject))
        .crumbs(vec![Crumb::link("Reports", "/desk/reports"), Crumb::here(report.number.clone())])
        .badges(html! {
            (inbox_pages::state(report.state))
            (ui::badge(Tone::Neutral, report.class.label()))
            @if report.encrypted_only() { (ui::badge(Tone::Good, "Encrypted only")) }
        })
        .actions(actions);
    Ok(desk_page(ctx, "reports", flashed, shell, ui::split(main, aside)))
}

fn facts(report: &Report) -> Markup {
    let product = if report.product_name.is_empty() { &report.product_text } else { &report.product_name };
    let credit = match report.credit_name.as_str() {
        "" => report.credit.label().to_owned(),
        name => format!("{}, as {name}", report.credit.label()),
    };
    let mut list = vec![
        Fact::text("From", &report.sender()),
        Fact::text("Address", &report.sender_address),
        Fact::text("Came by", report.channel.label()),
        Fact::new("Received", web::moment(report.received_at)),
        Fact::new("Acknowledged", report.acknowledged_at.map_or_else(|| html! { "not yet" }, web::moment)),
        Fact::text("Product", product),
        Fact::text("Version", &report.version_text),
        Fact::text("Credit", &credit),
        Fact::text("Signature", report.signature.label()),
    ];
    if !report.sender_key.is_empty() {
        list.push(Fact::new(
            "Key",
            html! { a href={ "/desk/contact-keys?q=" (report.sender_key) } { code { (report.sender_key) } } },
        ));
    }
    if report.raw_file.is_some() {
        let raw = format!("/desk/reports/{}/raw", report.id);
        list.push(Fact::new("Mail", html! { a href=(raw) download { "As it came" } }));
    }
    ui::facts(&list)
}

fn checklist(report: &Report) -> Markup {
    let items = rules::checklist(report);
    let missing: Vec<_> = items.iter().filter(|item| !item.there).map(|item| item.name.to_lowercase()).collect();
    html! {
        ul class="plain" {
            @for item in &items {
                li { (ui::state(if item.there { Tone::Good } else { Tone::Warn }, item.name)) @if !item.there { span class="muted small" { " not found" } } }
            }
        }
        @if !missing.is_empty() { p class="muted small" { "Ask the sender for: " (missing.join(", ")) "." } }
    }
}

fn what_next(report: &Report, vendor: &profile::VendorProfile, fields: &Fields) -> Markup {
    let base = format!("/desk/reports/{}", report.id);
    let title = if fields.get("title").is_empty() { report.subject.as_str() } else { fields.get("title") };
    let open = Form::new(format!("{base}/case"), "Open a case")
        .hidden("revision", report.revision)
        .field(Field::text("title", "Title").value(title).error(fields.error("title")).longest(200).required())
        .field(Field::checkbox("encrypted_only", "Encrypted only: nothing leaves in clear", report.encrypted_only()));
    let link = Form::new(format!("{base}/link"), "Link").hidden("revision", report.revision).field(
        Field::text("case", "Number of the case")
            .value(fields.get("case"))
            .error(fields.error("case"))
            .placeholder("PSIRT-2026-0042"),
    );
    let class = if report.class == Class::Unclassified { "vulnerability" } else { report.class.as_str() };
    let classes = Class::ALL.iter().filter(|class| **class != Class::Unclassified);
    let text = if fields.get("answer").is_empty() { where_to_go(vendor) } else { fields.get("answer").to_owned() };
    let classify = Form::new(format!("{base}/classify"), "Classify")
        .hidden("revision", report.revision)
        .field(Field::radios(
            "class",
            "This is",
            Choice::list(classes.map(|class| (class.as_str(), class.label())), class),
        ))
        .field(Field::checkbox("tell", "Send a general enquiry this answer", false))
        .field(Field::textarea("answer", "Answer to an enquiry").value(text).error(fields.error("answer")).lines(5));
    let close = if report.state == ReportState::Closed {
        ButtonForm::new("Take it up again", format!("{base}/reopen")).with("revision", report.revision)
    } else {
        ButtonForm::new("Close", format!("{base}/close"))
            .with("revision", report.revision)
            .confirm("Nothing more is done about this report. It stays findable, and a reply opens it again.")
    };
    let renew = ButtonForm::new("Send a new private link", format!("{base}/secret-link"))
        .confirm("The link before ends. The new one goes to the sender by mail.");
    html! {
        (ui::panel("Open a case", open.markup()))
        (ui::panel("Link with a case", link.markup()))
        (ui::panel("Classify", classify.markup()))
        (ui::panel("More", html! { div class="actions" { (close) @if !report.sender_address.is_empty() { (renew) } } }))
    }
}

/// What a general enquiry is told (P15).
fn where_to_go(vendor: &profile::VendorProfile) -> String {
    let contact = match vendor.contact_details.as_str() {
        "" => "your partner or our customer support".to_owned(),
        details => format!("your partner or our customer support: {details}"),
    };
    format!(
        "Thank you for writing to the product security team of {}. We deal with vulnerabilities in our products only. For \
         questions about products, licences, updates and support please turn to {contact}.\n\nIf we misunderstood and you \
         did find a vulnerability, please answer to this message.",
        vendor.name
    )
}

fn facts_form(report: &Report, products: &[store::ProductRow], fields: &Fields) -> Markup {
    let chosen = report.product.map_or_else(String::new, |id| id.to_string());
    let or = |name: &str, stored: &str| {
        if fields.error(name).is_some() { fields.get(name).to_owned() } else { stored.to_owned() }
    };
    Form::new(format!("/desk/reports/{}/facts", report.id), "Save")
        .hidden("revision", report.revision)
        .field(Field::select("product", "Product", desk_pages::product_choices(products, &chosen)))
        .field(
            Field::text("version", "Version").value(or("version", &report.version_text)).error(fields.error("version")),
        )
        .field(
            Field::text("sender_name", "Name of the sender")
                .value(or("sender_name", &report.sender_name))
                .error(fields.error("sender_name")),
        )
        .field(
            Field::email("sender_address", "Address of the sender")
                .value(or("sender_address", &report.sender_address))
                .error(fields.error("sender_address")),
        )
        .markup()
}

/// Sends the person back to the page, with what was done or what has to be mended.
async fn answered(
    ctx: &Ctx,
    id: Id<kinds::Report>,
    fields: Fields,
    done: Result<String, Error>,
) -> Result<Response, PageError> {
    match done {
        Ok(said) => Ok(redirect_with(&format!("/desk/reports/{id}"), &said)),
        Err(error) => show_again(ctx, id, fields.with_errors(error)?).await,
    }
}

/// Says what a report is.
pub(super) async fn classify(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id = shared::id(&id, "report")?;
    let read = || {
        let class = Class::parse(fields.get("class")).ok_or_else(|| Error::invalid("class", "Choose what this is."))?;
        let tell = class == Class::Enquiry && fields.ticked("tell");
        let answer = if tell { clean_text("answer", fields.get("answer"), 20_000) } else { Ok(String::new()) };
        Ok((fields.revision()?, class, answer.map_err(|error| Error::Invalid(vec![error]))?))
    };
    let done = match read() {
        Ok((revision, class, answer)) => actions::classify(&ctx, id, revision, class, &answer)
            .await
            .map(|report| format!("{} counts as: {}.", report.number, class.label().to_lowercase())),
        Err(error) => Err(error),
    };
    answered(&ctx, id, fields, done).await
}

/// Opens a case.
pub(super) async fn open_case(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id = shared::id(&id, "report")?;
    let title = clean_line("title", fields.get("title"), 200).map_err(|error| Error::Invalid(vec![error]));
    let done = match (title, fields.revision()) {
        (Ok(title), Ok(revision)) => {
            actions::open_case(&ctx, id, revision, title, fields.ticked("encrypted_only")).await
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match done {
        Ok(case) => Ok(redirect_with(&format!("/desk/cases/{case}"), "The case was opened.")),
        Err(error) => show_again(&ctx, id, fields.with_errors(error)?).await,
    }
}

/// Links with a case.
pub(super) async fn link(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id = shared::id(&id, "report")?;
    let done = match fields.revision() {
        Ok(revision) => actions::link(&ctx, id, revision, fields.get("case")).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(case) => Ok(redirect_with(&format!("/desk/cases/{case}"), "The report belongs to this case now.")),
        Err(error) => show_again(&ctx, id, fields.with_errors(error)?).await,
    }
}

/// Closes.
pub(super) async fn close(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id = shared::id(&id, "report")?;
    let done = match fields.revision() {
        Ok(revision) => actions::set_closed(&ctx, id, revision, true).await,
        Err(error) => Err(error),
    };
    answered(&ctx, id, fields, done.map(|()| "The report was closed.".to_owned())).await
}

/// Takes up again.
pub(super) async fn reopen(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id = shared::id(&id, "report")?;
    let done = match fields.revision() {
        Ok(revision) => actions::set_closed(&ctx, id, revision, false).await,
        Err(error) => Err(error),
    };
    answered(&ctx, id, fields, done.map(|()| "The report is new again.".to_owned())).await
}

/// Writes product, version and sender.
pub(super) async fn set_facts(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id = shared::id(&id, "report")?;
    let done = match read_facts(&fields) {
        Ok((revision, facts)) => actions::set_facts(&ctx, id, revision, facts).await,
        Err(error) => Err(error),
    };
    answered(&ctx, id, fields, done.map(|()| "Saved.".to_owned())).await
}

fn read_facts(fields: &Fields) -> Result<(i64, Facts), Error> {
    let mut errors: Vec<FieldError> = Vec::new();
    let version = shared::take(&mut errors, optional_line("version", fields.get("version"), 200));
    let sender_name = shared::take(&mut errors, optional_line("sender_name", fields.get("sender_name"), 200));
    let sender_address = match fields.get("sender_address").trim() {
        "" => String::new(),
        text => match EmailAddress::parse("sender_address", text) {
            Ok(address) => address.to_string(),
            Err(error) => {
                errors.push(error);
                String::new()
            }
        },
    };
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let product = match fields.get("product") {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::invalid("product", "Choose a product from the list."))?),
    };
    Ok((fields.revision()?, Facts { product, family: None, version, sender_name, sender_address }))
}

/// A file to be saved, never shown: what strangers sent must not run in our name.
pub(in super::super) async fn download(
    ctx: &Ctx,
    tx: &mut Tx,
    file: Id<kinds::File>,
    name: &str,
) -> kernel::Result<Response> {
    let info = files::load_info(tx, file).await?;
    let content = files::load_content(ctx, tx, &info).await?;
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ()".contains(c) { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, content).into_response())
}

/// The mail as it came.
pub(super) async fn raw(Operation(ctx): Operation, Path(id): Path<String>) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let report = store::load_visible(&mut tx, &ctx.actor, shared::id(&id, "report")?).await?;
    actions::require_handling(&ctx, &report)?;
    let file = report.raw_file.ok_or(Error::NotFound { what: "file" })?;
    Ok(download(&ctx, &mut tx, file, &format!("{}.eml", report.number)).await?)
}

/// A file of a report or message that one may see.
pub(super) async fn attachment(Operation(ctx): Operation, Path(id): Path<String>) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let attachment = store::load_attachment(&mut tx, shared::id(&id, "file")?).await?;
    store::load_visible(&mut tx, &ctx.actor, attachment.report).await.map_err(|error| match error {
        Error::NotFound { .. } => Error::NotFound { what: "file" },
        other @ (Error::Refused { .. }
        | Error::Invalid(_)
        | Error::Stale { .. }
        | Error::Unavailable { .. }
        | Error::Internal(_)) => other,
    })?;
    Ok(download(&ctx, &mut tx, attachment.file, &attachment.name).await?)
}
