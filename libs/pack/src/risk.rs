//! From the answers of a product profile to its risk class, with the reasons.

use std::collections::BTreeMap;

use crate::model::{Question, RiskModel};
use crate::words::RiskClass;

/// Why a class came out: one line for each question that mattered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The question.
    pub question: String,
    /// The answer; none when the question is open.
    pub answer: Option<String>,
    /// What it added.
    pub weight: u32,
    /// The class that it alone demands.
    pub at_least: Option<RiskClass>,
    /// The reason in words.
    pub words: String,
}

/// A computed class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed {
    /// The class.
    pub class: RiskClass,
    /// The sum of weights.
    pub sum: u32,
    /// What led to it, heaviest first.
    pub reasons: Vec<Reason>,
    /// Questions nobody has answered; the class is provisional while there are any.
    pub open: Vec<String>,
    /// Answers that the profile does not know (question and answer), and so left out.
    pub unknown: Vec<(String, String)>,
}

/// Computes the class from answers: question id to the ids of the answers given.
///
/// The sum of the weights gives a class, and an answer can demand one on its own; the higher wins. An open question
/// counts as its heaviest answer, so that leaving one out never makes a product look safer.
#[must_use]
pub fn classify(model: &RiskModel, answers: &BTreeMap<String, Vec<String>>) -> Assessed {
    let mut assessed =
        Assessed { class: RiskClass::Low, sum: 0, reasons: Vec::new(), open: Vec::new(), unknown: Vec::new() };
    for question in &model.questions {
        let given = answers.get(&question.id).map_or(&[][..], Vec::as_slice);
        judge(question, given, &mut assessed);
    }
    for (question, given) in answers {
        if !model.questions.iter().any(|known| known.id == *question) {
            assessed.unknown.extend(given.iter().map(|answer| (question.clone(), answer.clone())));
        }
    }
    let by_sum = model.from.iter().filter(|(_, least)| assessed.sum >= **least).map(|(class, _)| *class).max();
    let alone = assessed.reasons.iter().filter_map(|reason| reason.at_least).max();
    assessed.class = by_sum.max(alone).unwrap_or(RiskClass::Low);
    assessed.reasons.sort_by_key(|reason| std::cmp::Reverse((reason.at_least, reason.weight)));
    assessed
}

fn judge(question: &Question, given: &[String], assessed: &mut Assessed) {
    let mut chosen = Vec::new();
    for id in given {
        match question.answers.iter().find(|answer| answer.id == *id) {
            Some(answer) => chosen.push(answer),
            None => assessed.unknown.push((question.id.clone(), id.clone())),
        }
    }
    // Several answers to a question that takes one: the heaviest counts, as with an open question.
    if !question.several && chosen.len() > 1 {
        chosen.sort_by_key(|answer| std::cmp::Reverse((answer.at_least, answer.weight)));
        chosen.truncate(1);
    }
    chosen.dedup_by(|a, b| a.id == b.id);
    if chosen.is_empty() {
        let Some(worst) = question.answers.iter().max_by_key(|answer| (answer.at_least, answer.weight)) else { return };
        assessed.open.push(question.id.clone());
        assessed.sum = assessed.sum.saturating_add(worst.weight);
        assessed.reasons.push(Reason {
            question: question.id.clone(),
            answer: None,
            weight: worst.weight,
            at_least: worst.at_least,
            words: format!("Not answered yet, so it counts as “{}”.", worst.title),
        });
        return;
    }
    for answer in chosen {
        assessed.sum = assessed.sum.saturating_add(answer.weight);
        if answer.weight > 0 || answer.at_least.is_some() {
            assessed.reasons.push(Reason {
                question: question.id.clone(),
                answer: Some(answer.id.clone()),
                weight: answer.weight,
                at_least: answer.at_least,
                words: answer.reason.clone(),
            });
        }
    }
}
