//! What strangers and reporters do: send a report, say how to be named, give a key.

use kernel::{Actor, Error, RecordRef, Result};
use platform::audit::{self, Entry};
use platform::{Ctx, token};

use super::super::report::{self, Channel, Class, Credit, NewReport, Report};
use super::super::{conversation, keys};
use super::fields::Filled;

/// Takes in a report by the form; its secret.
pub(super) async fn send(ctx: &Ctx, filled: Filled) -> Result<String> {
    let key = match filled.key.as_str() {
        "" => None,
        text => Some(keys::read_key("key", text.as_bytes())?),
    };
    let secret = token::new();
    let id = ctx.id();
    let mut tx = ctx.begin().await?;
    let family = match filled.product {
        None => None,
        Some(product) => Some(
            report::list_products(&mut tx)
                .await?
                .into_iter()
                .find(|known| known.id == product)
                .ok_or_else(|| Error::invalid("product", "Choose a product from the list."))?
                .family,
        ),
    };
    let number = report::next_number(&mut tx, ctx).await?;
    let mut sender_key = String::new();
    if let (Some(key), false) = (&key, filled.address.is_empty()) {
        sender_key = keys::add_contact_key(&mut tx, ctx, &filled.address, key, keys::Origin::Report).await?;
    }
    let new = NewReport {
        family,
        product: filled.product,
        class: if filled.trapped { Class::Spam } else { Class::Unclassified },
        problem: if filled.trapped {
            "A field that people do not see was filled in, so a program probably sent this. If a person did, classify it anew."
                .to_owned()
        } else {
            String::new()
        },
        subject: filled.subject,
        body: filled.body,
        product_text: filled.product_text,
        version_text: filled.version,
        sender_name: filled.name,
        sender_address: filled.address,
        sender_key,
        anonymous: filled.anonymous,
        credit: filled.credit,
        credit_name: filled.credit_name,
        secret_hash: Some(token::hash(&secret)),
        intake_address: keys::intake_address(&mut tx, ctx, family).await?,
        // The page that follows says that it arrived, and under which number.
        acknowledged_at: Some(ctx.now),
        ..NewReport::empty(id, number.clone(), Channel::Form, ctx.now)
    };
    report::insert(&mut tx, &new).await?;
    report::keep_files(&mut tx, ctx, (id, None), None, &filled.files).await?;
    let stored = report::load_any(&mut tx, id).await?;
    let sent = if filled.trapped || !may_receive(&mut tx, ctx, &stored).await? {
        false
    } else {
        conversation::send_receipt(&mut tx, ctx, &stored, &secret, false).await?
    };
    let detail =
        serde_json::json!({ "number": number, "channel": "form", "files": filled.files.len(), "receipt": sent });
    let entry = Entry::new("report.received", RecordRef::new("report", id)).with(detail);
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Anybody can type anybody's address here, so receipts to one address are few.
async fn may_receive(tx: &mut db::Tx, ctx: &Ctx, report: &Report) -> Result<bool> {
    if report.sender_address.is_empty() {
        return Ok(false);
    }
    super::super::mailbox::may_acknowledge(tx, ctx, &report.sender_address).await
}

/// The context in which the sender of a report acts.
pub(super) fn acting(ctx: &Ctx, report: &Report) -> Ctx {
    ctx.acting_as(Actor::Reporter { report: report.id })
}

fn entry<'a>(action: &'a str, report: &Report) -> Entry<'a> {
    let entry = Entry::new(action, RecordRef::new("report", report.id));
    match &report.case {
        Some(case) => entry.under(RecordRef::new("case", case.id)),
        None => entry,
    }
}

/// Writes whether and as whom the sender wants to be named.
pub(super) async fn set_credit(ctx: &Ctx, report: &Report, credit: Credit, name: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    report::set_credit(&mut tx, report.id, credit, name).await?;
    let detail = serde_json::json!({ "credit": credit.as_str() });
    audit::record(&mut tx, ctx, entry("report.credit_changed", report).with(detail)).await?;
    tx.commit().await
}

/// Takes the sender's public key: answers by mail are encrypted with it from now on.
pub(super) async fn add_key(ctx: &Ctx, report: &Report, bytes: &[u8]) -> Result<String> {
    if report.sender_address.is_empty() {
        return Err(Error::invalid(
            "key",
            "This report has no mail address, so a key would not be used. Your page is encrypted by itself.",
        ));
    }
    let key = keys::read_key("key", bytes)?;
    key.can_encrypt(super::super::shared::jiff(ctx.now))
        .map_err(|why| Error::invalid("key", format!("This key cannot be used: {why}. Please give a current one.")))?;
    let mut tx = ctx.begin().await?;
    let origin = keys::Origin::ReporterPage;
    let fingerprint = keys::add_contact_key(&mut tx, ctx, &report.sender_address, &key, origin).await?;
    report::set_sender_key(&mut tx, report.id, &fingerprint).await?;
    let detail = serde_json::json!({ "fingerprint": fingerprint });
    audit::record(&mut tx, ctx, entry("report.key_added", report).with(detail)).await?;
    tx.commit().await?;
    Ok(fingerprint)
}
