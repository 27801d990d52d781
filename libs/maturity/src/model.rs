//! A maturity model: functions, practices, levels, questions and the answers that can be given.

use serde::{Deserialize, Serialize};

use crate::ratio::Ratio;

/// A model of one kind and version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Identifier, such as `samm-1.5`.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// How an answer "not applicable" counts.
    pub not_applicable: NotApplicable,
    /// Business functions, in order.
    pub functions: Vec<Function>,
    /// What can be answered.
    pub answer_sets: Vec<AnswerSet>,
}

/// How an answer "not applicable" counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotApplicable {
    /// With the value its answer set gives it; in the 1.5 toolbox that is full marks.
    AsValued,
    /// Not at all: means are taken over the other questions.
    LeftOut,
}

/// A business function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// Its practices, in order.
    pub practices: Vec<Practice>,
}

/// A practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// Its levels, from the first.
    pub levels: Vec<Level>,
}

/// A level of a practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// 1 to 3.
    pub number: u32,
    /// What the level is about; empty where the source does not say.
    pub objective: String,
    /// Its questions.
    pub questions: Vec<Question>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Identifier within the model.
    pub id: String,
    /// The stream (A or B) in models that have streams.
    pub stream: Option<String>,
    /// The question.
    pub text: String,
    /// What to look for before saying yes.
    pub guidance: Vec<String>,
    /// The id of its answer set.
    pub answers: String,
    /// Activities of a process pack whose tasks show what an answer claims.
    pub activities: Vec<String>,
    /// Name of a live figure that stands beside the answer.
    pub observed: Option<String>,
}

/// What can be answered to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerSet {
    /// Identifier.
    pub id: String,
    /// The answers, in order.
    pub choices: Vec<Choice>,
}

/// One possible answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its words.
    pub text: String,
    /// What it is worth.
    pub value: Ratio,
    /// Whether it says that the question does not apply.
    pub not_applicable: bool,
}

/// What was answered to a question; a question without an entry is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// The choice at this position of its answer set.
    Choice(usize),
    /// It does not apply here.
    NotApplicable,
}

impl Model {
    /// Finds an answer set.
    #[must_use]
    pub fn answer_set(&self, id: &str) -> Option<&AnswerSet> {
        self.answer_sets.iter().find(|set| set.id == id)
    }

    /// Every question with its function, practice and level.
    pub fn questions(&self) -> impl Iterator<Item = (&Function, &Practice, &Level, &Question)> {
        self.functions.iter().flat_map(|function| {
            function.practices.iter().flat_map(move |practice| {
                practice.levels.iter().flat_map(move |level| {
                    level.questions.iter().map(move |question| (function, practice, level, question))
                })
            })
        })
    }
}
