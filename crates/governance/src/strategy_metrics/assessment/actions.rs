//! What people do with assessments: start, answer, validate, finish, give up.

use std::collections::BTreeMap;

use db::Tx;
use kernel::{Date, Error, FieldError, Id, Permission, RecordRef, Result, Scope, clean_line, kinds};
use maturity::{Given, Practice};
use platform::audit::{self, Entry};
use platform::{Ctx, files};
use serde_json::json;
use web::Upload;

use super::model::{Answer, Answers, Assessment, AssessmentId, Content, Progress, State, given, practices};
use super::rules::{self, Change};
use super::store;
use crate::strategy_metrics::catalogue::{self, Document, ModelId};

/// Longest text of an answer.
const LONGEST: usize = 4_000;

/// What a form says of a new assessment.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The questions to ask.
    pub model: ModelId,
    /// What is assessed.
    pub scope: Scope,
    /// Its name.
    pub name: String,
    /// The day that the answers describe.
    pub assessed_on: Date,
    /// Whether to begin with the answers of the latest finished one.
    pub carry: bool,
}

/// What a form says about one question.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The question.
    pub question: String,
    /// The version that the form was made from; nought where there was none.
    pub seen: i64,
    /// What is said.
    pub content: Content,
    /// A file that shows it.
    pub file: Option<Upload>,
}

/// What came of a form with answers.
#[derive(Clone, Debug)]
pub enum Saved {
    /// So many answers were written.
    Written(usize),
    /// Nothing was written, because somebody else changed these questions in the meantime.
    Conflict(Vec<String>),
}

/// An assessment with its model, for somebody who may do this there.
pub(super) async fn open(
    ctx: &Ctx,
    tx: &mut Tx,
    id: AssessmentId,
    permission: Permission,
) -> Result<(Assessment, Document)> {
    let assessment = store::load(tx, id).await?;
    ctx.require(permission, assessment.scope, "assessment")?;
    let document = catalogue::load(tx, assessment.model).await?;
    Ok((assessment, document))
}

pub(super) fn clean_name(name: &str) -> Result<String> {
    clean_line("name", name, 200).map_err(|problem| Error::Invalid(vec![problem]))
}

pub(super) fn check_day(ctx: &Ctx, day: Date) -> Result<()> {
    if day > ctx.now.date() {
        return Err(Error::invalid("assessed_on", "The day that the answers describe cannot lie ahead."));
    }
    Ok(())
}

/// Starts an assessment, with the answers of the latest finished one where that is wanted.
///
/// # Errors
/// Invalid, or not found where one may not.
pub async fn create(ctx: &Ctx, draft: &Draft) -> Result<AssessmentId> {
    ctx.require(Permission::Assess, draft.scope, "place")?;
    let name = clean_name(&draft.name)?;
    check_day(ctx, draft.assessed_on)?;
    let mut look = ctx.read().await?;
    let document = catalogue::load(&mut look, draft.model).await?;
    let mut based_on = None;
    let mut answers = Vec::new();
    if draft.carry
        && let Some(last) = store::load_latest(&mut look, draft.scope, &document.row.series, ctx.now.date()).await?
    {
        let old = catalogue::load(&mut look, last.model).await?;
        let held = store::load_answers(&mut look, last.id, ctx.now).await?;
        answers = rules::carry(&old.model, &document.model, &held);
        for answer in &mut answers {
            answer.made_at = ctx.now;
        }
        based_on = Some(last.id);
    }
    drop(look);
    let assessment = fresh(ctx, &document, draft.scope, name, draft.assessed_on, based_on);
    let mut tx = ctx.begin().await?;
    store::insert(&mut tx, &assessment, &ctx.actor.id_text(), None).await?;
    store::insert_answers(&mut tx, assessment.id, &answers).await?;
    let detail = json!({"name": assessment.name, "model": assessment.series, "place": crate::strategy_metrics::place::text(draft.scope), "carried": answers.len()});
    record(&mut tx, ctx, "assessment.started", assessment.id, detail).await?;
    tx.commit().await?;
    Ok(assessment.id)
}

pub(super) fn fresh(
    ctx: &Ctx,
    document: &Document,
    scope: Scope,
    name: String,
    assessed_on: Date,
    based_on: Option<AssessmentId>,
) -> Assessment {
    Assessment {
        id: ctx.id(),
        model: document.row.id,
        series: document.row.series.clone(),
        model_title: document.row.title.clone(),
        questions: document.row.questions,
        name,
        scope,
        state: State::Open,
        assessed_on,
        based_on,
        file_name: String::new(),
        about: Vec::new(),
        findings: String::new(),
        overall: None,
        created_at: ctx.now,
        created_name: ctx.actor.name().to_owned(),
        finished_at: None,
        finished_name: String::new(),
        revision: 1,
    }
}

pub(super) async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    action: &str,
    id: AssessmentId,
    detail: serde_json::Value,
) -> Result<()> {
    audit::record(tx, ctx, Entry::new(action, RecordRef::new("assessment", id)).with(detail)).await
}

/// Cleans what was typed about one question of a practice.
fn clean(document: &Document, practice: &Practice, place: usize, typed: &Typed) -> Result<Content, Vec<FieldError>> {
    let mut problems = Vec::new();
    let mut text = |field: &str, value: &str| -> String {
        if value.trim().is_empty() {
            return String::new();
        }
        match kernel::clean_text(&format!("{field}-{place}"), value, LONGEST) {
            Ok(text) => text,
            Err(problem) => {
                problems.push(problem);
                String::new()
            }
        }
    };
    let mut content = Content {
        given: typed.content.given,
        reason: text("reason", &typed.content.reason),
        evidence: text("evidence", &typed.content.evidence),
        link: text("link", &typed.content.link),
        note: text("note", &typed.content.note),
    };
    let mut say = |field: &str, words: &str| {
        problems.push(FieldError { field: format!("{field}-{place}"), words: words.to_owned() });
    };
    let question = practice.levels.iter().flat_map(|level| &level.questions).find(|one| one.id == typed.question);
    let set = question.and_then(|question| document.model.answer_set(&question.answers));
    match content.given {
        Some(Given::Choice(at)) => {
            if set.is_none_or(|set| set.choices.get(at).is_none()) {
                say("a", "Choose one of the answers in the list.");
            }
            content.reason.clear();
        }
        Some(Given::NotApplicable) if content.reason.chars().count() < 10 => {
            say("reason", "Say in a sentence why this does not apply; whoever validates it has only this to go by.");
        }
        Some(Given::NotApplicable) | None => {}
    }
    if !content.link.is_empty() && !["http://", "https://"].iter().any(|start| content.link.starts_with(start)) {
        say("link", "A link begins with https:// or http://.");
    }
    if problems.is_empty() { Ok(content) } else { Err(problems) }
}

/// Saves the answers to the questions of one practice that were changed.
///
/// # Errors
/// Invalid with the field's place in the form; refused when the assessment is closed; not found where one may not.
pub async fn save(ctx: &Ctx, id: AssessmentId, practice: usize, mut sent: Vec<Typed>) -> Result<Saved> {
    let mut tx = ctx.begin().await?;
    store::set_touched(&mut tx, id).await?;
    let (assessment, document) = open(ctx, &mut tx, id, Permission::Assess).await?;
    rules::may_change(assessment.state)?;
    let practice = practices(&document.model).nth(practice).ok_or(Error::NotFound { what: "practice" })?;
    let versions = store::list_versions(&mut tx, id).await?;
    let mut problems = Vec::new();
    let mut conflicts = Vec::new();
    let mut fresh = Vec::new();
    for (place, typed) in sent.iter_mut().enumerate() {
        let asked = practice.levels.iter().flat_map(|level| &level.questions).any(|one| one.id == typed.question);
        if !asked {
            return Err(Error::NotFound { what: "question" });
        }
        let of = |found: &&Answer| found.question == typed.question;
        let seen = versions.iter().filter(of).find(|found| found.number == typed.seen);
        let now = versions.iter().filter(of).find(|found| found.ended_at.is_none());
        let content = match clean(&document, practice, place, typed) {
            Ok(content) => content,
            Err(more) => {
                problems.extend(more);
                continue;
            }
        };
        match rules::change(&content, typed.file.is_some(), seen, now) {
            Change::Nothing => {}
            Change::Conflict => conflicts.push(typed.question.clone()),
            Change::Write => fresh.push((answer(ctx, typed, content, now), typed.file.take())),
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    if !conflicts.is_empty() {
        return Ok(Saved::Conflict(conflicts));
    }
    if fresh.is_empty() {
        return Ok(Saved::Written(0));
    }
    let mut answers = Vec::new();
    for (mut answer, file) in fresh {
        if let Some(upload) = file {
            let key = format!("assessment {id}");
            answer.file =
                Some(files::store(ctx, &mut tx, &key, &upload.name, &upload.media_type, &upload.content).await?);
            answer.file_name = files::safe_name(&upload.name);
        }
        answers.push(answer);
    }
    store::insert_answers(&mut tx, id, &answers).await?;
    let questions: Vec<&str> = answers.iter().map(|answer| answer.question.as_str()).collect();
    record(&mut tx, ctx, "assessment.answered", id, json!({"practice": practice.id, "questions": questions})).await?;
    tx.commit().await?;
    Ok(Saved::Written(answers.len()))
}

fn answer(ctx: &Ctx, typed: &Typed, content: Content, now: Option<&Answer>) -> Answer {
    Answer {
        question: typed.question.clone(),
        number: now.map_or(1, |now| now.number.saturating_add(1)),
        content,
        file: now.and_then(|now| now.file),
        file_name: now.map_or_else(String::new, |now| now.file_name.clone()),
        carried: false,
        answered_by: ctx.actor.id_text(),
        answered_name: ctx.actor.name().to_owned(),
        answered_at: ctx.now,
        validated_name: String::new(),
        validated_at: None,
        made_at: ctx.now,
        ended_at: None,
    }
}

/// Validates answers, each in the version that was looked at; never one's own.
///
/// # Errors
/// Refused for one's own answers, for changed ones and for closed assessments; then none is validated.
pub async fn validate(ctx: &Ctx, id: AssessmentId, seen: &[(String, i64)]) -> Result<usize> {
    let mut tx = ctx.begin().await?;
    store::set_touched(&mut tx, id).await?;
    let (assessment, document) = open(ctx, &mut tx, id, Permission::Assess).await?;
    rules::may_change(assessment.state)?;
    let answers = store::load_answers(&mut tx, id, ctx.now).await?;
    let texts: BTreeMap<&str, &str> =
        document.model.questions().map(|(_, _, _, question)| (question.id.as_str(), question.text.as_str())).collect();
    let mut questions = Vec::new();
    for (question, number) in seen {
        let text = texts.get(question.as_str()).ok_or(Error::NotFound { what: "question" })?;
        let answer = answers.get(question);
        rules::may_validate(answer, *number, text, &ctx.actor)?;
        if answer.is_some_and(|answer| answer.validated_at.is_none()) {
            questions.push(question.clone());
        }
    }
    let person = ctx.actor.person().ok_or(Error::NotFound { what: "assessment" })?;
    if questions.is_empty() {
        return Err(Error::invalid("answer", "Tick the answers that you looked at."));
    }
    store::set_validated(&mut tx, id, &questions, person, ctx.actor.name(), ctx.now).await?;
    record(&mut tx, ctx, "assessment.validated", id, json!({"questions": questions})).await?;
    tx.commit().await?;
    Ok(questions.len())
}

/// Finishes an assessment: its scores are kept, and nothing in it changes any more.
///
/// # Errors
/// Refused while answers lack or are not validated; stale when somebody changed something since the page was opened.
pub async fn finish(ctx: &Ctx, id: AssessmentId, revision: i64, unanswered_count_as_nothing: bool) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let (assessment, document) = open(ctx, &mut tx, id, Permission::Assess).await?;
    rules::may_change(assessment.state)?;
    if assessment.revision != revision {
        return Err(Error::Stale { what: "assessment" });
    }
    let answers: Answers = store::load_answers(&mut tx, id, ctx.now).await?;
    let progress = Progress::of(practices(&document.model), &answers, ctx.now);
    rules::may_finish(progress, unanswered_count_as_nothing)?;
    let scores = maturity::score(&document.model, &given(&answers));
    store::insert_scores(&mut tx, id, &document.model, &scores).await?;
    store::set_state(&mut tx, &assessment, State::Finished, Some(&scores), ctx.actor.name(), ctx.now).await?;
    let overall = scores.overall.map(|score| score.rounded(4));
    let detail = json!({"overall": overall, "unanswered": scores.unanswered, "not_applicable": scores.not_applicable});
    record(&mut tx, ctx, "assessment.finished", id, detail).await?;
    tx.commit().await
}

/// Gives an open assessment up; it stays readable and counts nowhere.
///
/// # Errors
/// Refused when it is closed, stale, or not found where one may not.
pub async fn give_up(ctx: &Ctx, id: AssessmentId, revision: i64) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let (mut assessment, _) = open(ctx, &mut tx, id, Permission::Assess).await?;
    rules::may_change(assessment.state)?;
    assessment.revision = revision;
    store::set_state(&mut tx, &assessment, State::Dropped, None, ctx.actor.name(), ctx.now).await?;
    record(&mut tx, ctx, "assessment.dropped", id, json!({"name": assessment.name})).await?;
    tx.commit().await
}

/// The file that shows an answer, with its content.
pub(super) async fn evidence_file(ctx: &Ctx, id: AssessmentId, file: Id<kinds::File>) -> Result<(String, Vec<u8>)> {
    let mut tx = ctx.read().await?;
    let assessment = store::load(&mut tx, id).await?;
    ctx.require(Permission::ReadProgramme, assessment.scope, "file")?;
    let of_answer = store::list_versions(&mut tx, id).await?.iter().any(|answer| answer.file == Some(file));
    let of_workbook = store::load_file(&mut tx, id).await? == Some(file);
    if !of_answer && !of_workbook {
        return Err(Error::NotFound { what: "file" });
    }
    let info = files::load_info(&mut tx, file).await?;
    let content = files::load_content(ctx, &mut tx, &info).await?;
    Ok((info.name, content))
}
