//! One report: what was written, what is known about it, and what can be done next.

use axum::response::{IntoResponse, Response};
use db::Tx;
use http::StatusCode;
use kernel::{EmailAddress, Error, FieldError, Id, clean_line, clean_text, kinds};
use maud::{Markup, html};
use platform::{Ctx, files, profile};
use web::ui::{self, ButtonForm, Choice, Crumb, Fact, Field, Form, Shell, Tone};
use web::{Download, Fields, Flashed, Operation, PageError, Path, desk_page, redirect_with};

use super::super::conversation;
use super::super::shared::{self, optional_line};
use super::model::{Attachment, Class, Report, ReportState};
use super::store::{self, Facts};
use super::{actions, desk_pages, inbox_pages, rules};

/// The page.
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Report>>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    page(&ctx, id, flashed, &Fields::default()).await
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

/// Where a person goes after something was done, and what they are told there.
struct Done {
    to: String,
    said: String,
}

impl Done {
    /// Back to the report.
    fn with_report(id: Id<kinds::Report>, said: impl Into<String>) -> Self {
        Self { to: format!("/desk/reports/{id}"), said: said.into() }
    }

    /// On to a case.
    fn with_case(case: Id<kinds::Case>, said: &str) -> Self {
        Self { to: format!("/desk/cases/{case}"), said: said.to_owned() }
    }
}

/// Sends the person on with what was done, or shows the page again with what has to be mended.
async fn answered(
    ctx: &Ctx,
    id: Id<kinds::Report>,
    fields: Fields,
    done: Result<Done, Error>,
) -> Result<Response, PageError> {
    match done {
        Ok(done) => Ok(redirect_with(&done.to, &done.said)),
        Err(error) => show_again(ctx, id, fields.with_errors(error)?).await,
    }
}

/// Says what a report is.
pub(super) async fn classify(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Report>>,
    fields: Fields,
) -> Result<Response, PageError> {
    let done: Result<Done, Error> = async {
        let class = Class::parse(fields.get("class")).ok_or_else(|| Error::invalid("class", "Choose what this is."))?;
        let tell = class == Class::Enquiry && fields.ticked("tell");
        let answer = if tell { clean_text("answer", fields.get("answer"), 20_000) } else { Ok(String::new()) };
        let answer = answer.map_err(|error| Error::Invalid(vec![error]))?;
        let report = actions::classify(&ctx, id, fields.revision()?, class, &answer).await?;
        Ok(Done::with_report(id, format!("{} counts as: {}.", report.number, class.label().to_lowercase())))
    }
    .await;
    answered(&ctx, id, fields, done).await
}

/// Opens a case.
pub(super) async fn open_case(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Report>>,
    fields: Fields,
) -> Result<Response, PageError> {
    let done: Result<Done, Error> = async {
        let title = clean_line("title", fields.get("title"), 200).map_err(|error| Error::Invalid(vec![error]))?;
        let case = actions::open_case(&ctx, id, fields.revision()?, title, fields.ticked("encrypted_only")).await?;
        Ok(Done::with_case(case, "The case was opened."))
    }
    .await;
    answered(&ctx, id, fields, done).await
}

/// Links with a case.
pub(super) async fn link(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Report>>,
    fields: Fields,
) -> Result<Response, PageError> {
    let done: Result<Done, Error> = async {
        let case = actions::link(&ctx, id, fields.revision()?, fields.get("case")).await?;
        Ok(Done::with_case(case, "The report belongs to this case now."))
    }
    .await;
    answered(&ctx, id, fields, done).await
}

/// Closes.
pub(super) async fn close(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Report>>,
    fields: Fields,
) -> Result<Response, PageError> {
    let done: Result<Done, Error> = async {
        actions::set_closed(&ctx, id, fields.revision()?, true).await?;
        Ok(Done::with_report(id, "The report was closed."))
    }
    .await;
    answered(&ctx, id, fields, done).await
}

/// Takes up again.
pub(super) async fn reopen(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Report>>,
    fields: Fields,
) -> Result<Response, PageError> {
    let done: Result<Done, Error> = async {
        actions::set_closed(&ctx, id, fields.revision()?, false).await?;
        Ok(Done::with_report(id, "The report is new again."))
    }
    .await;
    answered(&ctx, id, fields, done).await
}

/// Writes product, version and sender.
pub(super) async fn set_facts(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Report>>,
    fields: Fields,
) -> Result<Response, PageError> {
    let done: Result<Done, Error> = async {
        let (revision, facts) = read_facts(&fields)?;
        actions::set_facts(&ctx, id, revision, facts).await?;
        Ok(Done::with_report(id, "Saved."))
    }
    .await;
    answered(&ctx, id, fields, done).await
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

/// A file to be saved under this name.
pub(in super::super) async fn download(
    ctx: &Ctx,
    tx: &mut Tx,
    file: Id<kinds::File>,
    name: &str,
) -> kernel::Result<Response> {
    let info = files::load_info(tx, file).await?;
    let content = files::load_content(ctx, tx, &info).await?;
    Ok(Download::new(name, content).into_response())
}

/// The mail as it came.
pub(super) async fn raw(Operation(ctx): Operation, Path(id): Path<Id<kinds::Report>>) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let report = store::load_visible(&mut tx, &ctx.actor, id).await?;
    actions::require_handling(&ctx, &report)?;
    let file = report.raw_file.ok_or(Error::NotFound { what: "file" })?;
    Ok(download(&ctx, &mut tx, file, &format!("{}.eml", report.number)).await?)
}

/// A file of a report or message that one may see.
pub(super) async fn attachment(
    Operation(ctx): Operation,
    Path(id): Path<Id<Attachment>>,
) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let attachment = store::load_attachment(&mut tx, id).await?;
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
