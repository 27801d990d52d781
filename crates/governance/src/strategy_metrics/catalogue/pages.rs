//! HTML pages of question models.

use axum::response::{IntoResponse, Response};
use kernel::{Permission, Scope};
use maturity::Scale;
use maud::{Markup, html};
use platform::Ctx;
use web::{CsvFile, Fields, Flashed, Operation, PageError, Path, Query, ago, desk_page, redirect_with, ui};

use super::actions::{self, Imported};
use super::model::ModelId;
use super::store;
use crate::strategy_metrics::{ACTIVE, tabs};

const AT: &str = "/desk/assessments/models";

/// `GET /desk/assessments/models`
pub(super) async fn list(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    list_page(&ctx, flashed, &Fields::default()).await
}

async fn list_page(ctx: &Ctx, flashed: Flashed, fields: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let models = store::list(&mut tx).await?;
    let rows = models.iter().map(|row| {
        ui::Row::new(vec![
            html! { strong { (row.title) } },
            html! { code { (row.series) } },
            html! { (row.questions) },
            html! { (row.source.label()) },
            html! { (ago(row.added_at, ctx.now)) " by " (row.added_by) },
        ])
        .link(format!("{AT}/{}", row.id))
    });
    let table = ui::Table::new("Question models")
        .columns(["Model", "Series"])
        .column(ui::Column::number("Questions"))
        .columns(["Source", "Added"])
        .rows(rows)
        .empty(ui::empty_state("No model yet", "Our own questions come with the program when it starts."));
    let scales = [("1.5", "As in 1.5: 0, 0.2, 0.5, 1"), ("2.x", "As in 2.x: 0, 0.25, 0.5, 1")];
    let form = ui::Form::new(AT, "Import")
        .multipart()
        .errors(&fields.errors())
        .field(
            ui::Field::file("files", "Files")
                .hint("The official SAMM 2 model files (.yml) as one .zip or .tar.gz, or a catalogue of your own questions (.toml).")
                .accept(".zip,.tar,.gz,.yml,.yaml,.toml")
                .error(fields.error("files"))
                .required(),
        )
        .field(
            ui::Field::select("scale", "Scoring of a catalogue", ui::Choice::list(scales, fields.get("scale")))
                .hint("Official model files bring their own values."),
        );
    let may = ctx.actor.may(Permission::RunProgramme, Scope::All);
    let body = html! {
        (table)
        @if may { (ui::panel("Import a model", html! { (form) })) }
    };
    let shell = ui::Shell::new("Question models")
        .subtitle("What is asked, what can be answered, and what an answer is worth")
        .tabs(tabs(AT));
    Ok(desk_page(ctx, ACTIVE, flashed, shell, body))
}

/// `POST /desk/assessments/models`
pub(super) async fn import(Operation(ctx): Operation, mut fields: Fields) -> Result<Response, PageError> {
    let scale = if fields.get("scale") == "2.x" { Scale::Quarters } else { Scale::Fifths };
    match actions::import(&ctx, fields.take_uploads(), scale).await {
        Ok(Imported::New(id)) => {
            Ok(redirect_with(&format!("{AT}/{id}"), "The model was imported. Assessments can be made with it."))
        }
        Ok(Imported::Known(id)) => {
            Ok(redirect_with(&format!("{AT}/{id}"), "Exactly this model is there already; nothing was changed."))
        }
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let page = list_page(&ctx, Flashed::default(), &fields).await?;
            Ok((fields.status(), page).into_response())
        }
    }
}

/// `GET /desk/assessments/models/{id}`
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<ModelId>,
    query: Query,
    flashed: Flashed,
) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let document = store::load(&mut tx, id).await?;
    let model = &document.model;
    if query.get("format") == "csv" {
        let mut file =
            CsvFile::new("questions.csv", ["function", "practice", "level", "stream", "id", "question", "answers"]);
        for (function, practice, level, question) in model.questions() {
            file.row(vec![
                function.title.clone(),
                practice.title.clone(),
                level.number.to_string(),
                question.stream.clone().unwrap_or_default(),
                question.id.clone(),
                question.text.clone(),
                question.answers.clone(),
            ]);
        }
        return Ok(file.into_response());
    }
    let sets = ui::Table::new("Answer sets").columns(["Set", "Answer"]).column(ui::Column::number("Worth")).rows(
        model.answer_sets.iter().flat_map(|set| {
            set.choices.iter().enumerate().map(|(place, choice)| {
                ui::Row::new(vec![
                    html! { @if place == 0 { strong { (short(&set.id)) } } },
                    html! { (choice.text) @if choice.not_applicable { " " span class="muted" { "(not applicable)" } } },
                    html! { (choice.value.rounded(2)) },
                ])
            })
        }),
    );
    let body = html! {
        @for function in &model.functions {
            @for practice in &function.practices {
                (ui::section(&format!("{}: {}", function.title, practice.title), html! {
                    @for level in &practice.levels {
                        h3 { "Level " (level.number) }
                        @if !level.objective.is_empty() { p class="muted" { (level.objective) } }
                        ul { @for question in &level.questions { li { (question.text) } } }
                    }
                }))
            }
        }
        (ui::section("Answers", sets.markup()))
    };
    let shell = ui::Shell::new(document.row.title.as_str())
        .subtitle(format!("{} questions, {}", document.row.questions, document.row.source.label()))
        .crumbs(vec![ui::Crumb::link("Question models", AT), ui::Crumb::here(document.row.title.as_str())])
        .actions(ui::button_link(ui::Weight::Plain, "CSV", &query.with("format", "csv")));
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, body).into_response())
}

/// Answer sets of official model files have long identifiers that say nothing to people.
fn short(id: &str) -> String {
    if id.len() > 20 { id.chars().take(8).collect() } else { id.to_owned() }
}
