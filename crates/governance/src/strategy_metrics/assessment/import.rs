//! Reading a filled toolbox workbook as an assessment.

use kernel::{Date, Error, Result, Scope};
use limits::Limits;
use maturity::{Given, Severity, Workbook};
use platform::{Ctx, files};
use serde_json::json;
use sha2::{Digest, Sha256};
use web::Upload;

use super::actions::{check_day, clean_name, fresh, record};
use super::model::{Answer, AssessmentId, Content};
use super::store;
use crate::strategy_metrics::catalogue::{self, Source};

/// What a form says of a workbook.
#[derive(Clone, Debug)]
pub struct WorkbookDraft {
    /// What is assessed.
    pub scope: Scope,
    /// Its name; the workbook's own words when empty.
    pub name: String,
    /// The day that the answers describe.
    pub assessed_on: Date,
}

/// Reads a workbook: its questions become a model, its answers an open assessment.
///
/// # Errors
/// Invalid with file, sheet, cell and reason, or not found where one may not; nothing is kept then.
pub async fn import(ctx: &Ctx, draft: &WorkbookDraft, upload: Upload) -> Result<AssessmentId> {
    ctx.require(kernel::Permission::Assess, draft.scope, "place")?;
    check_day(ctx, draft.assessed_on)?;
    let (read, upload) =
        tokio::task::spawn_blocking(move || (maturity::read_workbook(&upload.content, &Limits::DOCUMENT), upload))
            .await
            .map_err(Error::internal)?;
    let workbook = read.map_err(|error| {
        Error::invalid("file", format!("{} was refused: {error}. Nothing was imported.", upload.name))
    })?;
    refuse_what_cannot_be_told(&upload.name, &workbook)?;
    let name = clean_name(&title(&draft.name, &workbook, &upload.name))?;
    let prepared = catalogue::prepare(ctx, &workbook.model, workbook.model.id.clone(), Source::Workbook)?;
    let sha256 = hex::encode(Sha256::digest(&upload.content));
    let mut tx = ctx.begin().await?;
    let model = catalogue::keep_within(&mut tx, &prepared).await?;
    let document = catalogue::load(&mut tx, model.id).await?;
    let mut assessment = fresh(ctx, &document, draft.scope, name, draft.assessed_on, None);
    assessment.about = workbook.about.iter().take(30).map(|(label, text)| (one_line(label), one_line(text))).collect();
    assessment.findings = workbook
        .findings
        .iter()
        .take(200)
        .map(|finding| format!("{}: {}", finding.place, one_line(&finding.message)))
        .collect::<Vec<_>>()
        .join("\n");
    let key = format!("assessment {}", assessment.id);
    let file = files::store(ctx, &mut tx, &key, &upload.name, &upload.media_type, &upload.content).await?;
    let source = store::Source { file, name: files::safe_name(&upload.name), sha256: sha256.clone() };
    store::insert(&mut tx, &assessment, &ctx.actor.id_text(), Some(&source)).await?;
    let answers: Vec<Answer> =
        workbook.answers.iter().map(|(question, given)| answer(ctx, question, *given, &source.name)).collect();
    store::insert_answers(&mut tx, assessment.id, &answers).await?;
    let detail = json!({"name": assessment.name, "model": assessment.series, "answers": answers.len(), "file": source.name, "sha256": sha256});
    record(&mut tx, ctx, "assessment.imported", assessment.id, detail).await?;
    tx.commit().await?;
    Ok(assessment.id)
}

/// A cell that holds what is no answer would silently count as nothing, so such a workbook is mended first. Scores that
/// differ from the answers are only said: a program that fills in answers often leaves the sheet's old figures behind.
fn refuse_what_cannot_be_told(file: &str, workbook: &Workbook) -> Result<()> {
    let wrong: Vec<String> = workbook
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error && finding.rule != "score-differs")
        .take(10)
        .map(|finding| format!("{}: {}", finding.place, finding.message))
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let words = format!(
        "{file} was refused. {}. Mend these cells and upload it again; nothing was imported.",
        wrong.join(". ")
    );
    Err(Error::invalid("file", words))
}

fn title(typed: &str, workbook: &Workbook, file: &str) -> String {
    if !typed.trim().is_empty() {
        return typed.to_owned();
    }
    let organisation = workbook.about.iter().find(|(label, _)| label.to_lowercase().contains("organi"));
    organisation.map_or_else(
        || format!("{} from {file}", workbook.model.title),
        |(_, text)| format!("{}, {}", workbook.model.title, one_line(text)),
    )
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect()
}

fn answer(ctx: &Ctx, question: &str, given: Given, file: &str) -> Answer {
    let reason = if given == Given::NotApplicable { format!("So answered in {file}.") } else { String::new() };
    Answer {
        question: question.to_owned(),
        number: 1,
        content: Content { given: Some(given), reason, evidence: format!("From {file}."), ..Content::default() },
        file: None,
        file_name: String::new(),
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
