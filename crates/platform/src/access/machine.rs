//! Access tokens of machines: bound to one product, with an end.

use db::Tx;
use kernel::{Actor, Date, Error, Id, Permission, RecordRef, Result, Scope, Timestamp, clean_line, kinds};

use crate::audit::{self, Entry};
use crate::{Ctx, token};

/// Starts every token, so that scanners for leaked secrets can tell what it is.
const PREFIX: &str = "pcl_";

/// A token as lists show it; the token itself is shown once, when it is made.
#[derive(Clone, Debug)]
pub struct MachineRow {
    /// The token.
    pub id: Id<kinds::Token>,
    /// Its label.
    pub name: String,
    /// The product it is bound to.
    pub product: Option<Id<kinds::Product>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When it was ended before that.
    pub ended_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// Makes a token for a pipeline of one product; the text to put into the pipeline's secrets.
///
/// # Errors
/// Invalid when label or end have to be mended; not found where one may not make tokens.
pub async fn make_token(ctx: &Ctx, name: &str, scope: Scope, expires_on: Date) -> Result<String> {
    ctx.require(Permission::ManageTokens, scope, "product")?;
    let Scope::Product { product, family } = scope else {
        return Err(Error::invalid("product", "A token belongs to one product. Choose which."));
    };
    let person = ctx.actor.person().ok_or(Error::NotFound { what: "page" })?;
    let name = clean_line("name", name, 100).map_err(|problem| Error::Invalid(vec![problem]))?;
    let expires_at = expires_on.plus_days(1).start();
    if expires_at <= ctx.now || expires_on.days_since(ctx.now.date()) > 730 {
        return Err(Error::invalid("expires_on", "A token ends on a day from today up to two years ahead."));
    }
    let text = format!("{PREFIX}{}", token::new());
    let id: Id<kinds::Token> = ctx.id();
    let mut tx = ctx.begin().await?;
    tx.execute(
        "insert into access_token (id, token_hash, name, family_id, product_id, permissions, created_at, created_by, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            id.into(),
            token::hash(&text).into(),
            name.as_str().into(),
            family.into(),
            product.into(),
            "read-plans work-plans".into(),
            ctx.now.into(),
            person.into(),
            expires_at.into(),
        ],
    )
    .await?;
    let entry = Entry::new("token.made", RecordRef::new("token", id)).under(RecordRef::new("product", product));
    audit::record(&mut tx, ctx, entry.with(serde_json::json!({"name": name}))).await?;
    tx.commit().await?;
    Ok(text)
}

/// The machine behind a token.
///
/// # Errors
/// Refused, in words for the pipeline's log, when the token is unknown, ended or expired.
pub async fn authenticate_machine(ctx: &Ctx, text: &str) -> Result<Actor> {
    let refused = |words: String| Error::Refused { code: "token-refused", words };
    let mut tx = ctx.read().await?;
    let row = tx
        .fetch_optional("select * from access_token where token_hash = $1", &[token::hash(text).into()])
        .await?
        .ok_or_else(|| refused("This access token is unknown. Make one on the product's page.".to_owned()))?;
    drop(tx);
    let expires_at: Timestamp = row.get("expires_at")?;
    if row.get::<Option<Timestamp>>("ended_at")?.is_some() {
        return Err(refused("This access token was ended. Make a new one on the product's page.".to_owned()));
    }
    if expires_at <= ctx.now {
        return Err(refused(format!(
            "This access token expired on {}. Make a new one on the product's page.",
            expires_at.date()
        )));
    }
    let id: Id<kinds::Token> = row.get("id")?;
    let last: Option<Timestamp> = row.get("last_used_at")?;
    if last.is_none_or(|last| ctx.now.since(last).as_secs() > 300) {
        let mut tx = ctx.begin().await?;
        tx.is_housekeeping();
        tx.execute("update access_token set last_used_at = $1 where id = $2", &[ctx.now.into(), id.into()]).await?;
        tx.commit().await?;
    }
    let permissions: String = row.get("permissions")?;
    let scope = match (
        row.get::<Option<Id<kinds::Family>>>("family_id")?,
        row.get::<Option<Id<kinds::Product>>>("product_id")?,
    ) {
        (Some(family), Some(product)) => Scope::Product { product, family },
        _ => return Err(Error::internal("a token without a product")),
    };
    Ok(Actor::Machine {
        token: id,
        name: row.get("name")?,
        scope,
        permissions: permissions.split(' ').filter_map(Permission::parse).collect(),
    })
}

/// The tokens of a product, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list_tokens(tx: &mut Tx, product: Id<kinds::Product>) -> Result<Vec<MachineRow>> {
    let rows =
        tx.fetch_all("select * from access_token where product_id = $1 order by id desc", &[product.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(MachineRow {
                id: row.get("id")?,
                name: row.get("name")?,
                product: row.get("product_id")?,
                created_at: row.get("created_at")?,
                expires_at: row.get("expires_at")?,
                ended_at: row.get("ended_at")?,
                last_used_at: row.get("last_used_at")?,
            })
        })
        .collect()
}

/// Ends a token of a product.
///
/// # Errors
/// Not found when there is none that works.
pub async fn end_token(ctx: &Ctx, scope: Scope, id: Id<kinds::Token>) -> Result<()> {
    ctx.require(Permission::ManageTokens, scope, "token")?;
    let Scope::Product { product, .. } = scope else { return Err(Error::NotFound { what: "token" }) };
    let mut tx = ctx.begin().await?;
    let ended = tx
        .execute(
            "update access_token set ended_at = $1 where id = $2 and product_id = $3 and ended_at is null",
            &[ctx.now.into(), id.into(), product.into()],
        )
        .await?;
    if ended == 0 {
        return Err(Error::NotFound { what: "token" });
    }
    let entry = Entry::new("token.ended", RecordRef::new("token", id)).under(RecordRef::new("product", product));
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await
}
