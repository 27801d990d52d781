//! Which activities a release owes, and when in each delivery model.

use crate::model::{Activity, AgileDue, DevopsDue, Pack, WaterfallDue};
use crate::words::{Criterion, Model, RiskClass};

/// What is planned for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask<'a> {
    /// Class of the product.
    pub class: RiskClass,
    /// Models that the product uses, one or several.
    pub models: &'a [Model],
    /// Highest level of maturity to plan; none: all.
    pub up_to_level: Option<u32>,
}

/// When an activity is due in one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due<'a> {
    /// At a phase gate; with the position of the phase.
    Waterfall(&'a WaterfallDue, usize),
    /// In sprints.
    Agile(&'a AgileDue),
    /// In each pipeline run.
    Devops(&'a DevopsDue),
}

impl Due<'_> {
    /// The model.
    #[must_use]
    pub const fn model(&self) -> Model {
        match self {
            Self::Waterfall(..) => Model::Waterfall,
            Self::Agile(_) => Model::Agile,
            Self::Devops(_) => Model::Devops,
        }
    }
}

/// An activity that applies.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned<'a> {
    /// The activity.
    pub activity: &'a Activity,
    /// When it is due, one entry for each asked model that asks for it.
    pub due: Vec<Due<'a>>,
}

/// The activities that apply to a class and to at least one of the models, in the order of the pack.
#[must_use]
pub fn plan<'a>(pack: &'a Pack, ask: &Ask<'_>) -> Vec<Planned<'a>> {
    let mut planned = Vec::new();
    for activity in &pack.activities {
        let applies = activity.classes.contains(&ask.class) && ask.up_to_level.is_none_or(|top| activity.level <= top);
        if !applies {
            continue;
        }
        let due: Vec<Due<'a>> = ask.models.iter().filter_map(|model| due_in(pack, activity, *model)).collect();
        if !due.is_empty() {
            planned.push(Planned { activity, due });
        }
    }
    planned
}

fn due_in<'a>(pack: &Pack, activity: &'a Activity, model: Model) -> Option<Due<'a>> {
    match model {
        Model::Waterfall => {
            let due = activity.due.waterfall.as_ref()?;
            Some(Due::Waterfall(due, pack.phase_index(&due.phase)?))
        }
        Model::Agile => activity.due.agile.as_ref().map(Due::Agile),
        Model::Devops => activity.due.devops.as_ref().map(Due::Devops),
    }
}

impl Pack {
    /// What an activity answers, a line for each framework: its title and the identifiers.
    #[must_use]
    pub fn answer_words(&self, activity: &Activity) -> Vec<String> {
        let title = |id: &String| {
            self.frameworks
                .iter()
                .find(|known| known.id == *id)
                .map_or(id.as_str(), |known| known.title.as_str())
                .to_owned()
        };
        activity.answers.iter().map(|(framework, ids)| format!("{}: {}", title(framework), ids.join(", "))).collect()
    }

    /// Words for when an activity is due in one model, such as “to leave Design”.
    #[must_use]
    pub fn due_words(&self, due: &Due<'_>) -> String {
        match due {
            Due::Waterfall(due, at) => {
                let phase = self.phases.get(*at).map_or(due.phase.as_str(), |phase| phase.title.as_str());
                match due.criterion {
                    Criterion::Entry => format!("to enter {phase}"),
                    Criterion::Exit => format!("to leave {phase}"),
                }
            }
            Due::Agile(AgileDue::Done { .. }) => "in the definition of done of every story".to_owned(),
            Due::Agile(AgileDue::Trigger { on }) => {
                let title = |id: &String| {
                    let known = self.triggers.iter().find(|trigger| trigger.id == *id);
                    known.map_or_else(|| id.clone(), |trigger| trigger.title.clone())
                };
                format!("when a story brings {}", on.iter().map(title).collect::<Vec<_>>().join(" or "))
            }
            Due::Agile(AgileDue::Bucket { sprints: 1 }) => "in every sprint".to_owned(),
            Due::Agile(AgileDue::Bucket { sprints }) => format!("once in {sprints} sprints"),
            Due::Agile(AgileDue::Setup) => "once, at set-up".to_owned(),
            Due::Devops(DevopsDue { post: Some(post), fresh_days, .. }) => {
                let known = self.posts.iter().find(|known| known.id == *post);
                let title = known.map_or(post.as_str(), |post| post.title.as_str());
                format!("each run: {title}, at most {} old", days(*fresh_days))
            }
            Due::Devops(DevopsDue { post: None, fresh_days, .. }) => {
                format!("each run: evidence on file, at most {} old", days(*fresh_days))
            }
        }
    }
}

fn days(count: u32) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}
