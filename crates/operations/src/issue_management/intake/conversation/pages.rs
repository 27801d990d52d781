//! The conversation as the desk sees it, and the forms to go on with it.

use axum::extract::Path;
use axum::response::Response;
use db::Tx;
use kernel::{Error, FieldError, Id, Result, clean_line, clean_text, kinds};
use maud::{Markup, html};
use platform::Ctx;
use web::ui::{self, Choice, Field, Form};
use web::{Fields, Operation, PageError, redirect_with};

use super::super::report::{self, Attachment, Report, SignatureMark, download};
use super::super::shared::{self, size};
use super::actions::{self, Answer};
use super::model::{Direction, Message};
use super::send::By;
use super::store;

/// Most files with one message.
pub(in super::super) const MOST_FILES: usize = 10;

fn seal(mark: SignatureMark) -> ui::Signature {
    match mark {
        SignatureMark::None => ui::Signature::None,
        SignatureMark::Valid => ui::Signature::Good,
        SignatureMark::Invalid => ui::Signature::Bad,
        SignatureMark::UnknownKey => ui::Signature::UnknownKey,
    }
}

fn file_entries<'a>(files: impl Iterator<Item = &'a Attachment>, base: &str) -> Markup {
    let entries: Vec<_> = files
        .map(|file| ui::FileEntry::new(file.name.clone(), format!("{base}/{}", file.id), size(file.size)))
        .collect();
    html! { @if !entries.is_empty() { (ui::file_list(&entries)) } }
}

/// Reports and messages in the order of time. `files` is the address under which files are got; `inside` shows what
/// only we should know: problems, signers, delivery.
pub(in super::super) fn thread(
    reports: &[Report],
    messages: &[Message],
    attachments: &[Attachment],
    files: &str,
    inside: bool,
) -> Markup {
    let mut all: Vec<(kernel::Timestamp, ui::Message)> = Vec::new();
    for report in reports {
        let own = attachments.iter().filter(|file| file.report == report.id && file.message.is_none());
        let at = report.received_at;
        let message = ui::Message::received(report.sender(), &at.rfc3339(), &at.for_people(), &report.body)
            .subject(report.subject.clone())
            .encrypted(report.encrypted)
            .signature(seal(report.signature))
            .attachments(html! {
                @if inside { (notes(&report.problem, report.signature, &report.signer)) }
                (file_entries(own, files))
            });
        all.push((at, if reports.len() > 1 { message.to(report.number.clone()) } else { message }));
    }
    for message in messages {
        let own = attachments.iter().filter(|file| file.message.as_deref() == Some(&message.id.to_string()));
        let number = reports.iter().find(|report| report.id == message.report).map_or("", |report| &report.number);
        let (iso, words) = (message.at.rfc3339(), message.at.for_people());
        let shown = match message.direction {
            Direction::In => ui::Message::received(message.author.clone(), &iso, &words, &message.body),
            Direction::Out => ui::Message::sent(message.author.clone(), &iso, &words, &message.body),
        };
        let shown = shown
            .subject(message.subject.clone())
            .encrypted(message.encrypted)
            .signature(seal(message.signature))
            .attachments(html! {
                @if inside {
                    (notes(&message.problem, message.signature, &message.signer))
                    (delivery(message))
                }
                (file_entries(own, files))
            });
        all.push((message.at, if reports.len() > 1 { shown.to(number) } else { shown }));
    }
    // The sort is stable: at the same moment a report stands before its receipt.
    all.sort_by_key(|(at, _)| *at);
    ui::thread(&all.into_iter().map(|(_, message)| message).collect::<Vec<_>>())
}

fn notes(problem: &str, mark: SignatureMark, signer: &str) -> Markup {
    html! {
        @if !problem.is_empty() { (ui::alert(ui::Tone::Warn, "", html! { p { (problem) } })) }
        @if mark != SignatureMark::None && !signer.is_empty() { p class="muted small" { "Key " code { (signer) } } }
    }
}

fn delivery(message: &Message) -> Markup {
    let words = match (message.direction, message.by_mail, message.delivery.as_str()) {
        (Direction::In, true, _) => {
            return html! { @if message.raw_file.is_some() {
                p class="small" { a href={ "/desk/report-messages/" (message.id) "/raw" } { "The mail as it came" } }
            } };
        }
        (Direction::In, false, _) => "Written on the reporter's page",
        (Direction::Out, false, _) => "On the reporter's page only",
        (Direction::Out, true, "sent") => "Sent by mail",
        (Direction::Out, true, "failed") => "The mail could not be sent; see Jobs",
        (Direction::Out, true, _) => "Waits to be sent by mail",
    };
    html! { p class="muted small" { (words) } }
}

/// How answers to these reports go, before one writes.
async fn ways(tx: &mut Tx, ctx: &Ctx, reports: &[Report]) -> Result<Markup> {
    let mut lines = Vec::new();
    for report in reports {
        let words = if report.sender_address.is_empty() {
            "has no address: your answer stands on the reporter's page.".to_owned()
        } else {
            let key =
                super::super::keys::recipient_key(tx, ctx, &report.sender_address.to_lowercase(), &report.sender_key)
                    .await?;
            match (key.is_some(), report.encrypted_only()) {
                (true, _) => format!("goes to {}, encrypted.", report.sender_address),
                (false, true) => format!(
                    "is encrypted only, and there is no key of {}. Enter their key first, or answer on the page only.",
                    report.sender_address
                ),
                (false, false) => format!("goes to {} in clear: no key is known.", report.sender_address),
            }
        };
        lines.push((report.number.clone(), words));
    }
    Ok(html! {
        ul class="small" { @for (number, words) in &lines { li { (number) " " (words) } } }
    })
}

/// The form to answer one report.
pub(in super::super) async fn answer_form(tx: &mut Tx, ctx: &Ctx, report: &Report, fields: &Fields) -> Result<Markup> {
    let ways = ways(tx, ctx, std::slice::from_ref(report)).await?;
    let subject = subject_of(fields, &report.subject);
    let form =
        answer_fields(Form::new(format!("/desk/reports/{}/answer", report.id), "Send the answer"), fields, &subject);
    Ok(html! { (ways) (form) })
}

fn subject_of(fields: &Fields, subject: &str) -> String {
    match fields.get("subject") {
        "" if subject.to_lowercase().starts_with("re:") => subject.to_owned(),
        "" => format!("Re: {subject}"),
        typed => typed.to_owned(),
    }
}

fn answer_fields(form: Form, fields: &Fields, subject: &str) -> Form {
    let ways = By::ALL.iter().map(|by| (by.as_str(), by.label()));
    let chosen = if fields.get("by").is_empty() { "mail" } else { fields.get("by") };
    form.multipart()
        .field(
            Field::text("subject", "Subject")
                .value(subject)
                .error(fields.error("subject"))
                .longest(300)
                .hint("Of an encrypted mail nobody on the way sees it."),
        )
        .field(
            Field::textarea("text", "Answer").value(fields.get("text")).error(fields.error("text")).lines(8).required(),
        )
        .field(Field::radios("by", "How", Choice::list(ways, chosen)))
        .field(Field::file("file", "File").error(fields.error("file")))
        .field(Field::file("file2", "Another file"))
}

fn read_answer(fields: &mut Fields) -> Result<Answer> {
    let mut errors: Vec<FieldError> = Vec::new();
    let subject = shared::take(&mut errors, clean_line("subject", fields.get("subject"), 300));
    let text = shared::take(&mut errors, clean_text("text", fields.get("text"), 100_000));
    let files = fields.take_uploads();
    if files.len() > MOST_FILES {
        errors.push(FieldError { field: "file".to_owned(), words: format!("At most {MOST_FILES} files go along.") });
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let by = By::parse(fields.get("by")).unwrap_or(By::Mail);
    Ok(Answer { subject, text, by, files })
}

/// Answers the sender of a report.
pub(super) async fn answer(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    mut fields: Fields,
) -> Result<Response, PageError> {
    let id = shared::id(&id, "report")?;
    let outcome = match read_answer(&mut fields) {
        Ok(answer) => actions::answer(&ctx, id, answer).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(report) => Ok(redirect_with(&format!("/desk/reports/{id}"), &format!("{} was answered.", report.number))),
        Err(error) => report::show_again(&ctx, id, fields.with_errors(error)?).await,
    }
}

/// Sends a new secret link.
pub(super) async fn renew_link(Operation(ctx): Operation, Path(id): Path<String>) -> Result<Response, PageError> {
    let id = shared::id(&id, "report")?;
    actions::renew_link(&ctx, id).await?;
    Ok(redirect_with(&format!("/desk/reports/{id}"), "A new private link was sent; the one before has ended."))
}

/// The conversation with all reporters of a case, and the form to answer them. The caller made sure that the actor
/// sees the case.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn conversation_panel(tx: &mut Tx, ctx: &Ctx, case: Id<kinds::Case>) -> Result<Markup> {
    let reports = report::list_whole_of_case(tx, case).await?;
    if reports.is_empty() {
        return Ok(ui::empty_state(
            "No conversation",
            "This case was opened from inside: nobody outside wrote about it. Link a report from the inbox, and the conversation with its sender goes on here.",
        ));
    }
    let ids: Vec<Id<kinds::Report>> = reports.iter().map(|report| report.id).collect();
    let messages = store::list_of_reports(tx, &ids).await?;
    let attachments = report::attachments(tx, &ids).await?;
    let may_answer = reports.iter().any(|report| report::require_handling(ctx, report).is_ok());
    let mut form = html! {};
    if may_answer {
        let ways = ways(tx, ctx, &reports).await?;
        let subject = subject_of(&Fields::default(), reports.first().map_or("", |report| &report.subject));
        let mut inner = Form::new(format!("/desk/conversations/{case}"), "Send the answer");
        inner = match reports.as_slice() {
            [only] => inner.hidden("report", only.id),
            several => {
                let mut choices = vec![Choice::new("all", "All reporters of this case")];
                choices.extend(several.iter().map(|report| {
                    Choice::new(report.id.to_string(), format!("{} ({})", report.sender(), report.number))
                }));
                inner.field(Field::select("report", "To", choices))
            }
        };
        form = ui::panel("Answer", html! { (ways) (answer_fields(inner, &Fields::default(), &subject)) });
    }
    Ok(html! {
        div id="conversation" { (thread(&reports, &messages, &attachments, "/desk/report-files", true)) }
        (form)
    })
}

/// Answers the reporters of a case.
pub(super) async fn answer_case(
    Operation(ctx): Operation,
    Path(case): Path<String>,
    mut fields: Fields,
) -> Result<Response, PageError> {
    let case = shared::id(&case, "case")?;
    let to = match fields.get("report") {
        "all" => None,
        id => Some(shared::id(id, "report")?),
    };
    let answer = read_answer(&mut fields)?;
    actions::answer_case(&ctx, case, to, answer).await?;
    Ok(redirect_with(&format!("/desk/cases/{case}/conversation"), "The answer was sent."))
}

/// The mail of a message as it came.
pub(super) async fn raw(Operation(ctx): Operation, Path(id): Path<String>) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let message = store::load(&mut tx, shared::id(&id, "message")?).await?;
    let report = report::load_visible(&mut tx, &ctx.actor, message.report).await?;
    report::require_handling(&ctx, &report)?;
    let file = message.raw_file.ok_or(Error::NotFound { what: "file" })?;
    Ok(download(&ctx, &mut tx, file, &format!("{}.eml", report.number)).await?)
}
