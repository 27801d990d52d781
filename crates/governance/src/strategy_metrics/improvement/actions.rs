//! Writing improvement actions, moving them on, linking escapes.

use kernel::{Date, Error, FieldError, Id, Permission, Result, Scope, clean_line, clean_text, kinds};
use platform::Ctx;
use platform::audit::{self, Entry};
use register::products::load_product;
use serde_json::json;

use super::super::lens::Lens;
use super::model::{Action, ActionId, ActionState, Aim, Escape};
use super::{rules, store};

fn reference(id: ActionId) -> kernel::RecordRef {
    kernel::RecordRef::new("improvement_action", id)
}

/// What a person typed about an action.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) title: String,
    pub(super) what: String,
    pub(super) aim: Aim,
    pub(super) owner: Option<Id<kinds::Person>>,
    pub(super) due_on: Option<Date>,
}

/// Where an action belongs: its product, or everything.
async fn place(tx: &mut db::Tx, aim: &Aim) -> Result<Scope> {
    match aim.product {
        Some(product) => Ok(load_product(tx, product).await?.scope()),
        None => Ok(Scope::All),
    }
}

/// Whether the actor reads an action: what is about one product is shown where its figures are.
pub(super) async fn require_read(tx: &mut db::Tx, ctx: &Ctx, action: &Action) -> Result<()> {
    match place(tx, &action.aim).await? {
        Scope::All => Ok(()),
        place @ (Scope::Family(_) | Scope::Product { .. }) => {
            ctx.require(Permission::ReadProgramme, place, "improvement action")
        }
    }
}

/// Whether the actor runs the programme where the action belongs.
pub(super) async fn may_run(tx: &mut db::Tx, ctx: &Ctx, aim: &Aim) -> Result<bool> {
    Ok(ctx.actor.may(Permission::RunProgramme, place(tx, aim).await?))
}

fn cleaned(draft: &Draft) -> Result<(String, String)> {
    let mut problems: Vec<FieldError> = Vec::new();
    let title = clean_line("title", &draft.title, 200).unwrap_or_else(|problem| {
        problems.push(problem);
        String::new()
    });
    let what = if draft.what.trim().is_empty() {
        String::new()
    } else {
        clean_text("what", &draft.what, 8_000).unwrap_or_else(|problem| {
            problems.push(problem);
            String::new()
        })
    };
    if let Err(refused) = rules::may_aim(&draft.aim) {
        problems.push(FieldError { field: "practice".to_owned(), words: refused.to_string() });
    }
    if problems.is_empty() { Ok((title, what)) } else { Err(Error::Invalid(problems)) }
}

fn told(aim: &Aim) -> serde_json::Value {
    json!({
        "practice": aim.practice, "activity": aim.activity, "cause": aim.cause,
        "product": aim.product.map(|id| id.to_string()),
    })
}

/// Writes an action down; with it the escapes that it answers, where the form came from some.
pub(super) async fn add(ctx: &Ctx, draft: &Draft) -> Result<ActionId> {
    let (title, what) = cleaned(draft)?;
    let mut tx = ctx.begin().await?;
    if !may_run(&mut tx, ctx, &draft.aim).await? {
        return Err(Error::invalid("product", "You run the programme elsewhere. Choose a product of yours."));
    }
    let action = Action {
        id: ctx.id(),
        title,
        what,
        aim: draft.aim.clone(),
        owner: draft.owner,
        owner_name: String::new(),
        due_on: draft.due_on,
        state: ActionState::Open,
        reason: String::new(),
        done_on: None,
        made_at: ctx.now,
        made_by: String::new(),
        links: 0,
        revision: 1,
    };
    store::insert_action(&mut tx, ctx, &action).await?;
    let entry = Entry::new("improvement.added", reference(action.id)).with(told(&action.aim));
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(action.id)
}

/// Changes what an action says.
pub(super) async fn edit(ctx: &Ctx, id: ActionId, revision: i64, draft: &Draft) -> Result<()> {
    let (title, what) = cleaned(draft)?;
    let mut tx = ctx.begin().await?;
    let mut action = store::load_action(&mut tx, id, ctx.now).await?;
    if !may_run(&mut tx, ctx, &action.aim).await? || !may_run(&mut tx, ctx, &draft.aim).await? {
        return Err(Error::NotFound { what: "improvement action" });
    }
    let before = told(&action.aim);
    action =
        Action { title, what, aim: draft.aim.clone(), owner: draft.owner, due_on: draft.due_on, revision, ..action };
    store::set_action(&mut tx, &action).await?;
    let detail =
        json!({ "aim": told(&action.aim), "before": before, "due_on": action.due_on.map(|day| day.to_string()) });
    audit::record(&mut tx, ctx, Entry::new("improvement.edited", reference(id)).with(detail)).await?;
    tx.commit().await
}

/// Moves an action on; its owner may, and whoever runs the programme there.
pub(super) async fn set_state(
    ctx: &Ctx,
    id: ActionId,
    revision: i64,
    to: ActionState,
    reason: &str,
    done_on: Option<Date>,
) -> Result<()> {
    let reason = if reason.trim().is_empty() {
        String::new()
    } else {
        clean_text("reason", reason, 2_000).map_err(|problem| Error::Invalid(vec![problem]))?
    };
    let mut tx = ctx.begin().await?;
    let mut action = store::load_action(&mut tx, id, ctx.now).await?;
    require_read(&mut tx, ctx, &action).await?;
    let owns = action.owner.is_some() && action.owner == ctx.actor.person();
    if !owns && !may_run(&mut tx, ctx, &action.aim).await? {
        return Err(rules::ActionRefused::NotYours.into());
    }
    if action.revision != revision {
        return Err(Error::Stale { what: "improvement action" });
    }
    let done_on = done_on.filter(|_| to == ActionState::Done);
    rules::may_move(&action, to, &reason, done_on, ctx.now.date()).map_err(|refused| match refused {
        rules::ActionRefused::Reason => Error::invalid("reason", refused.to_string()),
        rules::ActionRefused::DoneOn => Error::invalid("done_on", refused.to_string()),
        rules::ActionRefused::Aimless | rules::ActionRefused::Same | rules::ActionRefused::NotYours => refused.into(),
    })?;
    let from = action.state;
    action.state = to;
    action.reason = reason;
    action.done_on = done_on;
    store::set_state(&mut tx, ctx, &action).await?;
    let detail = json!({
        "from": from.as_str(), "to": to.as_str(), "done_on": done_on.map(|day| day.to_string()), "reason": action.reason,
    });
    audit::record(&mut tx, ctx, Entry::new("improvement.moved", reference(id)).with(detail)).await?;
    tx.commit().await
}

/// Links and unlinks escapes: `shown` are those the form offered, `ticked` those that answer to the action.
pub(super) async fn link(ctx: &Ctx, id: ActionId, revision: i64, shown: &[String], ticked: &[String]) -> Result<usize> {
    let mut tx = ctx.begin().await?;
    let action = store::load_action(&mut tx, id, ctx.now).await?;
    require_read(&mut tx, ctx, &action).await?;
    if !may_run(&mut tx, ctx, &action.aim).await? {
        return Err(Error::NotFound { what: "improvement action" });
    }
    let escapes = store::list_escapes(&mut tx, ctx.now).await?;
    let lens = Lens::load(&mut tx, ctx, &web::Query::default()).await?;
    let readable = |escape: &&Escape| lens.has(escape.product) && shown.contains(&escape.id);
    let (link, unlink): (Vec<&Escape>, Vec<&Escape>) =
        escapes.iter().filter(readable).partition(|escape| ticked.contains(&escape.id));
    let ids = |list: &[&Escape]| list.iter().map(|escape| escape.case).collect::<Vec<_>>();
    store::set_links(&mut tx, id, revision, &ids(&link), &ids(&unlink), ctx.now).await?;
    let detail = json!({ "linked": link.len(), "not_linked": unlink.len() });
    audit::record(&mut tx, ctx, Entry::new("improvement.linked", reference(id)).with(detail)).await?;
    tx.commit().await?;
    Ok(link.len())
}
