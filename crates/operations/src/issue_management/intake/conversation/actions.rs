//! What is said to and by reporters.

use db::Tx;
use kernel::{Error, Id, RecordRef, Result, kinds};
use platform::audit::{self, Entry};
use platform::{Ctx, token};
use web::Upload;

use super::super::report::{self, Report, SignatureMark};
use super::super::shared::shortened;
use super::model::{Direction, MessageKind, NewMessage};
use super::rules::LINK;
use super::send::{By, Outgoing, Sent, send};
use super::store;
use crate::issue_management::case;

/// An answer of one of us, as the form gives it.
pub(super) struct Answer {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) by: By,
    pub(super) files: Vec<Upload>,
}

fn entry<'a>(action: &'a str, report: &Report, message: Option<Id<MessageKind>>) -> Entry<'a> {
    let subject = message.map_or_else(|| RecordRef::new("report", report.id), |id| RecordRef::new("message", id));
    let root = match &report.case {
        Some(case) => RecordRef::new("case", case.id),
        None => RecordRef::new("report", report.id),
    };
    Entry::new(action, subject).under(root)
}

fn detail(report: &Report, sent: Sent) -> serde_json::Value {
    serde_json::json!({
        "report": report.number, "by": sent.by.as_str(), "encrypted": sent.encrypted, "signed": sent.signed,
    })
}

async fn answered(tx: &mut Tx, ctx: &Ctx, report: &Report) -> Result<()> {
    report::set_answered(tx, report.id, ctx.now).await?;
    if let Some(case) = &report.case {
        case::mark_acknowledged(tx, ctx, case.id).await?;
    }
    Ok(())
}

/// Answers the sender of a report.
pub(super) async fn answer(ctx: &Ctx, id: Id<kinds::Report>, answer: Answer) -> Result<Report> {
    let mut tx = ctx.begin().await?;
    let report = report::load_visible(&mut tx, &ctx.actor, id).await?;
    report::require_handling(ctx, &report)?;
    let out =
        Outgoing { files: &answer.files, by: answer.by, ..Outgoing::from_desk(ctx, &answer.subject, &answer.text) };
    let sent = send(&mut tx, ctx, &report, out).await?;
    answered(&mut tx, ctx, &report).await?;
    audit::record(&mut tx, ctx, entry("message.sent", &report, None).with(detail(&report, sent))).await?;
    tx.commit().await?;
    Ok(report)
}

/// Answers one or all reporters of a case, all or none.
pub(super) async fn answer_case(
    ctx: &Ctx,
    case: Id<kinds::Case>,
    to: Option<Id<kinds::Report>>,
    answer: Answer,
) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let found = case::load_visible(&mut tx, ctx, case).await?;
    ctx.require(kernel::Permission::WorkCases, found.place(), "case")?;
    let reports = report::list_whole_of_case(&mut tx, case).await?;
    let chosen: Vec<&Report> = reports.iter().filter(|report| to.is_none_or(|to| to == report.id)).collect();
    if chosen.is_empty() {
        return Err(Error::invalid("report", "Choose whom to write to."));
    }
    let mut details = Vec::new();
    for report in &chosen {
        let out =
            Outgoing { files: &answer.files, by: answer.by, ..Outgoing::from_desk(ctx, &answer.subject, &answer.text) };
        let sent = send(&mut tx, ctx, report, out).await?;
        report::set_answered(&mut tx, report.id, ctx.now).await?;
        details.push(detail(report, sent));
    }
    case::mark_acknowledged(&mut tx, ctx, case).await?;
    let entry = Entry::new("message.sent", RecordRef::new("case", case));
    audit::record(&mut tx, ctx, entry.with(serde_json::json!({ "messages": details }))).await?;
    tx.commit().await
}

/// Tells every reporter of a case something, within the caller's transaction and audit entry. Who cannot be written to
/// without breaking "encrypted only" finds it on their page.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn tell_reporters(
    tx: &mut Tx,
    ctx: &Ctx,
    case: Id<kinds::Case>,
    subject: &str,
    text: &str,
) -> Result<usize> {
    let reports = report::list_whole_of_case(tx, case).await?;
    for report in &reports {
        match send(tx, ctx, report, Outgoing::from_desk(ctx, subject, text)).await {
            Ok(_) => {}
            Err(Error::Refused { .. }) => {
                let out = Outgoing { by: By::Page, ..Outgoing::from_desk(ctx, subject, text) };
                send(tx, ctx, report, out).await?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(reports.len())
}

/// Makes a new secret link and sends it to the sender; the old one ends.
pub(super) async fn renew_link(ctx: &Ctx, id: Id<kinds::Report>) -> Result<Report> {
    let secret = token::new();
    let link = ctx.url(&format!("/report/{secret}"));
    let text = format!(
        "Here is a new address of your private page. The one before does not work any more. Keep it to yourself, it opens \
         the page without a password:\n\n{LINK}\n"
    );
    let mut tx = ctx.begin().await?;
    let report = report::load_visible(&mut tx, &ctx.actor, id).await?;
    report::require_handling(ctx, &report)?;
    if report.sender_address.is_empty() {
        return Err(super::rules::CannotSend::NoAddress(report.number).into());
    }
    let out = Outgoing { link: Some(&link), ..Outgoing::from_desk(ctx, "Your private page", &text) };
    let sent = send(&mut tx, ctx, &report, out).await?;
    report::set_secret(&mut tx, id, &token::hash(&secret)).await?;
    audit::record(&mut tx, ctx, entry("report.link_renewed", &report, None).with(detail(&report, sent))).await?;
    tx.commit().await?;
    Ok(report)
}

/// Takes in what the reporter wrote on their page.
pub(in super::super) async fn receive_on_page(
    ctx: &Ctx,
    report: &Report,
    text: String,
    files: Vec<Upload>,
) -> Result<()> {
    let id: Id<MessageKind> = ctx.id();
    let case = report.case.as_ref().map(|case| case.id);
    let new = NewMessage {
        id,
        report: report.id,
        case,
        direction: Direction::In,
        by_mail: false,
        person: None,
        author: shortened(&report.sender(), 200),
        subject: String::new(),
        body: text,
        encrypted: false,
        signature: SignatureMark::None,
        signer: String::new(),
        problem: String::new(),
        message_id: None,
        mail: None,
        raw_file: None,
        at: ctx.now,
    };
    let mut tx = ctx.begin().await?;
    store::insert(&mut tx, &new).await?;
    report::keep_files(&mut tx, ctx, (report.id, case), Some(&id.to_string()), &files).await?;
    report::waits_again(&mut tx, report.id).await?;
    let detail = serde_json::json!({ "report": report.number, "by": "page", "files": files.len() });
    audit::record(&mut tx, ctx, entry("message.received", report, Some(id)).with(detail)).await?;
    tx.commit().await
}
