//! Import of the official SAMM 2 model files (YAML, one document a file), which users bring along themselves.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Error;
use crate::model::{AnswerSet, Choice, Function, Level, Model, NotApplicable, Practice, Question};
use crate::ratio::Ratio;

/// Longest single file.
const FILE_BYTES: usize = 1 << 20;
/// Most files.
const FILES: usize = 5_000;

/// One file of any kind: `type` says which, and the other kinds leave their keys out.
#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "type")]
    kind: Option<String>,
    id: Option<String>,
    name: Option<String>,
    #[serde(rename = "shortName")]
    short_name: Option<String>,
    order: Option<i64>,
    model: Option<String>,
    function: Option<String>,
    practice: Option<String>,
    #[serde(rename = "maturityLevel")]
    maturity_level: Option<String>,
    number: Option<u32>,
    objective: Option<String>,
    letter: Option<String>,
    stream: Option<String>,
    level: Option<String>,
    activity: Option<String>,
    #[serde(rename = "answerSet")]
    answer_set: Option<String>,
    text: Option<String>,
    quality: Option<Vec<String>>,
    values: Option<Vec<WireValue>>,
}

#[derive(Deserialize)]
struct WireValue {
    text: String,
    value: f64,
    order: i64,
}

type ById = BTreeMap<String, Wire>;

#[derive(Default)]
struct Kinds {
    functions: ById,
    practices: ById,
    streams: ById,
    maturity_levels: ById,
    practice_levels: ById,
    activities: ById,
    answer_sets: ById,
    questions: ById,
}

/// Reads the model from names and bytes of its `.yml` files, in any order.
///
/// Files of kinds that scoring does not need are passed over. The result keeps the ids of the source, so that answer
/// sheets made for it fit; functions and practices carry their short names.
///
/// # Errors
/// An [`Error`] that names the file: broken YAML, a link to something that is not there, an id used twice, a practice
/// without questions on a level.
pub fn read_core_model(files: &[(&str, &[u8])]) -> Result<Model, Error> {
    if files.len() > FILES {
        return Err(Error::new(format!("the model has more than {FILES} files")));
    }
    let mut kinds = Kinds::default();
    for (name, bytes) in files {
        let lower = name.to_ascii_lowercase();
        if lower.ends_with(".yml") || lower.ends_with(".yaml") {
            read_file(name, bytes, &mut kinds)?;
        }
    }
    if kinds.functions.is_empty() || kinds.questions.is_empty() {
        return Err(Error::new("these are no model files of SAMM 2: no business functions or no questions among them"));
    }
    build(&kinds)
}

fn read_file(name: &str, bytes: &[u8], kinds: &mut Kinds) -> Result<(), Error> {
    if bytes.len() > FILE_BYTES {
        return Err(Error::new(format!("{name} is longer than {FILE_BYTES} bytes")));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Error::new(format!("{name} is not UTF-8 text")))?;
    // The reader's default budget bounds nesting, aliases and node counts.
    let wire: Wire = serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map_or(1, |place| place.line());
        let words = error.to_string();
        let first = words.lines().next().unwrap_or_default().to_owned();
        Error::at(line, format!("{name}: {first}"))
    })?;
    let kind = wire.kind.as_deref().unwrap_or_default();
    let list = match kind {
        "Function" => &mut kinds.functions,
        "Practice" => &mut kinds.practices,
        "Stream" => &mut kinds.streams,
        "MaturityLevel" => &mut kinds.maturity_levels,
        "PracticeLevel" => &mut kinds.practice_levels,
        "Activity" => &mut kinds.activities,
        "AnswerSet" => &mut kinds.answer_sets,
        "Question" => &mut kinds.questions,
        _ => return Ok(()),
    };
    let id = wire.id.clone().filter(|id| !id.is_empty());
    let Some(id) = id else { return Err(Error::new(format!("{name} has no id"))) };
    if list.insert(id.clone(), wire).is_some() {
        return Err(Error::new(format!("{name} has an id that another file has too: {id}")));
    }
    Ok(())
}

/// Follows a link and says what it was when it leads nowhere.
fn follow<'a>(list: &'a ById, link: Option<&String>, from: &str, what: &str) -> Result<&'a Wire, Error> {
    let Some(link) = link else { return Err(Error::new(format!("the {from} has no link to its {what}"))) };
    list.get(link).ok_or_else(|| Error::new(format!("the {from} points to a {what} that is not there: {link}")))
}

fn build(kinds: &Kinds) -> Result<Model, Error> {
    let mut functions = Vec::new();
    for (id, function) in ordered(&kinds.functions) {
        let mut practices = Vec::new();
        for (practice_id, practice) in ordered(&kinds.practices) {
            follow(&kinds.functions, practice.function.as_ref(), "practice", "function")?;
            if practice.function.as_deref() == Some(id) {
                practices.push(build_practice(kinds, practice_id, practice)?);
            }
        }
        let title = function.name.clone().unwrap_or_default();
        functions.push(Function { id: title.clone(), title, practices });
    }
    let mut answer_sets = Vec::new();
    for (id, set) in &kinds.answer_sets {
        answer_sets.push(build_set(id, set)?);
    }
    let mut model = kinds.functions.values().filter_map(|function| function.model.clone());
    Ok(Model {
        id: model.next().unwrap_or_else(|| "SAMM2".to_owned()),
        title: "OWASP SAMM 2".to_owned(),
        not_applicable: NotApplicable::AsValued,
        functions,
        answer_sets,
    })
}

fn ordered(list: &ById) -> Vec<(&str, &Wire)> {
    let mut all: Vec<(&str, &Wire)> = list.iter().map(|(id, wire)| (id.as_str(), wire)).collect();
    all.sort_by_key(|(id, wire)| (wire.order.unwrap_or(i64::MAX), *id));
    all
}

fn build_practice(kinds: &Kinds, id: &str, practice: &Wire) -> Result<Practice, Error> {
    let mut levels: Vec<Level> = Vec::new();
    for (level_id, level) in &kinds.practice_levels {
        if level.practice.as_deref() != Some(id) {
            continue;
        }
        let number = follow(&kinds.maturity_levels, level.maturity_level.as_ref(), "practice level", "maturity level")?;
        let number = number.number.unwrap_or_default();
        let questions = build_questions(kinds, level_id)?;
        levels.push(Level { number, objective: level.objective.clone().unwrap_or_default(), questions });
    }
    levels.sort_by_key(|level| level.number);
    let title = practice.name.clone().unwrap_or_default();
    if levels.is_empty() || levels.iter().any(|level| level.questions.is_empty()) {
        return Err(Error::new(format!("the practice {title} has a level without questions")));
    }
    Ok(Practice { id: practice.short_name.clone().unwrap_or_else(|| title.clone()), title, levels })
}

fn build_questions(kinds: &Kinds, level: &str) -> Result<Vec<Question>, Error> {
    let mut questions = Vec::new();
    for (id, question) in ordered(&kinds.questions) {
        let activity = follow(&kinds.activities, question.activity.as_ref(), "question", "activity")?;
        if activity.level.as_deref() != Some(level) {
            continue;
        }
        let stream = follow(&kinds.streams, activity.stream.as_ref(), "activity", "stream")?;
        follow(&kinds.answer_sets, question.answer_set.as_ref(), "question", "answer set")?;
        questions.push(Question {
            id: id.to_owned(),
            stream: stream.letter.clone(),
            text: question.text.clone().unwrap_or_default(),
            guidance: question.quality.clone().unwrap_or_default(),
            answers: question.answer_set.clone().unwrap_or_default(),
            activities: Vec::new(),
            observed: None,
        });
    }
    questions.sort_by(|a, b| a.stream.cmp(&b.stream));
    Ok(questions)
}

fn build_set(id: &str, set: &Wire) -> Result<AnswerSet, Error> {
    let mut values: Vec<&WireValue> = set.values.iter().flatten().collect();
    values.sort_by_key(|value| value.order);
    let mut choices = Vec::new();
    for value in values {
        let Some(worth) = Ratio::from_decimal(value.value) else {
            return Err(Error::new(format!("the answer set {id} has a value that is no score")));
        };
        choices.push(Choice { text: value.text.clone(), value: worth, not_applicable: false });
    }
    Ok(AnswerSet { id: id.to_owned(), choices })
}
