//! Subscribers and notices in the database.

use std::collections::{HashMap, HashSet};

use cvss::Severity;
use db::{Row, Tx, Value};
use kernel::{EmailAddress, Error, Id, Result, Timestamp, kinds};
use platform::outbox::Mail;

use super::model::{State, Subscriber, SubscriberId, Wishes};
use crate::issue_management::advisory::{AdvisoryId, Snapshot, parse_severity, severity_word};

const RANK: &str =
    "case s.least_severity when 'none' then 0 when 'low' then 1 when 'medium' then 2 when 'high' then 3 else 4 end";

fn read(row: &Row, products: Vec<Id<kinds::Product>>) -> Result<Subscriber> {
    let address: String = row.get("address")?;
    Ok(Subscriber {
        id: row.get("id")?,
        address: EmailAddress::parse("address", &address).map_err(|error| Error::internal(error.words))?,
        state: row.read("state", State::parse)?,
        wishes: Wishes { least: row.read("least_severity", parse_severity)?, products },
        sealed_manage: row.get("sealed_manage")?,
        created_at: row.get("created_at")?,
        confirm_until: row.get("confirm_until")?,
    })
}

async fn load_where(tx: &mut Tx, condition: &str, value: &str) -> Result<Option<Subscriber>> {
    let sql = format!("select * from issue_subscriber where {condition} = $1");
    let Some(row) = tx.fetch_optional(sql, &[value.into()]).await? else { return Ok(None) };
    let id: SubscriberId = row.get("id")?;
    let rows = tx
        .fetch_all("select product_id from issue_subscription_product where subscriber_id = $1", &[id.into()])
        .await?;
    let products = rows.iter().map(|row| row.get("product_id")).collect::<Result<Vec<_>, _>>()?;
    read(&row, products).map(Some)
}

/// The subscriber with this address.
pub(super) async fn load_by_address(tx: &mut Tx, address: &EmailAddress) -> Result<Option<Subscriber>> {
    load_where(tx, "address_key", &address.key()).await
}

/// The subscriber with this confirmation token, by its hash.
pub(super) async fn load_by_confirm(tx: &mut Tx, hash: &str) -> Result<Option<Subscriber>> {
    load_where(tx, "confirm_hash", hash).await
}

/// The subscriber with this management token, by its hash.
pub(super) async fn load_by_manage(tx: &mut Tx, hash: &str) -> Result<Option<Subscriber>> {
    load_where(tx, "manage_hash", hash).await
}

/// The hashes of a subscriber's links.
pub(super) struct Hashes {
    /// Of the confirmation link.
    pub(super) confirm: String,
    /// Of the management link.
    pub(super) manage: String,
}

/// A new subscriber, waiting for confirmation.
pub(super) async fn insert(tx: &mut Tx, subscriber: &Subscriber, hashes: Hashes) -> Result<()> {
    tx.execute(
        "insert into issue_subscriber (id, address, address_key, state, least_severity, all_products, confirm_hash,
           manage_hash, sealed_manage, created_at, confirm_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            subscriber.id.into(),
            (&subscriber.address).into(),
            subscriber.address.key().into(),
            subscriber.state.as_str().into(),
            severity_word(subscriber.wishes.least).into(),
            subscriber.wishes.products.is_empty().into(),
            hashes.confirm.into(),
            hashes.manage.into(),
            subscriber.sealed_manage.as_slice().into(),
            subscriber.created_at.into(),
            subscriber.confirm_until.into(),
        ],
    )
    .await?;
    set_products(tx, subscriber.id, &subscriber.wishes).await
}

async fn set_products(tx: &mut Tx, id: SubscriberId, wishes: &Wishes) -> Result<()> {
    tx.execute("delete from issue_subscription_product where subscriber_id = $1", &[id.into()]).await?;
    let rows = wishes.products.iter().map(|product| vec![id.into(), (*product).into()]).collect();
    tx.execute_many("insert into issue_subscription_product (subscriber_id, product_id) values ($1, $2)", rows).await?;
    Ok(())
}

/// The same subscriber signs up again: new wishes, a new confirmation.
pub(super) async fn set_pending(
    tx: &mut Tx,
    id: SubscriberId,
    wishes: &Wishes,
    confirm: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<()> {
    tx.execute(
        "update issue_subscriber set state = 'pending', least_severity = $1, all_products = $2, confirm_hash = $3,
           created_at = $4, confirm_until = $5, ended_at = null, revision = revision + 1 where id = $6",
        &[
            severity_word(wishes.least).into(),
            wishes.products.is_empty().into(),
            confirm.into(),
            now.into(),
            until.into(),
            id.into(),
        ],
    )
    .await?;
    set_products(tx, id, wishes).await
}

/// The address is confirmed; the link is used up.
pub(super) async fn set_confirmed(tx: &mut Tx, id: SubscriberId, now: Timestamp) -> Result<()> {
    tx.execute(
        "update issue_subscriber set state = 'confirmed', confirmed_at = $1, confirm_hash = null, confirm_until = null,
           revision = revision + 1 where id = $2",
        &[now.into(), id.into()],
    )
    .await?;
    Ok(())
}

/// Other wishes.
pub(super) async fn set_wishes(tx: &mut Tx, id: SubscriberId, wishes: &Wishes) -> Result<()> {
    tx.execute(
        "update issue_subscriber set least_severity = $1, all_products = $2, revision = revision + 1 where id = $3",
        &[severity_word(wishes.least).into(), wishes.products.is_empty().into(), id.into()],
    )
    .await?;
    set_products(tx, id, wishes).await
}

/// The subscription ends.
pub(super) async fn set_ended(tx: &mut Tx, id: SubscriberId, now: Timestamp) -> Result<()> {
    tx.execute(
        "update issue_subscriber set state = 'ended', ended_at = $1, confirm_hash = null, confirm_until = null,
           revision = revision + 1 where id = $2",
        &[now.into(), id.into()],
    )
    .await?;
    Ok(())
}

/// Forgets those who never confirmed; the link has lapsed.
pub(super) async fn delete_lapsed(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    let lapsed =
        "select id from issue_subscriber where state = 'pending' and confirm_until < $1 and confirmed_at is null";
    tx.execute(format!("delete from issue_subscription_product where subscriber_id in ({lapsed})"), &[before.into()])
        .await?;
    tx.execute(
        "delete from issue_subscriber where state = 'pending' and confirm_until < $1 and confirmed_at is null",
        &[before.into()],
    )
    .await
}

/// Removes somebody from the list: what was sent stays recorded, the address does not.
pub(super) async fn set_forgotten(tx: &mut Tx, id: SubscriberId, now: Timestamp) -> Result<()> {
    let changed = tx
        .execute(
            "update issue_subscriber set state = 'ended', address = $1, address_key = $1, ended_at = $2, confirm_hash = null,
               confirm_until = null, revision = revision + 1 where id = $3",
            &[format!("{id}@removed.invalid").into(), now.into(), id.into()],
        )
        .await?;
    tx.execute("delete from issue_subscription_product where subscriber_id = $1", &[id.into()]).await?;
    if changed == 0 { Err(Error::NotFound { what: "subscriber" }) } else { Ok(()) }
}

/// What a notice is about, when it is still the newest version.
pub(super) struct Subject {
    /// The content.
    pub(super) snapshot: Snapshot,
    /// When it went out.
    pub(super) published_at: Timestamp,
    /// The family of its case, whose key signs.
    pub(super) family: Option<Id<kinds::Family>>,
}

/// The published version, unless a newer one replaced it.
pub(super) async fn load_subject(tx: &mut Tx, advisory: AdvisoryId, version: i64) -> Result<Option<Subject>> {
    let row = tx
        .fetch_optional(
            "select p.document, p.published_at, c.family_id from issue_publication p
               join issue_advisory a on a.id = p.advisory_id join issue_case c on c.id = a.case_id
              where p.advisory_id = $1 and p.version = $2 and p.current = true",
            &[advisory.into(), version.into()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Subject {
        snapshot: Snapshot::from_json(&row.get::<String>("document")?)?,
        published_at: row.get("published_at")?,
        family: row.get("family_id")?,
    }))
}

/// Those who want to know of a version, signed up before it, and were not told yet; so many at a time.
pub(super) async fn list_waiting(
    tx: &mut Tx,
    advisory: AdvisoryId,
    version: i64,
    rank: i64,
    published_at: Timestamp,
    most: u32,
) -> Result<Vec<Subscriber>> {
    let rows = tx
        .fetch_all(
            format!(
                "select s.* from issue_subscriber s
                  where s.state = 'confirmed' and {RANK} <= $1 and s.confirmed_at <= $2
                    and (s.all_products = true or exists (select 1 from issue_subscription_product w
                           join issue_publication_product x on x.product_id = w.product_id
                          where w.subscriber_id = s.id and x.advisory_id = $3 and x.version = $4))
                    and not exists (select 1 from issue_notice n
                          where n.advisory_id = $3 and n.version = $4 and n.subscriber_id = s.id)
                  order by s.id limit $5"
            ),
            &[rank.into(), published_at.into(), advisory.into(), version.into(), most.into()],
        )
        .await?;
    rows.iter().map(|row| read(row, Vec::new())).collect()
}

/// Those of a batch who were told in the meantime.
pub(super) async fn list_told(tx: &mut Tx, advisory: AdvisoryId, version: i64) -> Result<HashSet<SubscriberId>> {
    let rows = tx
        .fetch_all(
            "select subscriber_id from issue_notice where advisory_id = $1 and version = $2",
            &[advisory.into(), version.into()],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get("subscriber_id")).collect::<Result<HashSet<_>, _>>()?)
}

/// Remembers that notices were queued.
pub(super) async fn insert_notices(
    tx: &mut Tx,
    advisory: AdvisoryId,
    version: i64,
    list: Vec<(SubscriberId, Id<Mail>)>,
    now: Timestamp,
) -> Result<()> {
    let rows = list
        .into_iter()
        .map(|(subscriber, mail)| vec![advisory.into(), version.into(), subscriber.into(), mail.into(), now.into()])
        .collect();
    tx.execute_many(
        "insert into issue_notice (advisory_id, version, subscriber_id, mail_id, queued_at) values ($1, $2, $3, $4, $5)",
        rows,
    )
    .await?;
    Ok(())
}

/// What the list of subscribers is narrowed by; empty texts match everything.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    /// Part of the address.
    pub(super) words: String,
    /// The state.
    pub(super) state: String,
    /// `address`, `severity` or `created`.
    pub(super) sort: String,
    /// Largest first.
    pub(super) descending: bool,
}

/// A subscriber in the list.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    /// Which one.
    pub(super) id: SubscriberId,
    /// The address.
    pub(super) address: String,
    /// Where it stands.
    pub(super) state: State,
    /// From this severity on.
    pub(super) least: Severity,
    /// Names of products; "All products" when none is chosen.
    pub(super) products: String,
    /// When they signed up.
    pub(super) created_at: Timestamp,
    /// How many notices they got.
    pub(super) notices: i64,
}

fn conditions(filter: &Filter) -> (String, Vec<Value>) {
    let mut parameters: Vec<Value> = vec![format!("%{}%", filter.words.to_lowercase().replace(['%', '_'], "")).into()];
    let mut condition = "s.address_key like $1 and s.address_key not like '%@removed.invalid'".to_owned();
    if !filter.state.is_empty() {
        parameters.push(filter.state.as_str().into());
        condition.push_str(" and s.state = $2");
    }
    (condition, parameters)
}

/// Subscribers, so many after so many, in two statements.
pub(super) async fn list(tx: &mut Tx, filter: &Filter, offset: u64, most: u64) -> Result<Vec<Listed>> {
    let (condition, mut parameters) = conditions(filter);
    let column = match filter.sort.as_str() {
        "address" => "s.address_key",
        "severity" => RANK,
        _ => "s.created_at",
    };
    let direction = if filter.descending { "desc" } else { "asc" };
    parameters.push(most.into());
    parameters.push(offset.into());
    let sql = format!(
        "select s.id, s.address, s.state, s.least_severity, s.created_at,
                (select count(*) from issue_notice n where n.subscriber_id = s.id) as notices
           from issue_subscriber s where {condition} order by {column} {direction}, s.id {direction} limit ${} offset ${}",
        parameters.len() - 1,
        parameters.len()
    );
    let rows = tx.fetch_all(sql, &parameters).await?;
    let names = tx
        .fetch_all(
            "select w.subscriber_id, r.name from issue_subscription_product w join register_product r on r.id = w.product_id
              order by lower(r.name)",
            &[],
        )
        .await?;
    let mut products: HashMap<SubscriberId, Vec<String>> = HashMap::new();
    for row in names {
        products.entry(row.get("subscriber_id")?).or_default().push(row.get("name")?);
    }
    rows.iter()
        .map(|row| {
            let id: SubscriberId = row.get("id")?;
            Ok(Listed {
                id,
                address: row.get("address")?,
                state: row.read("state", State::parse)?,
                least: row.read("least_severity", parse_severity)?,
                products: products.get(&id).map_or_else(|| "All products".to_owned(), |names| names.join(", ")),
                created_at: row.get("created_at")?,
                notices: row.get("notices")?,
            })
        })
        .collect()
}

/// How many subscribers the filter lets through.
pub(super) async fn count(tx: &mut Tx, filter: &Filter) -> Result<u64> {
    let (condition, parameters) = conditions(filter);
    let sql = format!("select count(*) as count from issue_subscriber s where {condition}");
    Ok(u64::try_from(tx.fetch_one(sql, &parameters).await?.get::<i64>("count")?).unwrap_or(0))
}

/// How many subscribers there are in each state.
pub(super) async fn count_states(tx: &mut Tx) -> Result<Vec<(State, i64)>> {
    let rows = tx
        .fetch_all(
            "select state, count(*) as count from issue_subscriber where address_key not like '%@removed.invalid' group by state",
            &[],
        )
        .await?;
    rows.iter().map(|row| Ok((row.read("state", State::parse)?, row.get("count")?))).collect()
}

/// Products that one can sign up for.
pub(super) async fn list_products(tx: &mut Tx) -> Result<Vec<(Id<kinds::Product>, String)>> {
    let rows = tx
        .fetch_all(
            "select id, name from register_product where state in ('active', 'end_of_life') order by lower(name), id",
            &[],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("name")?))).collect()
}
