//! Figures beside answers, and the lists behind them.

use axum::response::{IntoResponse, Response};
use kernel::{Error, Permission, RecordRef, Scope};
use maturity::Ratio;
use maud::{Markup, html};
use web::{AsOf, CsvFile, Flashed, Operation, Page, PageError, Path, Query, desk_page, ui};

use super::Beside;
use super::model::{Figure, Measure};
use super::rules::{Verdict, compare};
use super::store::{self, Window};
use crate::strategy_metrics::{ACTIVE, place};

const SIZE: u64 = 50;

/// Whether claim and figure agree, as a sign.
pub(crate) fn flag(claimed: Option<Ratio>, figure: Option<Figure>) -> Markup {
    match figure.map_or(Verdict::Open, |figure| compare(claimed, figure)) {
        Verdict::Open => html! {},
        Verdict::Agrees => ui::state(ui::Tone::Good, "agrees"),
        Verdict::ClaimsMore => ui::state(ui::Tone::Bad, "claims more than is observed"),
        Verdict::ClaimsLess => ui::state(ui::Tone::Info, "claims less than is observed"),
    }
}

fn figure_words(figure: Figure) -> String {
    match figure.percent() {
        Some(percent) => format!("{} of {} ({percent} %)", figure.holds, figure.of),
        None => "nothing to count yet".to_owned(),
    }
}

/// Where the list behind a figure is.
fn query(at: &str, scope: Scope, moment: AsOf, more: &[(&str, &str)]) -> String {
    let (place, day) = (place::text(scope), moment.text());
    let mut pairs = vec![("place", place.as_str()), ("as_of", day.as_str())];
    pairs.extend(more);
    Query::of(at, "").with_all(&pairs)
}

/// The figures of a question with the lists behind them, and whether its answer agrees.
pub(crate) fn beside_part(beside: &Beside, claimed: Option<Ratio>, scope: Scope, moment: AsOf) -> Markup {
    let measure = beside.measure.filter(|(measure, _)| *measure != Measure::TasksWithEvidence);
    let tasks = query("/desk/assessments/tasks", scope, moment, &[("activities", &beside.activities.join(","))]);
    html! {
        @if let Some((measure, figure)) = measure {
            @let list = query(&format!("/desk/assessments/observed/{}", measure.name()), scope, moment, &[("practice", &beside.practice)]);
            p {
                "Observed: " @if figure.of > 0 { a href=(list) { (figure_words(figure)) " " (measure.words()) } }
                @else { span class="muted" { (measure.words()) ": nothing to count yet" } }
            }
        }
        @if let Some(figure) = beside.tasks {
            p {
                @if measure.is_none() { "Observed: " } @else { "Tasks of its activities: " }
                @if figure.of > 0 { a href=(tasks) { (figure_words(figure)) " tasks that were due have accepted evidence" } }
                @else { span class="muted" { "no task of its activities was due" } }
            }
        }
        @if beside.main().is_some() { p { (flag(claimed, beside.main())) } }
    }
}

struct Asked {
    scope: Scope,
    name: String,
    moment: AsOf,
    lacking: bool,
}

async fn asked(ctx: &platform::Ctx, tx: &mut db::Tx, query: &Query) -> Result<Asked, PageError> {
    let places = place::load_places(tx).await?;
    let scope = places.read(ctx, Permission::ReadProgramme, query.get("place"))?;
    let moment = AsOf::read(query, ctx.now)?;
    Ok(Asked { scope, name: places.name(scope), moment, lacking: query.get("show") == "lacking" })
}

/// What an address here says besides its filter.
const KEPT: &[&str] = &["place", "as_of", "practice", "activities"];

fn bar(path: &str, query: &Query) -> ui::FilterBar {
    ui::FilterBar::new(path)
        .select(
            "show",
            "Show",
            &ui::Choice::list([("", "All"), ("lacking", "Only those that lack it")], query.get("show")),
        )
        .keep("place", query.get("place"))
        .keep("as_of", query.get("as_of"))
        .keep("practice", query.get("practice"))
        .keep("activities", query.get("activities"))
        .export(query.with("format", "csv"))
}

fn crumbs(here: &str) -> Vec<ui::Crumb> {
    vec![ui::Crumb::link("Assessments", "/desk/assessments"), ui::Crumb::here(here)]
}

fn yes_no(holds: bool) -> Markup {
    if holds { ui::state(ui::Tone::Good, "yes") } else { ui::state(ui::Tone::Bad, "no") }
}

fn subtitle(asked: &Asked, figure: Figure, words: &str) -> String {
    let day = if asked.moment.past { format!(", as of {}", asked.moment.day) } else { String::new() };
    format!("{}: {} {words}{day}", asked.name, figure_words(figure))
}

/// `GET /desk/assessments/observed/{measure}`: what a figure counts.
pub(super) async fn rows(
    Operation(ctx): Operation,
    Path(measure): Path<String>,
    query: Query,
) -> Result<Response, PageError> {
    let measure = Measure::parse(&measure).ok_or(Error::NotFound { what: "figure" })?;
    let mut tx = ctx.read().await?;
    let asked = asked(&ctx, &mut tx, &query).await?;
    let window = Window { scope: asked.scope, moment: asked.moment, practice: query.get("practice") };
    let csv = query.get("format") == "csv";
    let page = if csv { Page::all(100_000) } else { Page::of(&query, SIZE) };
    let figure = store::figure(&mut tx, measure, &window).await?;
    let found = store::list(&mut tx, measure, &window, asked.lacking, page.size, page.offset()).await?;
    let references: Vec<RecordRef> = found.iter().map(|(reference, _)| reference.clone()).collect();
    let cards = ctx.platform.cards.load(&mut tx, &ctx.actor, &references).await?;
    if csv {
        let mut file = CsvFile::new("observed.csv", ["kind", "record", "holds"]);
        for (reference, holds) in &found {
            let title = cards.get(reference).map_or("not for you to see", |card| card.title.as_str());
            file.row(vec![reference.kind.clone(), title.to_owned(), if *holds { "yes" } else { "no" }.to_owned()]);
        }
        return Ok(file.into_response());
    }
    let lines = found.iter().map(|(reference, holds)| {
        let name = match cards.get(reference) {
            Some(card) => html! { a href=(card.link) { (card.title) } },
            None => html! { span class="muted" { "a " (reference.kind) " that is not for you to see" } },
        };
        ui::Row::new(vec![name, yes_no(*holds)])
    });
    let table = ui::Table::new(measure.words()).columns(["What is counted", "Is it so"]).rows(lines).empty(web::empty(
        &query,
        KEPT,
        "record",
        ui::empty_state("Nothing to count", "Nothing of this kind was there on that day."),
    ));
    let total = if asked.lacking { figure.of.saturating_sub(figure.holds) } else { figure.of };
    let title = capital(measure.words());
    let shell =
        ui::Shell::new(title.as_str()).subtitle(subtitle(&asked, figure, measure.words())).crumbs(crumbs(&title));
    let path = format!("/desk/assessments/observed/{}", measure.name());
    let body = html! { (bar(&path, &query)) (table) (page.links(&query, total)) };
    Ok(desk_page(&ctx, ACTIVE, Flashed::default(), shell, body).into_response())
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `GET /desk/assessments/tasks`: the tasks of activities that were due.
pub(super) async fn tasks(Operation(ctx): Operation, query: Query) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let asked = asked(&ctx, &mut tx, &query).await?;
    let window = Window { scope: asked.scope, moment: asked.moment, practice: "" };
    let activities: Vec<&str> = query.get("activities").split(',').filter(|id| !id.is_empty()).take(50).collect();
    let csv = query.get("format") == "csv";
    let page = if csv { Page::all(100_000) } else { Page::of(&query, SIZE) };
    let figures = store::by_activity(&mut tx, &window).await?;
    let figure = activities.iter().filter_map(|id| figures.get(*id)).fold(Figure::default(), |sum, one| sum.plus(*one));
    let found = store::list_tasks(&mut tx, &activities, &window, asked.lacking, page.size, page.offset()).await?;
    let references: Vec<RecordRef> =
        found.iter().map(|row| RecordRef { kind: "release".to_owned(), id: row.release.clone() }).collect();
    let cards = ctx.platform.cards.load(&mut tx, &ctx.actor, &references).await?;
    let titles = titles(&mut tx).await?;
    let title_of = |id: &str| titles.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let release_of =
        |place: usize| references.get(place).and_then(|one| cards.get(one)).map_or("", |card| card.title.as_str());
    if csv {
        let mut file = CsvFile::new("tasks.csv", ["release", "activity", "evidence"]);
        for (place, row) in found.iter().enumerate() {
            let holds = if row.holds { "yes" } else { "no" };
            file.row(vec![release_of(place).to_owned(), title_of(&row.activity), holds.to_owned()]);
        }
        return Ok(file.into_response());
    }
    let lines = found.iter().enumerate().map(|(place, row)| {
        ui::Row::new(vec![html! { (title_of(&row.activity)) }, html! { (release_of(place)) }, yes_no(row.holds)])
            .link(format!("/desk/releases/{}/tasks/{}", row.release, row.task))
    });
    let table =
        ui::Table::new("Tasks").columns(["Task", "Release", "Accepted evidence"]).rows(lines).empty(web::empty(
            &query,
            KEPT,
            "task",
            ui::empty_state("No task", "No task of these activities was due on that day."),
        ));
    let total = if asked.lacking { figure.of.saturating_sub(figure.holds) } else { figure.of };
    let shell = ui::Shell::new("Tasks that were due")
        .subtitle(subtitle(&asked, figure, "have accepted evidence"))
        .crumbs(crumbs("Tasks"));
    let body = html! { (bar("/desk/assessments/tasks", &query)) (table) (page.links(&query, total)) };
    Ok(desk_page(&ctx, ACTIVE, Flashed::default(), shell, body).into_response())
}

/// The titles of activities in the process in force.
async fn titles(tx: &mut db::Tx) -> Result<std::collections::BTreeMap<String, String>, PageError> {
    match process::pack::load_active(tx).await {
        Ok(document) => Ok(document.pack.activities.iter().map(|one| (one.id.clone(), one.title.clone())).collect()),
        Err(Error::Refused { .. }) => Ok(std::collections::BTreeMap::new()),
        Err(other) => Err(other.into()),
    }
}
