//! HTML pages: the list of assessments, starting one, reading a workbook.

use axum::response::{IntoResponse, Response};
use kernel::{Date, Error, Permission, Result};
use maturity::Ratio;
use maud::{Markup, html};
use platform::Ctx;
use web::{CsvFile, Fields, Flashed, Operation, Page, PageError, Query, desk_page, redirect_with, ui};

use super::actions::{self, Draft};
use super::import::{self, WorkbookDraft};
use super::model::{Assessment, AssessmentId, Listed, State};
use super::store::{self, Wanted};
use crate::strategy_metrics::catalogue::{self, ModelId};
use crate::strategy_metrics::place::{self, Places};
use crate::strategy_metrics::{ACTIVE, tabs};

const AT: &str = "/desk/assessments";

/// A score with two decimals, or a dash.
pub(super) fn shown(score: Option<Ratio>) -> String {
    score.map_or_else(|| "–".to_owned(), |score| score.rounded(2))
}

pub(super) fn state_badge(state: State) -> Markup {
    let tone = match state {
        State::Open => ui::Tone::Info,
        State::Finished => ui::Tone::Good,
        State::Dropped => ui::Tone::Neutral,
    };
    ui::state(tone, state.label())
}

/// The way from the list to a page of an assessment.
pub(super) fn crumbs(assessment: &Assessment, here: &str) -> Vec<ui::Crumb> {
    let mut crumbs = vec![ui::Crumb::link("Assessments", AT)];
    if here.is_empty() {
        crumbs.push(ui::Crumb::here(assessment.name.as_str()));
    } else {
        crumbs.push(ui::Crumb::link(assessment.name.as_str(), format!("{AT}/{}", assessment.id)));
        crumbs.push(ui::Crumb::here(here));
    }
    crumbs
}

/// The tabs of one assessment.
pub(super) fn own_tabs(id: AssessmentId, here: &str) -> Vec<ui::Tab> {
    [("Results", ""), ("Answers", "/answers"), ("Compare", "/compare")]
        .into_iter()
        .map(|(label, end)| ui::Tab::new(label, format!("{AT}/{id}{end}")).here(label == here))
        .collect()
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// `GET /desk/assessments`
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let csv = query.get("format") == "csv";
    let page = if csv { Page::all(10_000) } else { Page::of(&query, 25) };
    let mut tx = ctx.read().await?;
    let places = place::load_places(&mut tx).await?;
    let scope = match query.get("place") {
        "" => None,
        given => Some(places.read(&ctx, Permission::ReadProgramme, given)?),
    };
    let wanted = Wanted {
        text: query.get("q").to_owned(),
        series: query.get("model").to_owned(),
        state: query.get("state").to_owned(),
        scope,
        by_name: query.get("sort") == "name",
        limit: page.size,
        offset: page.offset(),
    };
    let total = store::count(&mut tx, &ctx.actor, &wanted).await?;
    let found = store::list(&mut tx, &ctx.actor, &wanted).await?;
    let series = catalogue::list_series(&mut tx).await?;
    if csv {
        return Ok(list_csv(&found, &places));
    }
    let models: Vec<(&str, &str)> =
        std::iter::once(("", "All")).chain(series.iter().map(|one| (one.key.as_str(), one.title.as_str()))).collect();
    let states: Vec<(&str, &str)> = std::iter::once(("", "Open and finished"))
        .chain(State::ALL.iter().map(|state| (state.as_str(), state.label())))
        .collect();
    let mut choices = vec![ui::Choice::new("", "All")];
    choices.extend(places.choices(&ctx, Permission::ReadProgramme, query.get("place")));
    let bar = ui::FilterBar::new(AT)
        .search("q", query.get("q"), "Name")
        .select("place", "Place", &choices)
        .select("model", "Model", &ui::Choice::list(models, query.get("model")))
        .select("state", "State", &ui::Choice::list(states, query.get("state")))
        .export(query.with("format", "csv"));
    let may = ctx.actor.may_somewhere(Permission::Assess);
    let start = html! {
        @if may {
            (ui::button_link(ui::Weight::Primary, "Start an assessment", "/desk/assessments/new"))
            (ui::button_link(ui::Weight::Secondary, "Read a workbook", "/desk/assessments/import"))
        }
    };
    let sorted = |name: &str, way: ui::Sorted| if query.get("sort") == name { way } else { ui::Sorted::No };
    let by_name = sorted("name", ui::Sorted::Ascending);
    let by_day = sorted("", ui::Sorted::Descending);
    let none = ui::empty_state_with(
        "No assessment",
        "An assessment asks the questions of a model and shows how mature each practice is. Start one, or read a filled toolbox workbook.",
        start.clone(),
    );
    let empty = web::empty(&query, &[], "assessment", none);
    let table = ui::Table::new("Assessments")
        .column(ui::Column::new("Assessment").sortable(query.with("sort", "name"), by_name))
        .columns(["Place", "Model", "State"])
        .column(ui::Column::new("Day").sortable(query.with("sort", ""), by_day))
        .columns(["Answered", "Validated"])
        .column(ui::Column::number("Score"))
        .rows(found.iter().map(|one| row(one, &places)))
        .empty(empty);
    let shell = ui::Shell::new("Assessments")
        .subtitle("How mature the programme is, by its own words and by live data")
        .tabs(tabs(AT))
        .actions(start);
    let body = html! { (bar) (table) (page.links(&query, total)) };
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, body).into_response())
}

fn row(one: &Listed, places: &Places) -> ui::Row {
    let assessment = &one.assessment;
    ui::Row::new(vec![
        html! { strong { (assessment.name) } },
        html! { (places.name(assessment.scope)) },
        html! { (assessment.model_title) },
        state_badge(assessment.state),
        html! { (assessment.assessed_on) },
        ui::progress("Answered", count(one.answered), count(assessment.questions)),
        ui::progress("Validated", count(one.validated), count(one.answered)),
        html! { (shown(assessment.overall)) },
    ])
    .link(format!("{AT}/{}", assessment.id))
}

fn list_csv(found: &[Listed], places: &Places) -> Response {
    let mut file = CsvFile::new(
        "assessments.csv",
        ["name", "place", "model", "state", "day", "questions", "answered", "validated", "score"],
    );
    for one in found {
        let assessment = &one.assessment;
        file.row(vec![
            assessment.name.clone(),
            places.name(assessment.scope),
            assessment.series.clone(),
            assessment.state.as_str().to_owned(),
            assessment.assessed_on.to_string(),
            assessment.questions.to_string(),
            one.answered.to_string(),
            one.validated.to_string(),
            assessment.overall.map_or_else(String::new, |score| score.rounded(4)),
        ]);
    }
    file.into_response()
}

/// `GET /desk/assessments/new`
pub(super) async fn new_form(Operation(ctx): Operation, query: Query) -> Result<Markup, PageError> {
    let fields = Fields::of([
        ("place", query.get("place").to_owned()),
        ("model", query.get("model").to_owned()),
        ("assessed_on", ctx.now.date().to_string()),
        ("carry", "on".to_owned()),
    ]);
    new_page(&ctx, &fields).await
}

async fn new_page(ctx: &Ctx, fields: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let places = place::load_places(&mut tx).await?;
    let models = catalogue::list(&mut tx).await?;
    let choices = models.iter().map(|model| {
        let id = model.id.to_string();
        ui::Choice::new(id.as_str(), format!("{} ({} questions)", model.title, model.questions))
            .chosen(fields.get("model") == id || fields.get("model") == model.series)
    });
    let form = ui::Form::new("/desk/assessments/new", "Start")
        .errors(&fields.errors())
        .field(
            ui::Field::text("name", "Name")
                .value(fields.get("name"))
                .placeholder("Spring 2026")
                .error(fields.error("name"))
                .required(),
        )
        .field(
            ui::Field::select("place", "Place", places.choices(ctx, Permission::Assess, fields.get("place")))
                .hint("The organisation, a family or a product. Trend and targets are kept for each place by itself.")
                .error(fields.error("place")),
        )
        .field(
            ui::Field::select("model", "Questions", choices.collect())
                .hint("Other models come by import, under Question models.")
                .error(fields.error("model")),
        )
        .field(
            ui::Field::date("assessed_on", "Day that the answers describe")
                .value(fields.get("assessed_on"))
                .error(fields.error("assessed_on")),
        )
        .field(
            ui::Field::checkbox(
                "carry",
                "Begin with the answers of the latest finished assessment",
                fields.ticked("carry"),
            )
            .hint("They are marked as carried over, and somebody validates them anew."),
        );
    let shell = ui::Shell::new("Start an assessment")
        .crumbs(vec![ui::Crumb::link("Assessments", AT), ui::Crumb::here("Start")]);
    Ok(desk_page(ctx, ACTIVE, Flashed::default(), shell, ui::panel("", html! { (form) })))
}

fn day(fields: &Fields) -> Result<Date> {
    fields.parse("assessed_on", "Say the day as a date such as 2026-03-31.")
}

/// `POST /desk/assessments/new`
pub(super) async fn new(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    match start(&ctx, &fields).await {
        Ok(id) => Ok(redirect_with(&format!("{AT}/{id}"), "Started. Answer the questions practice by practice.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), new_page(&ctx, &fields).await?).into_response())
        }
    }
}

async fn start(ctx: &Ctx, fields: &Fields) -> Result<AssessmentId> {
    let mut tx = ctx.read().await?;
    let places = place::load_places(&mut tx).await?;
    drop(tx);
    let model: ModelId = fields.parse("model", "Choose one of the models in the list.")?;
    let draft = Draft {
        model,
        scope: places.read(ctx, Permission::Assess, fields.get("place"))?,
        name: fields.get("name").to_owned(),
        assessed_on: day(fields)?,
        carry: fields.ticked("carry"),
    };
    actions::create(ctx, &draft).await
}

/// `GET /desk/assessments/import`
pub(super) async fn import_form(Operation(ctx): Operation) -> Result<Markup, PageError> {
    import_page(&ctx, &Fields::of([("assessed_on", ctx.now.date().to_string())])).await
}

async fn import_page(ctx: &Ctx, fields: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let places = place::load_places(&mut tx).await?;
    let form = ui::Form::new("/desk/assessments/import", "Read")
        .multipart()
        .errors(&fields.errors())
        .field(
            ui::Field::file("file", "Workbook")
                .hint("A filled SAMM 1.5 or 2.x toolbox as .xlsx.")
                .accept(".xlsx")
                .error(fields.error("file"))
                .required(),
        )
        .field(
            ui::Field::text("name", "Name")
                .value(fields.get("name"))
                .hint("Without one, the workbook's own words are taken.")
                .error(fields.error("name")),
        )
        .field(
            ui::Field::select("place", "Place", places.choices(ctx, Permission::Assess, fields.get("place")))
                .error(fields.error("place")),
        )
        .field(
            ui::Field::date("assessed_on", "Day that the answers describe")
                .value(fields.get("assessed_on"))
                .error(fields.error("assessed_on")),
        );
    let shell = ui::Shell::new("Read a workbook")
        .subtitle("Its questions and answers become an open assessment with the same scores")
        .crumbs(vec![ui::Crumb::link("Assessments", AT), ui::Crumb::here("Read a workbook")]);
    Ok(desk_page(ctx, ACTIVE, Flashed::default(), shell, ui::panel("", html! { (form) })))
}

/// `POST /desk/assessments/import`
pub(super) async fn import_workbook(Operation(ctx): Operation, mut fields: Fields) -> Result<Response, PageError> {
    let upload = fields.take_uploads().into_iter().next();
    let read = match upload {
        None => Err(Error::invalid("file", "Choose the workbook, a file that ends in .xlsx.")),
        Some(upload) => read_workbook(&ctx, &fields, upload).await,
    };
    match read {
        Ok(id) => {
            let words = "Read. The scores stand below; a second person validates the answers before it is finished.";
            Ok(redirect_with(&format!("{AT}/{id}"), words))
        }
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), import_page(&ctx, &fields).await?).into_response())
        }
    }
}

async fn read_workbook(ctx: &Ctx, fields: &Fields, upload: web::Upload) -> Result<AssessmentId> {
    let mut tx = ctx.read().await?;
    let places = place::load_places(&mut tx).await?;
    drop(tx);
    let draft = WorkbookDraft {
        scope: places.read(ctx, Permission::Assess, fields.get("place"))?,
        name: fields.get("name").to_owned(),
        assessed_on: day(fields)?,
    };
    import::import(ctx, &draft, upload).await
}
