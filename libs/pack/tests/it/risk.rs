//! From profile answers to a class.

use std::collections::BTreeMap;

use pack::{Assessed, RiskClass, classify};

use crate::content::standard;
use crate::small::tiny;

fn judge(answers: &[(&str, &[&str])]) -> Assessed {
    let answers: BTreeMap<String, Vec<String>> = answers
        .iter()
        .map(|(question, given)| ((*question).to_owned(), given.iter().map(|id| (*id).to_owned()).collect()))
        .collect();
    classify(&tiny().risk, &answers)
}

#[test]
fn the_sum_gives_the_class() {
    assert_eq!(judge(&[("reach", &["few"]), ("harm", &["none"])]).class, RiskClass::Low);
    assert_eq!(judge(&[("reach", &["all"]), ("harm", &["none"])]).class, RiskClass::Moderate);
    assert_eq!(judge(&[("reach", &["all"]), ("harm", &["some"])]).class, RiskClass::High);
}

#[test]
fn one_answer_can_demand_a_class_alone() {
    let assessed = judge(&[("reach", &["few"]), ("harm", &["some", "life"])]);
    assert_eq!((assessed.class, assessed.sum), (RiskClass::Critical, 2));
    assert_eq!(assessed.reasons[0].words, "Lives.");
}

#[test]
fn an_open_question_counts_as_its_heaviest_answer() {
    let assessed = judge(&[("harm", &["none"])]);
    assert_eq!((assessed.class, assessed.open.as_slice()), (RiskClass::Moderate, &["reach".to_owned()][..]));
    assert_eq!(judge(&[]).class, RiskClass::Critical);
}

#[test]
fn unknown_answers_are_told_and_do_not_help() {
    let assessed = judge(&[("reach", &["nobody"]), ("harm", &["none"]), ("colour", &["red"])]);
    assert_eq!(assessed.unknown.len(), 2);
    assert_eq!(assessed.open, ["reach"]);
}

#[test]
fn the_standard_profile_reaches_every_class() {
    let risk = standard().risk;
    let lightest: BTreeMap<String, Vec<String>> =
        risk.questions.iter().map(|q| (q.id.clone(), vec![q.answers[0].id.clone()])).collect();
    assert_eq!(classify(&risk, &lightest).class, RiskClass::Low);
    let mut seen = std::collections::BTreeSet::new();
    let mut answers = lightest;
    for question in &risk.questions {
        for answer in &question.answers {
            answers.insert(question.id.clone(), vec![answer.id.clone()]);
            seen.insert(classify(&risk, &answers).class);
        }
    }
    assert_eq!(seen.len(), 4);
}
