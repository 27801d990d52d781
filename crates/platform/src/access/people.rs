//! People and what they were granted.

use std::collections::HashMap;

use db::{Row, Tx, Value};
use kernel::{
    Actor, EmailAddress, Error, Grant, Id, Permission, RecordRef, Result, Role, Scope, Timestamp, clean_line, kinds,
};

use super::GrantRow;
use super::links::{LinkPurpose, OneTimeLink, insert_link};
use crate::Ctx;
use crate::audit::{self, Entry};

/// Whether a person may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonState {
    /// Invited, without a password yet.
    Invited,
    /// May sign in.
    Active,
    /// May not sign in any more; their name stays in the log.
    Disabled,
}

impl PersonState {
    /// The stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Invited, Self::Active, Self::Disabled].into_iter().find(|state| state.as_str() == text)
    }
}

/// A person as lists show them.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// Who.
    pub id: Id<kinds::Person>,
    /// Their address, under which they sign in.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Whether they may sign in.
    pub state: PersonState,
    /// The time zone in which they see times.
    pub time_zone: String,
    /// When they were last here.
    pub last_seen_at: Option<Timestamp>,
    /// Counts writes.
    pub revision: i64,
}

fn read(row: &Row) -> Result<PersonRow> {
    Ok(PersonRow {
        id: row.get("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        state: row.read("state", PersonState::parse)?,
        time_zone: row.get("time_zone")?,
        last_seen_at: row.get("last_seen_at")?,
        revision: row.get("revision")?,
    })
}

fn require(ctx: &Ctx) -> Result<()> {
    ctx.require(Permission::ManagePeople, Scope::All, "page")
}

/// All people by name, whose name or address contains `text`.
///
/// # Errors
/// When the database does not answer.
pub async fn list_people(tx: &mut Tx, text: &str) -> Result<Vec<PersonRow>> {
    let like = format!("%{}%", text.to_lowercase());
    let rows = tx
        .fetch_all(
            "select * from person where lower(name) like $1 or email_key like $1 order by lower(name), id",
            &[like.into()],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// One person.
///
/// # Errors
/// Not found, or when the database does not answer.
pub async fn load_person(tx: &mut Tx, id: Id<kinds::Person>) -> Result<PersonRow> {
    let row = tx.fetch_optional("select * from person where id = $1", &[id.into()]).await?;
    read(&row.ok_or(Error::NotFound { what: "person" })?)
}

/// What all people, or one person, were granted.
///
/// # Errors
/// When the database does not answer.
pub async fn list_grants(
    tx: &mut Tx,
    person: Option<Id<kinds::Person>>,
) -> Result<HashMap<Id<kinds::Person>, Vec<GrantRow>>> {
    let rows = tx
        .fetch_all(
            "select id, person_id, role, family_id, product_id from role_grant where person_id = $1 or $1 = '' order by granted_at, id",
            &[person.map_or_else(String::new, |id| id.to_string()).into()],
        )
        .await?;
    let mut grants: HashMap<_, Vec<GrantRow>> = HashMap::new();
    for row in rows {
        let scope = match (
            row.get::<Option<Id<kinds::Family>>>("family_id")?,
            row.get::<Option<Id<kinds::Product>>>("product_id")?,
        ) {
            (Some(family), Some(product)) => Scope::Product { product, family },
            (Some(family), None) => Scope::Family(family),
            (None, _) => Scope::All,
        };
        let grant = GrantRow { id: row.get("id")?, role: row.read("role", Role::parse)?, scope };
        grants.entry(row.get("person_id")?).or_default().push(grant);
    }
    Ok(grants)
}

/// The actor that a person is now.
pub(super) async fn actor_of(tx: &mut Tx, id: Id<kinds::Person>, name: String) -> Result<Actor> {
    let grants = list_grants(tx, Some(id)).await?.remove(&id).unwrap_or_default();
    let grants = grants.into_iter().map(|grant| Grant { role: grant.role, scope: grant.scope }).collect();
    Ok(Actor::Person { id, name, grants })
}

/// Adds a person who has no password yet, and a link by which they set one.
///
/// # Errors
/// Invalid when the address is taken or name and address have to be mended.
pub async fn invite(ctx: &Ctx, email: &str, name: &str) -> Result<(Id<kinds::Person>, OneTimeLink)> {
    require(ctx)?;
    let mut problems = Vec::new();
    let email = EmailAddress::parse("email", email).map_err(|problem| problems.push(problem)).ok();
    let name = clean_line("name", name, 100).map_err(|problem| problems.push(problem)).ok();
    let (Some(email), Some(name)) = (email, name) else { return Err(Error::Invalid(problems)) };
    let mut tx = ctx.begin().await?;
    let taken = tx.fetch_optional("select id from person where email_key = $1", &[email.key().into()]).await?;
    if taken.is_some() {
        return Err(Error::invalid("email", "Somebody with this address is here already. Look them up in the list."));
    }
    let id = insert_person(&mut tx, ctx, &email, &name, None).await?;
    let link = insert_link(&mut tx, ctx, LinkPurpose::Invite, Some(id)).await?;
    audit::record(
        &mut tx,
        ctx,
        Entry::new("person.invited", RecordRef::new("person", id)).with(serde_json::json!({"name": name})),
    )
    .await?;
    tx.commit().await?;
    Ok((id, link))
}

pub(super) async fn insert_person(
    tx: &mut Tx,
    ctx: &Ctx,
    email: &EmailAddress,
    name: &str,
    password_hash: Option<String>,
) -> Result<Id<kinds::Person>> {
    let id = ctx.id();
    let state = if password_hash.is_some() { PersonState::Active } else { PersonState::Invited };
    tx.execute(
        "insert into person (id, email, email_key, name, password_hash, state, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            id.into(),
            email.into(),
            email.key().into(),
            name.into(),
            password_hash.into(),
            state.as_str().into(),
            ctx.now.into(),
        ],
    )
    .await?;
    Ok(id)
}

pub(super) async fn insert_grant(tx: &mut Tx, ctx: &Ctx, person: Id<kinds::Person>, grant: Grant) -> Result<()> {
    let (family, product) = match grant.scope {
        Scope::All => (None, None),
        Scope::Family(family) => (Some(family), None),
        Scope::Product { product, family } => (Some(family), Some(product)),
    };
    tx.execute(
        "insert into role_grant (id, person_id, role, family_id, product_id, granted_at, granted_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            ctx.id::<Grant>().into(),
            person.into(),
            grant.role.as_str().into(),
            family.into(),
            product.into(),
            ctx.now.into(),
            ctx.actor.id_text().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Grants a role; a grant that is there already stays as it is.
///
/// # Errors
/// Not found, or when the database does not answer.
pub async fn grant(ctx: &Ctx, person: Id<kinds::Person>, grant: Grant) -> Result<()> {
    require(ctx)?;
    let mut tx = ctx.begin().await?;
    load_person(&mut tx, person).await?;
    let present = list_grants(&mut tx, Some(person)).await?.remove(&person).unwrap_or_default();
    if present.iter().any(|row| row.role == grant.role && row.scope == grant.scope) {
        return Ok(());
    }
    insert_grant(&mut tx, ctx, person, grant).await?;
    let detail = serde_json::json!({"role": grant.role.as_str(), "scope": format!("{:?}", grant.scope)});
    audit::record(&mut tx, ctx, Entry::new("person.role_granted", RecordRef::new("person", person)).with(detail))
        .await?;
    tx.commit().await
}

/// Takes a grant back. The last administrator keeps theirs.
///
/// # Errors
/// Not found; refused for the last administrator.
pub async fn revoke(ctx: &Ctx, person: Id<kinds::Person>, grant_id: &str) -> Result<()> {
    require(ctx)?;
    let mut tx = ctx.begin().await?;
    let grants = list_grants(&mut tx, Some(person)).await?.remove(&person).unwrap_or_default();
    let row = grants.into_iter().find(|row| row.id == grant_id).ok_or(Error::NotFound { what: "role" })?;
    if row.role == Role::Administrator {
        refuse_last_administrator(&mut tx, person).await?;
    }
    tx.execute("delete from role_grant where id = $1", &[grant_id.into()]).await?;
    let detail = serde_json::json!({"role": row.role.as_str()});
    audit::record(&mut tx, ctx, Entry::new("person.role_revoked", RecordRef::new("person", person)).with(detail))
        .await?;
    tx.commit().await
}

async fn refuse_last_administrator(tx: &mut Tx, person: Id<kinds::Person>) -> Result<()> {
    let others = tx
        .fetch_one(
            "select count(*) as count from role_grant g join person p on p.id = g.person_id
              where g.role = 'administrator' and g.family_id is null and p.state = 'active' and p.id <> $1",
            &[person.into()],
        )
        .await?;
    if others.get::<i64>("count")? == 0 {
        return Err(Error::Refused {
            code: "last-administrator",
            words: "This is the last administrator. Make somebody else one first.".to_owned(),
        });
    }
    Ok(())
}

/// Ends a person's sessions and lets them in no more.
///
/// # Errors
/// Refused for the last administrator; stale when somebody else changed the person.
pub async fn disable(ctx: &Ctx, id: Id<kinds::Person>, revision: i64) -> Result<()> {
    require(ctx)?;
    let mut tx = ctx.begin().await?;
    refuse_last_administrator(&mut tx, id).await?;
    set_state(&mut tx, id, revision, PersonState::Disabled).await?;
    tx.execute("delete from session where person_id = $1", &[id.into()]).await?;
    audit::record(&mut tx, ctx, Entry::new("person.disabled", RecordRef::new("person", id))).await?;
    tx.commit().await
}

/// Lets a disabled person in again.
///
/// # Errors
/// Stale when somebody else changed the person.
pub async fn enable(ctx: &Ctx, id: Id<kinds::Person>, revision: i64) -> Result<()> {
    require(ctx)?;
    let mut tx = ctx.begin().await?;
    let has_password = tx
        .fetch_optional("select id from person where id = $1 and password_hash is not null", &[id.into()])
        .await?
        .is_some();
    let state = if has_password { PersonState::Active } else { PersonState::Invited };
    set_state(&mut tx, id, revision, state).await?;
    audit::record(&mut tx, ctx, Entry::new("person.enabled", RecordRef::new("person", id))).await?;
    tx.commit().await
}

async fn set_state(tx: &mut Tx, id: Id<kinds::Person>, revision: i64, state: PersonState) -> Result<()> {
    let changed = tx
        .execute(
            "update person set state = $1, revision = revision + 1 where id = $2 and revision = $3",
            &[state.as_str().into(), id.into(), revision.into()],
        )
        .await?;
    if changed == 0 { Err(Error::Stale { what: "person" }) } else { Ok(()) }
}

/// Changes one's own name and time zone.
///
/// # Errors
/// Invalid when they have to be mended.
pub async fn set_name(ctx: &Ctx, name: &str, time_zone: &str) -> Result<()> {
    let id = ctx.actor.person().ok_or(Error::NotFound { what: "page" })?;
    let name = clean_line("name", name, 100).map_err(|problem| Error::Invalid(vec![problem]))?;
    if kernel::Timestamp::from_local("2026-01-01T00:00", time_zone).is_none() {
        return Err(Error::invalid("time_zone", "This is not a time zone. Use a name such as Europe/Berlin or UTC."));
    }
    let mut tx = ctx.begin().await?;
    tx.execute(
        "update person set name = $1, time_zone = $2, revision = revision + 1 where id = $3",
        &[Value::from(name), time_zone.into(), id.into()],
    )
    .await?;
    audit::record(&mut tx, ctx, Entry::new("person.changed", RecordRef::new("person", id))).await?;
    tx.commit().await
}
