//! What people can do with profiles and teams.

use std::collections::BTreeMap;

use db::Tx;
use kernel::{Error, Id, Permission, RecordRef, Result, Scope, kinds};
use pack::Model;
use platform::Ctx;
use platform::audit::{self, Entry};
use register::products::ProductId;
use serde_json::json;

use super::model::{CHAMPION, Member, Profile};
use super::{rules, store};
use crate::{pack as packs, place, plan};

/// What a form says of a product.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Question to the answers given.
    pub answers: BTreeMap<String, Vec<String>>,
    /// Question to the reason typed.
    pub reasons: BTreeMap<String, String>,
    /// How the team delivers.
    pub models: Vec<Model>,
    /// The profile that the form was made from; empty where there was none.
    pub seen: String,
}

/// Keeps new answers, or the confirmed old ones, and computes the class.
///
/// # Errors
/// Invalid, stale when somebody else answered in the meantime, not found where one may not.
pub async fn answer(ctx: &Ctx, product: ProductId, draft: Answers) -> Result<Profile> {
    let mut tx = ctx.begin().await?;
    let found = place::product(ctx, &mut tx, product, Permission::WorkPlans).await?;
    let active = packs::load_active(&mut tx).await?;
    let present = store::load_profile(&mut tx, product, ctx.now).await?;
    if present.as_ref().map_or_else(String::new, |profile| profile.id.to_string()) != draft.seen {
        return Err(Error::Stale { what: "product profile" });
    }
    if draft.models.is_empty() {
        return Err(Error::invalid("models", "Tick at least one way in which the team delivers."));
    }
    let answers: BTreeMap<_, _> = draft.answers.into_iter().filter(|(_, given)| !given.is_empty()).collect();
    let assessed = pack::classify(&active.pack.risk, &answers);
    if let Some((question, answer)) = assessed.unknown.first() {
        return Err(Error::invalid(
            question,
            format!("The pack has no answer {answer} here. Reload the page and choose again."),
        ));
    }
    let reasons = reasons(&active.pack.risk, draft.reasons)?;
    let profile = Profile {
        id: ctx.id(),
        product: found.id,
        pack_row: active.row.id,
        answers,
        reasons,
        models: draft.models,
        class: assessed.class,
        sum: i64::from(assessed.sum),
        open_questions: i64::try_from(assessed.open.len()).unwrap_or(0),
        why: std::iter::once(rules::class_words(assessed.class, assessed.sum, assessed.open.len()))
            .chain(assessed.reasons.iter().map(|reason| reason.words.clone()))
            .collect::<Vec<_>>()
            .join("\n"),
        review_on: rules::next_review(&active.pack, ctx.now.date()),
        made_at: ctx.now,
        made_by: ctx.actor.name().to_owned(),
        ended_at: None,
    };
    store::insert_profile(&mut tx, &profile).await?;
    plan::refresh_product(&mut tx, ctx, found.id).await?;
    let detail = json!({"class": profile.class.id(), "sum": profile.sum, "open": profile.open_questions, "review_on": profile.review_on.to_string()});
    let entry = Entry::new("profile.answered", RecordRef::new("product", product)).with(detail);
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(profile)
}

/// The reasons that were given for answers; what is no question of the pack is passed over.
fn reasons(risk: &pack::RiskModel, typed: BTreeMap<String, String>) -> Result<BTreeMap<String, String>> {
    let is_asked = |id: &str| risk.questions.iter().any(|question| question.id == id);
    typed
        .into_iter()
        .filter(|(question, text)| is_asked(question) && !text.trim().is_empty())
        .map(|(question, text)| {
            let text = kernel::clean_text(&format!("r-{question}"), &text, 1_000);
            text.map(|text| (question, text)).map_err(|problem| Error::Invalid(vec![problem]))
        })
        .collect()
}

/// Gives somebody a part for a product, or for all products when none is named.
///
/// # Errors
/// Invalid, or not found where one may not.
pub async fn join(ctx: &Ctx, product: ProductId, for_all: bool, person: Id<kinds::Person>, role: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let found = place::product(ctx, &mut tx, product, Permission::WorkPlans).await?;
    if for_all {
        ctx.require(Permission::RunProgramme, Scope::All, "page")?;
    }
    let active = packs::load_active(&mut tx).await?;
    if role != CHAMPION && active.pack.role(role).is_none() {
        return Err(Error::invalid("role", "Choose one of the parts in the list."));
    }
    let who = place::worker(&mut tx, "person", person).await?;
    let target = if for_all { None } else { Some(found.id) };
    let team = store::list_team(&mut tx, product).await?;
    let same = |member: &Member| {
        member.is_at(ctx.now) && member.person == person && member.role == role && member.product == target
    };
    if team.iter().any(same) {
        return Err(Error::invalid("person", format!("{} has this part already.", who.name)));
    }
    let id = ctx.id::<Member>().to_string();
    store::insert_member(&mut tx, &id, target, person, role, ctx.actor.name(), ctx.now).await?;
    refresh(&mut tx, ctx, found.id, for_all).await?;
    let detail = json!({"person": who.name, "role": role, "all_products": for_all});
    audit::record(&mut tx, ctx, Entry::new("team.joined", RecordRef::new("product", product)).with(detail)).await?;
    tx.commit().await
}

/// Brings the summaries of the product up to date; a job those of the others, where the part is one for all of them.
async fn refresh(tx: &mut Tx, ctx: &Ctx, product: ProductId, for_all: bool) -> Result<()> {
    if for_all {
        platform::jobs::enqueue(tx, ctx, "process.recompute", &serde_json::Value::Null).await?;
    }
    plan::refresh_product(tx, ctx, product).await
}

/// Ends a part that somebody plays.
///
/// # Errors
/// Not found, also where one may not.
pub async fn leave(ctx: &Ctx, product: ProductId, id: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let found = place::product(ctx, &mut tx, product, Permission::WorkPlans).await?;
    let team = store::list_team(&mut tx, product).await?;
    let member = team.iter().find(|member| member.id == id).ok_or(Error::NotFound { what: "part" })?;
    if member.product.is_none() {
        ctx.require(Permission::RunProgramme, Scope::All, "part")?;
    }
    store::set_ended(&mut tx, id, ctx.now).await?;
    refresh(&mut tx, ctx, found.id, member.product.is_none()).await?;
    let detail = json!({"person": member.name, "role": member.role});
    audit::record(&mut tx, ctx, Entry::new("team.left", RecordRef::new("product", product)).with(detail)).await?;
    tx.commit().await
}
