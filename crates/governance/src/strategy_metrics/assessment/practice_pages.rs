//! HTML pages: the questions of one practice, answered in one form.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Error, Permission};
use maturity::{Given, Level, Model, Practice, Question, Ratio};
use maud::{Markup, html};
use platform::Ctx;
use web::{AsOf, Fields, Flashed, Operation, PageError, Path, Query, ago, desk_page, paragraphs, redirect_with, ui};

use super::actions::{self, Saved, Typed};
use super::model::{Answer, Answers, Assessment, AssessmentId, Content, State, practices};
use super::pages::{crumbs, state_badge};
use super::store;
use crate::strategy_metrics::ACTIVE;
use crate::strategy_metrics::observed::{self, Beside};

/// What an answer is worth, for comparing it with a figure.
pub(super) fn worth(model: &Model, question: &Question, answer: Option<&Answer>) -> Option<Ratio> {
    match answer?.content.given? {
        Given::Choice(at) => Some(model.answer_set(&question.answers)?.choices.get(at)?.value),
        Given::NotApplicable => None,
    }
}

/// An answer in words.
pub(super) fn words(model: &Model, question: &Question, given: Option<Given>) -> String {
    match given {
        None => String::new(),
        Some(Given::NotApplicable) => "Does not apply".to_owned(),
        Some(Given::Choice(at)) => model
            .answer_set(&question.answers)
            .and_then(|set| set.choices.get(at))
            .map_or_else(String::new, |choice| choice.text.clone()),
    }
}

fn questions(practice: &Practice) -> impl Iterator<Item = (&Level, &Question)> {
    practice.levels.iter().flat_map(|level| level.questions.iter().map(move |question| (level, question)))
}

/// What the form shows: what is kept, or what was typed and could not be saved.
struct Filled<'a> {
    fields: &'a Fields,
    conflicts: &'a [String],
}

/// `GET /desk/assessments/{id}/practices/{place}`
pub(super) async fn show(
    Operation(ctx): Operation,
    Path((id, place)): Path<(AssessmentId, usize)>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let fields = Fields::default();
    page(&ctx, id, place, &query, flashed, Filled { fields: &fields, conflicts: &[] }).await
}

async fn page(
    ctx: &Ctx,
    id: AssessmentId,
    place: usize,
    query: &Query,
    flashed: Flashed,
    filled: Filled<'_>,
) -> Result<Markup, PageError> {
    let moment = AsOf::read(query, ctx.now)?;
    let mut tx = ctx.read().await?;
    let (assessment, document) = actions::open(ctx, &mut tx, id, Permission::ReadProgramme).await?;
    let model = &document.model;
    let practice = practices(model).nth(place).ok_or(Error::NotFound { what: "practice" })?;
    let answers = store::load_answers(&mut tx, id, moment.at).await?;
    let asked: Vec<(&str, &Question)> =
        questions(practice).map(|(_, question)| (practice.id.as_str(), question)).collect();
    let beside = observed::beside(&mut tx, assessment.scope, moment, &asked).await?;
    let may = ctx.actor.may(Permission::Assess, assessment.scope) && assessment.state == State::Open && !moment.past;
    let context = Context { ctx, model, practice, answers: &answers, assessment: &assessment };
    let aside = |question: &Question, answer: Option<&Answer>| {
        let empty = Beside::default();
        let beside = beside.get(&question.id).unwrap_or(&empty);
        observed::beside_part(beside, worth(model, question, answer), assessment.scope, moment)
    };
    let body = if may {
        form(&context, place, &filled, &aside)
    } else {
        html! { (ui::error_summary(&filled.fields.errors())) (typed_part(practice, filled.fields)) (reading(&context, &aside)) }
    };
    let number = practices(model).count();
    let at = |place: usize| format!("/desk/assessments/{id}/practices/{place}");
    let around = html! {
        @if place > 0 { (ui::button_link(ui::Weight::Plain, "Practice before", &at(place - 1))) }
        @if place + 1 < number { (ui::button_link(ui::Weight::Plain, "Next practice", &at(place + 1))) }
        (ui::button_link(ui::Weight::Secondary, "Validate", &format!("/desk/assessments/{id}/answers?practice={place}")))
    };
    let shell = ui::Shell::new(practice.title.as_str())
        .subtitle(format!("{}, practice {} of {number}", assessment.name, place + 1))
        .crumbs(crumbs(&assessment, &practice.title))
        .badges(state_badge(assessment.state))
        .actions(around);
    Ok(desk_page(ctx, ACTIVE, flashed, shell, body))
}

struct Context<'a> {
    ctx: &'a Ctx,
    model: &'a Model,
    practice: &'a Practice,
    answers: &'a Answers,
    assessment: &'a Assessment,
}

/// Who said it and who looked at it.
pub(super) fn signs(ctx: &Ctx, answer: &Answer) -> Markup {
    html! {
        @if answer.carried { (ui::state(ui::Tone::Warn, "carried over")) " " }
        @match answer.validated_at {
            Some(at) => { (ui::state(ui::Tone::Good, "validated")) " by " (answer.validated_name) ", " (ago(at, ctx.now)) },
            None => { @if answer.content.given.is_some() { (ui::state(ui::Tone::Neutral, "not validated")) } },
        }
        " " span class="muted" { "answered by " (answer.answered_name) ", " (ago(answer.answered_at, ctx.now)) }
    }
}

fn guidance(question: &Question) -> Markup {
    html! { @if !question.guidance.is_empty() { ul class="muted" { @for line in &question.guidance { li { (line) } } } } }
}

/// Reason, evidence and note of an answer, for reading.
pub(super) fn told(assessment: AssessmentId, answer: &Answer) -> Markup {
    let content = &answer.content;
    html! {
        @if !content.reason.is_empty() { p { strong { "Why it does not apply: " } (content.reason) } }
        @if !content.evidence.is_empty() { (paragraphs(&content.evidence)) }
        @if !content.link.is_empty() { p { a href=(content.link) rel="noreferrer noopener" { (content.link) } } }
        @if let Some(file) = answer.file { p { a href={"/desk/assessments/" (assessment) "/files/" (file)} { (answer.file_name) } } }
        @if !content.note.is_empty() { p class="muted" { (content.note) } }
    }
}

/// What somebody typed who found the assessment closed when saving.
fn typed_part(practice: &Practice, fields: &Fields) -> Markup {
    let told: Vec<(&str, &str)> = questions(practice)
        .enumerate()
        .flat_map(|(index, (_, question))| {
            ["evidence", "link", "reason", "note"]
                .into_iter()
                .map(move |field| (question.text.as_str(), fields.get(&format!("{field}-{index}"))))
        })
        .filter(|(_, text)| !text.trim().is_empty())
        .collect();
    html! {
        @if !told.is_empty() {
            (ui::panel("What you typed was not saved", html! { dl { @for (question, text) in told { dt { (question) } dd { (paragraphs(text)) } } } }))
        }
    }
}

/// The practice for reading: closed, as of a past day, or not for this person to change.
fn reading(context: &Context<'_>, aside: &dyn Fn(&Question, Option<&Answer>) -> Markup) -> Markup {
    html! {
        @for (level, question) in questions(context.practice) {
            @let answer = context.answers.get(&question.id);
            (ui::panel(&format!("Level {}: {}", level.number, question.text), html! {
                (guidance(question))
                p {
                    strong {
                        @match answer.and_then(|answer| answer.content.given) {
                            None => "Not answered",
                            given => (words(context.model, question, given)),
                        }
                    }
                }
                @if let Some(answer) = answer { (told(context.assessment.id, answer)) p { (signs(context.ctx, answer)) } }
                (aside(question, answer))
            }))
        }
    }
}

fn form(
    context: &Context<'_>,
    place: usize,
    filled: &Filled<'_>,
    aside: &dyn Fn(&Question, Option<&Answer>) -> Markup,
) -> Markup {
    let id = context.assessment.id;
    let mut form = ui::Form::new(format!("/desk/assessments/{id}/practices/{place}"), "Save")
        .multipart()
        .errors(&filled.fields.errors());
    let mut level_shown = 0;
    for (index, (level, question)) in questions(context.practice).enumerate() {
        if level.number != level_shown {
            level_shown = level.number;
            form = form.part(html! {
                h2 { "Level " (level.number) }
                @if !level.objective.is_empty() { p class="muted" { (level.objective) } }
            });
        }
        form = form.part(question_part(
            context,
            index,
            question,
            filled,
            &aside(question, context.answers.get(&question.id)),
        ));
    }
    html! {
        @if !filled.conflicts.is_empty() {
            (ui::alert(ui::Tone::Warn, "Somebody else changed answers while you had this page open", html! {
                p { "Nothing was saved yet and nothing you typed is lost: it stands in the form. Each question concerned shows what the other answer says. Change yours or leave it, then save again." }
            }))
        }
        (form)
    }
}

fn question_part(
    context: &Context<'_>,
    index: usize,
    question: &Question,
    filled: &Filled<'_>,
    aside: &Markup,
) -> Markup {
    let stored = context.answers.get(&question.id);
    let typed = (filled.fields.get(&format!("q-{index}")) == question.id).then_some(filled.fields);
    let content = stored.map(|answer| answer.content.clone()).unwrap_or_default();
    let value = |field: &str, kept: &str| -> String {
        typed.map_or_else(|| kept.to_owned(), |fields| fields.get(&format!("{field}-{index}")).to_owned())
    };
    let name = |field: &str| format!("{field}-{index}");
    let error = |field: &str| filled.fields.error(&name(field));
    let chosen = value("a", &given_text(content.given));
    let choices = context.model.answer_set(&question.answers).map_or(&[][..], |set| set.choices.as_slice());
    let mut options: Vec<ui::Choice> = choices
        .iter()
        .enumerate()
        .filter(|(_, choice)| !choice.not_applicable)
        .map(|(at, choice)| {
            let at = at.to_string();
            let chosen = chosen == at;
            ui::Choice::new(at, choice.text.as_str()).chosen(chosen)
        })
        .collect();
    options.push(ui::Choice::new("na", "Does not apply").hint("Say why below.").chosen(chosen == "na"));
    options.push(ui::Choice::new("", "Not answered yet").chosen(chosen.is_empty()));
    let conflict = filled.conflicts.contains(&question.id);
    let reason = value("reason", &content.reason);
    let more =
        [("evidence", content.evidence.as_str()), ("link", content.link.as_str()), ("note", content.note.as_str())];
    let said = more.iter().any(|(field, kept)| !value(field, kept).is_empty());
    let wrong = ["reason", "evidence", "link", "note", "file"].iter().any(|field| error(field).is_some());
    let open = said || wrong || chosen == "na" || stored.is_some_and(|answer| answer.file.is_some());
    html! {
        (ui::hidden(&name("q"), &question.id))
        (ui::hidden(&name("seen"), stored.map_or(0, |answer| answer.number)))
        @if conflict && let Some(answer) = stored {
            (ui::alert(ui::Tone::Warn, &format!("{} answered in the meantime", answer.answered_name), html! {
                p { strong { (words(context.model, question, answer.content.given)) } }
                (told(context.assessment.id, answer))
            }))
        }
        (ui::Field::radios(name("a"), question.text.as_str(), options).error(error("a")))
        (guidance(question))
        (aside)
        details open[open] {
            summary { "Evidence, reason and note" }
            (ui::stack(html! {
            (ui::Field::textarea(name("evidence"), "What shows it").lines(2).value(value("evidence", &content.evidence)).error(error("evidence")))
            (ui::Field::url(name("link"), "Link").value(value("link", &content.link)).error(error("link")))
            (ui::Field::file(name("file"), "File").error(error("file")))
            @if let Some(answer) = stored && let Some(file) = answer.file {
                p { "Now: " a href={"/desk/assessments/" (context.assessment.id) "/files/" (file)} { (answer.file_name) } }
            }
            (ui::Field::text(name("reason"), "Why it does not apply").value(reason).error(error("reason")))
            (ui::Field::textarea(name("note"), "Note").lines(2).value(value("note", &content.note)).error(error("note")))
            }))
        }
        @if let Some(answer) = stored { p { (signs(context.ctx, answer)) } }
        hr;
    }
}

fn given_text(given: Option<Given>) -> String {
    match given {
        None => String::new(),
        Some(Given::NotApplicable) => "na".to_owned(),
        Some(Given::Choice(at)) => at.to_string(),
    }
}

/// `POST /desk/assessments/{id}/practices/{place}`
pub(super) async fn save(
    Operation(ctx): Operation,
    Path((id, place)): Path<(AssessmentId, usize)>,
    query: Query,
    mut fields: Fields,
) -> Result<Response, PageError> {
    let mut uploads = fields.take_uploads();
    let mut sent = Vec::new();
    for index in 0..500 {
        let question = fields.get(&format!("q-{index}")).to_owned();
        if question.is_empty() {
            break;
        }
        let field = |name: &str| fields.get(&format!("{name}-{index}")).to_owned();
        let given = match field("a").as_str() {
            "" => None,
            "na" => Some(Given::NotApplicable),
            at => Some(Given::Choice(at.parse().unwrap_or(usize::MAX))),
        };
        let at = uploads.iter().position(|upload| upload.field == format!("file-{index}"));
        let content = Content {
            given,
            reason: field("reason"),
            evidence: field("evidence"),
            link: field("link"),
            note: field("note"),
        };
        let file = at.map(|at| uploads.swap_remove(at));
        sent.push(Typed { question, seen: field("seen").parse().unwrap_or(0), content, file });
    }
    let at = format!("/desk/assessments/{id}/practices/{place}");
    match actions::save(&ctx, id, place, sent).await {
        Ok(Saved::Written(0)) => Ok(redirect_with(&at, "Nothing was different, so nothing was changed.")),
        Ok(Saved::Written(1)) => Ok(redirect_with(&at, "One answer was saved.")),
        Ok(Saved::Written(count)) => Ok(redirect_with(&at, &format!("{count} answers were saved."))),
        Ok(Saved::Conflict(questions)) => {
            let filled = Filled { fields: &fields, conflicts: &questions };
            let page = page(&ctx, id, place, &query, Flashed::default(), filled).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let page =
                page(&ctx, id, place, &query, Flashed::default(), Filled { fields: &fields, conflicts: &[] }).await?;
            Ok((fields.status(), page).into_response())
        }
    }
}
