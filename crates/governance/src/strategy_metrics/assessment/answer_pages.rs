//! HTML pages: all answers of an assessment, to read, validate and export.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use kernel::{Id, Permission, kinds};
use maturity::{Given, Model, Practice, Question, Ratio};
use maud::html;
use platform::Ctx;
use web::{AsOf, CsvFile, Download, Fields, Flashed, Operation, PageError, Path, Query, desk_page, redirect_with, ui};

use super::actions;
use super::model::{Answer, Answers, AssessmentId, State, practices};
use super::pages::{crumbs, own_tabs, state_badge};
use super::practice_pages::{signs, told, words, worth};
use super::store;
use crate::strategy_metrics::ACTIVE;
use crate::strategy_metrics::observed::{self, Beside, Figure, Verdict};

/// `GET /desk/assessments/{id}/answers`
pub(super) async fn list(
    Operation(ctx): Operation,
    Path(id): Path<AssessmentId>,
    query: Query,
    flashed: Flashed,
) -> Result<Response, PageError> {
    list_page(&ctx, id, &query, flashed, &Fields::default()).await
}

/// One question with what is known of it.
struct Line<'a> {
    /// The position of its practice.
    place: usize,
    practice: &'a Practice,
    level: u32,
    question: &'a Question,
    answer: Option<&'a Answer>,
    /// What the answer is worth.
    worth: Option<Ratio>,
    /// What is observed beside it.
    figure: Option<Figure>,
}

impl Line<'_> {
    fn given(&self) -> Option<Given> {
        self.answer.and_then(|answer| answer.content.given)
    }

    /// Whether somebody still has to look at the answer.
    fn waits(&self) -> bool {
        self.given().is_some() && self.answer.is_some_and(|answer| answer.validated_at.is_none())
    }

    fn claims_more(&self) -> bool {
        self.figure.is_some_and(|figure| observed::compare(self.worth, figure) == Verdict::ClaimsMore)
    }

    fn fits(&self, query: &Query) -> bool {
        let practice = query.get("practice");
        let wanted = match query.get("show") {
            "open" => self.given().is_none(),
            "validate" => self.waits(),
            "carried" => self.answer.is_some_and(|answer| answer.carried),
            "differs" => self.claims_more(),
            _ => true,
        };
        wanted && (practice.is_empty() || practice == self.place.to_string())
    }
}

/// Every question of the model, in its order.
fn lines<'a>(model: &'a Model, answers: &'a Answers, beside: &BTreeMap<String, Beside>) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for (place, practice) in practices(model).enumerate() {
        for level in &practice.levels {
            lines.extend(level.questions.iter().map(|question| {
                let answer = answers.get(&question.id);
                let worth = worth(model, question, answer);
                let figure = beside.get(&question.id).and_then(Beside::main);
                Line { place, practice, level: level.number, question, answer, worth, figure }
            }));
        }
    }
    lines
}

async fn list_page(
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
    let answers = store::load_answers(&mut tx, id, moment.at).await?;
    let questions: Vec<(&str, &Question)> =
        model.questions().map(|(_, practice, _, question)| (practice.id.as_str(), question)).collect();
    let beside = observed::beside(&mut tx, assessment.scope, moment, &questions).await?;
    drop(tx);
    let mut shown = lines(model, &answers, &beside);
    shown.retain(|line| line.fits(query));
    if query.get("format") == "csv" {
        return Ok(csv(model, &shown).into_response());
    }
    let may = ctx.actor.may(Permission::Assess, assessment.scope) && assessment.state == State::Open && !moment.past;
    let mut table = ui::Table::new("Answers")
        .columns(["Practice", "Question", "Answer", "Who", "Observed"])
        .rows(shown.iter().map(|line| row(ctx, id, model, line, may)))
        .empty(web::empty(
            query,
            &["as_of", "asof"],
            "answer",
            ui::empty_state("No question", "The model of this assessment asks nothing."),
        ));
    if may {
        let buttons = ui::submit(ui::Weight::Primary, "Validate the ticked answers");
        table = table.bulk("answer", format!("/desk/assessments/{id}/validate"), buttons);
    }
    let shell = ui::Shell::new(assessment.name.as_str())
        .subtitle("Answers. One's own are validated by somebody else.")
        .crumbs(crumbs(&assessment, "Answers"))
        .badges(state_badge(assessment.state))
        .tabs(own_tabs(id, "Answers"));
    let body = html! { (ui::error_summary(&fields.errors())) (bar(id, model, query, moment)) (table) };
    Ok(desk_page(ctx, ACTIVE, flashed, shell, body).into_response())
}

fn bar(id: AssessmentId, model: &Model, query: &Query, moment: AsOf) -> ui::FilterBar {
    let shows = [
        ("", "All"),
        ("open", "Not answered"),
        ("validate", "To be validated"),
        ("carried", "Carried over"),
        ("differs", "Claims more than is observed"),
    ];
    let known: Vec<(String, &str)> =
        practices(model).enumerate().map(|(place, practice)| (place.to_string(), practice.title.as_str())).collect();
    let known = std::iter::once(("", "All")).chain(known.iter().map(|(place, title)| (place.as_str(), *title)));
    ui::FilterBar::new(format!("/desk/assessments/{id}/answers"))
        .select("practice", "Practice", &ui::Choice::list(known, query.get("practice")))
        .select("show", "Show", &ui::Choice::list(shows, query.get("show")))
        .date("as_of", "As of", &moment.text())
        .export(query.with("format", "csv"))
}

fn row(ctx: &Ctx, id: AssessmentId, model: &Model, line: &Line<'_>, may: bool) -> ui::Row {
    let row = ui::Row::new(vec![
        html! { a href={"/desk/assessments/" (id) "/practices/" (line.place)} { (line.practice.title) " " (line.level) } },
        html! { (line.question.text) },
        html! {
            @match line.given() {
                None => span class="muted" { "not answered" },
                given => strong { (words(model, line.question, given)) },
            }
            @if let Some(answer) = line.answer { (told(id, answer)) }
        },
        html! { @if let Some(answer) = line.answer { (signs(ctx, answer)) } },
        html! {
            @if let Some(figure) = line.figure.filter(|figure| figure.of > 0) {
                (figure.holds) " of " (figure.of) " " (observed::flag(line.worth, Some(figure)))
            }
        },
    ]);
    match line.answer {
        Some(answer) if may && line.waits() && answer.answered_by != ctx.actor.id_text() => {
            row.select(format!("{}@{}", answer.number, answer.question), line.question.text.as_str())
        }
        Some(_) | None => row,
    }
}

/// The columns of the export.
const COLUMNS: [&str; 17] = [
    "practice",
    "level",
    "question",
    "answer",
    "worth",
    "reason",
    "evidence",
    "link",
    "file",
    "note",
    "carried_over",
    "answered_by",
    "answered_at",
    "validated_by",
    "validated_at",
    "observed",
    "observed_of",
];

fn csv(model: &Model, shown: &[Line<'_>]) -> CsvFile {
    let mut file = CsvFile::new("answers.csv", COLUMNS);
    for line in shown {
        let text = |read: &dyn Fn(&Answer) -> String| line.answer.map_or_else(String::new, read);
        file.row(vec![
            line.practice.title.clone(),
            line.level.to_string(),
            line.question.text.clone(),
            words(model, line.question, line.given()),
            line.worth.map_or_else(String::new, |value| value.rounded(2)),
            text(&|answer| answer.content.reason.clone()),
            text(&|answer| answer.content.evidence.clone()),
            text(&|answer| answer.content.link.clone()),
            text(&|answer| answer.file_name.clone()),
            text(&|answer| answer.content.note.clone()),
            text(&|answer| if answer.carried { "yes" } else { "no" }.to_owned()),
            text(&|answer| answer.answered_name.clone()),
            text(&|answer| answer.answered_at.rfc3339()),
            text(&|answer| answer.validated_name.clone()),
            text(&|answer| answer.validated_at.map_or_else(String::new, kernel::Timestamp::rfc3339)),
            line.figure.map_or_else(String::new, |figure| figure.holds.to_string()),
            line.figure.map_or_else(String::new, |figure| figure.of.to_string()),
        ]);
    }
    file
}

/// `POST /desk/assessments/{id}/validate`
pub(super) async fn validate(
    Operation(ctx): Operation,
    Path(id): Path<AssessmentId>,
    query: Query,
    fields: Fields,
) -> Result<Response, PageError> {
    let seen: Vec<(String, i64)> = fields
        .all("answer")
        .filter_map(|text| text.split_once('@'))
        .filter_map(|(number, question)| Some((question.to_owned(), number.parse().ok()?)))
        .collect();
    match actions::validate(&ctx, id, &seen).await {
        Ok(count) => {
            let words = if count == 1 {
                "One answer is validated.".to_owned()
            } else {
                format!("{count} answers are validated.")
            };
            Ok(redirect_with(&format!("/desk/assessments/{id}/answers"), &words))
        }
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let page = list_page(&ctx, id, &query, Flashed::default(), &fields).await?;
            Ok((fields.status(), page).into_response())
        }
    }
}

/// `GET /desk/assessments/{id}/files/{file}`
pub(super) async fn download(
    Operation(ctx): Operation,
    Path((id, file)): Path<(AssessmentId, Id<kinds::File>)>,
) -> Result<Download, PageError> {
    let (name, content) = actions::evidence_file(&ctx, id, file).await?;
    Ok(Download::new(&name, content))
}
