//! Reading a question catalogue of our own format (TOML): practices, questions by level, answer sets as data.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::error::Error;
use crate::model::{AnswerSet, Choice, Function, Level, Model, NotApplicable, Practice, Question};
use crate::ratio::Ratio;

/// Which of the two scorings the answers of a catalogue are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// As in SAMM 1.5: 0, 0.2, 0.5, 1.
    Fifths,
    /// As in SAMM 2.x: 0, 0.25, 0.5, 1.
    Quarters,
}

/// Longest catalogue.
const BYTES: usize = 4 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    id: String,
    title: String,
    levels: u32,
    not_applicable: NotApplicable,
    answer_sets: Vec<WireSet>,
    functions: Vec<WireFunction>,
    practices: Vec<WirePractice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireSet {
    id: String,
    choices: Vec<WireChoice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireChoice {
    text: String,
    value: f64,
    /// The worth in the 2.x scoring, where it is another.
    value_2x: Option<f64>,
    #[serde(default)]
    not_applicable: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireFunction {
    id: String,
    title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WirePractice {
    id: String,
    function: String,
    title: String,
    objectives: Vec<String>,
    questions: Vec<WireQuestion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireQuestion {
    id: toml::Spanned<String>,
    level: u32,
    text: String,
    guidance: Vec<String>,
    answers: toml::Spanned<String>,
    #[serde(default)]
    stream: Option<String>,
    #[serde(default)]
    activities: Vec<String>,
    #[serde(default)]
    observed: Option<String>,
}

/// Reads a catalogue with its answers worth what they are in one of the two scorings.
///
/// # Errors
/// An [`Error`] with its line: broken TOML, unknown keys, an answer set that is not there, a practice with an empty
/// level, an id used twice, a value outside of 0 to 1.
pub fn read_catalogue(text: &str, scale: Scale) -> Result<Model, Error> {
    if text.len() > BYTES {
        return Err(Error::new(format!("the catalogue is longer than {BYTES} bytes")));
    }
    let wire: Wire = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line(text, span.start));
        Error::at(line, error.message().to_owned())
    })?;
    let mut answer_sets = Vec::new();
    for set in wire.answer_sets {
        answer_sets.push(read_set(set, scale)?);
    }
    let mut ids = BTreeSet::new();
    for question in wire.practices.iter().flat_map(|practice| &practice.questions) {
        let here = line(text, question.id.span().start);
        if !ids.insert(question.id.get_ref().clone()) {
            return Err(Error::at(here, format!("the question id `{}` is used twice", question.id.get_ref())));
        }
        if question.level == 0 || question.level > wire.levels {
            return Err(Error::at(here, format!("level {} is outside of 1 to {}", question.level, wire.levels)));
        }
        if !answer_sets.iter().any(|set| set.id == *question.answers.get_ref()) {
            let here = line(text, question.answers.span().start);
            return Err(Error::at(here, format!("there is no answer set `{}`", question.answers.get_ref())));
        }
    }
    let mut functions: Vec<Function> = wire
        .functions
        .into_iter()
        .map(|function| Function { id: function.id, title: function.title, practices: Vec::new() })
        .collect();
    for practice in wire.practices {
        let home = functions.iter_mut().find(|function| function.id == practice.function);
        let Some(home) = home else {
            return Err(Error::new(format!("`{}` names no function `{}`", practice.id, practice.function)));
        };
        home.practices.push(read_practice(practice, wire.levels)?);
    }
    Ok(Model { id: wire.id, title: wire.title, not_applicable: wire.not_applicable, functions, answer_sets })
}

fn line(text: &str, offset: usize) -> u64 {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    u64::try_from(lines).unwrap_or(u64::MAX).saturating_add(1)
}

fn read_set(set: WireSet, scale: Scale) -> Result<AnswerSet, Error> {
    let mut choices = Vec::new();
    for choice in set.choices {
        let worth = match scale {
            Scale::Fifths => choice.value,
            Scale::Quarters => choice.value_2x.unwrap_or(choice.value),
        };
        let value = Ratio::from_decimal(worth).filter(|value| (Ratio::ZERO..=Ratio::ONE).contains(value));
        let Some(value) = value else {
            return Err(Error::new(format!("the answer `{}` has a value outside of 0 to 1", choice.text)));
        };
        choices.push(Choice { text: choice.text, value, not_applicable: choice.not_applicable });
    }
    Ok(AnswerSet { id: set.id, choices })
}

fn read_practice(practice: WirePractice, count: u32) -> Result<Practice, Error> {
    let mut levels: Vec<Level> = Vec::new();
    let mut objectives = practice.objectives.into_iter();
    for number in 1..=count {
        let objective = objectives.next().unwrap_or_default();
        levels.push(Level { number, objective, questions: Vec::new() });
    }
    for question in practice.questions {
        let level = levels.iter_mut().find(|level| level.number == question.level);
        let Some(level) = level else { continue };
        level.questions.push(Question {
            id: question.id.into_inner(),
            stream: question.stream,
            text: question.text,
            guidance: question.guidance,
            answers: question.answers.into_inner(),
            activities: question.activities,
            observed: question.observed,
        });
    }
    if let Some(empty) = levels.iter().find(|level| level.questions.is_empty()) {
        return Err(Error::new(format!("the practice `{}` has no question on level {}", practice.id, empty.number)));
    }
    Ok(Practice { id: practice.id, title: practice.title, levels })
}
