//! What is done with keys: made, rotated, watched; keys of people entered, checked and removed.

use std::future::Future;
use std::pin::Pin;

use db::Tx;
use kernel::{EmailAddress, Error, Id, Permission, RecordRef, Result, Scope, kinds};
use mail::openpgp::{PublicKey, SecretKey};
use platform::audit::{self, Entry};
use platform::{Ctx, outbox, profile, vault};

use super::super::shared::jiff;
use super::model::{ContactKeyKind, IntakeKey, Origin};
use super::{rules, store};

/// Makes the key pair for all families when there is none yet: the program calls this at every start and every hour.
///
/// A key that was made before the vendor had an address of its own gives way to one for that address. Returns whether
/// a key was made. Without an address to make it for nothing happens.
///
/// # Errors
/// When the database does not answer.
pub async fn ensure_default(ctx: &Ctx) -> Result<bool> {
    let mut tx = ctx.read().await?;
    let address = store::intake_address(&mut tx, ctx, None).await?;
    let before = store::default_address(&mut tx).await?;
    drop(tx);
    if EmailAddress::parse("address", &address).is_err() || !rules::needs_default(before.as_deref(), &address) {
        return Ok(false);
    }
    match make(ctx, None).await {
        Ok(_) => Ok(true),
        // Another node was faster.
        Err(Error::Refused { code: "key-exists", .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes a new key pair for a family's intake address; the one before retires.
pub(super) async fn rotate(ctx: &Ctx, family: Option<Id<kinds::Family>>) -> Result<String> {
    ctx.require(Permission::ManageSettings, Scope::All, "page")?;
    make(ctx, family).await
}

async fn make(ctx: &Ctx, family: Option<Id<kinds::Family>>) -> Result<String> {
    let mut tx = ctx.read().await?;
    let address = store::intake_address(&mut tx, ctx, family).await?;
    let vendor = profile::load(&mut tx).await?.name;
    drop(tx);
    let address = EmailAddress::parse("address", &address).map_err(|_| Error::Refused {
        code: "no-intake-address",
        words: "There is no intake address to make a key for. Set the vendor's contact address or the intake address of the policy first."
            .to_owned(),
    })?;
    let (key, secret) = generated(ctx, &vendor, &address, family).await?;
    let mut tx = ctx.begin().await?;
    let before = store::default_address(&mut tx).await?;
    let by_itself = matches!(ctx.actor, kernel::Actor::Program { .. });
    if by_itself && !rules::needs_default(before.as_deref(), &key.address) {
        return Err(Error::Refused { code: "key-exists", words: "The key was made already.".to_owned() });
    }
    store::insert(&mut tx, ctx, &key, &secret).await?;
    let detail = serde_json::json!({ "fingerprint": key.fingerprint, "address": key.address });
    audit::record(&mut tx, ctx, Entry::new("key.made", RecordRef::new("key", key.id)).with(detail)).await?;
    tx.commit().await?;
    Ok(key.fingerprint)
}

async fn generated(
    ctx: &Ctx,
    vendor: &str,
    address: &EmailAddress,
    family: Option<Id<kinds::Family>>,
) -> Result<(IntakeKey, String)> {
    // Until the vendor has a name of its own the key does not carry the placeholder about for years.
    let plain: String = vendor.chars().filter(|c| !c.is_control() && !"<>()\"".contains(*c)).collect();
    let owner =
        if plain == "Your company" { "Product Security".to_owned() } else { format!("{plain} Product Security") };
    let user = format!("{owner} <{address}>");
    let (now, ends) = (ctx.now, ctx.now + rules::LIFETIME);
    let made = tokio::task::spawn_blocking(move || {
        let mut rng = rand::rngs::OsRng;
        let key = SecretKey::generate(&mut rng, &user, jiff(now), Some(jiff(ends)))?;
        let secret = key.armored(&mut rng, None)?;
        let public = key.public();
        let armored = public.armored()?;
        Ok::<_, mail::Error>((public, armored, secret))
    });
    let (public, armored, secret) = made.await.map_err(Error::internal)?.map_err(Error::internal)?;
    let key = IntakeKey {
        id: store::new_id(ctx),
        address: address.to_string(),
        family,
        fingerprint: public.fingerprint(),
        public_key: armored,
        active: true,
        created_at: ctx.now,
        expires_at: store::expires(&public, ctx.now).or(Some(ends)),
    };
    Ok((key, secret))
}

/// Makes the first key where it is missing, and tells administrators, by mail, that a key's end is near: once for each reminder.
pub(super) fn watch(ctx: Ctx, _: serde_json::Value) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        ensure_default(&ctx).await?;
        let mut tx = ctx.read().await?;
        let keys = store::public_keys(&mut tx).await?;
        drop(tx);
        for key in keys.into_iter().filter(|key| key.active) {
            if let Some(days) = rules::reminder(key.expires_at, ctx.now) {
                warn(&ctx, &key, days).await?;
            }
        }
        Ok(())
    })
}

async fn warn(ctx: &Ctx, key: &IntakeKey, days: u64) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let name = format!("intake.key_reminded.{}", key.fingerprint);
    let said = days.to_string();
    if store::setting(&mut tx, &name).await? == said {
        return Ok(());
    }
    store::set_setting(&mut tx, &name, &said).await?;
    let recipients = store::list_administrators(&mut tx).await?;
    for recipient in &recipients {
        queue_warning(&mut tx, ctx, key, recipient).await?;
    }
    let detail = serde_json::json!({ "fingerprint": key.fingerprint, "days": days, "recipients": recipients.len() });
    audit::record(&mut tx, ctx, Entry::new("key.ending", RecordRef::new("key", key.id)).with(detail)).await?;
    tx.commit().await
}

async fn queue_warning(tx: &mut Tx, ctx: &Ctx, key: &IntakeKey, recipient: &EmailAddress) -> Result<()> {
    let Ok(sender) = EmailAddress::parse("from", &ctx.platform.settings.mail_from) else { return Ok(()) };
    let ends = key.expires_at.map_or_else(String::new, |at| at.date().to_string());
    let domain = sender.as_str().rsplit_once('@').map_or("localhost", |(_, domain)| domain).to_owned();
    let subject = format!("The key of {} ends on {ends}", key.address);
    let draft = mail::Draft {
        from: mail::Address::new("Portcullis", sender.as_str()),
        to: vec![mail::Address::new("", recipient.as_str())],
        subject: subject.clone(),
        date: jiff(ctx.now),
        message_id: format!("key.{}@{domain}", ctx.id::<IntakeKey>()),
        text: format!(
            "The OpenPGP key {} of {} ends on {ends}. After that nobody can send an encrypted report to it, and what is \
             signed with it counts no longer.\n\nMake a new one: {}\n",
            rules::grouped(&key.fingerprint),
            key.address,
            ctx.url("/desk/settings/keys")
        ),
        headers: vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())],
        ..mail::Draft::default()
    };
    let message = mail::build(&draft).map_err(Error::internal)?;
    outbox::queue(
        tx,
        ctx,
        outbox::Outgoing {
            recipient,
            sender: &sender,
            subject: &subject,
            message_id: &draft.message_id,
            scope: vault::PROGRAM,
            root: RecordRef::new("key", key.id),
            message: &message,
        },
    )
    .await?;
    Ok(())
}

/// Says whether our mail server delivers addresses with a plus.
pub(super) async fn set_plus_addressing(ctx: &Ctx, on: bool) -> Result<()> {
    ctx.require(Permission::ManageSettings, Scope::All, "page")?;
    let mut tx = ctx.begin().await?;
    store::set_setting(&mut tx, store::PLUS_ADDRESSING, if on { "on" } else { "off" }).await?;
    let subject = RecordRef { kind: "setting".to_owned(), id: store::PLUS_ADDRESSING.to_owned() };
    let detail = serde_json::json!({ "on": on });
    audit::record(&mut tx, ctx, Entry::new("setting.changed", subject).with(detail)).await?;
    tx.commit().await
}

/// Reads the one key of a text or a file.
pub(crate) fn read_key(field: &str, bytes: &[u8]) -> Result<PublicKey> {
    if bytes.len() > 1 << 20 {
        return Err(Error::invalid(field, "This is larger than any OpenPGP key. Please give the public key alone."));
    }
    PublicKey::read(bytes).map_err(|_| {
        Error::invalid(
            field,
            "This holds no OpenPGP public key. It should begin with -----BEGIN PGP PUBLIC KEY BLOCK-----.",
        )
    })
}

/// Enters the key of somebody, compared by one of us.
pub(super) async fn import(ctx: &Ctx, address: &str, bytes: &[u8]) -> Result<()> {
    ctx.require(Permission::HandleReports, Scope::All, "page")?;
    let key = read_key("key", bytes)?;
    key.can_encrypt(jiff(ctx.now))
        .map_err(|why| Error::invalid("key", format!("This key cannot be used: {why}. Ask for a current one.")))?;
    let address = match (address.trim(), key.user_ids(jiff(ctx.now)).first()) {
        ("", Some(user)) => {
            let inner = user.rsplit_once('<').map_or(user.as_str(), |(_, rest)| rest.trim_end_matches('>'));
            EmailAddress::parse("address", inner)
        }
        (typed, _) => EmailAddress::parse("address", typed),
    }
    .map_err(|error| Error::Invalid(vec![error]))?;
    let mut tx = ctx.begin().await?;
    let fingerprint = store::add_contact_key(&mut tx, ctx, &address.key(), &key, Origin::Desk).await?;
    let keys = store::contact_keys_of(&mut tx, &address.key()).await?;
    let found = keys.into_iter().find(|key| key.fingerprint == fingerprint).ok_or(Error::NotFound { what: "key" })?;
    store::set_trusted(&mut tx, found.id).await?;
    record(&mut tx, ctx, "contact_key.entered", found.id, &fingerprint).await?;
    tx.commit().await
}

/// Notes that one of us compared the fingerprint of a key with its owner.
pub(super) async fn trust(ctx: &Ctx, id: Id<ContactKeyKind>) -> Result<()> {
    ctx.require(Permission::HandleReports, Scope::All, "page")?;
    let mut tx = ctx.begin().await?;
    let key = store::load_contact_key(&mut tx, id).await?;
    store::set_trusted(&mut tx, id).await?;
    record(&mut tx, ctx, "contact_key.checked", id, &key.fingerprint).await?;
    tx.commit().await
}

/// Removes a key of somebody.
pub(super) async fn remove(ctx: &Ctx, id: Id<ContactKeyKind>) -> Result<()> {
    ctx.require(Permission::HandleReports, Scope::All, "page")?;
    let mut tx = ctx.begin().await?;
    let key = store::load_contact_key(&mut tx, id).await?;
    store::delete_contact_key(&mut tx, id).await?;
    record(&mut tx, ctx, "contact_key.removed", id, &key.fingerprint).await?;
    tx.commit().await
}

async fn record(tx: &mut Tx, ctx: &Ctx, action: &str, id: Id<ContactKeyKind>, fingerprint: &str) -> Result<()> {
    let detail = serde_json::json!({ "fingerprint": fingerprint });
    audit::record(tx, ctx, Entry::new(action, RecordRef::new("contact_key", id)).with(detail)).await
}
