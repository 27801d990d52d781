//! Agreement with independent implementations on random versions that both accept.

use std::cmp::Ordering;
use std::str::FromStr;

use proptest::prelude::*;
use versions::Ecosystem;

fn order<T: FromStr + Ord>(left: &str, right: &str) -> Option<Ordering> {
    Some(T::from_str(left).ok()?.cmp(&T::from_str(right).ok()?))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn debian(left in "([0-2]:)?[0-9](\\.[0-9]{1,2}|[a-b+~]){0,4}(-[0-9]([a-b+~.][0-9]?){0,2})?", right in "([0-2]:)?[0-9](\\.[0-9]{1,2}|[a-b+~]){0,4}(-[0-9]([a-b+~.][0-9]?){0,2})?") {
        if let Some(theirs) = order::<debversion::Version>(&left, &right) {
            prop_assert_eq!(Ecosystem::Deb.compare(&left, &right), Some(theirs));
        }
    }

    #[test]
    fn python(left in "([01]!)?[0-2](\\.[0-2]){0,2}((a|b|rc)[01])?(\\.post[01])?(\\.dev[01])?(\\+[a-b0-9]{1,2})?", right in "([01]!)?[0-2](\\.[0-2]){0,2}((a|b|rc)[01])?(\\.post[01])?(\\.dev[01])?(\\+[a-b0-9]{1,2})?") {
        if let Some(theirs) = order::<pep440_rs::Version>(&left, &right) {
            prop_assert_eq!(Ecosystem::Pypi.compare(&left, &right), Some(theirs));
        }
    }

    #[test]
    fn python_specifiers(
        clause in "(==|!=|<=|>=|<|>|~=)[0-2]\\.[0-2]((a|rc)[01])?(\\.post[01])?(\\.dev[01])?",
        version in "[0-2](\\.[0-2]){0,2}((a|rc)[01])?(\\.post[01])?(\\.dev[01])?",
    ) {
        let theirs = pep440_rs::VersionSpecifiers::from_str(&clause).unwrap();
        let parsed = pep440_rs::Version::from_str(&version).unwrap();
        // The other one leaves it to its caller to keep pre-releases out.
        if !parsed.any_prerelease() {
            let ours = versions::Range::parse(Ecosystem::Pypi, &clause).unwrap();
            prop_assert_eq!(ours.contains(&version), Some(theirs.contains(&parsed)), "{} {}", clause, version);
        }
    }

    #[test]
    fn semantic(left in "[0-2]\\.[0-2]\\.[0-2](-(0|[1-9]|a|b|rc)(\\.(1|2|10|x))?)?", right in "[0-2]\\.[0-2]\\.[0-2](-(0|[1-9]|a|b|rc)(\\.(1|2|10|x))?)?") {
        if let Some(theirs) = order::<semver::Version>(&left, &right) {
            for ecosystem in [Ecosystem::Semver, Ecosystem::Npm, Ecosystem::Cargo, Ecosystem::Hex, Ecosystem::Go] {
                prop_assert_eq!(ecosystem.compare(&left, &right), Some(theirs), "{}", ecosystem);
            }
        }
    }

    #[test]
    fn cargo_requirements(
        requirement in "(=|>|>=|<|<=|~|\\^|)[0-2](\\.[0-2](\\.[0-2](-(a|1))?)?)?(, (<|>)[0-2]\\.[0-2])?",
        version in "[0-2]\\.[0-2]\\.[0-2](-(a|1|b))?",
    ) {
        let theirs = semver::VersionReq::parse(&requirement).unwrap();
        let ours = versions::Range::parse(Ecosystem::Cargo, &requirement).unwrap();
        let expected = theirs.matches(&semver::Version::parse(&version).unwrap());
        prop_assert_eq!(ours.contains(&version), Some(expected), "{} {}", requirement, version);
    }

    #[test]
    fn rpm(left in "([0-1]:)?[0-9]([.~^a-b][0-9]{0,2}){0,4}-[0-9]([.a-b][0-9]?){0,2}", right in "([0-1]:)?[0-9]([.~^a-b][0-9]{0,2}){0,4}-[0-9]([.a-b][0-9]?){0,2}") {
        let theirs = rpm_version::Evr::parse(&left).cmp(&rpm_version::Evr::parse(&right));
        prop_assert_eq!(Ecosystem::Rpm.compare(&left, &right), Some(theirs));
    }
}
