//! HTML pages: all answers of an assessment, to read, validate and export.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Id, Permission, kinds};
use maturity::Question;
use maud::{Markup, html};
use platform::Ctx;
use web::{AsOf, CsvFile, Download, Fields, Flashed, Operation, PageError, Path, Query, desk_page, redirect_with, ui};

use super::actions;
use super::model::{Answer, AssessmentId, State};
use super::pages::{crumbs, own_tabs, state_badge};
use super::practice_pages::{signs, told, words, worth};
use super::store;
use crate::strategy_metrics::ACTIVE;
use crate::strategy_metrics::observed::{self, Verdict};

/// `GET /desk/assessments/{id}/answers`
pub(super) async fn list(
    Operation(ctx): Operation,
    Path(id): Path<AssessmentId>,
    query: Query,
    flashed: Flashed,
) -> Result<Response, PageError> {
    list_page(&ctx, id, &query, flashed, &Fields::default()).await
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
    let asked: Vec<(usize, &str, u32, &Question)> = super::model::practices(model)
        .enumerate()
        .flat_map(|(place, practice)| {
            practice.levels.iter().flat_map(move |level| {
                level.questions.iter().map(move |question| (place, practice.title.as_str(), level.number, question))
            })
        })
        .collect();
    let ids: Vec<&str> = super::model::practices(model).map(|practice| practice.id.as_str()).collect();
    let questions: Vec<(&str, &Question)> =
        asked.iter().map(|(place, _, _, question)| (ids.get(*place).copied().unwrap_or_default(), *question)).collect();
    let beside = observed::beside(&mut tx, assessment.scope, moment, &questions).await?;
    let main = |question: &Question| beside.get(&question.id).and_then(observed::Beside::main);
    let differs = |question: &Question, answer: Option<&Answer>| {
        main(question)
            .is_some_and(|figure| observed::compare(worth(model, question, answer), figure) == Verdict::ClaimsMore)
    };
    let shown: Vec<_> = asked
        .iter()
        .filter(|(place, _, _, _)| query.get("practice").is_empty() || query.get("practice") == place.to_string())
        .filter(|(_, _, _, question)| {
            let answer = answers.get(&question.id);
            let given = answer.is_some_and(|answer| answer.content.given.is_some());
            match query.get("show") {
                "open" => !given,
                "validate" => given && answer.is_some_and(|answer| answer.validated_at.is_none()),
                "carried" => answer.is_some_and(|answer| answer.carried),
                "differs" => differs(question, answer),
                _ => true,
            }
        })
        .collect();
    if query.get("format") == "csv" {
        let mut file = CsvFile::new(
            "answers.csv",
            [
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
            ],
        );
        for (_, practice, level, question) in &shown {
            let answer = answers.get(&question.id);
            let text = |read: &dyn Fn(&Answer) -> String| answer.map_or_else(String::new, read);
            let figure = main(question);
            file.row(vec![
                (*practice).to_owned(),
                level.to_string(),
                question.text.clone(),
                words(model, question, answer.and_then(|answer| answer.content.given)),
                worth(model, question, answer).map_or_else(String::new, |value| value.rounded(2)),
                text(&|answer| answer.content.reason.clone()),
                text(&|answer| answer.content.evidence.clone()),
                text(&|answer| answer.content.link.clone()),
                text(&|answer| answer.file_name.clone()),
                text(&|answer| answer.content.note.clone()),
                text(&|answer| if answer.carried { "yes".to_owned() } else { "no".to_owned() }),
                text(&|answer| answer.answered_name.clone()),
                text(&|answer| answer.answered_at.rfc3339()),
                text(&|answer| answer.validated_name.clone()),
                text(&|answer| answer.validated_at.map_or_else(String::new, kernel::Timestamp::rfc3339)),
                figure.map_or_else(String::new, |figure| figure.holds.to_string()),
                figure.map_or_else(String::new, |figure| figure.of.to_string()),
            ]);
        }
        return Ok(file.into_response());
    }
    let may = ctx.actor.may(Permission::Assess, assessment.scope) && assessment.state == State::Open && !moment.past;
    let own = ctx.actor.id_text();
    let rows = shown.iter().map(|(place, practice, level, question)| {
        let answer = answers.get(&question.id);
        let row = ui::Row::new(vec![
            html! { a href={"/desk/assessments/" (id) "/practices/" (place)} { (practice) " " (level) } },
            html! { (question.text) },
            html! {
                @match answer.and_then(|answer| answer.content.given) {
                    None => span class="muted" { "not answered" },
                    given => strong { (words(model, question, given)) },
                }
                @if let Some(answer) = answer { (told(id, answer)) }
            },
            html! { @if let Some(answer) = answer { (signs(ctx, answer)) } },
            html! {
                @if let Some(figure) = main(question).filter(|figure| figure.of > 0) {
                    (figure.holds) " of " (figure.of) " " (observed::flag(worth(model, question, answer), Some(figure)))
                }
            },
        ]);
        match answer {
            Some(answer)
                if may
                    && answer.content.given.is_some()
                    && answer.validated_at.is_none()
                    && answer.answered_by != own =>
            {
                row.select(format!("{}@{}", answer.number, answer.question), question.text.as_str())
            }
            Some(_) | None => row,
        }
    });
    let mut table = ui::Table::new("Answers")
        .columns(["Practice", "Question", "Answer", "Who", "Observed"])
        .rows(rows)
        .empty(web::empty(
            &query,
            &[],
            "answer",
            ui::empty_state("No question", "The model of this assessment asks nothing."),
        ));
    if may {
        let buttons = ui::submit(ui::Weight::Primary, "Validate the ticked answers");
        table = table.bulk("answer", format!("/desk/assessments/{id}/validate"), buttons);
    }
    let shows = [
        ("", "All"),
        ("open", "Not answered"),
        ("validate", "To be validated"),
        ("carried", "Carried over"),
        ("differs", "Claims more than is observed"),
    ];
    let places: Vec<String> = (0..ids.len()).map(|place| place.to_string()).collect();
    let titles: Vec<&str> = super::model::practices(model).map(|practice| practice.title.as_str()).collect();
    let practices = std::iter::once(("", "All")).chain(places.iter().map(String::as_str).zip(titles));
    let bar = ui::FilterBar::new(format!("/desk/assessments/{id}/answers"))
        .select("practice", "Practice", &ui::Choice::list(practices, query.get("practice")))
        .select("show", "Show", &ui::Choice::list(shows, query.get("show")))
        .date("as_of", "As of", &moment.text())
        .export(query.with("format", "csv"));
    let shell = ui::Shell::new(assessment.name.as_str())
        .subtitle("Answers. One's own are validated by somebody else.")
        .crumbs(crumbs(&assessment, "Answers"))
        .badges(state_badge(assessment.state))
        .tabs(own_tabs(id, "Answers"));
    let body = html! { (ui::error_summary(&fields.errors())) (bar) (table) };
    let page: Markup = desk_page(ctx, ACTIVE, flashed, shell, body);
    Ok(page.into_response())
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
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
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
