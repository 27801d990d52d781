//! What holds for every input.

use std::cmp::Ordering;

use proptest::prelude::*;
use proptest::sample::select;
use versions::purl::Purl;
use versions::{Ecosystem, Range, Vers};

fn ecosystems() -> impl Strategy<Value = Ecosystem> {
    select(Ecosystem::names().filter_map(Ecosystem::parse).collect::<Vec<_>>())
}

/// Texts with the pieces that versions are made of.
const LIKE_A_VERSION: &str = "(v|go)?([0-9]{1,3}|[.:~^+_-]|alpha|b|rc|SNAPSHOT|post|dev|[xX*#]|[<>=!|, ]){0,12}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn order_turns_around(ecosystem in ecosystems(), left in LIKE_A_VERSION, right in LIKE_A_VERSION) {
        let order = ecosystem.compare(&left, &right);
        prop_assert_eq!(ecosystem.compare(&right, &left), order.map(Ordering::reverse));
        if let Some(own) = ecosystem.compare(&left, &left) {
            prop_assert_eq!(own, Ordering::Equal);
        }
    }

    #[test]
    fn nothing_panics_on_text_like_a_range(ecosystem in ecosystems(), text in LIKE_A_VERSION, version in LIKE_A_VERSION) {
        if let Ok(range) = Range::parse(ecosystem, &text) {
            let _either = range.contains(&version);
            prop_assert!(!range.to_string().is_empty() || text.trim().is_empty() || ecosystem == Ecosystem::Pypi);
        }
    }

    #[test]
    fn nothing_panics_on_any_text(ecosystem in ecosystems(), left in any::<String>(), right in any::<String>()) {
        let _any_order = ecosystem.compare(&left, &right);
        let _either = Range::parse(ecosystem, &left);
        let _either = Vers::parse(&left);
        let _either = Vers::parse(&format!("vers:{ecosystem}/{left}|{right}"));
        let _either = Purl::parse(&left);
        let _either = Purl::parse(&format!("pkg:{left}/{right}"));
    }

    #[test]
    fn canonical_package_urls_stay(text in "pkg:(npm|pypi|maven|golang|generic|deb|git|oci)/[a-zA-Z0-9@/%._ +:-]{1,20}(@[a-z0-9.%/ ~-]{0,8})?(\\?[a-z=&%/]{0,12})?(#[a-z./%]{0,8})?") {
        if let Ok(purl) = Purl::parse(&text) {
            prop_assert_eq!(Purl::parse(&purl.canonical()), Ok(purl));
        }
    }

    #[test]
    fn canonical_vers_ranges_stay(text in "vers:(npm|pypi|deb|rpm|gem|apk|maven)/((>=|<=|<|>|!=|=)?[0-9]\\.[0-9]\\.[0-9](~|-|%2B)?[0-9a-z]{0,3}\\|){1,6}", version in "[0-9]\\.[0-9]\\.[0-9]") {
        if let Ok(vers) = Vers::parse(&text) {
            prop_assert_eq!(Vers::parse(&vers.canonical()), Ok(vers.clone()));
            prop_assert!(vers.contains(&version).is_some());
        }
    }
}
