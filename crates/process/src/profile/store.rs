//! Profiles and teams in the database.

use std::collections::BTreeMap;

use db::{Row, Tx};
use kernel::{Error, Id, Result, Timestamp, kinds};
use pack::{Model, RiskClass};
use register::products::ProductId;

use super::model::{Member, Profile};

/// Delivery models as stored: their identifiers, space between.
pub(crate) fn models_text(models: &[Model]) -> String {
    models.iter().map(|model| model.id()).collect::<Vec<_>>().join(" ")
}

/// Delivery models read from the stored text.
pub(crate) fn models_of(text: &str) -> Vec<Model> {
    text.split(' ').filter_map(Model::parse).collect()
}

fn read(row: &Row) -> Result<Profile> {
    let json = |column: &str| -> Result<String> { Ok(row.get(column)?) };
    let answers: BTreeMap<String, Vec<String>> = serde_json::from_str(&json("answers")?).map_err(Error::internal)?;
    let reasons: BTreeMap<String, String> = serde_json::from_str(&json("reasons")?).map_err(Error::internal)?;
    Ok(Profile {
        id: row.get("id")?,
        product: row.get("product_id")?,
        pack_row: row.get("pack_row")?,
        answers,
        reasons,
        models: models_of(&row.get::<String>("models")?),
        class: row.read("class", RiskClass::parse)?,
        sum: row.get("sum")?,
        open_questions: row.get("open_questions")?,
        why: row.get("why")?,
        review_on: row.get("review_on")?,
        made_at: row.get("made_at")?,
        made_by: row.get("made_by")?,
        ended_at: row.get("ended_at")?,
    })
}

/// The profile that held at a moment.
///
/// # Errors
/// When the database does not answer.
pub async fn load_profile(tx: &mut Tx, product: ProductId, at: Timestamp) -> Result<Option<Profile>> {
    let row = tx
        .fetch_optional(
            "select * from process_profile where product_id = $1 and made_at <= $2 and (ended_at is null or ended_at > $2)
              order by made_at desc, id desc limit 1",
            &[product.into(), at.into()],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// All profiles of a product, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list_profiles(tx: &mut Tx, product: ProductId) -> Result<Vec<Profile>> {
    let sql = "select * from process_profile where product_id = $1 order by made_at desc, id desc limit 100";
    tx.fetch_all(sql, &[product.into()]).await?.iter().map(read).collect()
}

/// The present profiles of all products.
///
/// # Errors
/// When the database does not answer.
pub async fn list_current_profiles(tx: &mut Tx) -> Result<Vec<Profile>> {
    tx.fetch_all("select * from process_profile where ended_at is null", &[]).await?.iter().map(read).collect()
}

/// Writes answers in the place of those before, unless somebody else did in the meantime.
pub(super) async fn insert_profile(tx: &mut Tx, profile: &Profile) -> Result<()> {
    let text = |map: serde_json::Result<String>| map.map_err(Error::internal);
    tx.execute(
        "update process_profile set ended_at = $1 where product_id = $2 and ended_at is null",
        &[profile.made_at.into(), profile.product.into()],
    )
    .await?;
    let inserted = tx
        .try_execute(
        "insert into process_profile (id, product_id, pack_row, answers, reasons, models, class, sum, open_questions, why,
           review_on, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &[
            profile.id.into(),
            profile.product.into(),
            profile.pack_row.into(),
            text(serde_json::to_string(&profile.answers))?.into(),
            text(serde_json::to_string(&profile.reasons))?.into(),
            models_text(&profile.models).into(),
            profile.class.id().into(),
            profile.sum.into(),
            profile.open_questions.into(),
            profile.why.as_str().into(),
            profile.review_on.into(),
            profile.made_at.into(),
            profile.made_by.as_str().into(),
        ],
    )
    .await;
    match inserted {
        Ok(_) => Ok(()),
        Err(error) if error.is_constraint() => Err(Error::Stale { what: "product profile" }),
        Err(error) => Err(error.into()),
    }
}

/// Who cannot sign in any more plays no part any more.
const MEMBER: &str = "select t.id, t.product_id, t.person_id, p.name, t.role, t.made_at, t.ended_at
   from process_team t join person p on p.id = t.person_id and p.state <> 'disabled'";

fn member(row: &Row) -> Result<Member> {
    Ok(Member {
        id: row.get("id")?,
        product: row.get("product_id")?,
        person: row.get("person_id")?,
        name: row.get("name")?,
        role: row.get("role")?,
        made_at: row.get("made_at")?,
        ended_at: row.get("ended_at")?,
    })
}

/// Everybody who plays or played a part for a product, those for all products included.
///
/// # Errors
/// When the database does not answer.
pub async fn list_team(tx: &mut Tx, product: ProductId) -> Result<Vec<Member>> {
    let sql = format!("{MEMBER} where t.product_id = $1 or t.product_id is null order by t.role, lower(p.name), t.id");
    tx.fetch_all(sql, &[product.into()]).await?.iter().map(member).collect()
}

/// Everybody who plays a part for any product now.
///
/// # Errors
/// When the database does not answer.
pub async fn list_teams(tx: &mut Tx) -> Result<Vec<Member>> {
    let sql = format!("{MEMBER} where t.ended_at is null order by t.role, lower(p.name), t.id");
    tx.fetch_all(sql, &[]).await?.iter().map(member).collect()
}

pub(super) async fn insert_member(
    tx: &mut Tx,
    id: &str,
    product: Option<ProductId>,
    person: Id<kinds::Person>,
    role: &str,
    by: &str,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "insert into process_team (id, product_id, person_id, role, made_at, made_by) values ($1, $2, $3, $4, $5, $6)",
        &[id.into(), product.into(), person.into(), role.into(), now.into(), by.into()],
    )
    .await?;
    Ok(())
}

pub(super) async fn set_ended(tx: &mut Tx, id: &str, now: Timestamp) -> Result<()> {
    let ended = tx
        .execute("update process_team set ended_at = $1 where id = $2 and ended_at is null", &[now.into(), id.into()])
        .await?;
    if ended == 0 { Err(Error::NotFound { what: "part" }) } else { Ok(()) }
}
