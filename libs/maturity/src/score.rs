//! Scores. Both generations share one shape: a level is the mean of its streams, a stream the mean of its questions
//! (1.5 has one stream); a practice is the sum of its levels, a function the mean of its practices.

use std::collections::BTreeMap;

use crate::model::{Function, Given, Level, Model, NotApplicable, Practice, Question};
use crate::ratio::Ratio;

/// All scores of an assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scores {
    /// For each function, in the order of the model.
    pub functions: Vec<FunctionScore>,
    /// The mean of the functions.
    pub overall: Option<Ratio>,
    /// Questions without an answer; each counts as nothing.
    pub unanswered: usize,
    /// Questions answered "not applicable".
    pub not_applicable: usize,
}

/// The score of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionScore {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// Mean of its practices; none when nothing in it applies.
    pub score: Option<Ratio>,
    /// Its practices.
    pub practices: Vec<PracticeScore>,
}

/// The score of a practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeScore {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// Sum of its levels, 0 to 3; none when nothing in it applies.
    pub score: Option<Ratio>,
    /// Its levels.
    pub levels: Vec<LevelScore>,
}

/// The score of a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelScore {
    /// 1 to 3.
    pub number: u32,
    /// 0 to 1; none when nothing in it applies.
    pub score: Option<Ratio>,
    /// Questions without an answer.
    pub unanswered: usize,
    /// Questions answered "not applicable".
    pub not_applicable: usize,
}

/// Computes all scores.
///
/// An unanswered question counts as nothing, as in the toolboxes. Where the model leaves "not applicable" out, means are
/// taken over the rest, and a practice with a level left out is scaled so that it can still reach its full sum.
#[must_use]
pub fn score(model: &Model, answers: &BTreeMap<String, Given>) -> Scores {
    let functions: Vec<FunctionScore> =
        model.functions.iter().map(|function| score_function(model, function, answers)).collect();
    let known: Vec<Ratio> = functions.iter().filter_map(|function| function.score).collect();
    let levels = || functions.iter().flat_map(|function| &function.practices).flat_map(|practice| &practice.levels);
    Scores {
        overall: Ratio::mean(&known),
        unanswered: levels().map(|level| level.unanswered).sum(),
        not_applicable: levels().map(|level| level.not_applicable).sum(),
        functions,
    }
}

fn score_function(model: &Model, function: &Function, answers: &BTreeMap<String, Given>) -> FunctionScore {
    let practices: Vec<PracticeScore> =
        function.practices.iter().map(|practice| score_practice(model, practice, answers)).collect();
    let known: Vec<Ratio> = practices.iter().filter_map(|practice| practice.score).collect();
    let score = Ratio::mean(&known);
    FunctionScore { id: function.id.clone(), title: function.title.clone(), score, practices }
}

fn score_practice(model: &Model, practice: &Practice, answers: &BTreeMap<String, Given>) -> PracticeScore {
    let levels: Vec<LevelScore> = practice.levels.iter().map(|level| score_level(model, level, answers)).collect();
    let known: Vec<Ratio> = levels.iter().filter_map(|level| level.score).collect();
    let score = Ratio::sum(&known).and_then(|sum| sum.scale(levels.len(), known.len()));
    PracticeScore { id: practice.id.clone(), title: practice.title.clone(), score, levels }
}

/// What one question brings.
enum Worth {
    Counts(Ratio),
    LeftOut,
}

fn score_level(model: &Model, level: &Level, answers: &BTreeMap<String, Given>) -> LevelScore {
    let mut scored = LevelScore { number: level.number, score: None, unanswered: 0, not_applicable: 0 };
    let mut streams: BTreeMap<Option<&str>, Vec<Ratio>> = BTreeMap::new();
    for question in &level.questions {
        if let Worth::Counts(value) = worth(model, question, answers.get(&question.id), &mut scored) {
            streams.entry(question.stream.as_deref()).or_default().push(value);
        }
    }
    let means: Vec<Ratio> = streams.values().filter_map(|values| Ratio::mean(values)).collect();
    scored.score = Ratio::mean(&means);
    scored
}

fn worth(model: &Model, question: &Question, given: Option<&Given>, scored: &mut LevelScore) -> Worth {
    let choices = model.answer_set(&question.answers).map_or(&[][..], |set| set.choices.as_slice());
    let chosen = match given {
        Some(Given::Choice(at)) => choices.get(*at),
        Some(Given::NotApplicable) => {
            scored.not_applicable = scored.not_applicable.saturating_add(1);
            return match (model.not_applicable, choices.iter().find(|choice| choice.not_applicable)) {
                (NotApplicable::AsValued, Some(choice)) => Worth::Counts(choice.value),
                (NotApplicable::AsValued | NotApplicable::LeftOut, _) => Worth::LeftOut,
            };
        }
        None => None,
    };
    match (chosen, model.not_applicable) {
        (Some(choice), rule) if choice.not_applicable => {
            scored.not_applicable = scored.not_applicable.saturating_add(1);
            if rule == NotApplicable::AsValued { Worth::Counts(choice.value) } else { Worth::LeftOut }
        }
        (Some(choice), _) => Worth::Counts(choice.value),
        (None, _) => {
            scored.unanswered = scored.unanswered.saturating_add(1);
            Worth::Counts(Ratio::ZERO)
        }
    }
}
