//! Escapes from the views, actions from their own tables. Everything can be asked for as of a moment.

use db::{Row, Tx, Value};
use kernel::{Actor, Error, Id, Permission, Result, Timestamp, kinds};
use platform::Ctx;
use platform::finders::{Found, MOST, pattern, visible};

use super::model::{Action, ActionId, ActionState, Aim, Escape};

/// The escapes that were recorded at a moment, the newest first.
pub(crate) async fn list_escapes(tx: &mut Tx, at: Timestamp) -> Result<Vec<Escape>> {
    let rows = tx
        .fetch_all(
            "select * from v_issue_management_root_cause where made_at <= $1 and (ended_at is null or ended_at > $1)
              order by found_at desc, root_cause_id",
            &[at.into()],
        )
        .await?;
    rows.iter().map(|row| escape(row, at)).collect()
}

fn escape(row: &Row, at: Timestamp) -> Result<Escape> {
    let closed: Option<Timestamp> = row.get("closed_at")?;
    Ok(Escape {
        id: row.get("root_cause_id")?,
        case: row.get("case_id")?,
        product: row.get("product_id")?,
        severity: row.get::<Option<String>>("severity")?.unwrap_or_default(),
        found_at: row.get("found_at")?,
        closed_at: closed.filter(|closed| *closed <= at),
        cause: row.get("cause")?,
        detected: row.get("detected")?,
        introduced: row.get("introduced")?,
        release: row.get("introduced_release_id")?,
        caught: row.get("caught")?,
        activity: row.get("activity")?,
        activity_title: row.get("activity_title")?,
        practice: row.get("practice")?,
        suggestion: row.get("suggestion")?,
    })
}

/// Cases that were closed as corrected without a root cause at a moment: case, product, when.
pub(crate) async fn list_unasked(
    tx: &mut Tx,
    at: Timestamp,
) -> Result<Vec<(Id<kinds::Case>, Option<Id<kinds::Product>>, Timestamp)>> {
    let rows = tx
        .fetch_all(
            "select c.case_id, c.product_id, c.closed_at from v_issue_management_case c
              where c.state = 'closed' and c.outcome = 'fixed' and c.closed_at <= $1
                and exists (select 1 from v_issue_management_vulnerability v where v.case_id = c.case_id)
                and not exists (select 1 from v_issue_management_root_cause k
                                 where k.case_id = c.case_id and k.made_at <= $1)
              order by c.closed_at desc, c.case_id",
            &[at.into()],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("case_id")?, row.get("product_id")?, row.get("closed_at")?))).collect()
}

const ACTION: &str =
    "select a.id, a.title, a.what, a.practice, a.activity, a.cause, a.product_id, a.owner_id, a.due_on,
     a.made_at, a.made_by, a.revision, p.name as owner_name, s.state, s.reason, s.done_on,
     (select count(*) from improvement_link l
       where l.action_id = a.id and l.made_at <= $1 and (l.ended_at is null or l.ended_at > $1)) as links
   from improvement_action a
   join (select action_id, state, reason, done_on,
                row_number() over (partition by action_id order by made_at desc, id desc) as place
           from improvement_step where made_at <= $1) s on s.action_id = a.id and s.place = 1
   left join v_platform_person p on p.person_id = a.owner_id";

fn action(row: &Row) -> Result<Action> {
    Ok(Action {
        id: row.get("id")?,
        title: row.get("title")?,
        what: row.get("what")?,
        aim: Aim {
            practice: row.get("practice")?,
            activity: row.get("activity")?,
            cause: row.get("cause")?,
            product: row.get("product_id")?,
        },
        owner: row.get("owner_id")?,
        owner_name: row.get::<Option<String>>("owner_name")?.unwrap_or_default(),
        due_on: row.get("due_on")?,
        state: row.read("state", ActionState::parse)?,
        reason: row.get("reason")?,
        done_on: row.get("done_on")?,
        made_at: row.get("made_at")?,
        made_by: row.get("made_by")?,
        links: row.get("links")?,
        revision: row.get("revision")?,
    })
}

/// The actions as they stood at a moment: what is owed first, by day.
pub(crate) async fn list_actions(tx: &mut Tx, at: Timestamp) -> Result<Vec<Action>> {
    let sql = format!(
        "{ACTION} order by case s.state when 'open' then 0 when 'doing' then 0 when 'done' then 1 else 2 end,
           coalesce(a.due_on, '9999'), a.made_at desc, a.id"
    );
    tx.fetch_all(sql, &[at.into()]).await?.iter().map(action).collect()
}

/// One action as it stood at a moment.
pub(super) async fn load_action(tx: &mut Tx, id: ActionId, at: Timestamp) -> Result<Action> {
    let row = tx.fetch_optional(format!("{ACTION} where a.id = $2"), &[at.into(), id.into()]).await?;
    action(&row.ok_or(Error::NotFound { what: "improvement action" })?)
}

/// How an action stood since when: state, reason, day, moment, who; the newest first.
pub(super) async fn list_steps(tx: &mut Tx, id: ActionId) -> Result<Vec<(ActionState, String, Timestamp, String)>> {
    let rows = tx
        .fetch_all(
            "select state, reason, made_at, made_by from improvement_step where action_id = $1
              order by made_at desc, id desc limit 100",
            &[id.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok((row.read("state", ActionState::parse)?, row.get("reason")?, row.get("made_at")?, row.get("made_by")?))
        })
        .collect()
}

/// Which cases were linked to which actions at a moment.
pub(super) async fn list_links(tx: &mut Tx, at: Timestamp) -> Result<Vec<(ActionId, Id<kinds::Case>)>> {
    let rows = tx
        .fetch_all(
            "select action_id, case_id from improvement_link where made_at <= $1 and (ended_at is null or ended_at > $1)",
            &[at.into()],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("action_id")?, row.get("case_id")?))).collect()
}

/// People who can own an action: identifier and name.
pub(super) async fn list_owners(tx: &mut Tx) -> Result<Vec<(Id<kinds::Person>, String)>> {
    let rows = tx
        .fetch_all(
            "select person_id, name from v_platform_person where state <> 'disabled' order by lower(name), person_id",
            &[],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("person_id")?, row.get("name")?))).collect()
}

fn values(action: &Action) -> Vec<Value> {
    vec![
        action.id.into(),
        action.title.as_str().into(),
        action.what.as_str().into(),
        action.aim.practice.as_str().into(),
        action.aim.activity.as_str().into(),
        action.aim.cause.as_str().into(),
        action.aim.product.into(),
        action.owner.into(),
        action.due_on.into(),
    ]
}

/// Writes a new action, open.
pub(super) async fn insert_action(tx: &mut Tx, ctx: &Ctx, action: &Action) -> Result<()> {
    let mut all = values(action);
    all.extend([action.state.as_str().into(), ctx.now.into(), ctx.actor.name().into()]);
    tx.execute(
        "insert into improvement_action (id, title, what, practice, activity, cause, product_id, owner_id, due_on, state,
           made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &all,
    )
    .await?;
    insert_step(tx, ctx, action).await
}

async fn insert_step(tx: &mut Tx, ctx: &Ctx, action: &Action) -> Result<()> {
    tx.execute(
        "insert into improvement_step (id, action_id, state, reason, done_on, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            ctx.id::<ActionState>().into(),
            action.id.into(),
            action.state.as_str().into(),
            action.reason.as_str().into(),
            action.done_on.into(),
            ctx.now.into(),
            ctx.actor.name().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Changes what an action says, unless somebody else wrote it since.
pub(super) async fn set_action(tx: &mut Tx, action: &Action) -> Result<()> {
    let mut all = values(action);
    all.push(action.revision.into());
    let changed = tx
        .execute(
            "update improvement_action set title = $2, what = $3, practice = $4, activity = $5, cause = $6,
               product_id = $7, owner_id = $8, due_on = $9, revision = revision + 1
             where id = $1 and revision = $10",
            &all,
        )
        .await?;
    if changed == 0 { Err(Error::Stale { what: "improvement action" }) } else { Ok(()) }
}

/// Changes how an action stands, unless somebody else wrote it since.
pub(super) async fn set_state(tx: &mut Tx, ctx: &Ctx, action: &Action) -> Result<()> {
    let changed = tx
        .execute(
            "update improvement_action set state = $2, state_reason = $3, done_on = $4, revision = revision + 1
             where id = $1 and revision = $5",
            &[
                action.id.into(),
                action.state.as_str().into(),
                action.reason.as_str().into(),
                action.done_on.into(),
                action.revision.into(),
            ],
        )
        .await?;
    if changed == 0 {
        return Err(Error::Stale { what: "improvement action" });
    }
    insert_step(tx, ctx, action).await
}

/// Makes exactly these cases the ones linked to an action, of those that the form showed, unless somebody else wrote the
/// action since.
pub(super) async fn set_links(
    tx: &mut Tx,
    id: ActionId,
    revision: i64,
    link: &[Id<kinds::Case>],
    unlink: &[Id<kinds::Case>],
    now: Timestamp,
) -> Result<()> {
    let changed = tx
        .execute(
            "update improvement_action set revision = revision + 1 where id = $1 and revision = $2",
            &[id.into(), revision.into()],
        )
        .await?;
    if changed == 0 {
        return Err(Error::Stale { what: "improvement action" });
    }
    let gone: Vec<Vec<Value>> = unlink.iter().map(|case| vec![id.into(), (*case).into(), now.into()]).collect();
    tx.execute_many(
        "update improvement_link set ended_at = $3 where action_id = $1 and case_id = $2 and ended_at is null",
        gone,
    )
    .await?;
    let new: Vec<Vec<Value>> = link.iter().map(|case| vec![id.into(), (*case).into(), now.into()]).collect();
    tx.execute_many(
        "insert into improvement_link (action_id, case_id, made_at) values ($1, $2, $3)
         on conflict (action_id, case_id) do update set made_at = excluded.made_at, ended_at = null
           where improvement_link.ended_at is not null",
        new,
    )
    .await?;
    Ok(())
}

/// Actions by title for the search over everything.
pub(super) async fn find_actions(tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<Found>> {
    let mut parameters: Vec<Value> = vec![pattern(words).into()];
    let visible = visible(actor, Permission::ReadProgramme, ("p.family_id", "p.id"), &mut parameters);
    let sql = format!(
        "select a.id, a.title, a.state from improvement_action a left join register_product p on p.id = a.product_id
          where (lower(a.title) like $1 or lower(a.what) like $1) and (a.product_id is null or {visible})
          order by case a.state when 'open' then 0 when 'doing' then 0 when 'done' then 1 else 2 end,
            coalesce(a.due_on, '9999'), a.id limit {MOST}"
    );
    let found = |row: &Row| {
        Ok(Found {
            link: format!("/desk/programme/improvement/actions/{}", row.get::<String>("id")?),
            number: row.read("state", ActionState::parse)?.label().to_owned(),
            title: row.get("title")?,
        })
    };
    tx.fetch_all(sql, &parameters).await?.iter().map(found).collect()
}
