//! What holds for every input.

use cvss::{Group, Score, Vector, Version};
use proptest::prelude::*;
use proptest::sample::select;

/// A valid vector with its metrics shuffled, as text.
fn any_vector() -> impl Strategy<Value = (Vector, String)> {
    select(Version::ALL.to_vec())
        .prop_flat_map(|version| {
            let choices: Vec<_> = version
                .metrics()
                .iter()
                .map(|metric| {
                    let values: Vec<&str> = metric.values.iter().map(|value| value.abbreviation).collect();
                    let keep = if metric.is_required() { Just(true).boxed() } else { any::<bool>().boxed() };
                    (Just(metric.abbreviation), select(values), keep)
                })
                .collect();
            (Just(version), choices.prop_shuffle())
        })
        .prop_map(|(version, choices)| {
            let kept: Vec<_> = choices.iter().filter(|(_, _, keep)| *keep).collect();
            let vector = Vector::from_metrics(version, kept.iter().map(|(name, value, _)| (*name, *value))).unwrap();
            let pieces: Vec<String> = kept.iter().map(|(name, value, _)| format!("{name}:{value}")).collect();
            (vector, format!("{}{}", version.prefix(), pieces.join("/")))
        })
}

proptest! {
    #[test]
    fn order_does_not_matter((vector, text) in any_vector()) {
        prop_assert_eq!(Vector::parse(&text), Ok(vector));
        prop_assert_eq!(Vector::parse(&vector.canonical()), Ok(vector));
    }

    #[test]
    fn the_base_score_depends_on_the_base((vector, _) in any_vector()) {
        prop_assert_eq!(vector.scores().base, vector.base().scores().base);
        prop_assert_eq!(vector.base().score(), vector.scores().base);
        prop_assert!(!vector.base().has(Group::Environmental));
    }

    #[test]
    fn a_repeated_metric_is_refused((vector, text) in any_vector()) {
        let (metric, value) = vector.metrics().last().unwrap();
        let twice = format!("{text}/{}:{}", metric.abbreviation, value.abbreviation);
        prop_assert!(Vector::parse(&twice).unwrap_err().is_repeated());
    }

    #[test]
    fn a_missing_base_metric_is_refused((vector, _) in any_vector(), index in 0_usize..6) {
        let omitted = vector.version().metrics()[index].abbreviation;
        let rest = vector.metrics().map(|(metric, value)| (metric.abbreviation, value.abbreviation));
        let error = Vector::from_metrics(vector.version(), rest.filter(|(name, _)| *name != omitted)).unwrap_err();
        prop_assert!(error.is_missing());
        prop_assert!(error.to_string().ends_with(omitted));
    }

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        if let Err(error) = Vector::parse(&text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn text_like_a_vector_never_panics(text in "\\(?(CVSS:[234]\\.[01]/)?([A-Za-z]{1,4}:?[A-Z]{0,9}/){0,40}\\)?") {
        let _either = Vector::parse(&text);
    }

    #[test]
    fn scores_are_read_as_written(tenths in 0_u8..=100) {
        let score = Score::from_tenths(tenths).unwrap();
        prop_assert_eq!(Score::parse(&score.to_string()), Some(score));
    }
}
