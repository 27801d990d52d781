//! Our own questions, and the format they are written in.

use std::collections::BTreeSet;

use maturity::{NotApplicable, Ratio, Scale, read_catalogue};

fn house(scale: Scale) -> maturity::Model {
    read_catalogue(content::MATURITY_QUESTIONS, scale).unwrap()
}

#[test]
fn the_questions_cover_twelve_practices_on_three_levels() {
    let model = house(Scale::Fifths);
    assert_eq!(model.not_applicable, NotApplicable::LeftOut);
    assert_eq!(model.functions.iter().map(|function| function.practices.len()).collect::<Vec<_>>(), [3, 3, 3, 3]);
    for practice in model.functions.iter().flat_map(|function| &function.practices) {
        assert_eq!(practice.levels.len(), 3);
        assert!(practice.levels.iter().all(|level| level.questions.len() >= 2 && !level.objective.is_empty()));
    }
}

#[test]
fn answers_are_worth_what_the_scoring_says() {
    let values = |scale| -> BTreeSet<Ratio> {
        house(scale).answer_sets.iter().flat_map(|set| &set.choices).map(|choice| choice.value).collect()
    };
    let ratio = |n, d| Ratio::new(n, d).unwrap();
    assert_eq!(values(Scale::Fifths), BTreeSet::from([Ratio::ZERO, ratio(1, 5), ratio(1, 2), Ratio::ONE]));
    assert_eq!(values(Scale::Quarters), BTreeSet::from([Ratio::ZERO, ratio(1, 4), ratio(1, 2), Ratio::ONE]));
}

#[test]
fn every_activity_named_is_one_of_the_same_practice_in_the_standard_pack() {
    let pack = pack::read(content::STANDARD_PACK, None).pack.unwrap();
    let model = house(Scale::Fifths);
    let mut named = BTreeSet::new();
    for (_, practice, _, question) in model.questions() {
        assert!(pack.practice(&practice.id).is_some(), "{}", practice.id);
        for id in &question.activities {
            assert_eq!(pack.activity(id).map(|activity| &activity.practice), Some(&practice.id), "{id}");
            named.insert(id.clone());
        }
    }
    let forgotten: Vec<&str> =
        pack.activities.iter().map(|a| a.id.as_str()).filter(|id| !named.contains(*id)).collect();
    assert_eq!(forgotten, Vec::<&str>::new());
}

#[test]
fn mistakes_in_a_catalogue_are_refused_with_their_line() {
    let check = |from: &str, to: &str, words: &str| {
        assert!(content::MATURITY_QUESTIONS.contains(from), "{from}");
        let error = read_catalogue(&content::MATURITY_QUESTIONS.replacen(from, to, 1), Scale::Fifths).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        error.line()
    };
    assert_eq!(check("levels = 3", "levels = \"three\"", "invalid type"), Some(10));
    assert_eq!(check("levels = 3", "levels = 3\nstars = 1", "unknown field"), Some(11));
    assert!(check("answers = \"age\"", "answers = \"rage\"", "rage").is_some());
    assert!(check("id = \"strategy_metrics.1b\"", "id = \"strategy_metrics.1a\"", "twice").is_some());
    assert!(check("level = 2", "level = 7", "level 7").is_some());
    check("value = 0.2", "value = 2.0", "0 to 1");
    check("function = \"design\"", "function = \"dessert\"", "dessert");
}
