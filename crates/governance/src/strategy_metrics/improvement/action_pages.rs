//! Improvement actions: the list, one with its effect, the forms.

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use kernel::{Date, Error, Permission, Result};
use maud::{Markup, html};
use pack::Pack;
use platform::Ctx;
use web::{CsvFile, Fields, Flashed, Operation, Page, PageError, Path, Query, desk_page, redirect_with, ui};

use super::super::lens::Lens;
use super::super::programme::tabs;
use super::actions;
use super::effect_pages;
use super::model::{Action, ActionId, ActionState, Aim, CAUSES, Escape, label};
use super::pages::{self, ACTIONS, ESCAPES, practice_title};
use super::store;

pub(super) fn address(id: ActionId, rest: &str) -> String {
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
    let mut actions: Vec<&Action> = all
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
    match query.get("sort") {
        "title" => actions.sort_by_key(|action| action.title.to_lowercase()),
        "-title" => actions.sort_by_key(|action| std::cmp::Reverse(action.title.to_lowercase())),
        "due" => actions.sort_by_key(|action| (action.due_on.is_none(), action.due_on)),
        "-due" => actions.sort_by_key(|action| std::cmp::Reverse(action.due_on)),
        "owner" => actions.sort_by_key(|action| action.owner_name.to_lowercase()),
        "-owner" => actions.sort_by_key(|action| std::cmp::Reverse(action.owner_name.to_lowercase())),
        _ => {}
    }
    let total = u64::try_from(actions.len()).unwrap_or(0);
    if query.get("format") == "csv" {
        return Ok(csv(&lens, &actions).into_response());
    }
    let page = Page::of(&query, 50);
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let rows = actions.iter().skip(skip).take(50).map(|action| {
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
    let none = ui::empty_state(
        "No action yet",
        "When escapes show that a practice misses something, write down what will be done about it: who, by when. Its effect is shown here later.",
    );
    let empty = web::empty(&query, &[], "action", none);
    let table = ui::Table::new("Improvement actions")
        .column(pages::heading(&query, ui::Column::new("Action"), "title", ""))
        .columns(["About", "Product"])
        .column(pages::heading(&query, ui::Column::new("Owner"), "owner", ""))
        .column(pages::heading(&query, ui::Column::narrow("Due"), "due", ""))
        .column(ui::Column::narrow("State"))
        .column(ui::Column::number("Escapes"))
        .rows(rows)
        .empty(empty);
    let table = if total > page.size { table.foot(page.links(&query, total)) } else { table };
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
            .keep("sort", query.get("sort"))
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
    let begins = super::rules::begins(&all, lens.day());
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
        (ui::panel("Effect since", effect_pages::effect(&lens, &action, &escapes, begins)))
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
            Ok((fields.status(), page).into_response())
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
            Ok((fields.status(), page).into_response())
        }
    }
}
