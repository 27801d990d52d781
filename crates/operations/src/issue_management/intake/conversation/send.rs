//! Sending: encrypted and signed where there are keys, never in clear once that is ruled out.

use db::Tx;
use kernel::{EmailAddress, Error, RecordRef, Result, words};
use mail::openpgp::PublicKey;
use mail::{Address, Attachment, Draft};
use platform::{Ctx, outbox, profile};
use web::Upload;

use super::super::keys;
use super::super::report::{self, Report, SignatureMark};
use super::super::shared::{jiff, shortened};
use super::model::{Direction, MessageKind, NewMessage};
use super::rules::{self, CannotSend, LINK, LINK_WITHHELD, Receipt};
use super::store;

words! {
    /// How a message reaches a reporter.
    pub(crate) enum By {
        /// By mail, and on their page.
        Mail => "mail", "By mail and on the reporter's page";
        /// On their page only.
        Page => "page", "On the reporter's page only";
    }
}

/// Who writes when no person does.
const TEAM: &str = "Product security team";

/// A message that is about to go to a reporter.
pub(crate) struct Outgoing<'a> {
    /// In a line.
    pub(crate) subject: &'a str,
    /// What is written.
    pub(crate) text: &'a str,
    /// The writer's name.
    pub(crate) author: &'a str,
    /// Which of us wrote it.
    pub(crate) person: Option<kernel::Id<kernel::kinds::Person>>,
    /// Files that go along.
    pub(crate) files: &'a [Upload],
    /// How it goes; a report without an address is told on its page.
    pub(crate) by: By,
    /// The secret link, in place of `{link}` in the text; it is not kept.
    pub(crate) link: Option<&'a str>,
    /// Whether no person wrote it.
    pub(crate) automatic: bool,
}

impl<'a> Outgoing<'a> {
    /// A message that the actor wrote, by mail where there is an address. What the program does at a set time, such as
    /// publishing, speaks for the team.
    pub(crate) fn from_desk(ctx: &'a Ctx, subject: &'a str, text: &'a str) -> Self {
        Self {
            subject,
            text,
            author: if ctx.actor.person().is_some() { ctx.actor.name() } else { TEAM },
            person: ctx.actor.person(),
            files: &[],
            by: By::Mail,
            link: None,
            automatic: false,
        }
    }
}

/// How a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// By mail or on the page only.
    pub(crate) by: By,
    /// Whether it was encrypted.
    pub(crate) encrypted: bool,
    /// Whether it was signed.
    pub(crate) signed: bool,
}

/// Sends a message to the sender of a report, within the caller's transaction and audit entry.
///
/// # Errors
/// Refused when it would leave in clear although that is ruled out (P12).
pub(crate) async fn send(tx: &mut Tx, ctx: &Ctx, report: &Report, out: Outgoing<'_>) -> Result<Sent> {
    let address = EmailAddress::parse("address", &report.sender_address).ok();
    let key = match (&address, out.by) {
        (Some(address), By::Mail) => keys::recipient_key(tx, ctx, &address.key(), &report.sender_key).await?,
        (None, _) | (_, By::Page) => None,
    };
    if let (Some(address), By::Mail, None, true) = (&address, out.by, &key, report.encrypted_only()) {
        return Err(CannotSend::EncryptedOnly(report.number.clone(), address.to_string()).into());
    }
    match (address, out.by) {
        (Some(address), By::Mail) => by_mail(tx, ctx, report, &out, &address, key).await,
        (None, _) | (_, By::Page) => {
            let sent = Sent { by: By::Page, encrypted: false, signed: false };
            keep(tx, ctx, report, &out, sent, ctx.id(), None).await?;
            Ok(sent)
        }
    }
}

async fn by_mail(
    tx: &mut Tx,
    ctx: &Ctx,
    report: &Report,
    out: &Outgoing<'_>,
    address: &EmailAddress,
    key: Option<PublicKey>,
) -> Result<Sent> {
    let id: kernel::Id<MessageKind> = ctx.id();
    let signer = keys::signing_key(tx, ctx, report.family).await?;
    let from = match &signer {
        Some(signer) => signer.address.clone(),
        None => keys::intake_address(tx, ctx, report.family).await?,
    };
    let sender = EmailAddress::parse("from", &from).map_err(|_| Error::Refused {
        code: "no-intake-address",
        words: "There is no intake address to send from. Set the vendor's contact address in the settings first."
            .to_owned(),
    })?;
    let vendor = profile::load(tx).await?.name;
    let thread = store::list_of_report(tx, report.id).await?;
    let draft = draft(tx, ctx, report, out, Parties { id, sender: &sender, vendor: &vendor, address }, &thread).await?;
    let mut rng = rand::rngs::OsRng;
    let secret = signer.as_ref().map(|signer| &signer.secret);
    let message = match (&key, secret) {
        (Some(key), secret) => mail::build_encrypted(&draft, &[key], secret, &mut rng),
        (None, Some(secret)) => mail::build_signed(&draft, secret),
        (None, None) => mail::build(&draft),
    }
    .map_err(Error::internal)?;
    let mail = outbox::queue(
        tx,
        ctx,
        outbox::Outgoing {
            recipient: address,
            sender: &sender,
            subject: &format!("About {}", report.number),
            message_id: &draft.message_id,
            scope: &report.vault_scope(),
            root: RecordRef::new("report", report.id),
            message: &message,
        },
    )
    .await?;
    let sent = Sent { by: By::Mail, encrypted: key.is_some(), signed: signer.is_some() };
    keep(tx, ctx, report, out, sent, id, Some((mail, draft.message_id))).await?;
    Ok(sent)
}

struct Parties<'a> {
    id: kernel::Id<MessageKind>,
    sender: &'a EmailAddress,
    vendor: &'a str,
    address: &'a EmailAddress,
}

async fn draft(
    tx: &mut Tx,
    ctx: &Ctx,
    report: &Report,
    out: &Outgoing<'_>,
    parties: Parties<'_>,
    thread: &[super::Message],
) -> Result<Draft> {
    let (local, domain) = parties.sender.as_str().rsplit_once('@').unwrap_or(("psirt", "localhost"));
    let real = |id: &Option<String>| id.clone().filter(|id| is_message_id(id));
    let mut references: Vec<String> = real(&report.message_id).into_iter().collect();
    references.extend(thread.iter().filter_map(|message| real(&message.message_id)));
    let last_in = thread.iter().rev().filter(|message| message.direction == Direction::In);
    let in_reply_to = last_in.filter_map(|message| real(&message.message_id)).next().or(real(&report.message_id));
    let skip = references.len().saturating_sub(20);
    let mut headers = vec![("X-Report".to_owned(), report.number.clone())];
    if out.automatic {
        headers.push(("Auto-Submitted".to_owned(), "auto-replied".to_owned()));
        headers.push(("Precedence".to_owned(), "bulk".to_owned()));
    }
    let plus = keys::plus_addressing(tx).await?;
    let reply_to = plus.then(|| Address::new("", format!("{local}+{}@{domain}", report.id.uuid().as_simple())));
    let name = if report.anonymous { "" } else { report.sender_name.as_str() };
    Ok(Draft {
        from: Address::new(format!("{} Product Security", parties.vendor), parties.sender.as_str()),
        to: vec![Address::new(name, parties.address.as_str())],
        reply_to,
        subject: tagged(&report.number, out.subject),
        date: jiff(ctx.now),
        message_id: format!("{}.{}@{domain}", report.number.to_lowercase(), parties.id),
        in_reply_to,
        references: references.into_iter().skip(skip).collect(),
        text: out.text.replace(LINK, out.link.unwrap_or(LINK_WITHHELD)),
        attachments: out
            .files
            .iter()
            .map(|file| Attachment {
                name: Some(file.name.clone()),
                content_type: "application/octet-stream".to_owned(),
                bytes: file.content.clone(),
                inline: false,
            })
            .collect(),
        headers,
        ..Draft::default()
    })
}

/// What a stranger gave as Message-ID goes into our headers only when it looks like one.
fn is_message_id(id: &str) -> bool {
    id.contains('@')
        && id.len() < 250
        && !id.chars().any(|c| c.is_control() || c.is_whitespace() || c == '<' || c == '>')
}

/// The subject with the report's number, once.
fn tagged(number: &str, subject: &str) -> String {
    if subject.contains(number) { subject.to_owned() } else { format!("[{number}] {subject}") }
}

async fn keep(
    tx: &mut Tx,
    ctx: &Ctx,
    report: &Report,
    out: &Outgoing<'_>,
    sent: Sent,
    id: kernel::Id<MessageKind>,
    mail: Option<(kernel::Id<outbox::Mail>, String)>,
) -> Result<()> {
    let (mail, message_id) = mail.map_or((None, None), |(mail, id)| (Some(mail), Some(id)));
    let case = report.case.as_ref().map(|case| case.id);
    let new = NewMessage {
        id,
        report: report.id,
        case,
        direction: Direction::Out,
        by_mail: sent.by == By::Mail,
        person: out.person,
        author: out.author.to_owned(),
        subject: shortened(out.subject, 300),
        body: out.text.replace(LINK, LINK_WITHHELD),
        encrypted: sent.encrypted,
        signature: if sent.signed { SignatureMark::Valid } else { SignatureMark::None },
        signer: String::new(),
        problem: String::new(),
        message_id,
        mail,
        raw_file: None,
        at: ctx.now,
    };
    store::insert(tx, &new).await?;
    report::keep_files(tx, ctx, (report.id, case), Some(&id.to_string()), out.files).await
}

/// Sends the automatic receipt of a report with its secret link, as far as it may be sent; whether it was.
///
/// The link goes out in clear only when the report came in clear; a report that we cannot read gets words about that.
pub(crate) async fn send_receipt(
    tx: &mut Tx,
    ctx: &Ctx,
    report: &Report,
    secret: &str,
    unreadable: bool,
) -> Result<bool> {
    let Ok(address) = EmailAddress::parse("address", &report.sender_address) else { return Ok(false) };
    let key = keys::recipient_key(tx, ctx, &address.key(), &report.sender_key).await?;
    let kind = match (unreadable, report.encrypted_only(), &key) {
        (true, _, _) => Receipt::Unreadable,
        (false, true, None) => Receipt::Bare,
        (false, _, _) => Receipt::Whole,
    };
    let vendor = profile::load(tx).await?.name;
    let text = rules::receipt(kind, report, &vendor, &ctx.url("/keys"));
    let link = ctx.url(&format!("/report/{secret}"));
    let subject = match kind {
        Receipt::Whole => "We received your report",
        Receipt::Bare | Receipt::Unreadable => "We received your message",
    };
    let out = Outgoing {
        subject,
        text: &text,
        author: store::RECEIPT,
        person: None,
        files: &[],
        by: By::Mail,
        link: Some(&link),
        automatic: true,
    };
    match by_mail(tx, ctx, report, &out, &address, key).await {
        Ok(_) => Ok(true),
        // Without an address of ours nothing can be sent; the report itself is kept all the same.
        Err(Error::Refused { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}
