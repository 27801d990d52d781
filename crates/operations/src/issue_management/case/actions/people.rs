//! Who works on a case: members, watching, handing over.

use kernel::{Error, Id, Permission, Result, kinds};
use platform::Ctx;
use platform::audit::{self, Entry};
use serde_json::json;

use super::super::model::CaseId;
use super::super::store;
use super::{load_to_work, may_lead, may_work, reference};

/// Adds a member: need to know begins.
pub(in super::super) async fn add_member(ctx: &Ctx, id: CaseId, person: Id<kinds::Person>) -> Result<()> {
    let mut tx = ctx.begin().await?;
    load_to_work(&mut tx, ctx, id).await?;
    let candidates = store::list_candidates(&mut tx, Permission::ReadCases).await?;
    let name = candidates
        .into_iter()
        .find(|choice| choice.id == person)
        .map(|choice| choice.name)
        .ok_or_else(|| Error::invalid("person", "Choose somebody from the list."))?;
    if !store::insert_member(&mut tx, id, person, ctx.actor.name(), ctx.now).await? {
        return Err(Error::invalid("person", format!("{name} is a member already.")));
    }
    let detail = json!({ "person": person.to_string(), "name": name });
    audit::record(&mut tx, ctx, Entry::new("case.member-added", reference(id)).with(detail)).await?;
    tx.commit().await
}

/// Removes a member: need to know ends. Everybody may leave; others are removed by whoever works on the case.
pub(in super::super) async fn remove_member(ctx: &Ctx, id: CaseId, person: Id<kinds::Person>) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let mut case = store::load_visible(&mut tx, ctx, id).await?;
    if ctx.actor.person() != Some(person) && !may_work(ctx, &case) {
        return Err(Error::NotFound { what: "case" });
    }
    let members = store::list_members(&mut tx, id).await?;
    if members.len() == 1 && !may_lead(ctx, &case) {
        return Err(Error::Refused {
            code: "case-last-member",
            words: "This is the last member of the case. Add somebody else first.".to_owned(),
        });
    }
    let name = members.into_iter().find(|member| member.person == person).map(|member| member.name);
    store::delete_member(&mut tx, id, person).await?;
    if case.assignee == Some(person) {
        case.assignee = None;
        store::set(&mut tx, &mut case).await?;
    }
    let detail = json!({ "person": person.to_string(), "name": name });
    audit::record(&mut tx, ctx, Entry::new("case.member-removed", reference(id)).with(detail)).await?;
    tx.commit().await
}

/// Turns one's own mail about a case on or off.
pub(in super::super) async fn watch(ctx: &Ctx, id: CaseId, watches: bool) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let case = store::load_visible(&mut tx, ctx, id).await?;
    let person = ctx.actor.person().ok_or(Error::NotFound { what: "case" })?;
    if watches && may_lead(ctx, &case) {
        store::insert_member(&mut tx, id, person, ctx.actor.name(), ctx.now).await?;
    }
    store::set_watches(&mut tx, id, person, watches).await?;
    let action = if watches { "case.watched" } else { "case.unwatched" };
    audit::record(&mut tx, ctx, Entry::new(action, reference(id))).await?;
    tx.commit().await
}

/// Hands the case over; who gets it becomes a member. `None` takes it from everybody.
pub(in super::super) async fn assign(
    ctx: &Ctx,
    id: CaseId,
    revision: i64,
    person: Option<Id<kinds::Person>>,
) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let mut case = load_to_work(&mut tx, ctx, id).await?;
    if case.revision != revision {
        return Err(Error::Stale { what: "case" });
    }
    let mut name = None;
    if let Some(person) = person {
        let candidates = store::list_candidates(&mut tx, Permission::WorkCases).await?;
        let choice = candidates
            .into_iter()
            .find(|choice| choice.id == person)
            .ok_or_else(|| Error::invalid("person", "Choose somebody from the list."))?;
        name = Some(choice.name);
        store::insert_member(&mut tx, id, person, ctx.actor.name(), ctx.now).await?;
    }
    let before = case.assignee;
    case.assignee = person;
    store::set(&mut tx, &mut case).await?;
    let detail = json!({
        "person": person.map(|person| person.to_string()), "name": name, "before": before.map(|person| person.to_string()),
    });
    audit::record(&mut tx, ctx, Entry::new("case.assigned", reference(id)).with(detail)).await?;
    tx.commit().await
}
