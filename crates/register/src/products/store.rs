//! Families, products and releases in the database. The only file of this slice that contains SQL.

use std::collections::HashMap;

use db::{Row, Tx, Value};
use kernel::{Actor, Error, Id, Permission, Result, Scope, Slug, Timestamp};
use platform::cards::Card;
use platform::finders::{Found, MOST, pattern};

use super::model::{
    Contact, Family, FamilyDraft, FamilyId, Product, ProductDraft, ProductId, ProductState, Release, ReleaseDraft,
    ReleaseId, ReleaseState,
};

const PRODUCT: &str =
    "select p.id, p.family_id, f.name as family_name, p.name, p.slug, p.description, p.state, p.cpe, p.purl, p.revision
   from register_product p join register_family f on f.id = p.family_id";

fn family(row: &Row) -> Result<Family> {
    Ok(Family {
        id: row.get("id")?,
        name: row.get("name")?,
        slug: row.get("slug")?,
        description: row.get("description")?,
        archived: row.get::<String>("state")? == "archived",
        revision: row.get("revision")?,
    })
}

fn product(row: &Row) -> Result<Product> {
    Ok(Product {
        id: row.get("id")?,
        family: row.get("family_id")?,
        family_name: row.get("family_name")?,
        name: row.get("name")?,
        slug: row.get("slug")?,
        description: row.get("description")?,
        state: row.read("state", ProductState::parse)?,
        cpe: row.get("cpe")?,
        purl: row.get("purl")?,
        revision: row.get("revision")?,
    })
}

fn release(row: &Row) -> Result<Release> {
    Ok(Release {
        id: row.get("id")?,
        product: row.get("product_id")?,
        version: row.get("version")?,
        position: row.get("position")?,
        state: row.read("state", ReleaseState::parse)?,
        released_on: row.get("released_on")?,
        support_ends_on: row.get("support_ends_on")?,
        support_note: row.get("support_note")?,
        revision: row.get("revision")?,
    })
}

/// All families by name.
///
/// # Errors
/// When the database does not answer.
pub async fn list_families(tx: &mut Tx) -> Result<Vec<Family>> {
    tx.fetch_all("select * from register_family order by lower(name), id", &[]).await?.iter().map(family).collect()
}

/// One family.
///
/// # Errors
/// Not found, or when the database does not answer.
pub async fn load_family(tx: &mut Tx, id: FamilyId) -> Result<Family> {
    let row = tx.fetch_optional("select * from register_family where id = $1", &[id.into()]).await?;
    family(&row.ok_or(Error::NotFound { what: "product family" })?)
}

/// All products by family and name, archived ones last.
///
/// # Errors
/// When the database does not answer.
pub async fn list_products(tx: &mut Tx) -> Result<Vec<Product>> {
    let sql = format!(
        "{PRODUCT} order by case when p.state = 'archived' then 1 else 0 end, lower(f.name), lower(p.name), p.id"
    );
    tx.fetch_all(sql, &[]).await?.iter().map(product).collect()
}

/// One product.
///
/// # Errors
/// Not found, or when the database does not answer.
pub async fn load_product(tx: &mut Tx, id: ProductId) -> Result<Product> {
    let row = tx.fetch_optional(format!("{PRODUCT} where p.id = $1"), &[id.into()]).await?;
    product(&row.ok_or(Error::NotFound { what: "product" })?)
}

/// The products with these identifiers, archived ones too; those that are not there are left out.
///
/// # Errors
/// When the database does not answer.
pub async fn load_products(tx: &mut Tx, ids: &[ProductId]) -> Result<Vec<Product>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places = (1..=ids.len()).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ");
    let values: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
    let sql = format!("{PRODUCT} where p.id in ({places}) order by lower(f.name), lower(p.name), p.id");
    tx.fetch_all(sql, &values).await?.iter().map(product).collect()
}

/// The releases of a product, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list_releases(tx: &mut Tx, product: ProductId) -> Result<Vec<Release>> {
    let rows = tx
        .fetch_all("select * from register_release where product_id = $1 order by position desc, id", &[product.into()])
        .await?;
    rows.iter().map(release).collect()
}

/// The releases of all products, or of one family when it is named, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list_releases_of(tx: &mut Tx, family: Option<FamilyId>) -> Result<Vec<Release>> {
    let rows = tx
        .fetch_all(
            "select r.* from register_release r join register_product p on p.id = r.product_id
              where p.family_id = $1 or $1 = '' order by r.product_id, r.position desc, r.id",
            &[family.map_or_else(String::new, |id| id.to_string()).into()],
        )
        .await?;
    rows.iter().map(release).collect()
}

/// One release.
///
/// # Errors
/// Not found, or when the database does not answer.
pub async fn load_release(tx: &mut Tx, id: ReleaseId) -> Result<Release> {
    let row = tx.fetch_optional("select * from register_release where id = $1", &[id.into()]).await?;
    release(&row.ok_or(Error::NotFound { what: "release" })?)
}

/// The contacts of a product, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn list_contacts(tx: &mut Tx, product: ProductId) -> Result<Vec<Contact>> {
    let rows = tx
        .fetch_all(
            "select id, name, email, duty from register_contact where product_id = $1 order by lower(name), id",
            &[product.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Contact { id: row.get("id")?, name: row.get("name")?, email: row.get("email")?, duty: row.get("duty")? })
        })
        .collect()
}

/// A slug that is not taken in `table`, made of `name`.
async fn free_slug(tx: &mut Tx, table: &'static str, name: &str) -> Result<String> {
    let base = Slug::of(name).map_or_else(|| "unnamed".to_owned(), |slug| slug.to_string());
    let rows = tx
        .fetch_all(
            format!("select slug from {table} where slug = $1 or slug like $2"),
            &[base.as_str().into(), format!("{base}-%").into()],
        )
        .await?;
    let taken = rows.iter().map(|row| row.get::<String>("slug")).collect::<Result<Vec<_>, _>>()?;
    Ok(std::iter::once(base.clone())
        .chain((2..=taken.len() + 2).map(|count| format!("{base}-{count}")))
        .find(|slug| !taken.contains(slug))
        .unwrap_or(base))
}

pub(super) async fn insert_family(tx: &mut Tx, id: FamilyId, draft: &FamilyDraft, now: Timestamp) -> Result<()> {
    let slug = free_slug(tx, "register_family", &draft.name).await?;
    tx.execute(
        "insert into register_family (id, name, slug, description, created_at) values ($1, $2, $3, $4, $5)",
        &[id.into(), draft.name.as_str().into(), slug.into(), draft.description.as_str().into(), now.into()],
    )
    .await?;
    Ok(())
}

pub(super) async fn set_family(tx: &mut Tx, id: FamilyId, revision: i64, draft: &FamilyDraft) -> Result<()> {
    let changed = tx
        .execute(
            "update register_family set name = $1, description = $2, state = $3, revision = revision + 1
              where id = $4 and revision = $5",
            &[
                draft.name.as_str().into(),
                draft.description.as_str().into(),
                if draft.archived { "archived" } else { "active" }.into(),
                id.into(),
                revision.into(),
            ],
        )
        .await?;
    if changed == 0 { Err(Error::Stale { what: "product family" }) } else { Ok(()) }
}

fn optional(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { text.into() }
}

pub(super) async fn insert_product(tx: &mut Tx, id: ProductId, draft: &ProductDraft, now: Timestamp) -> Result<()> {
    let slug = free_slug(tx, "register_product", &draft.name).await?;
    tx.execute(
        "insert into register_product (id, family_id, name, slug, description, state, cpe, purl, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            id.into(),
            draft.family.into(),
            draft.name.as_str().into(),
            slug.into(),
            draft.description.as_str().into(),
            draft.state.as_str().into(),
            optional(&draft.cpe),
            optional(&draft.purl),
            now.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn set_product(tx: &mut Tx, id: ProductId, revision: i64, draft: &ProductDraft) -> Result<()> {
    let changed = tx
        .execute(
            "update register_product set family_id = $1, name = $2, description = $3, state = $4, cpe = $5, purl = $6,
               revision = revision + 1 where id = $7 and revision = $8",
            &[
                draft.family.into(),
                draft.name.as_str().into(),
                draft.description.as_str().into(),
                draft.state.as_str().into(),
                optional(&draft.cpe),
                optional(&draft.purl),
                id.into(),
                revision.into(),
            ],
        )
        .await?;
    if changed == 0 { Err(Error::Stale { what: "product" }) } else { Ok(()) }
}

/// Whether the product has another release with this version.
pub(super) async fn count_version(tx: &mut Tx, product: ProductId, version: &str, except: &str) -> Result<i64> {
    let row = tx
        .fetch_one(
            "select count(*) as count from register_release where product_id = $1 and version = $2 and id <> $3",
            &[product.into(), version.into(), except.into()],
        )
        .await?;
    Ok(row.get("count")?)
}

pub(super) async fn insert_release(
    tx: &mut Tx,
    id: ReleaseId,
    product: ProductId,
    draft: &ReleaseDraft,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "insert into register_release (id, product_id, version, position, state, released_on, support_ends_on, support_note, created_at)
         select $1, $2, $3, coalesce(max(position), 0) + 1, $4, $5, $6, $7, $8 from register_release where product_id = $2",
        &[
            id.into(),
            product.into(),
            draft.version.as_str().into(),
            draft.state.as_str().into(),
            draft.released_on.into(),
            draft.support_ends_on.into(),
            draft.support_note.as_str().into(),
            now.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn set_release(tx: &mut Tx, id: ReleaseId, revision: i64, draft: &ReleaseDraft) -> Result<()> {
    let changed = tx
        .execute(
            "update register_release set version = $1, state = $2, released_on = $3, support_ends_on = $4, support_note = $5,
               revision = revision + 1 where id = $6 and revision = $7",
            &[
                draft.version.as_str().into(),
                draft.state.as_str().into(),
                draft.released_on.into(),
                draft.support_ends_on.into(),
                draft.support_note.as_str().into(),
                id.into(),
                revision.into(),
            ],
        )
        .await?;
    if changed == 0 { Err(Error::Stale { what: "release" }) } else { Ok(()) }
}

pub(super) async fn insert_contact(
    tx: &mut Tx,
    id: Id<Contact>,
    product: ProductId,
    contact: (&str, &str, &str),
    now: Timestamp,
) -> Result<()> {
    let (name, email, duty) = contact;
    tx.execute(
        "insert into register_contact (id, product_id, name, email, duty, created_at) values ($1, $2, $3, $4, $5, $6)",
        &[id.into(), product.into(), name.into(), email.into(), duty.into(), now.into()],
    )
    .await?;
    Ok(())
}

pub(super) async fn delete_contact(tx: &mut Tx, product: ProductId, id: &str) -> Result<()> {
    let gone = tx
        .execute("delete from register_contact where id = $1 and product_id = $2", &[id.into(), product.into()])
        .await?;
    if gone == 0 { Err(Error::NotFound { what: "contact" }) } else { Ok(()) }
}

/// `$1, $2, …` for so many values.
fn places(count: usize) -> String {
    (1..=count).map(|index| format!("${index}")).collect::<Vec<_>>().join(", ")
}

pub(super) async fn load_product_cards(tx: &mut Tx, _: &Actor, ids: &[String]) -> Result<HashMap<String, Card>> {
    let parameters: Vec<Value> = ids.iter().map(Value::from).collect();
    let sql = format!("select id, name from register_product where id in ({})", places(ids.len()));
    let mut cards = HashMap::new();
    for row in tx.fetch_all(sql, &parameters).await? {
        let id: String = row.get("id")?;
        cards.insert(id.clone(), Card { title: row.get("name")?, link: format!("/desk/products/{id}") });
    }
    Ok(cards)
}

pub(super) async fn load_release_cards(tx: &mut Tx, _: &Actor, ids: &[String]) -> Result<HashMap<String, Card>> {
    let parameters: Vec<Value> = ids.iter().map(Value::from).collect();
    let sql = format!(
        "select r.id, p.id as product_id, p.name, r.version from register_release r
           join register_product p on p.id = r.product_id where r.id in ({})",
        places(ids.len())
    );
    let mut cards = HashMap::new();
    for row in tx.fetch_all(sql, &parameters).await? {
        let (name, version): (String, String) = (row.get("name")?, row.get("version")?);
        let link = format!("/desk/products/{}", row.get::<String>("product_id")?);
        cards.insert(row.get("id")?, Card { title: format!("{name} {version}"), link });
    }
    Ok(cards)
}

/// Products by name, CPE, package URL or family, for the search over everything.
pub(super) async fn find_products(tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<Found>> {
    if !actor.may_somewhere(Permission::ReadProducts) {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select p.id, f.name as family, p.name from register_product p join register_family f on f.id = p.family_id
          where lower(p.name) like $1 or lower(p.cpe) like $1 or lower(p.purl) like $1 or lower(f.name) like $1
          order by lower(p.name), p.id limit {MOST}"
    );
    let found = |row: &Row| {
        Ok(Found {
            link: format!("/desk/products/{}", row.get::<String>("id")?),
            number: row.get("family")?,
            title: row.get("name")?,
        })
    };
    tx.fetch_all(sql, &[pattern(words).into()]).await?.iter().map(found).collect()
}

/// Releases by product and version, for the search over everything; to their plan for whoever may read it.
pub(super) async fn find_releases(tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<Found>> {
    if !actor.may_somewhere(Permission::ReadProducts) {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select r.id, r.product_id, r.version, r.state, p.name, p.family_id
           from register_release r join register_product p on p.id = r.product_id
          where lower(p.name || ' ' || r.version) like $1
          order by case when r.state = 'withdrawn' then 1 else 0 end, lower(p.name), r.position desc, r.id limit {MOST}"
    );
    let found = |row: &Row| {
        let (product, family): (ProductId, FamilyId) = (row.get("product_id")?, row.get("family_id")?);
        let reads_plan = actor.may(Permission::ReadPlans, Scope::Product { product, family });
        let link = if reads_plan {
            format!("/desk/releases/{}", row.get::<String>("id")?)
        } else {
            format!("/desk/products/{product}")
        };
        let state: ReleaseState = row.read("state", ReleaseState::parse)?;
        let title = format!("{} {}", row.get::<String>("name")?, row.get::<String>("version")?);
        Ok(Found { link, number: state.label().to_owned(), title })
    };
    tx.fetch_all(sql, &[pattern(words).into()]).await?.iter().map(found).collect()
}
