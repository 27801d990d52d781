//! The page behind a secret link: where the report stands, the conversation, credit and key. Nothing internal is here.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, StatusCode, header};
use kernel::{Error, FieldError, clean_text};
use maud::{Markup, html};
use platform::rate::Class;
use platform::{Ctx, token};
use web::ui::{self, Choice, Fact, Field, Form, Portal, Step, Tone};
use web::{Fields, Flashed, Operation, PageError, Query, Visitor, portal_page, redirect_with};

use super::super::conversation;
use super::super::report::{self, Credit, LinkEnd, Report, download, link_end};
use super::super::shared::{self, optional_line};
use super::{actions, fields};

/// The report of a secret link. Wrong guesses are counted; an ended link says so to whoever has it.
async fn open(ctx: &Ctx, visitor: &Visitor, secret: &str) -> Result<Report, Error> {
    let mut tx = ctx.read().await?;
    let found = report::load_by_secret(&mut tx, &token::hash(secret)).await?;
    let Some((report, last)) = found else {
        ctx.platform.rates.take(Class::SecretLink, &visitor.address, ctx.now)?;
        return Err(Error::NotFound { what: "report" });
    };
    match link_end(&report, last, ctx.now) {
        LinkEnd::Open => Ok(report),
        LinkEnd::Ended(at) => Err(Error::Refused {
            code: "link-ended",
            words: format!(
                "This private page ended on {}, half a year after the last message. Send a new report and name {} in it.",
                at.date(),
                report.number
            ),
        }),
    }
}

/// No search engine, no other site and no cache learns of the page.
fn private(status: StatusCode, page: Markup) -> Response {
    let headers = [
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow, noarchive"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, page).into_response()
}

/// The page.
pub(super) async fn show(
    Operation(ctx): Operation,
    visitor: Visitor,
    Path(secret): Path<String>,
    query: Query,
    flashed: Flashed,
) -> Result<Response, PageError> {
    let report = open(&ctx, &visitor, &secret).await?;
    let new = query.get("new") == "yes";
    Ok(private(StatusCode::OK, page(&ctx, &report, &secret, new, flashed, &Fields::default()).await?))
}

async fn page(
    ctx: &Ctx,
    report: &Report,
    secret: &str,
    new: bool,
    flashed: Flashed,
    fields: &Fields,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let messages = conversation::list_of_report(&mut tx, report.id).await?;
    let attachments = report::attachments(&mut tx, &[report.id]).await?;
    let key = super::super::keys::recipient_key(&mut tx, ctx, &report.sender_address, &report.sender_key).await?;
    drop(tx);
    let base = format!("/report/{secret}");
    let (steps, current, words) = fields::story(report);
    let single = std::slice::from_ref(report);
    let main = html! {
        @if new { (keep_this(ctx, report, secret)) }
        (ui::panel("Where it stands", html! {
            (ui::stepper("Progress", &Step::list(steps.iter().copied(), current)))
            p { (words) }
        }))
        (conversation::thread(single, &messages, &attachments, &format!("{base}/files"), false))
        (ui::panel("Write to us", write_form(&base, fields)))
    };
    let product = if report.product_name.is_empty() { &report.product_text } else { &report.product_name };
    let aside = html! {
        (ui::panel("Your report", ui::facts(&[
            Fact::text("Number", &report.number),
            Fact::text("Product", product),
            Fact::text("Version", &report.version_text),
            Fact::new("Received", web::moment(report.received_at)),
        ])))
        (ui::panel("Credit", credit_form(&base, report, fields)))
        @if !report.sender_address.is_empty() { (ui::panel("Your key", key_form(&base, report, key.is_some(), fields))) }
        p class="muted small" { "This page has no password: whoever has its address can read it." }
    };
    let shell =
        |vendor: &str| Portal::new(report.subject.clone(), vendor).subtitle(format!("Report {}", report.number));
    Ok(portal_page(ctx, "report", flashed, shell, ui::split(main, aside)).await?)
}

fn keep_this(ctx: &Ctx, report: &Report, secret: &str) -> Markup {
    ui::alert(
        Tone::Good,
        &format!("Thank you. Your report {} has arrived.", report.number),
        html! {
            p { "This is the address of your private page. It is shown only now"
                @if report.sender_address.is_empty() { ", so keep it: without it you cannot come back." } @else { ", and we sent it to " (report.sender_address) "." } }
            (ui::code_block("Your private page", &ctx.url(&format!("/report/{secret}"))))
            p { "If you are a customer, your partner or maintainer can help you with your installation in the meantime." }
        },
    )
}

fn write_form(base: &str, fields: &Fields) -> Markup {
    Form::new(format!("{base}/message"), "Send")
        .multipart()
        .field(
            Field::textarea("text", "Message")
                .value(fields.get("text"))
                .error(fields.error("text"))
                .lines(6)
                .required(),
        )
        .field(Field::file("file", "File").error(fields.error("file")))
        .field(Field::file("file2", "Another file"))
        .markup()
}

fn credit_form(base: &str, report: &Report, fields: &Fields) -> Markup {
    let choices = [("unknown", "Not decided"), ("wanted", "Name me"), ("declined", "Do not name me")];
    Form::new(format!("{base}/credit"), "Save")
        .field(Field::radios("credit", "When this is published", Choice::list(choices, report.credit.as_str())))
        .field(
            Field::text("credit_name", "Named as")
                .value(&report.credit_name)
                .error(fields.error("credit_name"))
                .longest(200),
        )
        .markup()
}

fn key_form(base: &str, report: &Report, known: bool, fields: &Fields) -> Markup {
    html! {
        @if known {
            p { (ui::badge(Tone::Good, "Encrypted")) " Our mail to " (report.sender_address) " is encrypted." }
        } @else if report.encrypted_only() {
            p { "You wrote encrypted, so we do not answer in clear. Give us your key to get our answers by mail; here you see them in any case." }
        } @else {
            p { "Give us your public key, and our mail to you is encrypted." }
        }
        (Form::new(format!("{base}/key"), "Use this key").multipart()
            .field(Field::textarea("key", "OpenPGP public key").value(fields.get("key")).error(fields.error("key")).lines(3)
                .placeholder("-----BEGIN PGP PUBLIC KEY BLOCK-----"))
            .field(Field::file("key_file", "or as a file").accept(".asc,.gpg,.pgp")))
    }
}

/// Goes back to the page, or shows it again with what has to be mended.
async fn answered(
    ctx: &Ctx,
    report: &Report,
    secret: &str,
    fields: Fields,
    done: Result<String, Error>,
) -> Result<Response, PageError> {
    match done {
        Ok(said) => {
            let mut response = redirect_with(&format!("/report/{secret}"), &said);
            let headers = response.headers_mut();
            headers.insert(header::REFERRER_POLICY, http::HeaderValue::from_static("no-referrer"));
            headers.insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let page = page(ctx, report, secret, false, Flashed::default(), &fields).await?;
            Ok(private(fields.status(), page))
        }
    }
}

/// Takes in a message.
pub(super) async fn write(
    Operation(ctx): Operation,
    visitor: Visitor,
    Path(secret): Path<String>,
    mut fields: Fields,
) -> Result<Response, PageError> {
    let report = open(&ctx, &visitor, &secret).await?;
    ctx.platform.rates.take(Class::PublicForm, &visitor.address, ctx.now)?;
    let mut errors: Vec<FieldError> = Vec::new();
    let text = shared::take(&mut errors, clean_text("text", fields.get("text"), 100_000));
    let files = fields.take_uploads();
    fields::check_files(&mut errors, &files);
    let done = if errors.is_empty() {
        conversation::receive_on_page(&actions::acting(&ctx, &report), &report, text, files).await
    } else {
        Err(Error::Invalid(errors))
    };
    answered(&ctx, &report, &secret, fields, done.map(|()| "Your message has arrived.".to_owned())).await
}

/// Writes how to be named.
pub(super) async fn set_credit(
    Operation(ctx): Operation,
    visitor: Visitor,
    Path(secret): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let report = open(&ctx, &visitor, &secret).await?;
    ctx.platform.rates.take(Class::PublicForm, &visitor.address, ctx.now)?;
    let credit = Credit::parse(fields.get("credit")).unwrap_or(Credit::Unknown);
    let done = match optional_line("credit_name", fields.get("credit_name"), 200) {
        Ok(name) => {
            let name = if credit == Credit::Declined { String::new() } else { name };
            actions::set_credit(&actions::acting(&ctx, &report), &report, credit, &name).await
        }
        Err(error) => Err(Error::Invalid(vec![error])),
    };
    answered(&ctx, &report, &secret, fields, done.map(|()| "Saved. Thank you.".to_owned())).await
}

/// Takes a key.
pub(super) async fn add_key(
    Operation(ctx): Operation,
    visitor: Visitor,
    Path(secret): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let report = open(&ctx, &visitor, &secret).await?;
    ctx.platform.rates.take(Class::PublicForm, &visitor.address, ctx.now)?;
    let bytes = match fields.uploads().first() {
        Some(upload) => upload.content.clone(),
        None => fields.get("key").as_bytes().to_vec(),
    };
    let done = actions::add_key(&actions::acting(&ctx, &report), &report, &bytes).await;
    let said = "Our mail to you is encrypted with this key from now on.".to_owned();
    answered(&ctx, &report, &secret, fields, done.map(|_| said)).await
}

/// A file of the conversation.
pub(super) async fn file(
    Operation(ctx): Operation,
    visitor: Visitor,
    Path((secret, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let report = open(&ctx, &visitor, &secret).await?;
    let mut tx = ctx.read().await?;
    let attachment = report::load_attachment(&mut tx, shared::id(&id, "file")?).await?;
    if attachment.report != report.id {
        return Err(Error::NotFound { what: "file" }.into());
    }
    let mut response = download(&ctx, &mut tx, attachment.file, &attachment.name).await?;
    response.headers_mut().insert(header::REFERRER_POLICY, http::HeaderValue::from_static("no-referrer"));
    Ok(response)
}
