//! Claimed beside observed: what live data says about an answer, from the views of the practices.
//!
//! A question names a figure (`observed`) and the activities whose tasks show what its answer claims. Each figure is one
//! query whose rows are what is counted, so that the number and the list behind it cannot differ.

mod model;
mod pages;
mod rules;
mod store;

use std::collections::BTreeMap;

use db::Tx;
use kernel::{Permission, Result, Scope};
use maturity::Question;
use pack::EvidenceKind;
use web::{AsOf, Routes, Who};

pub use model::{Figure, Measure};
pub(crate) use pages::{beside_part, flag};
pub use rules::{Verdict, compare};

use store::Window;

/// What stands beside the answer to a question.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beside {
    /// The figure that the question names.
    pub(crate) measure: Option<(Measure, Figure)>,
    /// Tasks of the question's activities that were due; none where no activity asks for more than live facts.
    pub(crate) tasks: Option<Figure>,
    /// Those activities.
    pub(crate) activities: Vec<String>,
    /// The practice of the question.
    pub(crate) practice: String,
}

impl Beside {
    /// The figure that the answer is held against: the one that the question names, else its tasks.
    pub(crate) fn main(&self) -> Option<Figure> {
        self.measure.map(|(_, figure)| figure).filter(|figure| figure.of > 0).or(self.tasks)
    }
}

/// What stands beside the answers to these questions, each with its practice, in a fixed number of statements.
pub(crate) async fn beside(
    tx: &mut Tx,
    scope: Scope,
    moment: AsOf,
    questions: &[(&str, &Question)],
) -> Result<BTreeMap<String, Beside>> {
    let mut found = BTreeMap::new();
    if questions.iter().all(|(_, question)| question.observed.is_none() && question.activities.is_empty()) {
        return Ok(found);
    }
    let provable = provable(tx).await?;
    let tasks = store::by_activity(tx, &Window { scope, moment, practice: "" }).await?;
    let mut figures: BTreeMap<(Measure, String), Figure> = BTreeMap::new();
    for (practice, question) in questions {
        let activities: Vec<String> = question.activities.iter().filter(|id| provable.contains(id)).cloned().collect();
        let counted =
            activities.iter().filter_map(|id| tasks.get(id)).fold(Figure::default(), |sum, one| sum.plus(*one));
        let tasks = (!activities.is_empty()).then_some(counted);
        let measure = match question.observed.as_deref().and_then(Measure::parse) {
            None => None,
            Some(Measure::TasksWithEvidence) => tasks.map(|figure| (Measure::TasksWithEvidence, figure)),
            Some(measure) => {
                let key = (measure, if measure.is_of_practice() { (*practice).to_owned() } else { String::new() });
                let figure = match figures.get(&key) {
                    Some(figure) => *figure,
                    None => {
                        let figure = store::figure(tx, measure, &Window { scope, moment, practice }).await?;
                        figures.insert(key, figure);
                        figure
                    }
                };
                Some((measure, figure))
            }
        };
        let practice = (*practice).to_owned();
        found.insert(question.id.clone(), Beside { measure, tasks, activities, practice });
    }
    Ok(found)
}

/// The activities of the process in force that ask for evidence; what is judged by live facts alone has no pieces to count.
async fn provable(tx: &mut Tx) -> Result<Vec<String>> {
    let document = match process::pack::load_active(tx).await {
        Ok(document) => document,
        Err(kernel::Error::Refused { .. }) => return Ok(Vec::new()),
        Err(other) => return Err(other),
    };
    let asks = |activity: &&pack::Activity| {
        activity
            .evidence
            .iter()
            .any(|evidence| !matches!(evidence.kind, EvidenceKind::Fact | EvidenceKind::PipelinePost))
    };
    Ok(document.pack.activities.iter().filter(asks).map(|activity| activity.id.clone()).collect())
}

/// The routes of the lists behind figures.
pub(crate) fn routes() -> Routes {
    let read = Who::May(Permission::ReadProgramme);
    Routes::new().get("/desk/assessments/observed/{measure}", read, pages::rows).get(
        "/desk/assessments/tasks",
        read,
        pages::tasks,
    )
}
