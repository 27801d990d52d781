//! Assessments, answers and kept scores in the database.

use db::{Row, Tx, Value};
use kernel::{Actor, Date, Error, Id, Permission, Result, Scope, Timestamp, kinds};
use maturity::{Given, Model, Ratio, Scores};

use super::model::{Answer, Answers, Assessment, AssessmentId, Content, KeptScore, Listed, State};
use crate::strategy_metrics::place;

const ASSESSMENT: &str = "select a.*, m.title as model_title, m.questions, p.family_id as place_family
   from strategy_assessment a join strategy_model m on m.id = a.model_id left join register_product p on p.id = a.product_id";

fn ratio(row: &Row) -> Result<Option<Ratio>> {
    let (top, bottom): (Option<i64>, Option<i64>) = (row.get("numerator")?, row.get("denominator")?);
    Ok(top.zip(bottom).and_then(|(top, bottom)| Ratio::new(top, bottom)))
}

fn read(row: &Row) -> Result<Assessment> {
    let about: String = row.get("about")?;
    Ok(Assessment {
        id: row.get("id")?,
        model: row.get("model_id")?,
        series: row.get("series")?,
        model_title: row.get("model_title")?,
        questions: row.get("questions")?,
        name: row.get("name")?,
        scope: place::of_row(row)?,
        state: row.read("state", State::parse)?,
        assessed_on: row.get("assessed_on")?,
        based_on: row.get("based_on")?,
        file_name: row.get("file_name")?,
        about: about
            .lines()
            .filter_map(|line| line.split_once('\t').map(|(label, text)| (label.to_owned(), text.to_owned())))
            .collect(),
        findings: row.get("findings")?,
        overall: ratio(row)?,
        created_at: row.get("created_at")?,
        created_name: row.get("created_name")?,
        finished_at: row.get("finished_at")?,
        finished_name: row.get("finished_name")?,
        revision: row.get("revision")?,
    })
}

/// One assessment.
pub(crate) async fn load(tx: &mut Tx, id: AssessmentId) -> Result<Assessment> {
    let row = tx.fetch_optional(format!("{ASSESSMENT} where a.id = $1"), &[id.into()]).await?;
    read(&row.ok_or(Error::NotFound { what: "assessment" })?)
}

/// What the list is asked for; empty texts match everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) text: String,
    pub(crate) series: String,
    pub(crate) state: String,
    pub(crate) scope: Option<Scope>,
    pub(crate) by_name: bool,
    pub(crate) limit: u64,
    pub(crate) offset: u64,
}

impl Wanted {
    /// The condition and its parameters, the actor's places included.
    fn clause(&self, actor: &Actor) -> (String, Vec<Value>) {
        let mut parameters: Vec<Value> = vec![
            format!("%{}%", self.text.to_lowercase().replace(['%', '_'], "")).into(),
            self.series.as_str().into(),
            self.state.as_str().into(),
        ];
        let (visible, more) = place::visible(actor, Permission::ReadProgramme, parameters.len() + 1);
        parameters.extend(more);
        let exactly = match self.scope {
            None => "1 = 1".to_owned(),
            Some(scope) => {
                let (clause, more) = place::exactly(scope, "a", parameters.len() + 1);
                parameters.extend(more);
                clause
            }
        };
        let clause = format!(
            "where lower(a.name) like $1 and (a.series = $2 or $2 = '')
               and (a.state = $3 or ($3 = '' and a.state <> 'dropped')) and {visible} and {exactly}"
        );
        (clause, parameters)
    }
}

/// Assessments that the actor may see, newest first.
pub(crate) async fn list(tx: &mut Tx, actor: &Actor, wanted: &Wanted) -> Result<Vec<Listed>> {
    let (clause, mut parameters) = wanted.clause(actor);
    let order = if wanted.by_name { "lower(a.name), a.id" } else { "a.assessed_on desc, a.created_at desc, a.id" };
    let limit = parameters.len() + 1;
    parameters.extend([wanted.limit.into(), wanted.offset.into()]);
    let sql = format!(
        "select a.*, m.title as model_title, m.questions, p.family_id as place_family,
                (select count(*) from strategy_answer n where n.assessment_id = a.id and n.ended_at is null
                    and (n.choice is not null or n.not_applicable = true)) as answered,
                (select count(*) from strategy_answer n where n.assessment_id = a.id and n.ended_at is null
                    and n.validated_at is not null) as validated
           from strategy_assessment a join strategy_model m on m.id = a.model_id
                left join register_product p on p.id = a.product_id
          {clause} order by {order} limit ${limit} offset ${}",
        limit + 1
    );
    tx.fetch_all(sql, &parameters)
        .await?
        .iter()
        .map(|row| {
            Ok(Listed { assessment: read(row)?, answered: row.get("answered")?, validated: row.get("validated")? })
        })
        .collect()
}

/// How many rows [`list`] has in all.
pub(crate) async fn count(tx: &mut Tx, actor: &Actor, wanted: &Wanted) -> Result<u64> {
    let (clause, parameters) = wanted.clause(actor);
    let sql = format!(
        "select count(*) as count from strategy_assessment a left join register_product p on p.id = a.product_id {clause}"
    );
    let count: i64 = tx.fetch_one(sql, &parameters).await?.get("count")?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// The latest finished assessment of a place and a series that describes a day up to `day`.
pub(crate) async fn load_latest(tx: &mut Tx, scope: Scope, series: &str, day: Date) -> Result<Option<Assessment>> {
    let (exactly, more) = place::exactly(scope, "a", 3);
    let mut parameters: Vec<Value> = vec![series.into(), day.into()];
    parameters.extend(more);
    let sql = format!(
        "{ASSESSMENT} where a.series = $1 and a.assessed_on <= $2 and a.state = 'finished' and {exactly}
          order by a.assessed_on desc, a.finished_at desc, a.id desc limit 1"
    );
    tx.fetch_optional(sql, &parameters).await?.as_ref().map(read).transpose()
}

fn given(row: &Row) -> Result<Option<Given>> {
    if row.get::<bool>("not_applicable")? {
        return Ok(Some(Given::NotApplicable));
    }
    Ok(row.get::<Option<i64>>("choice")?.and_then(|choice| usize::try_from(choice).ok()).map(Given::Choice))
}

fn answer(row: &Row) -> Result<Answer> {
    Ok(Answer {
        question: row.get("question")?,
        number: row.get("number")?,
        content: Content {
            given: given(row)?,
            reason: row.get("reason")?,
            evidence: row.get("evidence")?,
            link: row.get("link")?,
            note: row.get("note")?,
        },
        file: row.get("file_id")?,
        file_name: row.get("file_name")?,
        carried: row.get("carried")?,
        answered_by: row.get("answered_by")?,
        answered_name: row.get("answered_name")?,
        answered_at: row.get("answered_at")?,
        validated_name: row.get("validated_name")?,
        validated_at: row.get("validated_at")?,
        made_at: row.get("made_at")?,
        ended_at: row.get("ended_at")?,
    })
}

/// The answers as they were at a moment.
pub(crate) async fn load_answers(tx: &mut Tx, id: AssessmentId, at: Timestamp) -> Result<Answers> {
    let rows = tx
        .fetch_all(
            "select * from strategy_answer where assessment_id = $1 and made_at <= $2 and (ended_at is null or ended_at > $2)",
            &[id.into(), at.into()],
        )
        .await?;
    rows.iter().map(|row| answer(row).map(|answer| (answer.question.clone(), answer))).collect()
}

/// Every version of every answer.
pub(super) async fn list_versions(tx: &mut Tx, id: AssessmentId) -> Result<Vec<Answer>> {
    tx.fetch_all("select * from strategy_answer where assessment_id = $1 order by question, number", &[id.into()])
        .await?
        .iter()
        .map(answer)
        .collect()
}

/// The workbook that an assessment was read from.
pub(super) async fn load_file(tx: &mut Tx, id: AssessmentId) -> Result<Option<Id<kinds::File>>> {
    let row = tx.fetch_optional("select file_id from strategy_assessment where id = $1", &[id.into()]).await?;
    Ok(row.map(|row| row.get("file_id")).transpose()?.flatten())
}

/// A workbook as it is kept beside its assessment.
pub(super) struct Source {
    pub(super) file: Id<kinds::File>,
    pub(super) name: String,
    pub(super) sha256: String,
}

pub(super) async fn insert(tx: &mut Tx, new: &Assessment, by: &str, source: Option<&Source>) -> Result<()> {
    let (family, product) = place::columns(new.scope);
    let about: Vec<String> = new.about.iter().map(|(label, text)| format!("{label}\t{text}")).collect();
    tx.execute(
        "insert into strategy_assessment (id, model_id, series, name, family_id, product_id, state, assessed_on, based_on,
           file_id, file_name, sha256, about, findings, created_at, created_by, created_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        &[
            new.id.into(),
            new.model.into(),
            new.series.as_str().into(),
            new.name.as_str().into(),
            family.into(),
            product.into(),
            new.state.as_str().into(),
            new.assessed_on.into(),
            new.based_on.into(),
            source.map(|source| source.file).into(),
            source.map_or("", |source| source.name.as_str()).into(),
            source.map_or("", |source| source.sha256.as_str()).into(),
            about.join("\n").into(),
            new.findings.as_str().into(),
            new.created_at.into(),
            by.into(),
            new.created_name.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Ends the versions that hold and begins these.
pub(super) async fn insert_answers(tx: &mut Tx, id: AssessmentId, answers: &[Answer]) -> Result<()> {
    let ended: Vec<Vec<Value>> = answers
        .iter()
        .filter(|answer| answer.number > 1)
        .map(|answer| vec![answer.made_at.into(), id.into(), answer.question.as_str().into()])
        .collect();
    tx.execute_many(
        "update strategy_answer set ended_at = $1 where assessment_id = $2 and question = $3 and ended_at is null",
        ended,
    )
    .await?;
    let rows = answers
        .iter()
        .map(|answer| {
            let choice = match answer.content.given {
                Some(Given::Choice(at)) => Some(i64::try_from(at).unwrap_or(i64::MAX)),
                Some(Given::NotApplicable) | None => None,
            };
            vec![
                id.into(),
                answer.question.as_str().into(),
                answer.number.into(),
                choice.into(),
                (answer.content.given == Some(Given::NotApplicable)).into(),
                answer.content.reason.as_str().into(),
                answer.content.evidence.as_str().into(),
                answer.content.link.as_str().into(),
                answer.file.into(),
                answer.file_name.as_str().into(),
                answer.content.note.as_str().into(),
                answer.carried.into(),
                answer.answered_by.as_str().into(),
                answer.answered_name.as_str().into(),
                answer.answered_at.into(),
                answer.made_at.into(),
            ]
        })
        .collect();
    tx.execute_many(
        "insert into strategy_answer (assessment_id, question, number, choice, not_applicable, reason, evidence, link, file_id,
           file_name, note, carried, answered_by, answered_name, answered_at, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        rows,
    )
    .await?;
    Ok(())
}

pub(super) async fn set_validated(
    tx: &mut Tx,
    id: AssessmentId,
    questions: &[String],
    by: Id<kinds::Person>,
    name: &str,
    now: Timestamp,
) -> Result<()> {
    let rows = questions
        .iter()
        .map(|question| vec![by.into(), name.into(), now.into(), id.into(), question.as_str().into()])
        .collect();
    tx.execute_many(
        "update strategy_answer set validated_by = $1, validated_name = $2, validated_at = $3
          where assessment_id = $4 and question = $5 and ended_at is null",
        rows,
    )
    .await?;
    Ok(())
}

/// Counts the write, when the assessment is still as it was read.
pub(super) async fn set_state(
    tx: &mut Tx,
    assessment: &Assessment,
    state: State,
    scores: Option<&Scores>,
    name: &str,
    now: Timestamp,
) -> Result<()> {
    let overall = scores.and_then(|scores| scores.overall).map(Ratio::parts);
    let finished = if state == State::Finished { Some(now) } else { None };
    let changed = tx
        .execute(
            "update strategy_assessment set state = $1, numerator = $2, denominator = $3, finished_at = $4, finished_name = $5,
               revision = revision + 1 where id = $6 and revision = $7",
            &[
                state.as_str().into(),
                overall.map(|parts| parts.0).into(),
                overall.map(|parts| parts.1).into(),
                finished.into(),
                if finished.is_some() { name } else { "" }.into(),
                assessment.id.into(),
                assessment.revision.into(),
            ],
        )
        .await?;
    if changed == 0 { Err(Error::Stale { what: "assessment" }) } else { Ok(()) }
}

/// Counts a write to the answers, so that finishing does not pass over what somebody just typed. It comes before the
/// answers are read: whoever writes at the same time waits, and nobody judges what is about to change.
pub(super) async fn set_touched(tx: &mut Tx, id: AssessmentId) -> Result<()> {
    tx.execute("update strategy_assessment set revision = revision + 1 where id = $1", &[id.into()]).await?;
    Ok(())
}

pub(super) async fn insert_scores(tx: &mut Tx, id: AssessmentId, model: &Model, scores: &Scores) -> Result<()> {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for (function, scored) in model.functions.iter().zip(&scores.functions) {
        for practice in &scored.practices {
            let parts = practice.score.map(Ratio::parts);
            rows.push(vec![
                id.into(),
                rows.len().into(),
                function.id.as_str().into(),
                function.title.as_str().into(),
                practice.id.as_str().into(),
                practice.title.as_str().into(),
                parts.map(|parts| parts.0).into(),
                parts.map(|parts| parts.1).into(),
            ]);
        }
    }
    tx.execute_many(
        "insert into strategy_score (assessment_id, position, function, function_title, practice, practice_title, numerator, denominator)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        rows,
    )
    .await?;
    Ok(())
}

/// The scores of all finished assessments of a place and a series up to a day, oldest first.
pub(crate) async fn list_scores(tx: &mut Tx, scope: Scope, series: &str, day: Date) -> Result<Vec<KeptScore>> {
    let (exactly, more) = place::exactly(scope, "a", 3);
    let mut parameters: Vec<Value> = vec![series.into(), day.into()];
    parameters.extend(more);
    let sql = format!(
        "select a.id, a.name, a.assessed_on, a.numerator as overall_top, a.denominator as overall_bottom,
                s.practice, s.numerator, s.denominator
           from strategy_assessment a join strategy_score s on s.assessment_id = a.id
          where a.series = $1 and a.assessed_on <= $2 and a.state = 'finished' and {exactly}
          order by a.assessed_on, a.finished_at, a.id, s.position"
    );
    tx.fetch_all(sql, &parameters)
        .await?
        .iter()
        .map(|row| {
            let (top, bottom): (Option<i64>, Option<i64>) = (row.get("overall_top")?, row.get("overall_bottom")?);
            Ok(KeptScore {
                assessment: row.get("id")?,
                name: row.get("name")?,
                assessed_on: row.get("assessed_on")?,
                overall: top.zip(bottom).and_then(|(top, bottom)| Ratio::new(top, bottom)),
                practice: row.get("practice")?,
                score: ratio(row)?,
            })
        })
        .collect()
}

pub(super) async fn load_cards(
    tx: &mut Tx,
    actor: &Actor,
    ids: &[String],
) -> Result<std::collections::HashMap<String, platform::cards::Card>> {
    let places: Vec<String> = (1..=ids.len()).map(|index| format!("${index}")).collect();
    let parameters: Vec<Value> = ids.iter().map(Value::from).collect();
    let sql = format!("{ASSESSMENT} where a.id in ({})", places.join(", "));
    let mut cards = std::collections::HashMap::new();
    for row in tx.fetch_all(sql, &parameters).await? {
        let found = read(&row)?;
        if actor.may(Permission::ReadProgramme, found.scope) {
            let link = format!("/desk/assessments/{}", found.id);
            cards.insert(found.id.to_string(), platform::cards::Card { title: found.name, link });
        }
    }
    Ok(cards)
}
