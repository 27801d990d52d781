//! HTML pages: the results of one assessment.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use kernel::{Permission, Result};
use maturity::{Model, Question, Ratio, Scores};
use maud::{Markup, html};
use platform::Ctx;
use web::{AsOf, CsvFile, Fields, Flashed, Operation, PageError, Path, Query, ago, desk_page, redirect_with, ui};

use super::actions;
use super::model::{Answers, Assessment, AssessmentId, Progress, State, given, practices};
use super::pages::{crumbs, own_tabs, shown, state_badge};
use super::practice_pages::worth;
use super::store;
use crate::strategy_metrics::observed::{self, Beside, Verdict};
use crate::strategy_metrics::target::{self, Target};
use crate::strategy_metrics::{ACTIVE, place};

/// Everything that the results of an assessment are shown from.
pub(super) struct Results<'a> {
    pub(super) assessment: &'a Assessment,
    pub(super) model: &'a Model,
    pub(super) answers: &'a Answers,
    pub(super) scores: &'a Scores,
    pub(super) target: Option<&'a Target>,
    pub(super) beside: &'a BTreeMap<String, Beside>,
    pub(super) moment: AsOf,
}

impl Results<'_> {
    /// Scores of practices in the order of the model.
    fn practice_scores(&self) -> Vec<Option<Ratio>> {
        self.scores.functions.iter().flat_map(|function| &function.practices).map(|practice| practice.score).collect()
    }

    fn wanted(&self, practice: &str) -> Option<target::Wanted> {
        self.target.and_then(|target| target.wanted.get(practice)).copied()
    }

    /// How many answers of a practice claim more than is observed.
    fn differing(&self, questions: &[&Question]) -> usize {
        let differs = |question: &&&Question| {
            let figure = self.beside.get(&question.id).and_then(Beside::main);
            let claimed = worth(self.model, question, self.answers.get(&question.id));
            figure.is_some_and(|figure| observed::compare(claimed, figure) == Verdict::ClaimsMore)
        };
        questions.iter().filter(differs).count()
    }
}

/// The most that a practice of the model can reach.
pub(super) fn most(model: &Model) -> f64 {
    let levels = practices(model).map(|practice| practice.levels.len()).max().unwrap_or(3);
    f64::from(u32::try_from(levels).unwrap_or(3))
}

fn value(score: Option<Ratio>) -> f64 {
    score.map_or(0.0, Ratio::value)
}

/// Radar and bars: each practice, beside what is wanted.
pub(super) fn charts(results: &Results<'_>) -> Markup {
    let axes: Vec<String> = practices(results.model).map(|practice| practice.title.clone()).collect();
    let own: Vec<f64> = results.practice_scores().into_iter().map(value).collect();
    let mut series = vec![ui::Series::new("Score", ui::Paint::One, own.clone())];
    if results.target.is_some() {
        let wanted = practices(results.model)
            .map(|practice| results.wanted(&practice.id).map_or(0.0, |wanted| wanted.score().value()))
            .collect();
        series.push(ui::Series::new("Target", ui::Paint::Two, wanted));
    }
    let bars: Vec<(String, f64, ui::Paint)> = results
        .scores
        .functions
        .iter()
        .map(|function| (function.title.clone(), value(function.score), ui::Paint::One))
        .collect();
    ui::columns(
        ui::panel("Practices", ui::radar("Score of each practice", &axes, most(results.model), &series)),
        ui::panel("Functions", ui::bar_chart("Mean of the practices", &bars)),
    )
}

/// The table of functions, practices and levels.
pub(super) fn table(results: &Results<'_>) -> Markup {
    let id = results.assessment.id;
    let levels = practices(results.model).map(|practice| practice.levels.len()).max().unwrap_or(3);
    let mut table = ui::Table::new("Scores").column(ui::Column::new("Practice")).column(ui::Column::number("Score"));
    for level in 1..=levels {
        table = table.column(ui::Column::number(format!("Level {level}")));
    }
    table = table.columns(["Target", "Gap", "Validated", "Claims"]);
    let mut place = 0;
    for (function, scored) in results.model.functions.iter().zip(&results.scores.functions) {
        let mut cells = vec![html! { strong { (function.title) } }, html! { strong { (shown(scored.score)) } }];
        cells.extend((0..levels + 4).map(|_| html! {}));
        table = table.row(ui::Row::new(cells).quiet());
        for (practice, own) in function.practices.iter().zip(&scored.practices) {
            let wanted = results.wanted(&practice.id);
            let progress = Progress::of([practice], results.answers, results.moment.at);
            let questions: Vec<&Question> = practice.levels.iter().flat_map(|level| &level.questions).collect();
            let differing = results.differing(&questions);
            let mut cells = vec![html! { (practice.title) }, html! { strong { (shown(own.score)) } }];
            for level in 0..levels {
                cells.push(html! { (shown(own.levels.get(level).and_then(|level| level.score))) });
            }
            cells.push(html! {
                @if let Some(wanted) = wanted {
                    (target::shown(wanted.hundredths)) @if let Some(due) = wanted.due_on { " by " (due) }
                }
            });
            cells.push(target::gap_badge(target::gap(own.score, wanted, results.moment.day)));
            cells.push(ui::progress("Validated", progress.validated, progress.questions));
            cells.push(html! {
                @if differing > 0 { (ui::state(ui::Tone::Bad, &format!("{differing} above observed"))) }
            });
            table = table.row(ui::Row::new(cells).link(format!("/desk/assessments/{id}/practices/{place}")));
            place += 1;
        }
    }
    table.markup()
}

/// Whose target it is, where it is not the place's own.
pub(super) fn target_words(target: Option<&Target>, scope: kernel::Scope, places: &place::Places) -> Markup {
    html! {
        @match target {
            None => p class="muted" { "No target is set for this place." },
            Some(target) if target.scope != scope => p class="muted" { "The target is that of: " (places.name(target.scope)) "." },
            Some(_) => {},
        }
    }
}

/// `GET /desk/assessments/{id}`
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<AssessmentId>,
    query: Query,
    flashed: Flashed,
) -> Result<Response, PageError> {
    page(&ctx, id, &query, flashed, &Fields::default()).await
}

async fn page(
    ctx: &Ctx,
    id: AssessmentId,
    query: &Query,
    flashed: Flashed,
    fields: &Fields,
) -> Result<Response, PageError> {
    let moment = AsOf::read(query, ctx.now)?;
    let mut tx = ctx.read().await?;
    let (assessment, document) = actions::open(ctx, &mut tx, id, Permission::ReadProgramme).await?;
    let model = &document.model;
    let places = place::load_places(&mut tx).await?;
    let answers = store::load_answers(&mut tx, id, moment.at).await?;
    let scores = maturity::score(model, &given(&answers));
    let target = target::load_effective(&mut tx, assessment.scope, &assessment.series, moment.at).await?;
    let questions: Vec<(&str, &Question)> =
        model.questions().map(|(_, practice, _, question)| (practice.id.as_str(), question)).collect();
    let beside = observed::beside(&mut tx, assessment.scope, moment, &questions).await?;
    let based_on = match assessment.based_on {
        Some(earlier) => Some(store::load(&mut tx, earlier).await?),
        None => None,
    };
    let results = Results {
        assessment: &assessment,
        model,
        answers: &answers,
        scores: &scores,
        target: target.as_ref(),
        beside: &beside,
        moment,
    };
    if query.get("format") == "csv" {
        return Ok(csv(&results));
    }
    let progress = Progress::of(practices(model), &answers, moment.at);
    let all: Vec<&Question> = questions.iter().map(|(_, question)| *question).collect();
    let bar = ui::FilterBar::new(format!("/desk/assessments/{id}"))
        .date("as_of", "As of", &moment.text())
        .export(query.with("format", "csv"));
    let may = ctx.actor.may(Permission::Assess, assessment.scope) && assessment.state == State::Open && !moment.past;
    let body = html! {
        (tiles(id, &scores, progress, results.differing(&all)))
        (bar)
        (charts(&results))
        (table(&results))
        (target_words(target.as_ref(), assessment.scope, &places))
        (ui::columns(about(&assessment, &places, based_on.as_ref(), ctx), html! {
            @if may { (closing(&assessment, progress, fields)) }
        }))
    };
    let mut shell = ui::Shell::new(assessment.name.as_str())
        .subtitle(format!("{}, {}", places.name(assessment.scope), assessment.model_title))
        .crumbs(crumbs(&assessment, ""))
        .badges(state_badge(assessment.state))
        .tabs(own_tabs(id, "Results"));
    if assessment.state == State::Finished && ctx.actor.may(Permission::Assess, assessment.scope) {
        let place = place::text(assessment.scope);
        let at = Query::of("/desk/assessments/new", "").with_all(&[("place", &place), ("model", &assessment.series)]);
        shell = shell.actions(ui::button_link(ui::Weight::Primary, "Start the next one", &at));
    }
    Ok(desk_page(ctx, ACTIVE, flashed, shell, body).into_response())
}

fn tiles(id: AssessmentId, scores: &Scores, progress: Progress, differing: usize) -> Markup {
    let answers = |show: &str| format!("/desk/assessments/{id}/answers?show={show}");
    let open = progress.questions.saturating_sub(progress.answered);
    let unvalidated = progress.answered.saturating_sub(progress.validated);
    let tone = |bad: bool| if bad { ui::Tone::Warn } else { ui::Tone::Good };
    ui::tiles(&[
        ui::Tile::new("Score", shown(scores.overall)).note(html! { "mean of the functions" }),
        ui::Tile::new("Not answered", open).tone(tone(open > 0)).link(answers("open")),
        ui::Tile::new("To be validated", unvalidated).tone(tone(unvalidated > 0)).link(answers("validate")),
        ui::Tile::new("Does not apply", progress.not_applicable),
        ui::Tile::new("Carried over", progress.carried).link(answers("carried")),
        ui::Tile::new("Claims more than is observed", differing).tone(tone(differing > 0)).link(answers("differs")),
    ])
}

fn about(assessment: &Assessment, places: &place::Places, based_on: Option<&Assessment>, ctx: &Ctx) -> Markup {
    let mut facts = vec![
        ui::Fact::text("Place", &places.name(assessment.scope)),
        ui::Fact::new(
            "Questions",
            html! { a href={"/desk/assessments/models/" (assessment.model)} { (assessment.model_title) } },
        ),
        ui::Fact::new("Describes", html! { (assessment.assessed_on) }),
        ui::Fact::new("Started", html! { (ago(assessment.created_at, ctx.now)) " by " (assessment.created_name) }),
    ];
    if let Some(finished) = assessment.finished_at {
        facts.push(ui::Fact::new("Finished", html! { (ago(finished, ctx.now)) " by " (assessment.finished_name) }));
    }
    if let Some(earlier) = based_on {
        let link = html! { a href={"/desk/assessments/" (earlier.id)} { (earlier.name) } };
        facts.push(ui::Fact::new("Begun with the answers of", link));
    }
    if !assessment.file_name.is_empty() {
        facts.push(ui::Fact::text("Read from", &assessment.file_name));
    }
    for (label, text) in &assessment.about {
        facts.push(ui::Fact::text(label.as_str(), text));
    }
    html! {
        (ui::panel("About", ui::facts(&facts)))
        @if !assessment.findings.is_empty() {
            (ui::panel("Noticed in the workbook", html! { ul { @for line in assessment.findings.lines() { li { (line) } } } }))
        }
    }
}

/// Finishing and giving up.
fn closing(assessment: &Assessment, progress: Progress, fields: &Fields) -> Markup {
    let id = assessment.id;
    let mut form = ui::Form::new(format!("/desk/assessments/{id}/finish"), "Finish")
        .errors(&fields.errors())
        .hidden("revision", assessment.revision)
        .part(html! { p class="muted" { "Every answer has to be validated by somebody other than who gave it. A finished assessment does not change any more; the next one begins with its answers." } });
    if progress.answered < progress.questions {
        let words = format!("{} questions without an answer count as nothing", progress.questions - progress.answered);
        form = form.field(ui::Field::checkbox("nothing", words, fields.ticked("nothing")));
    }
    let give_up = ui::ButtonForm::new("Give up", format!("/desk/assessments/{id}/drop"))
        .with("revision", assessment.revision)
        .weight(ui::Weight::Danger)
        .confirm("It stays readable and counts nowhere.");
    ui::panel("Finish", html! { (form) (give_up) })
}

fn csv(results: &Results<'_>) -> Response {
    let mut file =
        CsvFile::new("scores.csv", ["function", "practice", "score", "level", "level_score", "target", "target_by"]);
    for (function, scored) in results.model.functions.iter().zip(&results.scores.functions) {
        for (practice, own) in function.practices.iter().zip(&scored.practices) {
            let wanted = results.wanted(&practice.id);
            for level in &own.levels {
                file.row(vec![
                    function.title.clone(),
                    practice.title.clone(),
                    own.score.map_or_else(String::new, |score| score.rounded(4)),
                    level.number.to_string(),
                    level.score.map_or_else(String::new, |score| score.rounded(4)),
                    wanted.map_or_else(String::new, |wanted| target::shown(wanted.hundredths)),
                    wanted.and_then(|wanted| wanted.due_on).map_or_else(String::new, |due| due.to_string()),
                ]);
            }
        }
    }
    file.into_response()
}

/// `POST /desk/assessments/{id}/finish`
pub(super) async fn finish(
    Operation(ctx): Operation,
    Path(id): Path<AssessmentId>,
    query: Query,
    fields: Fields,
) -> Result<Response, PageError> {
    match actions::finish(&ctx, id, fields.revision()?, fields.ticked("nothing")).await {
        Ok(()) => Ok(redirect_with(&format!("/desk/assessments/{id}"), "Finished. The scores are kept.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), page(&ctx, id, &query, Flashed::default(), &fields).await?).into_response())
        }
    }
}

/// `POST /desk/assessments/{id}/drop`
pub(super) async fn give_up(
    Operation(ctx): Operation,
    Path(id): Path<AssessmentId>,
    fields: Fields,
) -> Result<Response, PageError> {
    actions::give_up(&ctx, id, fields.revision()?).await?;
    Ok(redirect_with("/desk/assessments", "Given up. It stays readable and counts nowhere."))
}
