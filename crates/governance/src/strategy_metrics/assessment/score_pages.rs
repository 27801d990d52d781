//! HTML pages: how a place stands: its latest scores beside the target, and the trend.

use axum::response::{IntoResponse, Response};
use kernel::{Error, Permission, Result, Scope};
use maturity::{Question, Ratio};
use maud::{Markup, html};
use platform::Ctx;
use web::{AsOf, CsvFile, Flashed, Operation, PageError, Query, desk_page, ui};

use super::model::{AssessmentId, KeptScore, given, practices};
use super::pages::shown;
use super::result_pages::{Results, charts, table, target_words};
use super::store;
use crate::strategy_metrics::catalogue::{self, Document, Series};
use crate::strategy_metrics::place::{self, Places};
use crate::strategy_metrics::{ACTIVE, observed, roadmap, tabs, target};

/// Which place, which questions and which day a page is asked for.
pub(crate) struct Asked {
    pub(crate) places: Places,
    pub(crate) scope: Scope,
    pub(crate) all_series: Vec<Series>,
    pub(crate) document: Document,
    pub(crate) moment: AsOf,
}

impl Asked {
    /// The address of a page for the same place and questions.
    pub(crate) fn at(&self, path: &str) -> String {
        let (place, day) = (place::text(self.scope), self.moment.text());
        Query::of(path, "").with_all(&[("place", &place), ("model", &self.document.row.series), ("as_of", &day)])
    }
}

/// Reads place, model and day of an address; without them the first place one may see, the questions of its latest finished
/// assessment, and now.
pub(crate) async fn ask(ctx: &Ctx, tx: &mut db::Tx, query: &Query) -> Result<Asked> {
    let places = place::load_places(tx).await?;
    let scope = places.read(ctx, Permission::ReadProgramme, query.get("place"))?;
    let all_series = catalogue::list_series(tx).await?;
    let moment = AsOf::read(query, ctx.now)?;
    let mut series = query.get("model").to_owned();
    if series.is_empty() {
        let wanted =
            store::Wanted { state: "finished".to_owned(), scope: Some(scope), limit: 1, ..store::Wanted::default() };
        let latest = store::list(tx, &ctx.actor, &wanted).await?;
        series = latest
            .first()
            .map(|one| one.assessment.series.clone())
            .or_else(|| all_series.iter().find(|one| one.key.starts_with("house")).map(|one| one.key.clone()))
            .or_else(|| all_series.first().map(|one| one.key.clone()))
            .ok_or(Error::NotFound { what: "question model" })?;
    }
    let document = catalogue::load_newest(tx, &series).await?;
    Ok(Asked { places, scope, all_series, document, moment })
}

/// The bar that chooses place, questions and day.
pub(crate) fn picker(ctx: &Ctx, path: &str, asked: &Asked, with_day: bool) -> ui::FilterBar {
    let models = asked.all_series.iter().map(|one| (one.key.as_str(), one.title.as_str()));
    let places = asked.places.choices(ctx, Permission::ReadProgramme, &place::text(asked.scope));
    let bar = ui::FilterBar::new(path).select("place", "Place", &places).select(
        "model",
        "Questions",
        &ui::Choice::list(models, &asked.document.row.series),
    );
    if with_day { bar.date("as_of", "As of", &asked.moment.text()) } else { bar }
}

/// `GET /desk/assessments/scores`
pub(super) async fn show(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let asked = ask(&ctx, &mut tx, &query).await?;
    let series = asked.document.row.series.clone();
    let kept = store::list_scores(&mut tx, asked.scope, &series, asked.moment.day).await?;
    if query.get("format") == "csv" {
        return Ok(csv(&kept));
    }
    let latest = store::load_latest(&mut tx, asked.scope, &series, asked.moment.day).await?;
    let target = target::load_effective(&mut tx, asked.scope, &series, asked.moment.at).await?;
    let phases = roadmap::list(&mut tx, asked.scope, &series).await?;
    let bar = picker(&ctx, "/desk/assessments/scores", &asked, true).export(query.with("format", "csv"));
    let subtitle = if asked.moment.past {
        format!("{} as of {}", asked.places.name(asked.scope), asked.moment.day)
    } else {
        asked.places.name(asked.scope)
    };
    let shell = ui::Shell::new("Scores").subtitle(subtitle).tabs(tabs("/desk/assessments/scores"));
    let Some(latest) = latest else {
        let body = html! {
            (bar)
            (ui::empty_state(
                "No finished assessment",
                "On that day there was no finished assessment of this place with these questions. Finish one, or choose another day, place or model.",
            ))
        };
        return Ok(desk_page(&ctx, ACTIVE, flashed, shell, body).into_response());
    };
    let document = catalogue::load(&mut tx, latest.model).await?;
    let answers = store::load_answers(&mut tx, latest.id, ctx.now).await?;
    let scores = maturity::score(&document.model, &given(&answers));
    let questions: Vec<(&str, &Question)> =
        document.model.questions().map(|(_, practice, _, question)| (practice.id.as_str(), question)).collect();
    let beside = observed::beside(&mut tx, asked.scope, asked.moment, &questions).await?;
    let results = Results {
        assessment: &latest,
        model: &document.model,
        answers: &answers,
        scores: &scores,
        target: target.as_ref(),
        beside: &beside,
        moment: asked.moment,
    };
    let now: Vec<(String, Option<Ratio>)> = scores
        .functions
        .iter()
        .flat_map(|function| &function.practices)
        .map(|practice| (practice.id.clone(), practice.score))
        .collect();
    let body = html! {
        (bar)
        p { "Latest: " a href={"/desk/assessments/" (latest.id)} { (latest.name) } ", which describes " (latest.assessed_on) ". Score " strong { (shown(scores.overall)) } "." }
        (charts(&results))
        (table(&results))
        (target_words(target.as_ref(), asked.scope, &asked.places))
        (ui::section("Trend", trend(&kept, &document)))
        (ui::section("Roadmap", roadmap::phases_part(&phases, &document.model, &now, asked.moment.day, None)))
    };
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, body).into_response())
}

/// Assessments in order, each with its scores by practice.
fn columns(kept: &[KeptScore]) -> Vec<(AssessmentId, Vec<&KeptScore>)> {
    let mut columns: Vec<(AssessmentId, Vec<&KeptScore>)> = Vec::new();
    for score in kept {
        match columns.last_mut() {
            Some((id, scores)) if *id == score.assessment => scores.push(score),
            Some(_) | None => columns.push((score.assessment, vec![score])),
        }
    }
    columns
}

fn trend(kept: &[KeptScore], document: &Document) -> Markup {
    let columns = columns(kept);
    let first =
        |scores: &[&KeptScore]| scores.first().map(|score| (score.assessed_on, score.name.clone(), score.overall));
    let labels: Vec<String> =
        columns.iter().filter_map(|(_, scores)| first(scores).map(|(day, _, _)| day.to_string())).collect();
    let overall: Vec<f64> = columns
        .iter()
        .map(|(_, scores)| first(scores).and_then(|(_, _, overall)| overall).map_or(0.0, Ratio::value))
        .collect();
    // More columns than these cannot be read; the CSV has all of them.
    let shown_from = columns.len().saturating_sub(8);
    let recent: Vec<_> = columns.iter().skip(shown_from).collect();
    let mut table = ui::Table::new("Scores over time").wide().column(ui::Column::new("Practice"));
    for (_, scores) in &recent {
        let title = first(scores).map_or_else(String::new, |(day, _, _)| day.to_string());
        table = table.column(ui::Column::number(title));
    }
    let rows = practices(&document.model).map(|practice| {
        let mut cells = vec![html! { (practice.title) }];
        for (id, scores) in &recent {
            let score = scores.iter().find(|score| score.practice == practice.id).and_then(|score| score.score);
            cells.push(html! { a href={"/desk/assessments/" (id)} { (shown(score)) } });
        }
        ui::Row::new(cells)
    });
    html! {
        @if columns.len() > 1 {
            (ui::line_chart("Mean of the functions", &labels, &[ui::Series::new("Score", ui::Paint::One, overall)]))
        } @else {
            p class="muted" { "A trend begins with the second finished assessment of the same place and questions." }
        }
        (table.rows(rows))
    }
}

fn csv(kept: &[KeptScore]) -> Response {
    let mut file = CsvFile::new("trend.csv", ["day", "assessment", "practice", "score", "overall"]);
    let text = |score: Option<Ratio>| score.map_or_else(String::new, |score| score.rounded(4));
    for score in kept {
        file.row(vec![
            score.assessed_on.to_string(),
            score.name.clone(),
            score.practice.clone(),
            text(score.score),
            text(score.overall),
        ]);
    }
    file.into_response()
}
