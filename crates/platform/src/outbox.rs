//! Outgoing mail: queued with the action that wants it, sealed until it is sent, sent once.

use std::future::Future;
use std::pin::Pin;

use db::Tx;
use kernel::{EmailAddress, Error, Id, Result, Timestamp};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::settings::Settings;
use crate::{Ctx, jobs, vault};

/// A mail in the outbox.
pub enum Mail {}

/// The kind of the job that sends.
pub const SEND: &str = "mail.send";

/// A message that is ready to go: built, and encrypted where it must be.
pub struct Outgoing<'a> {
    /// Who gets it.
    pub recipient: &'a EmailAddress,
    /// The envelope sender.
    pub sender: &'a EmailAddress,
    /// For the list of outgoing mail; must not name what is under embargo.
    pub subject: &'a str,
    /// The Message-ID without angle brackets; the same on every try, so that receivers can tell a repeat.
    pub message_id: &'a str,
    /// Whose data key seals the message while it waits.
    pub scope: &'a str,
    /// The record it belongs to.
    pub root: kernel::RecordRef,
    /// The whole message, header and body.
    pub message: &'a [u8],
}

/// Queues a mail with the caller's transaction; it goes out after that is committed.
///
/// # Errors
/// When the database does not answer.
pub async fn queue(tx: &mut Tx, ctx: &Ctx, outgoing: Outgoing<'_>) -> Result<Id<Mail>> {
    let id = ctx.id();
    let key = vault::key(tx, &ctx.platform.master_key, outgoing.scope, ctx.now).await?;
    tx.execute(
        "insert into mail_out (id, recipient, sender, subject, message_id, scope, sealed, state, root_kind, root_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, $10)",
        &[
            id.into(),
            outgoing.recipient.into(),
            outgoing.sender.into(),
            outgoing.subject.into(),
            outgoing.message_id.into(),
            outgoing.scope.into(),
            key.seal(outgoing.message)?.into(),
            outgoing.root.kind.into(),
            outgoing.root.id.into(),
            ctx.now.into(),
        ],
    )
    .await?;
    jobs::enqueue(tx, ctx, SEND, &serde_json::json!({ "mail": id.to_string() })).await?;
    Ok(id)
}

/// Sends one mail: the job's work. A mail that was sent before is left alone.
#[must_use]
pub fn send(ctx: Ctx, payload: serde_json::Value) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let id = payload.get("mail").and_then(|id| id.as_str()).unwrap_or_default().to_owned();
        let mut tx = ctx.read().await?;
        let row = tx
            .fetch_optional(
                "select recipient, sender, scope, sealed, state from mail_out where id = $1",
                &[id.as_str().into()],
            )
            .await?
            .ok_or(Error::NotFound { what: "mail" })?;
        if row.get::<String>("state")? == "sent" {
            return Ok(());
        }
        let (recipient, sender): (String, String) = (row.get("recipient")?, row.get("sender")?);
        let scope: String = row.get("scope")?;
        let sealed: Vec<u8> =
            row.get::<Option<Vec<u8>>>("sealed")?.ok_or_else(|| Error::internal("a waiting mail has no content"))?;
        let key = vault::existing_key(&mut tx, &ctx.platform.master_key, &scope)
            .await?
            .ok_or_else(|| Error::internal("the key of a mail is missing"))?;
        let message = key.open(&sealed)?;
        drop(tx);
        let sent = transmit(&ctx.platform.settings, &sender, &recipient, &message).await;
        let mut tx = ctx.begin().await?;
        tx.is_housekeeping();
        match &sent {
            Ok(()) => {
                tx.execute(
                    "update mail_out set state = 'sent', sealed = null, sent_at = $1, attempts = attempts + 1, last_error = null
                      where id = $2",
                    &[ctx.platform.clock.now().into(), id.into()],
                )
                .await?;
            }
            Err(error) => {
                tx.execute(
                    "update mail_out set attempts = attempts + 1, last_error = $1 where id = $2",
                    &[error.to_string().into(), id.into()],
                )
                .await?;
            }
        }
        tx.commit().await?;
        sent
    })
}

async fn transmit(settings: &Settings, sender: &str, recipient: &str, message: &[u8]) -> Result<()> {
    let Some(url) = &settings.smtp_url else {
        return Err(Error::Unavailable {
            words: "No mail server is set, so this mail waits. Set smtp.url and start again.".to_owned(),
            source: None,
        });
    };
    let failed = |words: &str, source: Box<dyn std::error::Error + Send + Sync>| Error::Unavailable {
        words: format!("{words}: {source}. The mail stays in the queue and is tried again."),
        source: Some(source),
    };
    let address = |text: &str| {
        text.parse::<lettre::Address>().map_err(|error| failed("The address cannot be used", Box::new(error)))
    };
    let envelope = lettre::address::Envelope::new(Some(address(sender)?), vec![address(recipient)?])
        .map_err(|error| failed("The envelope cannot be used", Box::new(error)))?;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
        .map_err(|error| failed("smtp.url cannot be used", Box::new(error)))?
        .timeout(Some(std::time::Duration::from_secs(30)))
        .build();
    transport
        .send_raw(&envelope, message)
        .await
        .map_err(|error| failed("The mail server did not take the mail", Box::new(error)))?;
    Ok(())
}

/// A mail as the list of outgoing mail shows it.
#[derive(Clone, Debug)]
pub struct MailRow {
    /// The mail.
    pub id: Id<Mail>,
    /// Who gets it.
    pub recipient: String,
    /// Its subject as queued.
    pub subject: String,
    /// `waiting`, `sent` or `failed`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When the mail server took it.
    pub sent_at: Option<Timestamp>,
}

/// Outgoing mail in a state (empty: all), newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(tx: &mut Tx, state: &str, before: Option<Id<Mail>>, most: u32) -> Result<Vec<MailRow>> {
    let before = before.map_or_else(|| "g".to_owned(), |id| id.to_string());
    let rows = tx
        .fetch_all(
            "select id, recipient, subject, state, attempts, last_error, created_at, sent_at from mail_out
              where id < $1 and (state = $2 or $2 = '') order by id desc limit $3",
            &[before.into(), state.into(), most.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(MailRow {
                id: row.get("id")?,
                recipient: row.get("recipient")?,
                subject: row.get("subject")?,
                state: row.get("state")?,
                attempts: row.get("attempts")?,
                last_error: row.get("last_error")?,
                created_at: row.get("created_at")?,
                sent_at: row.get("sent_at")?,
            })
        })
        .collect()
}
