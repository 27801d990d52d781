//! Arithmetic and scoring rules.

use std::collections::BTreeMap;

use maturity::{AnswerSet, Choice, Function, Given, Level, Model, NotApplicable, Practice, Question, Ratio, score};
use proptest::prelude::*;

/// One practice with so many questions on each of its levels.
fn model(counts: [usize; 3], rule: NotApplicable) -> Model {
    let question = |level: usize, at: usize| Question {
        id: format!("{level}-{at}"),
        stream: None,
        text: String::new(),
        guidance: Vec::new(),
        answers: "s".to_owned(),
        activities: Vec::new(),
        observed: None,
    };
    let levels = counts.iter().enumerate().map(|(index, count)| Level {
        number: u32::try_from(index + 1).unwrap(),
        objective: String::new(),
        questions: (0..*count).map(|at| question(index + 1, at)).collect(),
    });
    let practice = Practice { id: "p".to_owned(), title: "P".to_owned(), levels: levels.collect() };
    let choices = [(0, 1), (1, 5), (1, 2), (1, 1)].map(|(numerator, denominator)| Choice {
        text: String::new(),
        value: Ratio::new(numerator, denominator).unwrap(),
        not_applicable: false,
    });
    Model {
        id: "m".to_owned(),
        title: "M".to_owned(),
        not_applicable: rule,
        functions: vec![Function { id: "f".to_owned(), title: "F".to_owned(), practices: vec![practice] }],
        answer_sets: vec![AnswerSet { id: "s".to_owned(), choices: choices.to_vec() }],
    }
}

#[test]
fn thirds_stay_exact() {
    let model = model([3, 3, 3], NotApplicable::LeftOut);
    let answers: BTreeMap<String, Given> = (1..=3).map(|level| (format!("{level}-0"), Given::Choice(3))).collect();
    let scores = score(&model, &answers);
    assert_eq!(scores.functions[0].practices[0].score, Some(Ratio::ONE));
    assert_eq!(scores.unanswered, 6);
}

#[test]
fn what_does_not_apply_is_left_out_of_the_mean() {
    let model = model([2, 1, 1], NotApplicable::LeftOut);
    let answers = BTreeMap::from([
        ("1-0".to_owned(), Given::Choice(2)),
        ("1-1".to_owned(), Given::NotApplicable),
        ("2-0".to_owned(), Given::NotApplicable),
        ("3-0".to_owned(), Given::Choice(3)),
    ]);
    let scores = score(&model, &answers);
    let practice = &scores.functions[0].practices[0];
    assert_eq!(practice.levels[0].score, Ratio::new(1, 2));
    assert_eq!(practice.levels[1].score, None);
    // One half and one, of two levels that apply, scaled to three.
    assert_eq!(practice.score, Ratio::new(9, 4));
    assert_eq!(scores.not_applicable, 2);
}

#[test]
fn a_practice_that_does_not_apply_at_all_has_no_score() {
    let model = model([1, 1, 1], NotApplicable::LeftOut);
    let answers: BTreeMap<String, Given> = (1..=3).map(|level| (format!("{level}-0"), Given::NotApplicable)).collect();
    let scores = score(&model, &answers);
    assert_eq!((scores.functions[0].practices[0].score, scores.overall), (None, None));
}

#[test]
fn rounding_is_on_the_exact_value() {
    let shown = |n, d, places| Ratio::new(n, d).unwrap().rounded(places);
    assert_eq!(shown(89, 60, 4), "1.4833");
    assert_eq!(shown(1, 8, 2), "0.13");
    assert_eq!(shown(-1, 8, 2), "-0.13");
    assert_eq!(shown(2, 3, 0), "1");
    assert_eq!(shown(3, 1, 2), "3.00");
    assert_eq!(Ratio::new(1, 0), None);
    assert_eq!(Ratio::new(2, -4), Ratio::new(-1, 2));
    assert_eq!(Ratio::from_decimal(f64::NAN), None);
}

proptest! {
    #[test]
    fn scores_stay_in_range_and_agree_with_floating_point(
        given in proptest::collection::vec(0_usize..5, 9), counts in [1_usize..4, 1_usize..4, 1_usize..4]
    ) {
        let model = model(counts, NotApplicable::LeftOut);
        let values = [0.0, 0.2, 0.5, 1.0, 0.0];
        let mut answers = BTreeMap::new();
        let mut next = given.iter();
        let mut expected = 0.0;
        for (level, count) in counts.iter().enumerate() {
            let mut sum = 0.0;
            for at in 0..*count {
                let choice = *next.next().unwrap();
                if choice < 4 {
                    answers.insert(format!("{}-{at}", level + 1), Given::Choice(choice));
                }
                sum += values[choice];
            }
            expected += sum / f64::from(u32::try_from(*count).unwrap());
        }
        let own = score(&model, &answers).functions[0].practices[0].score.unwrap();
        prop_assert!((own.value() - expected).abs() < 1e-9);
        prop_assert!(own >= Ratio::ZERO && own <= Ratio::new(3, 1).unwrap());
    }

    #[test]
    fn adding_is_the_same_from_both_sides(a in -999_i64..999, b in 1_i64..999, c in -999_i64..999, d in 1_i64..999) {
        let (left, right) = (Ratio::new(a, b).unwrap(), Ratio::new(c, d).unwrap());
        prop_assert_eq!(left.plus(right), right.plus(left));
        prop_assert_eq!(left.cmp(&right), (a * d).cmp(&(c * b)));
    }
}
