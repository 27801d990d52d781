//! What visitors, people and the queue do with subscriptions: one action, one transaction, one audit entry.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use db::Tx;
use kernel::{EmailAddress, Error, RecordRef, Result};
use mail::openpgp::SecretKey;
use platform::audit::{self, Entry};
use platform::outbox::{self, Outgoing};
use platform::{Ctx, jobs, profile, token, vault};
use serde_json::json;

use super::letter::{self, Letter};
use super::model::{State, Subscriber, SubscriberId, Wishes};
use super::rules::{self, CONFIRM_WITHIN, SignUp};
use super::store::{self, Hashes};
use crate::issue_management::advisory::{AdvisoryId, open_signing_key, parse_severity};

/// The kind of the job that queues the notices of a version.
pub(super) const SEND: &str = "notice.queue";
/// The kind of the job that forgets who never confirmed.
pub(super) const SWEEP: &str = "notice.sweep";
const BATCH: u32 = 100;

fn missing() -> Error {
    Error::NotFound { what: "subscription" }
}

fn entry<'a>(action: &'a str, id: SubscriberId) -> Entry<'a> {
    Entry::new(action, RecordRef::new("subscriber", id))
}

/// A mail to a subscriber, built.
struct Built {
    to: EmailAddress,
    from: EmailAddress,
    subject: String,
    message_id: String,
    bytes: Vec<u8>,
}

/// The sender that the settings name, with or without a name before it.
fn sender(ctx: &Ctx) -> Result<EmailAddress> {
    let text = ctx.platform.settings.mail_from.as_str();
    let address = text.rsplit_once('<').map_or(text, |(_, rest)| rest.trim_end_matches(['>', ' ']));
    EmailAddress::parse("smtp.from", address).map_err(|error| Error::Unavailable {
        words: format!("smtp.from is not a mail address: {}", error.words),
        source: None,
    })
}

fn host(ctx: &Ctx) -> String {
    let base = ctx.url("");
    let host = base.split_once("://").map_or(base.as_str(), |(_, rest)| rest);
    let host: String = host.chars().take_while(|c| *c != '/' && *c != ':').collect();
    if host.is_empty() { "portcullis.invalid".to_owned() } else { host }
}

fn build(
    ctx: &Ctx,
    vendor: &str,
    to: &EmailAddress,
    letter: &Letter,
    mark: &str,
    unsubscribe: Option<&str>,
    key: Option<&SecretKey>,
) -> Result<Built> {
    let from = sender(ctx)?;
    let message_id = format!("{mark}@{}", host(ctx));
    let mut headers = vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())];
    if let Some(link) = unsubscribe {
        headers.push(("List-Unsubscribe".to_owned(), format!("<{link}>")));
        headers.push(("List-Unsubscribe-Post".to_owned(), "List-Unsubscribe=One-Click".to_owned()));
        headers.push(("List-Id".to_owned(), format!("Security notices <notices.{}>", host(ctx))));
        headers.push(("Precedence".to_owned(), "bulk".to_owned()));
    }
    let draft = mail::Draft {
        from: mail::Address::new(format!("{vendor} product security"), from.as_str()),
        to: vec![mail::Address::new("", to.as_str())],
        subject: letter.subject.clone(),
        date: jiff::Timestamp::from_microsecond(ctx.now.micros()).map_err(Error::internal)?,
        message_id: message_id.clone(),
        text: letter.text.clone(),
        html: Some(letter.html.clone()),
        headers,
        ..mail::Draft::default()
    };
    let bytes = match key {
        // A key that cannot sign any more must not keep users from being warned.
        Some(key) => mail::build_signed(&draft, key).or_else(|_| mail::build(&draft)),
        None => mail::build(&draft),
    };
    Ok(Built {
        to: to.clone(),
        from,
        subject: letter.subject.clone(),
        message_id,
        bytes: bytes.map_err(Error::internal)?,
    })
}

async fn queue(tx: &mut Tx, ctx: &Ctx, built: &Built, root: RecordRef) -> Result<kernel::Id<outbox::Mail>> {
    let outgoing = Outgoing {
        recipient: &built.to,
        sender: &built.from,
        subject: &built.subject,
        message_id: &built.message_id,
        scope: vault::PROGRAM,
        root,
        message: &built.bytes,
    };
    outbox::queue(tx, ctx, outgoing).await
}

/// Signs an address up. The caller answers the same whatever happened here.
pub(super) async fn sign_up(ctx: &Ctx, address: &EmailAddress, wishes: Wishes) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let vendor = profile::load(&mut tx).await?.name;
    let key = vault::key(&mut tx, &ctx.platform.master_key, vault::PROGRAM, ctx.now).await?;
    let known = store::load_by_address(&mut tx, address).await?;
    let (confirm, until) = (token::new(), ctx.now + CONFIRM_WITHIN);
    let confirm_link = ctx.url(&format!("/subscribe/{confirm}/confirm"));
    let mark = format!("{}.confirm", ctx.id::<Letter>());
    let (id, letter, action) = match (rules::next_sign_up(known.as_ref(), ctx.now), known) {
        (SignUp::Quiet, _) => return Ok(()),
        (SignUp::Remind, Some(known)) => {
            let manage = manage_link(ctx, &key, &known)?;
            (known.id, letter::reminder(&vendor, &manage), "subscriber.reminded")
        }
        (SignUp::Again, Some(known)) => {
            store::set_pending(&mut tx, known.id, &wishes, &token::hash(&confirm), ctx.now, until).await?;
            (known.id, letter::confirmation(&vendor, &confirm_link), "subscriber.asked")
        }
        (SignUp::New | SignUp::Remind | SignUp::Again, _) => {
            let manage = token::new();
            let subscriber = Subscriber {
                id: ctx.id(),
                address: address.clone(),
                state: State::Pending,
                wishes,
                sealed_manage: key.seal(manage.as_bytes())?,
                created_at: ctx.now,
                confirm_until: Some(until),
            };
            let hashes = Hashes { confirm: token::hash(&confirm), manage: token::hash(&manage) };
            store::insert(&mut tx, &subscriber, hashes).await?;
            (subscriber.id, letter::confirmation(&vendor, &confirm_link), "subscriber.asked")
        }
    };
    let built = build(ctx, &vendor, address, &letter, &mark, None, None)?;
    queue(&mut tx, ctx, &built, RecordRef::new("subscriber", id)).await?;
    audit::record(&mut tx, ctx, entry(action, id)).await?;
    tx.commit().await
}

fn manage_link(ctx: &Ctx, key: &vault::DataKey, subscriber: &Subscriber) -> Result<String> {
    let token = String::from_utf8(key.open(&subscriber.sealed_manage)?).map_err(Error::internal)?;
    Ok(ctx.url(&format!("/subscribe/{token}")))
}

/// Whether a confirmation link still holds.
pub(super) async fn may_confirm(ctx: &Ctx, token: &str) -> Result<bool> {
    let mut tx = ctx.read().await?;
    let subscriber = store::load_by_confirm(&mut tx, &token::hash(token)).await?;
    Ok(subscriber.is_some_and(|subscriber| rules::may_confirm(&subscriber, ctx.now)))
}

/// Confirms an address.
pub(super) async fn confirm(ctx: &Ctx, token: &str) -> Result<bool> {
    let mut tx = ctx.begin().await?;
    let Some(subscriber) = store::load_by_confirm(&mut tx, &token::hash(token)).await? else { return Ok(false) };
    if !rules::may_confirm(&subscriber, ctx.now) {
        return Ok(false);
    }
    store::set_confirmed(&mut tx, subscriber.id, ctx.now).await?;
    audit::record(&mut tx, ctx, entry("subscriber.confirmed", subscriber.id)).await?;
    tx.commit().await?;
    Ok(true)
}

/// The subscription behind a management link.
pub(super) async fn load_managed(tx: &mut Tx, token: &str) -> Result<Subscriber> {
    let subscriber = store::load_by_manage(tx, &token::hash(token)).await?.ok_or_else(missing)?;
    if subscriber.state == State::Pending { Err(missing()) } else { Ok(subscriber) }
}

/// Stores other wishes.
pub(super) async fn change(ctx: &Ctx, token: &str, wishes: Wishes) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let subscriber = load_managed(&mut tx, token).await?;
    if subscriber.state != State::Confirmed {
        return Err(missing());
    }
    store::set_wishes(&mut tx, subscriber.id, &wishes).await?;
    audit::record(&mut tx, ctx, entry("subscriber.changed", subscriber.id)).await?;
    tx.commit().await
}

/// Ends a subscription; ending it twice is fine, since mail programs press twice.
pub(super) async fn end(ctx: &Ctx, token: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let subscriber = load_managed(&mut tx, token).await?;
    if subscriber.state == State::Ended {
        return Ok(());
    }
    store::set_ended(&mut tx, subscriber.id, ctx.now).await?;
    audit::record(&mut tx, ctx, entry("subscriber.ended", subscriber.id)).await?;
    tx.commit().await
}

/// Removes somebody from the list.
pub(super) async fn remove(ctx: &Ctx, id: SubscriberId) -> Result<()> {
    let mut tx = ctx.begin().await?;
    store::set_forgotten(&mut tx, id, ctx.now).await?;
    audit::record(&mut tx, ctx, entry("subscriber.removed", id)).await?;
    tx.commit().await
}

/// Queues the notices of a version with the caller's transaction.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn enqueue(tx: &mut Tx, ctx: &Ctx, advisory: AdvisoryId, version: i64) -> Result<()> {
    let payload = json!({"advisory": advisory.to_string(), "version": version});
    jobs::enqueue_at(tx, ctx, SEND, &payload, &format!("{SEND} {advisory} {version}"), ctx.now).await
}

/// The job: a batch after the other until everybody who wants to know is told.
pub(super) fn run(ctx: Ctx, payload: serde_json::Value) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let advisory = payload.get("advisory").and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
        let version = payload.get("version").and_then(serde_json::Value::as_i64);
        let (Some(advisory), Some(version)) = (advisory, version) else {
            return Err(Error::internal("a notice job names no advisory"));
        };
        while send_batch(&ctx, advisory, version).await? {}
        Ok(())
    })
}

/// Tells a batch; whether there may be more.
async fn send_batch(ctx: &Ctx, advisory: AdvisoryId, version: i64) -> Result<bool> {
    let mut tx = ctx.read().await?;
    let Some(subject) = store::load_subject(&mut tx, advisory, version).await? else { return Ok(false) };
    let rank = rules::rank(parse_severity(&subject.snapshot.severity));
    let waiting = store::list_waiting(&mut tx, advisory, version, rank, subject.published_at, BATCH).await?;
    if waiting.is_empty() {
        return Ok(false);
    }
    let signing = open_signing_key(&mut tx, ctx, subject.family).await?;
    let key = vault::existing_key(&mut tx, &ctx.platform.master_key, vault::PROGRAM)
        .await?
        .ok_or_else(|| Error::internal("the program's data key is missing"))?;
    drop(tx);
    // Mails are built before the transaction, which holds the one lock of the embedded database.
    let page = ctx.url(&format!("/advisories/{}", subject.snapshot.number));
    let mut built = Vec::with_capacity(waiting.len());
    for subscriber in &waiting {
        let manage = manage_link(ctx, &key, subscriber)?;
        let letter = letter::notice_letter(&subject.snapshot, &page, &manage);
        let mark = format!("{advisory}.{version}.{}", subscriber.id);
        let unsubscribe = format!("{manage}/unsubscribe");
        let mail = build(
            ctx,
            &subject.snapshot.vendor.name,
            &subscriber.address,
            &letter,
            &mark,
            Some(&unsubscribe),
            signing.as_ref(),
        )?;
        built.push((subscriber.id, mail));
    }
    let mut tx = ctx.begin().await?;
    let told = store::list_told(&mut tx, advisory, version).await?;
    let mut list = Vec::with_capacity(built.len());
    for (id, mail) in built.iter().filter(|(id, _)| !told.contains(id)) {
        list.push((*id, queue(&mut tx, ctx, mail, RecordRef::new("advisory", advisory)).await?));
    }
    let count = list.len();
    store::insert_notices(&mut tx, advisory, version, list, ctx.now).await?;
    let detail = json!({"version": version, "count": count});
    audit::record(&mut tx, ctx, Entry::new("notice.queued", RecordRef::new("advisory", advisory)).with(detail)).await?;
    tx.commit().await?;
    Ok(waiting.len() == usize::try_from(BATCH).unwrap_or(usize::MAX))
}

/// The recurring job: who never confirmed is forgotten a week later.
pub(super) fn sweep(ctx: Ctx, _: serde_json::Value) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let mut tx = ctx.begin().await?;
        tx.is_housekeeping();
        store::delete_lapsed(&mut tx, ctx.now - Duration::from_secs(7 * 86_400)).await?;
        tx.commit().await
    })
}
