//! Improvement actions: the list, one with its effect, the forms.

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Date, Error, Permission, Result};
use maud::{Markup, html};
use pack::Pack;
use platform::Ctx;
use web::{CsvFile, Fields, Flashed, Operation, PageError, Path, Query, desk_page, redirect_with, ui};

use super::super::lens::{self, Lens};
use super::super::programme::tabs;
use super::actions::{self, Draft};
use super::model::{Action, ActionId, ActionState, Aim, CAUSES, Escape, label};
use super::pages::{self, ACTIONS, ESCAPES, number, practice_title};
use super::rules::{self, Effect, Found, Rate, Said};
use super::store;

fn address(id: ActionId, rest: &str) -> String {
    format!("{ACTIONS}/{id}{rest}")
}

const fn tone(state: ActionState) -> ui::Tone {
    match state {
        ActionState::Open => ui::Tone::Neutral,
        ActionState::Doing => ui::Tone::Info,
        ActionState::Done => ui::Tone::Good,
        ActionState::Dropped => ui::Tone::Neutral,
    }
}

fn badge(action: &Action, day: Date) -> Markup {
    html! {
        (ui::state(tone(action.state), action.state.label()))
        @if action.is_overdue(day) { " " (ui::badge(ui::Tone::Bad, "overdue")) }
    }
}

fn aim_words(pack: &Pack, escapes: &[Escape], aim: &Aim) -> String {
    let mut words = Vec::new();
    if !aim.practice.is_empty() {
        words.push(practice_title(pack, &aim.practice));
    }
    if !aim.activity.is_empty() {
        words.push(pages::activity_title(pack, escapes, &aim.activity));
    }
    if !aim.cause.is_empty() {
        words.push(label(CAUSES, &aim.cause).to_owned());
    }
    words.join(" · ")
}

/// `GET /desk/programme/improvement/actions`
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let lens = Lens::load(&mut tx, &ctx, &query).await?;
    let pack = pages::titles(&mut tx).await?;
    let escapes = store::list_escapes(&mut tx, lens.at).await?;
    let all = store::list_actions(&mut tx, lens.at).await?;
    drop(tx);
    let day = lens.day();
    let practice = query.get("practice");
    let of_practice: Vec<&Escape> =
        escapes.iter().filter(|escape| lens.has(escape.product) && escape.practice_key() == practice).collect();
    let state = query.get("state");
    let actions: Vec<&Action> = all
        .iter()
        .filter(|action| action.aim.product.is_none() || lens.has(action.aim.product))
        .filter(|action| match state {
            "" => true,
            "owed" => action.state.is_owed(),
            "overdue" => action.is_overdue(day),
            word => action.state.as_str() == word,
        })
        .filter(|action| {
            practice.is_empty()
                || action.aim.practice == practice
                || of_practice.iter().any(|escape| action.aim.fits(escape))
        })
        .collect();
    if query.get("format") == "csv" {
        return Ok(csv(&lens, &actions).into_response());
    }
    let rows = actions.iter().map(|action| {
        ui::Row::new(vec![
            html! { (action.title) },
            html! { (aim_words(&pack, &escapes, &action.aim)) },
            html! { @if action.aim.product.is_some() { (lens.product_name(action.aim.product)) } @else { span class="muted" { "All" } } },
            html! { @if action.owner_name.is_empty() { span class="muted" { "nobody" } } @else { (action.owner_name) } },
            html! { @match action.due_on { Some(due) => (due), None => "–" } },
            badge(action, day),
            html! { (action.links) },
        ])
        .link(address(action.id, ""))
    });
    let empty = if all.is_empty() {
        ui::empty_state(
            "No action yet",
            "When escapes show that a practice misses something, write down what will be done about it: who, by when. Its effect is shown here later.",
        )
    } else {
        ui::empty_state("No action fits", "Clear a part of the filter to see more.")
    };
    let table = ui::Table::new("Improvement actions")
        .columns(["Action", "About", "Product", "Owner", "Due", "State"])
        .column(ui::Column::number("Escapes"))
        .rows(rows)
        .empty(empty);
    let states = [
        ("", "Any"),
        ("owed", "Under way"),
        ("overdue", "Overdue"),
        ("open", "Open"),
        ("doing", "Doing"),
        ("done", "Done"),
        ("dropped", "Dropped"),
    ];
    let body = html! {
        (lens.bar(ui::FilterBar::new(ACTIONS))
            .select("state", "State", &ui::Choice::list(states, state))
            .select("practice", "Practice", &pages::practice_choices(&pack, "Any practice", practice))
            .export(query.with("format", "csv")))
        (lens.notice())
        (table)
    };
    let mut shell = ui::Shell::new("Improvement actions")
        .subtitle("What is done about what was found in the field")
        .tabs(tabs("Actions"));
    if ctx.actor.may_somewhere(Permission::RunProgramme) {
        shell = shell.actions(ui::button_link(ui::Weight::Primary, "New action", &format!("{ACTIONS}/new")));
    }
    Ok(desk_page(&ctx, "programme", flashed, shell, ui::stack(body)).into_response())
}

fn csv(lens: &Lens, actions: &[&Action]) -> CsvFile {
    let titles =
        ["title", "practice", "activity", "cause", "product", "owner", "due_on", "state", "done_on", "escapes"];
    let mut file = CsvFile::new("improvement-actions.csv", titles);
    let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    for action in actions {
        file.row(vec![
            action.title.clone(),
            action.aim.practice.clone(),
            action.aim.activity.clone(),
            action.aim.cause.clone(),
            action.aim.product.map_or_else(String::new, |_| lens.product_name(action.aim.product).to_owned()),
            action.owner_name.clone(),
            day(action.due_on),
            action.state.as_str().to_owned(),
            day(action.done_on),
            action.links.to_string(),
        ]);
    }
    file
}

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
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form_page(&ctx, None, &fields).await?).into_response())
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
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form_page(&ctx, Some(id), &fields).await?).into_response())
        }
    }
}

/// Reads the form; the practice follows from the activity.
async fn draft(ctx: &Ctx, fields: &Fields) -> Result<Draft> {
    let mut tx = ctx.read().await?;
    let pack = pages::titles(&mut tx).await?;
    let owners = store::list_owners(&mut tx).await?;
    drop(tx);
    let activity = fields.get("activity");
    let mut practice = fields.get("practice").to_owned();
    if let Some(known) = pack.activity(activity) {
        practice.clone_from(&known.practice);
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
    let cause = fields.get("cause").to_owned();
    let aim = Aim { practice, activity: activity.to_owned(), cause, product };
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

/// `GET /desk/programme/improvement/actions/{id}`
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<ActionId>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    Ok(page(&ctx, id, &query, flashed, &Fields::default()).await?)
}

async fn page(ctx: &Ctx, id: ActionId, query: &Query, flashed: Flashed, fields: &Fields) -> Result<Markup> {
    let mut tx = ctx.read().await?;
    let lens = Lens::load(&mut tx, ctx, query).await?;
    let action = store::load_action(&mut tx, id, lens.at).await?;
    actions::require_read(&mut tx, ctx, &action).await?;
    let runs = actions::may_run(&mut tx, ctx, &action.aim).await?;
    let pack = pages::titles(&mut tx).await?;
    let all = store::list_escapes(&mut tx, lens.at).await?;
    let links = store::list_links(&mut tx, lens.at).await?;
    let steps = store::list_steps(&mut tx, id).await?;
    let begins = store::begins(&all, lens.day());
    let escapes: Vec<Escape> = all.into_iter().filter(|escape| lens.has(escape.product)).collect();
    let linked = |escape: &Escape| links.iter().any(|(of, case)| *of == id && *case == escape.case);
    let mut near: Vec<&Escape> =
        escapes.iter().filter(|escape| action.aim.fits(escape) || linked(escape)).take(200).collect();
    near.sort_by_key(|escape| !linked(escape));
    let cards = pages::cards(&mut tx, ctx, &near).await?;
    drop(tx);
    let owns = action.owner.is_some() && action.owner == ctx.actor.person();
    let now = lens.past.is_none();
    let aim = aim_words(&pack, &escapes, &action.aim);
    let facts = ui::facts(&[
        ui::Fact::text("About", &aim),
        ui::Fact::text(
            "Product",
            if action.aim.product.is_some() { lens.product_name(action.aim.product) } else { "All" },
        ),
        ui::Fact::text("Owner", &action.owner_name),
        ui::Fact::text("Due", &action.due_on.map_or_else(String::new, |day| day.to_string())),
        ui::Fact::text("In effect since", &action.done_on.map_or_else(String::new, |day| day.to_string())),
        ui::Fact::new("Written down", html! { (web::moment(action.made_at)) " by " (action.made_by) }),
    ]);
    let main = html! {
        (ui::error_summary(&fields.errors()))
        (lens.notice())
        (ui::panel("Effect since", effect(&lens, &action, &escapes, begins)))
        (ui::panel("Escapes that it answers", answers(&lens, &action, &near, &linked, &cards, runs && now)))
    };
    let aside = html! {
        (ui::panel("Action", html! { (facts) (ui::prose(web::paragraphs(&action.what))) }))
        @if (runs || owns) && now { (ui::panel("Move it on", moves(&action, ctx.now.date(), fields))) }
        (ui::panel("What happened", html! {
            ul { @for (state, reason, at, by) in &steps { li { (state.label()) ", " (web::moment(*at)) " by " (by) @if !reason.is_empty() { ": " (reason) } } } }
        }))
    };
    let mut shell = ui::Shell::new(&action.title).subtitle(aim).badges(badge(&action, lens.day())).crumbs(vec![
        ui::Crumb::link("Programme", "/desk/programme"),
        ui::Crumb::link("Improvement", lens.address("/desk/programme/improvement", &[])),
        ui::Crumb::link("Actions", ACTIONS),
        ui::Crumb::here(&action.title),
    ]);
    if runs && now {
        shell = shell.actions(ui::button_link(ui::Weight::Secondary, "Edit", &address(id, "/edit")));
    }
    Ok(desk_page(ctx, "programme", flashed, shell, ui::split(main, aside)))
}

/// The effect that an action had, of what the reader may see.
fn effect(lens: &Lens, action: &Action, escapes: &[Escape], begins: Date) -> Markup {
    let Some(done_on) = action.done_on.filter(|_| action.state == ActionState::Done) else {
        return html! { p class="muted" { "An effect can show once the action is done. The escapes that it should bring down are counted already:" }
        (chart(action, escapes, lens.day(), None)) };
    };
    let fitting: Vec<Found> = escapes
        .iter()
        .filter(|escape| action.aim.fits(escape))
        .map(|escape| {
            let out = escape.release.and_then(|id| lens.release(id)).and_then(|release| release.released_on);
            Found { on: escape.found_at.date(), old: out.is_none_or(|out| out < done_on) }
        })
        .collect();
    let releases: Vec<Date> = lens
        .releases
        .iter()
        .filter(|release| action.aim.product.is_none_or(|product| product == release.product))
        .filter_map(|release| release.released_on)
        .collect();
    let effect = rules::effect(done_on, lens.day(), begins, &fitting, &releases);
    html! {
        (verdict(&effect))
        (chart(action, escapes, lens.day(), Some(done_on)))
        (rates(&effect))
        @if effect.after.escapes > 0 {
            p class="small" {
                (effect.old) " of the " (effect.after.escapes)
                " escapes found since were brought in by a release from before, or nobody knows by which. The action could not prevent those."
            }
        }
    }
}

fn verdict(effect: &Effect) -> Markup {
    match effect.said {
        Said::TooEarly(days) => ui::alert(
            ui::Tone::Info,
            "Too early to tell",
            html! { p { "An effect is judged " (rules::SETTLING_DAYS) " days after the action is done: in " (days) " days. The numbers so far are below." } },
        ),
        Said::TooFew => ui::alert(
            ui::Tone::Info,
            "Too few to tell",
            html! { p { "Fewer than " (rules::FEWEST) " escapes before and since together: a difference would be chance." } },
        ),
        Said::Fewer => ui::alert(
            ui::Tone::Good,
            "Fewer than before",
            html! { p { "Fewer such escapes a month are found than before." } },
        ),
        Said::Same => ui::alert(
            ui::Tone::Warn,
            "About as many as before",
            html! { p { "The number a month is within a fifth of what it was." } },
        ),
        Said::More => ui::alert(
            ui::Tone::Bad,
            "More than before",
            html! { p { "More such escapes a month are found than before. Look at what they have in common." } },
        ),
    }
}

fn rates(effect: &Effect) -> Markup {
    let row = |name: &str, rate: Rate| {
        ui::Row::new(vec![
            html! { (name) },
            html! { (rate.escapes) },
            html! { (rate.days) },
            html! { (format!("{:.2}", rate.per_month())) },
            html! { (rate.releases) },
            html! { @match rate.per_release() { Some(rate) => (format!("{rate:.2}")), None => "–" } },
        ])
    };
    let table = ui::Table::new("Before and since")
        .columns(["When"])
        .column(ui::Column::number("Escapes"))
        .column(ui::Column::number("Days"))
        .column(ui::Column::number("A month"))
        .column(ui::Column::number("Releases that came out"))
        .column(ui::Column::number("A release"))
        .row(row("Before", effect.before))
        .row(row("Since", effect.after));
    html! { (table) }
}

fn chart(action: &Action, escapes: &[Escape], until: Date, done_on: Option<Date>) -> Markup {
    let names = lens::quarters(until, 8);
    let count = |name: &str, after: bool| {
        let fits = |escape: &&Escape| {
            let on = escape.found_at.date();
            action.aim.fits(escape) && lens::quarter(on) == name && done_on.is_some_and(|done| on >= done) == after
        };
        number(escapes.iter().filter(fits).count())
    };
    let mut series =
        vec![ui::Series::new("Before", ui::Paint::Quiet, names.iter().map(|name| count(name, false)).collect())];
    if done_on.is_some() {
        series.push(ui::Series::new(
            "Since it is done",
            ui::Paint::One,
            names.iter().map(|name| count(name, true)).collect(),
        ));
    }
    ui::column_chart("Escapes of this kind by quarter", &names, &series)
}

fn answers(
    lens: &Lens,
    action: &Action,
    near: &[&Escape],
    linked: &impl Fn(&Escape) -> bool,
    cards: &HashMap<kernel::RecordRef, platform::cards::Card>,
    may: bool,
) -> Markup {
    if near.is_empty() {
        return ui::empty_state("No such escape", "None of the recorded escapes is of this kind.");
    }
    let product = action.aim.product.map_or_else(String::new, |id| id.to_string());
    let more = [
        ("practice", action.aim.practice.as_str()),
        ("activity", &action.aim.activity),
        ("cause", &action.aim.cause),
        ("product", &product),
    ];
    let line = |escape: &Escape| {
        html! {
            (pages::case_cell(cards, escape)) " "
            span class="muted small" { (lens.product_name(escape.product)) ", found " (escape.found_at.date()) ", " (label(CAUSES, &escape.cause).to_lowercase()) }
        }
    };
    html! {
        p class="small" { a href=(lens.address(ESCAPES, &more)) { "All escapes of this kind" } }
        @if may {
            form method="post" action=(address(action.id, "/escapes")) {
                (ui::hidden("revision", action.revision))
                @for escape in near {
                    (ui::hidden("shown", &escape.id))
                    label class="choice" {
                        input type="checkbox" name="escape" value=(escape.id) checked[linked(escape)];
                        span { (line(escape)) }
                    }
                }
                div class="form-actions" { (ui::submit(ui::Weight::Secondary, "Save what it answers")) }
            }
        } @else {
            ul { @for escape in near.iter().filter(|escape| linked(escape)) { li { (line(escape)) } } }
        }
    }
}

fn moves(action: &Action, today: Date, fields: &Fields) -> Markup {
    let choices = ActionState::ALL.iter().map(|state| (state.as_str(), state.label()));
    let chosen = if fields.get("state").is_empty() { action.state.as_str() } else { fields.get("state") };
    let done_on = match (fields.get("done_on"), action.done_on) {
        ("", Some(day)) => day.to_string(),
        (text, _) => text.to_owned(),
    };
    ui::Form::new(address(action.id, "/state"), "Save")
        .hidden("revision", action.revision)
        .field(ui::Field::radios("state", "How it stands", ui::Choice::list(choices, chosen)))
        .field(
            ui::Field::date("done_on", "In effect since")
                .value(done_on)
                .error(fields.error("done_on"))
                .between("2000-01-01", today)
                .hint("When it is done. The effect is measured from this day."),
        )
        .field(
            ui::Field::textarea("reason", "Note")
                .lines(3)
                .value(fields.get("reason"))
                .error(fields.error("reason"))
                .hint("Asked for when it is dropped."),
        )
        .markup()
}

/// `POST /desk/programme/improvement/actions/{id}/state`
pub(super) async fn set_state(
    Operation(ctx): Operation,
    Path(id): Path<ActionId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let to = ActionState::parse(fields.get("state")).ok_or_else(|| Error::invalid("state", "Choose how it stands."));
    let done_on = match fields.get("done_on") {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| Error::invalid("done_on", "This is not a date. Write it like 2026-03-31.")),
    };
    let done = match (fields.revision(), to, done_on) {
        (Ok(revision), Ok(to), Ok(done_on)) => {
            actions::set_state(&ctx, id, revision, to, fields.get("reason"), done_on).await
        }
        (Err(error), _, _) | (_, Err(error), _) | (_, _, Err(error)) => Err(error),
    };
    match done {
        Ok(()) => Ok(redirect_with(&address(id, ""), "Saved.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let page = page(&ctx, id, &Query::default(), Flashed::default(), &fields).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// `POST /desk/programme/improvement/actions/{id}/escapes`
pub(super) async fn link(
    Operation(ctx): Operation,
    Path(id): Path<ActionId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let shown: Vec<String> = fields.all("shown").map(str::to_owned).collect();
    let ticked: Vec<String> = fields.all("escape").map(str::to_owned).collect();
    let done = match fields.revision() {
        Ok(revision) => actions::link(&ctx, id, revision, &shown, &ticked).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(count) => Ok(redirect_with(&address(id, ""), &format!("The action answers {count} of these escapes."))),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let page = page(&ctx, id, &Query::default(), Flashed::default(), &fields).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
