//! Signing in and out, and the sessions that come of it.

use std::time::Duration;

use db::Tx;
use kernel::{Actor, Error, Id, Permission, RecordRef, Result, Scope, Timestamp, kinds};

use super::password;
use super::people::actor_of;
use crate::audit::{self, Entry};
use crate::rate::Class;
use crate::{Ctx, token};

/// How long a session lasts at most.
pub const SESSION_LENGTH: Duration = Duration::from_secs(12 * 3_600);
/// A session that is not used for so long ends.
const IDLE: Duration = Duration::from_secs(2 * 3_600);
/// The last use is written at most this often.
const TOUCH: Duration = Duration::from_secs(300);

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The session; not the token.
    pub id: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// The address it began from.
    pub address: String,
    /// What the browser called itself.
    pub agent: String,
}

/// Signs a person in; the session's token for the cookie.
///
/// # Errors
/// Refused with the same words for a wrong address and a wrong password; refused when there were too many tries.
pub async fn sign_in(ctx: &Ctx, email: &str, password: &str, address: &str, agent: &str) -> Result<String> {
    let key = email.trim().to_lowercase();
    ctx.platform.rates.take(Class::SignIn, &format!("account {key}"), ctx.now)?;
    ctx.platform.rates.take(Class::SignIn, &format!("address {address}"), ctx.now)?;
    let mut look = ctx.read().await?;
    let row = look
        .fetch_optional(
            "select id, name, password_hash from person where email_key = $1 and state = 'active'",
            &[key.into()],
        )
        .await?;
    drop(look);
    let hash = row.as_ref().map(|row| row.get::<Option<String>>("password_hash")).transpose()?.flatten();
    let fits = password::fits(password, hash).await?;
    let (Some(row), true) = (row, fits) else {
        return Err(Error::Refused {
            code: "sign-in-failed",
            words: "Address or password is wrong. Check both; an administrator can give you a new link.".to_owned(),
        });
    };
    let id: Id<kinds::Person> = row.get("id")?;
    let session_token = token::new();
    let mut tx = ctx.begin().await?;
    let actor = actor_of(&mut tx, id, row.get("name")?).await?;
    tx.execute(
        "insert into session (token_hash, id, person_id, created_at, last_seen_at, expires_at, address, agent)
         values ($1, $2, $3, $4, $4, $5, $6, $7)",
        &[
            token::hash(&session_token).into(),
            ctx.id::<SessionRow>().into(),
            id.into(),
            ctx.now.into(),
            (ctx.now + SESSION_LENGTH).into(),
            address.into(),
            agent.chars().take(200).collect::<String>().into(),
        ],
    )
    .await?;
    tx.execute("update person set last_seen_at = $1 where id = $2", &[ctx.now.into(), id.into()]).await?;
    let ctx = ctx.acting_as(actor);
    audit::record(&mut tx, &ctx, Entry::new("session.begun", RecordRef::new("person", id))).await?;
    tx.commit().await?;
    Ok(session_token)
}

/// The person behind a session's token, when the session lasts; marks its use.
///
/// # Errors
/// When the database does not answer.
pub async fn authenticate(ctx: &Ctx, session_token: &str) -> Result<Option<Actor>> {
    let hash = token::hash(session_token);
    let mut tx = ctx.read().await?;
    let row = tx
        .fetch_optional(
            "select s.person_id, s.last_seen_at, p.name from session s join person p on p.id = s.person_id
              where s.token_hash = $1 and s.expires_at > $2 and s.last_seen_at > $3 and p.state = 'active'",
            &[hash.as_str().into(), ctx.now.into(), (ctx.now - IDLE).into()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let id = row.get("person_id")?;
    let actor = actor_of(&mut tx, id, row.get("name")?).await?;
    drop(tx);
    if ctx.now.since(row.get("last_seen_at")?) > TOUCH {
        let mut tx = ctx.begin().await?;
        tx.is_housekeeping();
        tx.execute("update session set last_seen_at = $1 where token_hash = $2", &[ctx.now.into(), hash.into()])
            .await?;
        tx.execute("update person set last_seen_at = $1 where id = $2", &[ctx.now.into(), id.into()]).await?;
        tx.commit().await?;
    }
    Ok(Some(actor))
}

/// Ends the session of this token.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(ctx: &Ctx, session_token: &str) -> Result<()> {
    let Some(person) = ctx.actor.person() else { return Ok(()) };
    let mut tx = ctx.begin().await?;
    tx.execute("delete from session where token_hash = $1", &[token::hash(session_token).into()]).await?;
    audit::record(&mut tx, ctx, Entry::new("session.ended", RecordRef::new("person", person))).await?;
    tx.commit().await
}

/// The sessions of a person, the last used first.
///
/// # Errors
/// When the database does not answer.
pub async fn list_sessions(tx: &mut Tx, person: Id<kinds::Person>, now: Timestamp) -> Result<Vec<SessionRow>> {
    let rows = tx
        .fetch_all(
            "select id, created_at, last_seen_at, address, agent from session
              where person_id = $1 and expires_at > $2 and last_seen_at > $3 order by last_seen_at desc, id",
            &[person.into(), now.into(), (now - IDLE).into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(SessionRow {
                id: row.get("id")?,
                created_at: row.get("created_at")?,
                last_seen_at: row.get("last_seen_at")?,
                address: row.get("address")?,
                agent: row.get("agent")?,
            })
        })
        .collect()
}

/// Ends one session of a person: one's own, or anybody's for those who manage people.
///
/// # Errors
/// Not found when there is no such session or it is not one's to end.
pub async fn end_session(ctx: &Ctx, person: Id<kinds::Person>, session: &str) -> Result<()> {
    if ctx.actor.person() != Some(person) {
        ctx.require(Permission::ManagePeople, Scope::All, "session")?;
    }
    let mut tx = ctx.begin().await?;
    let ended =
        tx.execute("delete from session where id = $1 and person_id = $2", &[session.into(), person.into()]).await?;
    if ended == 0 {
        return Err(Error::NotFound { what: "session" });
    }
    audit::record(&mut tx, ctx, Entry::new("session.ended", RecordRef::new("person", person))).await?;
    tx.commit().await
}

/// Changes one's own password and ends one's other sessions.
///
/// # Errors
/// Invalid when the old password is wrong or the new one has to be mended.
pub async fn change_password(ctx: &Ctx, session_token: &str, old: &str, new: &str) -> Result<()> {
    let id = ctx.actor.person().ok_or(Error::NotFound { what: "page" })?;
    ctx.platform.rates.take(Class::SignIn, &format!("password {id}"), ctx.now)?;
    let mut look = ctx.read().await?;
    let row = look.fetch_one("select password_hash from person where id = $1", &[id.into()]).await?;
    drop(look);
    if !password::fits(old, row.get("password_hash")?).await? {
        return Err(Error::invalid("old_password", "This is not your present password."));
    }
    password::check(new)?;
    let hash = password::hash(new).await?;
    let mut tx = ctx.begin().await?;
    tx.execute(
        "update person set password_hash = $1, revision = revision + 1 where id = $2",
        &[hash.into(), id.into()],
    )
    .await?;
    tx.execute(
        "delete from session where person_id = $1 and token_hash <> $2",
        &[id.into(), token::hash(session_token).into()],
    )
    .await?;
    audit::record(&mut tx, ctx, Entry::new("person.password_set", RecordRef::new("person", id))).await?;
    tx.commit().await
}
