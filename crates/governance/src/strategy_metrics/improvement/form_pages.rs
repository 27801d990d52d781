//! The forms in which improvement actions are written down and changed.

use axum::response::{IntoResponse, Response};
use kernel::{Error, Permission, Result};
use maud::Markup;
use platform::Ctx;
use web::{Fields, Flashed, Operation, PageError, Path, Query, desk_page, redirect_with, ui};

use super::super::lens::Lens;
use super::action_pages::address;
use super::actions::{self, Draft};
use super::model::{ActionId, Aim, CAUSES};
use super::pages::{self, ACTIONS};
use super::store;

/// `GET /desk/programme/improvement/actions/new`
pub(super) async fn new_form(Operation(ctx): Operation, query: Query) -> Result<Markup, PageError> {
    let fields =
        Fields::of(["practice", "activity", "cause", "product"].map(|name| (name, query.get(name).to_owned())));
    Ok(form_page(&ctx, None, &fields).await?)
}

/// `POST /desk/programme/improvement/actions/new`
pub(super) async fn new_save(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    let done = match draft(&ctx, &fields).await {
        Ok(draft) => actions::add(&ctx, &draft).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => Ok(redirect_with(&address(id, ""), "The action is written down. Link the escapes that it answers.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), form_page(&ctx, None, &fields).await?).into_response())
        }
    }
}

/// `GET /desk/programme/improvement/actions/{id}/edit`
pub(super) async fn edit_form(Operation(ctx): Operation, Path(id): Path<ActionId>) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let action = store::load_action(&mut tx, id, ctx.now).await?;
    if !actions::may_run(&mut tx, &ctx, &action.aim).await? {
        return Err(Error::NotFound { what: "improvement action" }.into());
    }
    drop(tx);
    let fields = Fields::of([
        ("title", action.title.clone()),
        ("what", action.what.clone()),
        ("practice", action.aim.practice.clone()),
        ("activity", action.aim.activity.clone()),
        ("cause", action.aim.cause.clone()),
        ("product", action.aim.product.map_or_else(String::new, |id| id.to_string())),
        ("owner", action.owner.map_or_else(String::new, |id| id.to_string())),
        ("due_on", action.due_on.map_or_else(String::new, |day| day.to_string())),
        ("revision", action.revision.to_string()),
    ]);
    Ok(form_page(&ctx, Some(id), &fields).await?)
}

/// `POST /desk/programme/improvement/actions/{id}/edit`
pub(super) async fn edit_save(
    Operation(ctx): Operation,
    Path(id): Path<ActionId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let done = match (draft(&ctx, &fields).await, fields.revision()) {
        (Ok(draft), Ok(revision)) => actions::edit(&ctx, id, revision, &draft).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match done {
        Ok(()) => Ok(redirect_with(&address(id, ""), "Saved.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), form_page(&ctx, Some(id), &fields).await?).into_response())
        }
    }
}

/// Reads the form; the practice follows from the activity.
async fn draft(ctx: &Ctx, fields: &Fields) -> Result<Draft> {
    let mut tx = ctx.read().await?;
    let pack = pages::titles(&mut tx).await?;
    let owners = store::list_owners(&mut tx).await?;
    drop(tx);
    let cause = fields.get("cause").to_owned();
    if !cause.is_empty() && !CAUSES.iter().any(|(known, _)| *known == cause) {
        return Err(Error::invalid("cause", "Choose a cause of the list."));
    }
    let activity = fields.get("activity").to_owned();
    let practice = match pack.activity(&activity) {
        Some(known) => known.practice.clone(),
        None if activity.is_empty() => fields.get("practice").to_owned(),
        None => return Err(Error::invalid("activity", "Choose an activity of the list.")),
    };
    if !matches!(practice.as_str(), "" | "gap" | "unknown") && pack.practice(&practice).is_none() {
        return Err(Error::invalid("practice", "Choose a practice of the list."));
    }
    let due_on = match fields.get("due_on") {
        "" => None,
        text => {
            Some(text.parse().map_err(|_| Error::invalid("due_on", "This is not a date. Write it like 2026-03-31."))?)
        }
    };
    let owner = match fields.get("owner") {
        "" => None,
        text => Some(
            owners
                .iter()
                .find(|(id, _)| id.to_string() == text)
                .map(|(id, _)| *id)
                .ok_or_else(|| Error::invalid("owner", "Choose somebody of the list."))?,
        ),
    };
    let product = match fields.get("product") {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::invalid("product", "Choose a product of the list."))?),
    };
    let aim = Aim { practice, activity, cause, product };
    Ok(Draft { title: fields.get("title").to_owned(), what: fields.get("what").to_owned(), aim, owner, due_on })
}

async fn form_page(ctx: &Ctx, id: Option<ActionId>, fields: &Fields) -> Result<Markup> {
    let mut tx = ctx.read().await?;
    let lens = Lens::load(&mut tx, ctx, &Query::default()).await?;
    let pack = pages::titles(&mut tx).await?;
    let owners = store::list_owners(&mut tx).await?;
    drop(tx);
    let causes = std::iter::once(("", "Any cause")).chain(CAUSES.iter().copied());
    let mut activities =
        vec![ui::Choice::new("", "Any activity of the practice").chosen(fields.get("activity").is_empty())];
    for practice in &pack.practices {
        activities.extend(pack.activities_of(&practice.id).into_iter().map(|activity| {
            ui::Choice::new(&activity.id, &activity.title)
                .group(&practice.title)
                .chosen(activity.id == fields.get("activity"))
        }));
    }
    let products: Vec<(String, &str)> = lens
        .products
        .iter()
        .filter(|product| ctx.actor.may(Permission::RunProgramme, product.scope()))
        .map(|product| (product.id.to_string(), product.name.as_str()))
        .collect();
    let products = std::iter::once(("", "All products")).chain(products.iter().map(|(id, name)| (id.as_str(), *name)));
    let owners: Vec<(String, &str)> = owners.iter().map(|(id, name)| (id.to_string(), name.as_str())).collect();
    let owners = std::iter::once(("", "Nobody yet")).chain(owners.iter().map(|(id, name)| (id.as_str(), *name)));
    let (at, button, back) = match id {
        Some(id) => (address(id, "/edit"), "Save", address(id, "")),
        None => (format!("{ACTIONS}/new"), "Write it down", ACTIONS.to_owned()),
    };
    let field = |field: ui::Field, name: &str| field.value(fields.get(name)).error(fields.error(name));
    let mut form = ui::Form::new(at, button).errors(&fields.errors());
    if id.is_some() {
        form = form.hidden("revision", fields.get("revision"));
    }
    let form = form
        .field(field(ui::Field::text("title", "What will be done").required().longest(200), "title"))
        .field(field(
            ui::Field::textarea("what", "In detail")
                .lines(4)
                .hint("Without details of a flaw that is not public: everybody who reads the programme sees it."),
            "what",
        ))
        .field(
            ui::Field::select(
                "practice",
                "Practice",
                pages::practice_choices(&pack, "Any practice", fields.get("practice")),
            )
            .error(fields.error("practice"))
            .hint(
                "Practice, activity and cause say which escapes it should bring down; its effect is measured by them.",
            ),
        )
        .field(ui::Field::select("activity", "Activity", activities).error(fields.error("activity")))
        .field(
            ui::Field::select("cause", "Cause", ui::Choice::list(causes, fields.get("cause")))
                .error(fields.error("cause")),
        )
        .field(
            ui::Field::select("product", "Product", ui::Choice::list(products, fields.get("product")))
                .error(fields.error("product")),
        )
        .field(
            ui::Field::select("owner", "Owner", ui::Choice::list(owners, fields.get("owner")))
                .error(fields.error("owner")),
        )
        .field(field(ui::Field::date("due_on", "Due"), "due_on"))
        .beside(ui::button_link(ui::Weight::Plain, "Cancel", &back));
    let title = if id.is_some() { "Edit the action" } else { "New action" };
    let shell = ui::Shell::new(title).crumbs(vec![
        ui::Crumb::link("Programme", "/desk/programme"),
        ui::Crumb::link("Actions", ACTIONS),
        ui::Crumb::here(title),
    ]);
    Ok(desk_page(ctx, "programme", Flashed::default(), shell, ui::panel("", form.markup())))
}
