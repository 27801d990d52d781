//! Assessments and their answers.

use std::collections::BTreeMap;

use kernel::{Date, Id, Scope, Timestamp, kinds};
use maturity::{Given, Model, Practice, Ratio};

use crate::strategy_metrics::catalogue::ModelId;

/// Assessments as kept.
pub enum AssessmentKind {}
/// An assessment.
pub type AssessmentId = Id<AssessmentKind>;

/// Where an assessment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Answers can be given.
    Open,
    /// Nothing changes any more.
    Finished,
    /// Given up; it counts nowhere.
    Dropped,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Finished, Self::Dropped];

    /// The stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Finished => "finished",
            Self::Dropped => "dropped",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Finished => "Finished",
            Self::Dropped => "Given up",
        }
    }

    /// Reads the stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// An assessment.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// Which.
    pub id: AssessmentId,
    /// The model whose questions are asked.
    pub model: ModelId,
    /// The model's series.
    pub series: String,
    /// The model's title.
    pub model_title: String,
    /// How many questions the model asks.
    pub questions: i64,
    /// Its name.
    pub name: String,
    /// What is assessed.
    pub scope: Scope,
    /// Where it stands.
    pub state: State,
    /// The day that the answers describe.
    pub assessed_on: Date,
    /// The assessment whose answers were carried over.
    pub based_on: Option<AssessmentId>,
    /// The name of the workbook that it was read from; empty for others.
    pub file_name: String,
    /// What the workbook says about itself: label and text.
    pub about: Vec<(String, String)>,
    /// What was noticed when the workbook was read, one a line.
    pub findings: String,
    /// The mean of the functions, once finished.
    pub overall: Option<Ratio>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// By whom.
    pub created_name: String,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
    /// By whom.
    pub finished_name: String,
    /// Counts writes.
    pub revision: i64,
}

/// An assessment in a list, with how far it is.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    /// The assessment.
    pub assessment: Assessment,
    /// How many questions have an answer.
    pub answered: i64,
    /// How many answers a second person validated.
    pub validated: i64,
}

/// What is said to one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The answer; none while only a note or evidence is there.
    pub given: Option<Given>,
    /// Why the question does not apply.
    pub reason: String,
    /// What shows it, in words.
    pub evidence: String,
    /// Where that is.
    pub link: String,
    /// Anything else.
    pub note: String,
}

impl Content {
    /// Whether nothing at all is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The answer to one question as it is kept.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The question's identifier in the model.
    pub question: String,
    /// The how-manieth version it is, from 1.
    pub number: i64,
    /// What is said.
    pub content: Content,
    /// A file that shows it.
    pub file: Option<Id<kinds::File>>,
    /// The file's name.
    pub file_name: String,
    /// Whether it came over from the assessment before and was not looked at since.
    pub carried: bool,
    /// Who answered, as the audit log names them.
    pub answered_by: String,
    /// Their name.
    pub answered_name: String,
    /// When.
    pub answered_at: Timestamp,
    /// Who validated it.
    pub validated_name: String,
    /// When.
    pub validated_at: Option<Timestamp>,
    /// When this version began to hold.
    pub made_at: Timestamp,
    /// When the next took its place.
    pub ended_at: Option<Timestamp>,
}

impl Answer {
    /// Whether this version held at a moment.
    #[must_use]
    pub fn is_at(&self, at: Timestamp) -> bool {
        self.made_at <= at && self.ended_at.is_none_or(|ended| ended > at)
    }

    /// Whether it was validated at a moment.
    #[must_use]
    pub fn is_validated_at(&self, at: Timestamp) -> bool {
        self.validated_at.is_some_and(|validated| validated <= at)
    }
}

/// Answers by question.
pub type Answers = BTreeMap<String, Answer>;

/// The answers as scoring takes them.
#[must_use]
pub fn given(answers: &Answers) -> BTreeMap<String, Given> {
    answers
        .iter()
        .filter_map(|(question, answer)| answer.content.given.map(|given| (question.clone(), given)))
        .collect()
}

/// How far an assessment is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Questions.
    pub questions: u64,
    /// Questions with an answer, "not applicable" included.
    pub answered: u64,
    /// Questions that do not apply.
    pub not_applicable: u64,
    /// Answers that a second person validated.
    pub validated: u64,
    /// Answers that came over and were not looked at since.
    pub carried: u64,
}

impl Progress {
    /// Counts the questions of some practices.
    pub fn of<'a>(practices: impl IntoIterator<Item = &'a Practice>, answers: &Answers, at: Timestamp) -> Self {
        let mut progress = Self::default();
        let questions = practices.into_iter().flat_map(|practice| &practice.levels).flat_map(|level| &level.questions);
        for question in questions {
            progress.questions += 1;
            let Some(answer) = answers.get(&question.id) else { continue };
            let Some(given) = answer.content.given else { continue };
            progress.answered += 1;
            progress.not_applicable += u64::from(given == Given::NotApplicable);
            progress.validated += u64::from(answer.is_validated_at(at));
            progress.carried += u64::from(answer.carried);
        }
        progress
    }
}

/// All practices of a model, in order.
pub fn practices(model: &Model) -> impl Iterator<Item = &Practice> {
    model.functions.iter().flat_map(|function| &function.practices)
}

/// The score of one practice in a finished assessment.
#[derive(Clone, Debug)]
pub(crate) struct KeptScore {
    /// Which assessment.
    pub assessment: AssessmentId,
    /// Its name.
    pub name: String,
    /// The day it describes.
    pub assessed_on: Date,
    /// The mean of its functions.
    pub overall: Option<Ratio>,
    /// The practice.
    pub practice: String,
    /// The score; none when nothing in it applies.
    pub score: Option<Ratio>,
}
