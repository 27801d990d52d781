//! Keys in the database.

use db::{Row, Tx, Value};
use kernel::{EmailAddress, Error, Id, Result, kinds};
use mail::openpgp::{PublicKey, SecretKey};
use platform::{Ctx, profile, vault};

use super::super::shared::jiff;
use super::model::{ContactKey, ContactKeyKind, IntakeKey, KeyKind, Origin, SigningKey};
use super::rules;

const PUBLIC: &str =
    "select id, address, family_id, fingerprint, public_key, state, created_at, expires_at from issue_key";

/// Our public keys, the active ones first, the newest of each first.
pub(crate) async fn public_keys(tx: &mut Tx) -> Result<Vec<IntakeKey>> {
    let rows = tx.fetch_all(format!("{PUBLIC} order by state, created_at desc, id desc"), &[]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<IntakeKey> {
    let family: String = row.get("family_id")?;
    Ok(IntakeKey {
        id: row.get("id")?,
        address: row.get("address")?,
        family: family.parse().ok(),
        fingerprint: row.get("fingerprint")?,
        public_key: row.get("public_key")?,
        active: row.get::<String>("state")? == "active",
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
    })
}

/// The active key pair of a family, else the one for all families, opened; `None` when there is none in force.
pub(crate) async fn signing_key(
    tx: &mut Tx,
    ctx: &Ctx,
    family: Option<Id<kinds::Family>>,
) -> Result<Option<SigningKey>> {
    let family = family.map_or_else(String::new, |family| family.to_string());
    let rows = tx
        .fetch_all(
            "select address, fingerprint, public_key, sealed_secret from issue_key
              where state = 'active' and (family_id = '' or family_id = $1) and (expires_at is null or expires_at > $2)
              order by family_id desc, created_at desc, id desc limit 1",
            &[family.into(), ctx.now.into()],
        )
        .await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let Some(key) = vault::existing_key(tx, &ctx.platform.master_key, vault::PROGRAM).await? else { return Ok(None) };
    Ok(Some(SigningKey {
        fingerprint: row.get("fingerprint")?,
        address: row.get("address")?,
        public_key: row.get("public_key")?,
        secret: opened(&key, row)?,
    }))
}

fn opened(key: &vault::DataKey, row: &Row) -> Result<SecretKey> {
    let armored = key.open(&row.get::<Vec<u8>>("sealed_secret")?)?;
    SecretKey::read(&armored, "").map_err(Error::internal)
}

/// All our key pairs, opened: active and retired ones decrypt.
pub(crate) async fn decryption_keys(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<SecretKey>> {
    let rows = tx.fetch_all("select sealed_secret from issue_key order by created_at desc", &[]).await?;
    let Some(key) = vault::existing_key(tx, &ctx.platform.master_key, vault::PROGRAM).await? else {
        return Ok(Vec::new());
    };
    rows.iter().map(|row| opened(&key, row)).collect()
}

/// Adds a key pair as the active one of its family; the one before retires and goes on decrypting.
pub(super) async fn insert(tx: &mut Tx, ctx: &Ctx, key: &IntakeKey, secret: &str) -> Result<()> {
    let family = key.family.map_or_else(String::new, |family| family.to_string());
    tx.execute(
        "update issue_key set state = 'retired' where family_id = $1 and state = 'active'",
        &[family.as_str().into()],
    )
    .await?;
    let sealed = vault::key(tx, &ctx.platform.master_key, vault::PROGRAM, ctx.now).await?.seal(secret.as_bytes())?;
    tx.execute(
        "insert into issue_key (id, address, family_id, fingerprint, public_key, sealed_secret, state, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, 'active', $7, $8)",
        &[
            key.id.into(),
            key.address.as_str().into(),
            family.into(),
            key.fingerprint.as_str().into(),
            key.public_key.as_str().into(),
            sealed.into(),
            key.created_at.into(),
            key.expires_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The address that the active key for all families is for.
pub(super) async fn default_address(tx: &mut Tx) -> Result<Option<String>> {
    let sql =
        "select address from issue_key where family_id = '' and state = 'active' order by created_at desc limit 1";
    tx.fetch_optional(sql, &[]).await?.map_or(Ok(None), |row| Ok(Some(row.get("address")?)))
}

/// A public key of ours by its fingerprint.
pub(super) async fn load_by_fingerprint(tx: &mut Tx, fingerprint: &str) -> Result<IntakeKey> {
    let row = tx.fetch_optional(format!("{PUBLIC} where fingerprint = $1"), &[fingerprint.into()]).await?;
    read(&row.ok_or(Error::NotFound { what: "key" })?)
}

/// Where reports about a family are sent: its policy's address, else the one for all, else the vendor's contact.
pub(crate) async fn intake_address(tx: &mut Tx, ctx: &Ctx, family: Option<Id<kinds::Family>>) -> Result<String> {
    let family = family.map_or_else(String::new, |family| family.to_string());
    let row = tx
        .fetch_optional(
            "select intake_address from issue_policy where (family_id = '' or family_id = $1) and intake_address <> ''
              order by family_id desc limit 1",
            &[family.into()],
        )
        .await?;
    if let Some(row) = row {
        return Ok(row.get("intake_address")?);
    }
    let contact = profile::load(tx).await?.contact_email;
    Ok(if contact.is_empty() { ctx.platform.settings.mail_from.clone() } else { contact })
}

/// The family whose own intake address this is.
pub(crate) async fn family_of_address(tx: &mut Tx, addresses: &[String]) -> Result<Option<Id<kinds::Family>>> {
    let sql = "select family_id, intake_address from issue_policy where family_id <> '' and intake_address <> ''";
    for row in tx.fetch_all(sql, &[]).await? {
        let own: String = row.get("intake_address")?;
        if addresses.iter().any(|address| address.eq_ignore_ascii_case(&own)) {
            return Ok(row.get::<String>("family_id")?.parse().ok());
        }
    }
    Ok(None)
}

/// Whether mail from this address is our own: it is never answered by itself.
pub(crate) async fn is_own_address(tx: &mut Tx, ctx: &Ctx, address: &str) -> Result<bool> {
    let address = address.to_lowercase();
    let own = tx
        .fetch_one(
            "select (select count(*) from issue_policy where lower(intake_address) = $1)
                  + (select count(*) from issue_key where lower(address) = $1) as own",
            &[address.as_str().into()],
        )
        .await?;
    let contact = profile::load(tx).await?.contact_email;
    Ok(own.get::<i64>("own")? > 0
        || contact.to_lowercase() == address
        || ctx.platform.settings.mail_from.to_lowercase() == address)
}

/// Families by name, for the choice of a new key: with their own intake address.
pub(super) async fn list_families(tx: &mut Tx) -> Result<Vec<(Id<kinds::Family>, String)>> {
    let rows = tx
        .fetch_all(
            "select f.id, f.name from register_family f join issue_policy p on p.family_id = f.id
              where p.intake_address <> '' order by lower(f.name), f.id",
            &[],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("name")?))).collect()
}

/// A setting of intake; empty when it was never set.
pub(super) async fn setting(tx: &mut Tx, name: &str) -> Result<String> {
    let row = tx.fetch_optional("select value from setting where name = $1", &[name.into()]).await?;
    row.map_or(Ok(String::new()), |row| Ok(row.get("value")?))
}

/// Writes a setting of intake.
pub(super) async fn set_setting(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    tx.execute(
        "insert into setting (name, value, revision) values ($1, $2, 1)
         on conflict (name) do update set value = excluded.value, revision = setting.revision + 1",
        &[name.into(), value.into()],
    )
    .await?;
    Ok(())
}

pub(super) const PLUS_ADDRESSING: &str = "intake.plus_addressing";

/// Whether our mail server delivers `name+anything@` to the intake mailbox, so that answers may carry a token there.
pub(crate) async fn plus_addressing(tx: &mut Tx) -> Result<bool> {
    Ok(setting(tx, PLUS_ADDRESSING).await? == "on")
}

/// The addresses of administrators, who hear when a key ends.
pub(super) async fn list_administrators(tx: &mut Tx) -> Result<Vec<EmailAddress>> {
    let rows = tx
        .fetch_all(
            "select distinct p.email from person p join role_grant g on g.person_id = p.id
              where p.state = 'active' and g.role = 'administrator' order by p.email",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(EmailAddress::parse("email", &row.get::<String>("email")?).ok()))
        .filter_map(Result::transpose)
        .collect()
}

/// Keys of people, of one address (in lower case) or, filtered by a part of it, of all.
pub(crate) async fn contact_keys_of(tx: &mut Tx, address: &str) -> Result<Vec<ContactKey>> {
    let rows = tx
        .fetch_all(
            "select * from issue_contact_key where address_key = $1 order by created_at desc, id desc",
            &[address.to_lowercase().into()],
        )
        .await?;
    rows.iter().map(read_contact).collect()
}

/// The key to encrypt to `address` with; `own` is the fingerprint that belongs to the report.
pub(crate) async fn recipient_key(tx: &mut Tx, ctx: &Ctx, address: &str, own: &str) -> Result<Option<PublicKey>> {
    let keys = contact_keys_of(tx, address).await?;
    Ok(rules::choose(&keys, own, ctx.now).map(|(_, key)| key))
}

fn read_contact(row: &Row) -> Result<ContactKey> {
    Ok(ContactKey {
        id: row.get("id")?,
        address: row.get("address_key")?,
        fingerprint: row.get("fingerprint")?,
        public_key: row.get("public_key")?,
        origin: row.read("origin", Origin::parse)?,
        created_at: row.get("created_at")?,
    })
}

/// A page of the keys of people, and how many there are.
pub(super) async fn list_contact_keys(tx: &mut Tx, words: &str, page: web::Page) -> Result<(Vec<ContactKey>, u64)> {
    let like = format!("%{}%", words.to_lowercase().replace(['%', '_'], ""));
    let filter = "from issue_contact_key where address_key like $1 or lower(fingerprint) like $1";
    let total = tx.fetch_one(format!("select count(*) as total {filter}"), &[like.as_str().into()]).await?;
    let rows = tx
        .fetch_all(
            format!("select * {filter} order by address_key, created_at desc, id limit $2 offset $3"),
            &[like.into(), page.size.into(), page.offset().into()],
        )
        .await?;
    let keys = rows.iter().map(read_contact).collect::<Result<_>>()?;
    Ok((keys, u64::try_from(total.get::<i64>("total")?).unwrap_or(0)))
}

/// Adds a key of somebody; a key that is known stays, and what one of us checked stays checked.
pub(crate) async fn add_contact_key(
    tx: &mut Tx,
    ctx: &Ctx,
    address: &str,
    key: &PublicKey,
    origin: Origin,
) -> Result<String> {
    let fingerprint = key.fingerprint();
    let armored = key.armored().map_err(|error| Error::invalid("key", error.to_string()))?;
    tx.execute(
        "insert into issue_contact_key (id, address_key, fingerprint, public_key, origin, created_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (address_key, fingerprint) do update set
           public_key = case when issue_contact_key.origin = 'desk' and excluded.origin <> 'desk'
                             then issue_contact_key.public_key else excluded.public_key end,
           origin = case when issue_contact_key.origin = 'desk' then 'desk' else excluded.origin end",
        &[
            ctx.id::<ContactKeyKind>().into(),
            address.to_lowercase().into(),
            fingerprint.as_str().into(),
            armored.into(),
            origin.as_str().into(),
            ctx.now.into(),
        ],
    )
    .await?;
    Ok(fingerprint)
}

/// A key of somebody.
pub(super) async fn load_contact_key(tx: &mut Tx, id: Id<ContactKeyKind>) -> Result<ContactKey> {
    let row = tx.fetch_optional("select * from issue_contact_key where id = $1", &[id.into()]).await?;
    read_contact(&row.ok_or(Error::NotFound { what: "key" })?)
}

/// Notes that one of us compared a key.
pub(super) async fn set_trusted(tx: &mut Tx, id: Id<ContactKeyKind>) -> Result<()> {
    tx.execute("update issue_contact_key set origin = 'desk' where id = $1", &[id.into()]).await?;
    Ok(())
}

/// Removes a key of somebody.
pub(super) async fn delete_contact_key(tx: &mut Tx, id: Id<ContactKeyKind>) -> Result<()> {
    tx.execute("delete from issue_contact_key where id = $1", &[Value::from(id)]).await?;
    Ok(())
}

/// The identifier of a new key pair.
pub(super) fn new_id(ctx: &Ctx) -> Id<KeyKind> {
    ctx.id()
}

/// The end of a key in our time.
pub(super) fn expires(key: &PublicKey, now: kernel::Timestamp) -> Option<kernel::Timestamp> {
    key.expires(jiff(now)).map(super::super::shared::timestamp)
}
