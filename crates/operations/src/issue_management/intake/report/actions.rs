//! What the desk does with reports.

use db::Tx;
use kernel::{Error, Id, Permission, RecordRef, Result, Timestamp, kinds};
use platform::audit::{self, Entry};
use platform::{Ctx, files};
use web::Upload;

use super::super::conversation::{self, Outgoing};
use super::model::{Channel, Class, Credit, NewReport, Report, ReportState};
use super::store::{self, Facts};
use crate::issue_management::case::{self, NewCase};

/// Refuses whoever may read but not handle this report.
pub(in super::super) fn require_handling(ctx: &Ctx, report: &Report) -> Result<()> {
    match &report.case {
        None => ctx.require(Permission::HandleReports, report.place(), "report"),
        Some(case) => ctx.require(Permission::WorkCases, case.place, "report"),
    }
}

async fn load(tx: &mut Tx, ctx: &Ctx, id: Id<kinds::Report>) -> Result<Report> {
    let report = store::load_visible(tx, &ctx.actor, id).await?;
    require_handling(ctx, &report)?;
    Ok(report)
}

fn entry<'a>(action: &'a str, report: &Report) -> Entry<'a> {
    let entry = Entry::new(action, RecordRef::new("report", report.id));
    match &report.case {
        Some(case) => entry.under(RecordRef::new("case", case.id)),
        None => entry,
    }
}

fn in_case_already(report: &Report) -> Result<()> {
    let Some(case) = &report.case else { return Ok(()) };
    Err(Error::Refused {
        code: "report-in-case",
        words: format!("{} belongs to {} already. Go on there.", report.number, case.number),
    })
}

/// Says what a report is; with `answer`, the sender is told (P15).
pub(super) async fn classify(
    ctx: &Ctx,
    id: Id<kinds::Report>,
    revision: i64,
    class: Class,
    answer: &str,
) -> Result<Report> {
    let mut tx = ctx.begin().await?;
    let report = load(&mut tx, ctx, id).await?;
    in_case_already(&report)?;
    let state = match class {
        Class::Spam => ReportState::Closed,
        Class::Enquiry if !answer.is_empty() => ReportState::Answered,
        Class::Unclassified | Class::Vulnerability | Class::Enquiry | Class::Automatic => match report.state {
            ReportState::Closed => ReportState::New,
            same @ (ReportState::New | ReportState::InCase | ReportState::Answered) => same,
        },
    };
    store::set_state(&mut tx, &report, revision, state, class).await?;
    let mut detail = serde_json::json!({ "from": report.class.as_str(), "to": class.as_str() });
    if !answer.is_empty() {
        let subject = format!("Re: {}", report.subject);
        let sent = conversation::send(&mut tx, ctx, &report, Outgoing::from_desk(ctx, &subject, answer)).await?;
        store::set_answered(&mut tx, report.id, ctx.now).await?;
        if let Some(fields) = detail.as_object_mut() {
            fields.insert("answered".to_owned(), sent.by.as_str().into());
        }
    }
    audit::record(&mut tx, ctx, entry("report.classified", &report).with(detail)).await?;
    tx.commit().await?;
    Ok(report)
}

/// Opens a case from a report.
pub(super) async fn open_case(
    ctx: &Ctx,
    id: Id<kinds::Report>,
    revision: i64,
    title: String,
    encrypted_only: bool,
) -> Result<Id<kinds::Case>> {
    let mut tx = ctx.begin().await?;
    let report = load(&mut tx, ctx, id).await?;
    in_case_already(&report)?;
    let new = NewCase {
        title,
        product: report.product,
        family: report.family,
        received_at: report.received_at,
        encrypted_only: encrypted_only || report.encrypted_only(),
        acknowledged_at: report.acknowledged_at,
    };
    let case = case::open(&mut tx, ctx, new).await?;
    store::set_case(&mut tx, &report, revision, case).await?;
    let detail = serde_json::json!({ "case": case.to_string(), "report": report.number, "opened": true });
    let entry = Entry::new("report.linked", RecordRef::new("report", report.id)).under(RecordRef::new("case", case));
    audit::record(&mut tx, ctx, entry.with(detail)).await?;
    tx.commit().await?;
    Ok(case)
}

/// Links a report with a case that the actor works on.
pub(super) async fn link(ctx: &Ctx, id: Id<kinds::Report>, revision: i64, number: &str) -> Result<Id<kinds::Case>> {
    let unknown = || {
        Error::invalid(
            "case",
            "There is no case with this number that you may see. Check the number, such as PSIRT-2026-0042.",
        )
    };
    let mut tx = ctx.begin().await?;
    let report = load(&mut tx, ctx, id).await?;
    in_case_already(&report)?;
    let found = store::find_case(&mut tx, number).await?.ok_or_else(unknown)?;
    let case = case::load_visible(&mut tx, ctx, found).await.map_err(|error| match error {
        Error::NotFound { .. } => unknown(),
        other @ (Error::Refused { .. }
        | Error::Invalid(_)
        | Error::Stale { .. }
        | Error::Unavailable { .. }
        | Error::Internal(_)) => other,
    })?;
    ctx.require(Permission::WorkCases, case.place(), "case")?;
    store::set_case(&mut tx, &report, revision, case.id).await?;
    let detail = serde_json::json!({ "case": case.id.to_string(), "report": report.number });
    let entry = Entry::new("report.linked", RecordRef::new("report", report.id)).under(RecordRef::new("case", case.id));
    audit::record(&mut tx, ctx, entry.with(detail)).await?;
    tx.commit().await?;
    Ok(case.id)
}

/// Closes a report that needs no case, or takes it up again.
pub(super) async fn set_closed(ctx: &Ctx, id: Id<kinds::Report>, revision: i64, closed: bool) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let report = load(&mut tx, ctx, id).await?;
    in_case_already(&report)?;
    let state = if closed { ReportState::Closed } else { ReportState::New };
    store::set_state(&mut tx, &report, revision, state, report.class).await?;
    let action = if closed { "report.closed" } else { "report.reopened" };
    audit::record(&mut tx, ctx, entry(action, &report)).await?;
    tx.commit().await
}

/// Writes what the desk found out about product, version and sender.
pub(super) async fn set_facts(ctx: &Ctx, id: Id<kinds::Report>, revision: i64, mut facts: Facts) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let report = load(&mut tx, ctx, id).await?;
    facts.family = match facts.product {
        Some(product) => Some(
            store::list_products(&mut tx)
                .await?
                .into_iter()
                .find(|known| known.id == product)
                .ok_or_else(|| Error::invalid("product", "Choose a product from the list."))?
                .family,
        ),
        None => report.family,
    };
    store::set_facts(&mut tx, id, revision, &facts).await?;
    let product = facts.product.map(|product| product.to_string());
    let detail = serde_json::json!({ "product": product, "version": facts.version });
    audit::record(&mut tx, ctx, entry("report.completed", &report).with(detail)).await?;
    tx.commit().await
}

/// A report that somebody told one of us.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) product: Option<Id<kinds::Product>>,
    pub(super) product_text: String,
    pub(super) version: String,
    pub(super) sender_name: String,
    pub(super) sender_address: String,
    pub(super) received_at: Timestamp,
    pub(super) credit: Credit,
    pub(super) credit_name: String,
    pub(super) files: Vec<Upload>,
}

/// Enters a report by hand.
pub(super) async fn enter(ctx: &Ctx, told: Told) -> Result<Id<kinds::Report>> {
    let mut tx = ctx.begin().await?;
    let family = match told.product {
        Some(product) => {
            store::list_products(&mut tx).await?.into_iter().find(|known| known.id == product).map(|known| known.family)
        }
        None => None,
    };
    let place = match (told.product, family) {
        (Some(product), Some(family)) => kernel::Scope::Product { product, family },
        (Some(_), None) => return Err(Error::invalid("product", "Choose a product from the list.")),
        (None, _) => kernel::Scope::All,
    };
    if !ctx.actor.may(Permission::HandleReports, place) {
        return Err(Error::invalid("product", "Choose one of the products that you handle reports of."));
    }
    let number = store::next_number(&mut tx, ctx).await?;
    let id = ctx.id();
    let new = NewReport {
        family,
        product: told.product,
        subject: told.subject,
        body: told.body,
        product_text: told.product_text,
        version_text: told.version,
        sender_name: told.sender_name,
        sender_address: told.sender_address,
        received_at: told.received_at,
        credit: told.credit,
        credit_name: told.credit_name,
        // Whoever is told on the telephone knows that it arrived.
        acknowledged_at: Some(told.received_at),
        ..NewReport::empty(id, number.clone(), Channel::Desk, ctx.now)
    };
    store::insert(&mut tx, &new).await?;
    keep_files(&mut tx, ctx, (id, None), None, &told.files).await?;
    let detail = serde_json::json!({ "number": number, "channel": "desk", "files": told.files.len() });
    let entry = Entry::new("report.received", RecordRef::new("report", id)).with(detail);
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(id)
}

/// Stores uploads with a report or one of its messages.
pub(in super::super) async fn keep_files(
    tx: &mut Tx,
    ctx: &Ctx,
    report: (Id<kinds::Report>, Option<Id<kinds::Case>>),
    message: Option<&str>,
    uploads: &[Upload],
) -> Result<()> {
    let scope = super::model::vault_scope(report.0);
    for upload in uploads {
        let file = files::store(ctx, tx, &scope, &upload.name, &upload.media_type, &upload.content).await?;
        store::add_attachment(tx, ctx, report, message.map(str::to_owned), file, &upload.name).await?;
    }
    Ok(())
}
