//! Taking in one mail: read, decrypt, verify, find its conversation, keep, acknowledge.

use std::time::Duration;

use db::Tx;
use kernel::{Error, Id, Permission, RecordRef, Result, Scope, kinds};
use limits::Limits;
use mail::openpgp::{Keys, PublicKey};
use mail::{Message, Opened};
use platform::audit::{self, Entry};
use platform::{Ctx, files, token};
use web::Upload;

use super::super::conversation::{self, Direction, NewMessage};
use super::super::keys::{self, Origin};
use super::super::report::{self, Channel, Class, NewReport, Report, SignatureMark};
use super::super::shared::{jiff, shortened};
use super::rules::{self, Imported};

/// So many automatic receipts go to one address in a day: more are a loop or a nuisance.
const MOST_RECEIPTS: i64 = 5;
/// So many keys that come with one mail are kept.
const MOST_KEYS: usize = 5;
/// So many attachments of one mail are kept apart; the mail itself holds them all.
const MOST_ATTACHMENTS: usize = 200;
const LONGEST_BODY: usize = 1_000_000;

/// A mail after reading, before it is stored.
struct Read {
    message: Message,
    opened: Option<Opened>,
    problem: String,
    offers: Vec<PublicKey>,
}

/// Takes in one mail as it came. `source` says where it lay, for the log.
///
/// The same mail twice does nothing. Mail that cannot be read is kept and shown with the reason.
///
/// # Errors
/// When the database or the disk does not answer; nothing was changed then, and a second try is safe.
pub async fn import(ctx: &Ctx, raw: &[u8], source: &str) -> Result<Imported> {
    ctx.require(Permission::HandleReports, Scope::All, "page")?;
    let outside = outside(raw).await?;
    let identity = rules::identity(outside.0.message_id.as_deref(), raw);
    let mut tx = ctx.read().await?;
    if let Some(number) = report::find_duplicate(&mut tx, &identity).await? {
        return Ok(Imported::Known(number));
    }
    let conversation = find_conversation(&mut tx, &outside.0).await?;
    let keys = keys_for(&mut tx, ctx, &outside.0, conversation).await?;
    drop(tx);
    let read = opened(ctx, raw, outside, keys).await?;
    let mut tx = ctx.begin().await?;
    // Another import may have been faster.
    if let Some(number) = report::find_duplicate(&mut tx, &identity).await? {
        return Ok(Imported::Known(number));
    }
    let done = match conversation {
        Some(id) => keep_reply(&mut tx, ctx, raw, &identity, id, &read, source).await?,
        None => keep_report(&mut tx, ctx, raw, &identity, &read, source).await?,
    };
    tx.commit().await?;
    Ok(done)
}

/// What can be read before keys are at hand, and why it cannot be read whole.
async fn outside(raw: &[u8]) -> Result<(Message, Option<String>)> {
    let bytes = raw.to_vec();
    let read = tokio::task::spawn_blocking(move || mail::read(&bytes, &Limits::MAIL));
    Ok(match read.await.map_err(Error::internal)? {
        Ok(message) => (message, None),
        Err(error) => {
            let advice = if error.is_limit() {
                "Ask the sender for a smaller mail, or for the files by the report form. The mail as it came is kept."
            } else {
                "Look at the mail as it came, and ask the sender to send it again."
            };
            let words = capitalized(&error.to_string());
            (error.partial().cloned().unwrap_or_default(), Some(format!("{words}. {advice}")))
        }
    })
}

fn capitalized(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Our keys, and those of the sender that count: checked by us, or belonging to this very conversation.
async fn keys_for(tx: &mut Tx, ctx: &Ctx, message: &Message, conversation: Option<Id<kinds::Report>>) -> Result<Keys> {
    let own = match conversation {
        Some(id) => report::load_any(tx, id).await?.sender_key,
        None => String::new(),
    };
    let sender = rules::sender(message);
    let known = if sender.is_empty() { Vec::new() } else { keys::contact_keys_of(tx, &sender).await? };
    let public = known
        .iter()
        .filter(|key| key.origin == Origin::Desk || (!own.is_empty() && key.fingerprint == own))
        .filter_map(keys::ContactKey::read)
        .collect();
    Ok(Keys { secret: keys::decryption_keys(tx, ctx).await?, public })
}

async fn opened(ctx: &Ctx, raw: &[u8], outside: (Message, Option<String>), keys: Keys) -> Result<Read> {
    let (message, failed) = outside;
    if let Some(problem) = failed {
        return Ok(Read { message, opened: None, problem, offers: Vec::new() });
    }
    let (bytes, now) = (raw.to_vec(), jiff(ctx.now));
    let open = tokio::task::spawn_blocking(move || mail::open(&bytes, &keys, now, &Limits::MAIL));
    Ok(match open.await.map_err(Error::internal)? {
        Err(error) => {
            let problem = format!("{}. The mail as it came is kept.", capitalized(&error.to_string()));
            Read { message, opened: None, problem, offers: Vec::new() }
        }
        Ok(opened) => {
            let problem = opened.failure.as_ref().map(rules::unreadable).unwrap_or_default();
            let mut offers = mail::attached_keys(&opened.message);
            offers.truncate(MOST_KEYS);
            Read { message: opened.message.clone(), opened: Some(opened), problem, offers }
        }
    })
}

/// The report that a mail belongs to: by what it answers, by a token in our address, or by a number in the subject
/// when the sender is the one we know (anybody can write a number).
async fn find_conversation(tx: &mut Tx, message: &Message) -> Result<Option<Id<kinds::Report>>> {
    if let Some(found) = conversation::find_report_by_ids(tx, &rules::answers(message)).await? {
        return Ok(Some(found));
    }
    if let Some(token) = rules::token(message) {
        match report::load_any(tx, token).await {
            Ok(report) => return Ok(Some(report.id)),
            Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let sender = rules::sender(message);
    if sender.is_empty() {
        return Ok(None);
    }
    for number in rules::numbers(message.subject.as_deref().unwrap_or_default()) {
        if let Some(found) = conversation::find_report_of_sender(tx, &number, &sender).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// What is stored of a mail besides its text.
struct Marks {
    encrypted: bool,
    signature: SignatureMark,
    signer: String,
    problem: String,
}

fn marks(read: &Read) -> Marks {
    let Some(opened) = &read.opened else {
        return Marks {
            encrypted: read.message.protection.is_encrypted(),
            signature: SignatureMark::None,
            signer: String::new(),
            problem: read.problem.clone(),
        };
    };
    let (signature, signer, words) = rules::signature(opened);
    let problems: Vec<&str> = [read.problem.as_str(), &words].into_iter().filter(|text| !text.is_empty()).collect();
    Marks { encrypted: opened.encrypted, signature, signer, problem: problems.join(" ") }
}

fn body(read: &Read) -> String {
    let mut text = shortened(read.message.text.trim(), LONGEST_BODY);
    if !read.message.warnings.is_empty() {
        let notes: Vec<String> = read.message.warnings.iter().take(20).map(|words| format!("- {words}")).collect();
        text.push_str(&format!("\n\n[Noticed while reading this mail:\n{}]", notes.join("\n")));
    }
    text
}

fn subject(read: &Read) -> String {
    let line: String =
        read.message.subject.as_deref().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    let line = line.trim();
    if line.is_empty() { "(no subject)".to_owned() } else { shortened(line, 300) }
}

async fn keep_raw(tx: &mut Tx, ctx: &Ctx, id: Id<kinds::Report>, raw: &[u8]) -> Result<Id<kinds::File>> {
    files::store(ctx, tx, &format!("report {id}"), "mail.eml", "message/rfc822", raw).await
}

async fn keep_attachments(
    tx: &mut Tx,
    ctx: &Ctx,
    report: (Id<kinds::Report>, Option<Id<kinds::Case>>),
    message: Option<&str>,
    read: &Read,
) -> Result<usize> {
    let uploads: Vec<Upload> = read
        .message
        .attachments
        .iter()
        .take(MOST_ATTACHMENTS)
        .map(|attachment| Upload {
            field: String::new(),
            name: attachment.file_name(),
            media_type: attachment.content_type.clone(),
            content: attachment.bytes.clone(),
        })
        .collect();
    report::keep_files(tx, ctx, report, message, &uploads).await?;
    Ok(uploads.len())
}

/// Keeps keys that came along as offers, and answers which one belongs to the report: the first that carries the
/// sender's own address.
async fn keep_offers(tx: &mut Tx, ctx: &Ctx, read: &Read) -> Result<String> {
    let sender = rules::sender(&read.message);
    let mut own = String::new();
    if sender.is_empty() {
        return Ok(own);
    }
    for key in &read.offers {
        if key.belongs_to(&sender, jiff(ctx.now)) && key.can_encrypt(jiff(ctx.now)).is_ok() {
            let fingerprint = keys::add_contact_key(tx, ctx, &sender, key, Origin::Report).await?;
            if own.is_empty() {
                own = fingerprint;
            }
        }
    }
    Ok(own)
}

/// Whether an automatic receipt may go to an address: not to ourselves, and not too often.
pub(crate) async fn may_acknowledge(tx: &mut Tx, ctx: &Ctx, address: &str) -> Result<bool> {
    if keys::is_own_address(tx, ctx, address).await? {
        return Ok(false);
    }
    let since = ctx.now - Duration::from_secs(86_400);
    Ok(conversation::receipts_since(tx, address, since).await? < MOST_RECEIPTS)
}

fn outcome(number: String, read: &Read, usual: fn(String) -> Imported) -> Imported {
    if read.problem.is_empty() { usual(number) } else { Imported::Unreadable(number, read.problem.clone()) }
}

async fn keep_report(
    tx: &mut Tx,
    ctx: &Ctx,
    raw: &[u8],
    identity: &str,
    read: &Read,
    source: &str,
) -> Result<Imported> {
    let id = ctx.id();
    let number = report::next_number(tx, ctx).await?;
    let secret = token::new();
    let marks = marks(read);
    let sender = rules::sender(&read.message);
    let automatic = read.message.is_automatic() || read.message.is_bounce();
    let ours: Vec<String> =
        read.message.to.iter().chain(&read.message.cc).map(|person| person.address.clone()).collect();
    let new = NewReport {
        class: if automatic { Class::Automatic } else { Class::Unclassified },
        family: keys::family_of_address(tx, &ours).await?,
        subject: subject(read),
        body: body(read),
        sender_name: rules::sender_name(&read.message),
        sender_key: keep_offers(tx, ctx, read).await?,
        encrypted: marks.encrypted,
        signature: marks.signature,
        signer: marks.signer,
        problem: marks.problem,
        message_id: Some(identity.to_owned()),
        intake_address: ours.first().cloned().unwrap_or_default(),
        raw_file: Some(keep_raw(tx, ctx, id, raw).await?),
        secret_hash: Some(token::hash(&secret)),
        sender_address: sender.clone(),
        ..NewReport::empty(id, number.clone(), Channel::Mail, ctx.now)
    };
    report::insert(tx, &new).await?;
    let count = keep_attachments(tx, ctx, (id, None), None, read).await?;
    let mut receipt = false;
    if !automatic && !sender.is_empty() && may_acknowledge(tx, ctx, &sender).await? {
        let stored = report::load_any(tx, id).await?;
        receipt = conversation::send_receipt(tx, ctx, &stored, &secret, !read.problem.is_empty()).await?;
        if receipt {
            report::set_acknowledged(tx, id, ctx.now).await?;
        }
    }
    let detail = serde_json::json!({
        "number": number, "channel": "mail", "encrypted": new.encrypted, "signature": new.signature.as_str(),
        "attachments": count, "receipt": receipt, "readable": read.problem.is_empty(), "source": shortened(source, 300),
    });
    let entry = Entry::new("report.received", RecordRef::new("report", id)).with(detail);
    audit::record(tx, ctx, entry).await?;
    Ok(outcome(number, read, Imported::Report))
}

async fn keep_reply(
    tx: &mut Tx,
    ctx: &Ctx,
    raw: &[u8],
    identity: &str,
    report_id: Id<kinds::Report>,
    read: &Read,
    source: &str,
) -> Result<Imported> {
    let report = report::load_any(tx, report_id).await?;
    let case = report.case.as_ref().map(|case| case.id);
    let marks = marks(read);
    let id = ctx.id();
    let bounced = read.message.bounce.as_ref();
    let problem = match bounced {
        Some(bounce) => {
            let status = bounce.status.as_deref().map(|status| format!(" ({status})")).unwrap_or_default();
            format!(
                "Our mail could not be delivered to {}{status}. Look for another way to reach them.",
                bounce.recipients.join(", ")
            )
        }
        None => marks.problem,
    };
    let name = rules::sender_name(&read.message);
    let address = rules::sender(&read.message);
    let message = NewMessage {
        id,
        report: report.id,
        case,
        direction: Direction::In,
        by_mail: true,
        person: None,
        author: author(&name, &address, &report),
        subject: subject(read),
        body: body(read),
        encrypted: marks.encrypted,
        signature: marks.signature,
        signer: marks.signer,
        problem,
        message_id: Some(identity.to_owned()),
        mail: None,
        raw_file: Some(keep_raw(tx, ctx, report.id, raw).await?),
        at: ctx.now,
    };
    conversation::insert(tx, &message).await?;
    let count = keep_attachments(tx, ctx, (report.id, case), Some(&id.to_string()), read).await?;
    let own = keep_offers(tx, ctx, read).await?;
    // The first key of the conversation stays; a later one is an offer that a person compares first.
    if report.sender_key.is_empty() && !own.is_empty() && address.eq_ignore_ascii_case(&report.sender_address) {
        report::set_sender_key(tx, report.id, &own).await?;
    }
    if !read.message.is_automatic() || bounced.is_some() {
        report::waits_again(tx, report.id).await?;
    }
    let detail = serde_json::json!({
        "report": report.number, "by": "mail", "encrypted": marks.encrypted, "signature": marks.signature.as_str(),
        "attachments": count, "readable": read.problem.is_empty(), "source": shortened(source, 300),
    });
    let root = match case {
        Some(case) => RecordRef::new("case", case),
        None => RecordRef::new("report", report.id),
    };
    let entry = Entry::new("message.received", RecordRef::new("message", id)).under(root).with(detail);
    audit::record(tx, ctx, entry).await?;
    Ok(outcome(report.number, read, Imported::Reply))
}

/// Who wrote a reply; when it is not the reporter, the address shows.
fn author(name: &str, address: &str, report: &Report) -> String {
    let same = !address.is_empty() && address.eq_ignore_ascii_case(&report.sender_address);
    let shown = match (name, address) {
        ("", "") => "Unknown sender".to_owned(),
        ("", address) => address.to_owned(),
        (name, "") => name.to_owned(),
        (name, _) if same => name.to_owned(),
        (name, address) => format!("{name} <{address}>"),
    };
    shortened(&shown, 200)
}
