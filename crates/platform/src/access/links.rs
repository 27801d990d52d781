//! One-time links: first set-up, invitations, new passwords.

use std::time::Duration;

use db::Tx;
use kernel::{
    EmailAddress, Error, Grant, Id, Permission, RecordRef, Result, Role, Scope, Timestamp, clean_line, kinds,
};

use super::password;
use super::people::{insert_grant, insert_person, load_person};
use crate::audit::{self, Entry};
use crate::{Ctx, token};

const SETUP_VALID: Duration = Duration::from_secs(86_400);
const INVITE_VALID: Duration = Duration::from_secs(7 * 86_400);

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// The first administrator of a new installation.
    Setup,
    /// A new person sets a password.
    Invite,
    /// A person who forgot theirs sets a new one.
    Reset,
}

impl LinkPurpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Invite => "invite",
            Self::Reset => "reset",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Setup, Self::Invite, Self::Reset].into_iter().find(|purpose| purpose.as_str() == text)
    }
}

/// A link that works once, until it expires. The token is shown once and never stored.
#[derive(Clone, Debug)]
pub struct OneTimeLink {
    /// What goes into the address: `/desk/welcome/{token}`.
    pub token: String,
    /// Until when.
    pub expires_at: Timestamp,
}

pub(super) async fn insert_link(
    tx: &mut Tx,
    ctx: &Ctx,
    purpose: LinkPurpose,
    person: Option<Id<kinds::Person>>,
) -> Result<OneTimeLink> {
    let valid = if purpose == LinkPurpose::Setup { SETUP_VALID } else { INVITE_VALID };
    let link = OneTimeLink { token: token::new(), expires_at: ctx.now + valid };
    tx.execute(
        "update one_time_link set used_at = $1 where used_at is null and purpose = $2 and (person_id = $3 or person_id is null)",
        &[ctx.now.into(), purpose.as_str().into(), person.into()],
    )
    .await?;
    tx.execute(
        "insert into one_time_link (token_hash, purpose, person_id, created_at, expires_at) values ($1, $2, $3, $4, $5)",
        &[
            token::hash(&link.token).into(),
            purpose.as_str().into(),
            person.into(),
            ctx.now.into(),
            link.expires_at.into(),
        ],
    )
    .await?;
    Ok(link)
}

/// The link of first set-up, while nobody can sign in yet; `None` when somebody can.
///
/// # Errors
/// When the database does not answer.
pub async fn make_setup_link(ctx: &Ctx) -> Result<Option<OneTimeLink>> {
    let mut tx = ctx.begin().await?;
    if tx.fetch_optional("select id from person where state = 'active' limit 1", &[]).await?.is_some() {
        return Ok(None);
    }
    let link = insert_link(&mut tx, ctx, LinkPurpose::Setup, None).await?;
    let subject = RecordRef { kind: "installation".to_owned(), id: "first".to_owned() };
    audit::record(&mut tx, ctx, Entry::new("installation.setup_link_made", subject)).await?;
    tx.commit().await?;
    Ok(Some(link))
}

/// What a link is for and whose, when it can still be used.
///
/// # Errors
/// Not found when it is unknown, used or expired: which of them is nobody's business.
pub async fn load_link(tx: &mut Tx, ctx: &Ctx, token: &str) -> Result<(LinkPurpose, Option<Id<kinds::Person>>)> {
    let row = tx
        .fetch_optional(
            "select purpose, person_id from one_time_link where token_hash = $1 and used_at is null and expires_at > $2",
            &[token::hash(token).into(), ctx.now.into()],
        )
        .await?
        .ok_or(Error::NotFound { what: "link" })?;
    Ok((row.read("purpose", LinkPurpose::parse)?, row.get("person_id")?))
}

async fn use_link(tx: &mut Tx, ctx: &Ctx, token: &str) -> Result<()> {
    let used = tx
        .execute(
            "update one_time_link set used_at = $1 where token_hash = $2 and used_at is null",
            &[ctx.now.into(), token::hash(token).into()],
        )
        .await?;
    if used == 0 { Err(Error::NotFound { what: "link" }) } else { Ok(()) }
}

/// Makes the first administrator, by the link that the first start printed.
///
/// # Errors
/// Not found for a link that cannot be used; invalid when something has to be mended.
pub async fn first_setup(ctx: &Ctx, token: &str, email: &str, name: &str, password: &str) -> Result<Id<kinds::Person>> {
    let mut problems = Vec::new();
    let email = EmailAddress::parse("email", email).map_err(|problem| problems.push(problem)).ok();
    let name = clean_line("name", name, 100).map_err(|problem| problems.push(problem)).ok();
    if let Err(Error::Invalid(found)) = password::check(password) {
        problems.extend(found);
    }
    let (Some(email), Some(name), true) = (email, name, problems.is_empty()) else {
        return Err(Error::Invalid(problems));
    };
    let hash = password::hash(password).await?;
    let mut tx = ctx.begin().await?;
    let (purpose, _) = load_link(&mut tx, ctx, token).await?;
    if purpose != LinkPurpose::Setup {
        return Err(Error::NotFound { what: "link" });
    }
    use_link(&mut tx, ctx, token).await?;
    let id = insert_person(&mut tx, ctx, &email, &name, Some(hash)).await?;
    insert_grant(&mut tx, ctx, id, Grant { role: Role::Administrator, scope: Scope::All }).await?;
    audit::record(&mut tx, ctx, Entry::new("installation.set_up", RecordRef::new("person", id))).await?;
    tx.commit().await?;
    Ok(id)
}

/// Sets the password of the person whom the link belongs to.
///
/// # Errors
/// Not found for a link that cannot be used; invalid when the password has to be mended.
pub async fn accept_invitation(ctx: &Ctx, token: &str, password: &str) -> Result<Id<kinds::Person>> {
    password::check(password)?;
    let hash = password::hash(password).await?;
    let mut tx = ctx.begin().await?;
    let (_, person) = load_link(&mut tx, ctx, token).await?;
    let person = person.ok_or(Error::NotFound { what: "link" })?;
    use_link(&mut tx, ctx, token).await?;
    let changed = tx
        .execute(
            "update person set password_hash = $1, state = 'active', revision = revision + 1 where id = $2 and state <> 'disabled'",
            &[hash.into(), person.into()],
        )
        .await?;
    if changed == 0 {
        return Err(Error::NotFound { what: "link" });
    }
    tx.execute("delete from session where person_id = $1", &[person.into()]).await?;
    audit::record(&mut tx, ctx, Entry::new("person.password_set", RecordRef::new("person", person))).await?;
    tx.commit().await?;
    Ok(person)
}

/// A new link for a person who lost theirs or forgot the password.
///
/// # Errors
/// Not found, or when the database does not answer.
pub async fn resend_link(ctx: &Ctx, person: Id<kinds::Person>) -> Result<OneTimeLink> {
    ctx.require(Permission::ManagePeople, Scope::All, "page")?;
    let mut tx = ctx.begin().await?;
    load_person(&mut tx, person).await?;
    let link = insert_link(&mut tx, ctx, LinkPurpose::Reset, Some(person)).await?;
    audit::record(&mut tx, ctx, Entry::new("person.link_made", RecordRef::new("person", person))).await?;
    tx.commit().await?;
    Ok(link)
}
