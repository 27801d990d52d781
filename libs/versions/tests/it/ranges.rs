//! Ranges: the tables of node-semver, and one table for each other notation.

use serde_json::Value;
use versions::{Ecosystem, Event, Range, Vers, is_affected};

use crate::corpus;

/// The options of a case: `true` is loose, an object names options.
fn options(value: Option<&Value>) -> (bool, bool) {
    let truthy = |value: &Value| !matches!(value, Value::Null | Value::Bool(false)) && value != &Value::from(0);
    match value {
        Some(Value::Object(map)) => {
            (map.get("loose").is_some_and(truthy), map.get("includePrerelease").is_some_and(truthy))
        }
        Some(value) => (truthy(value), false),
        None => (false, false),
    }
}

#[test]
fn node_semver_ranges() {
    let Some(folder) = corpus("versions") else { return };
    let text = std::fs::read_to_string(folder.join("npm-semver.json")).unwrap();
    let cases: Value = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for (list, expected) in [("range-include", true), ("range-exclude", false)] {
        for case in cases["cases"][list].as_array().unwrap() {
            let (loose, prereleases) = options(case.get(2));
            // A text that is no range holds nothing, and a text that is no version lies in none.
            let range = Range::parse_npm(case[0].as_str().unwrap(), loose, prereleases);
            let found = range.ok().and_then(|range| range.contains(case[1].as_str().unwrap()));
            if found.unwrap_or(false) != expected {
                wrong.push(format!("{list} {case}: found {found:?}"));
            }
        }
    }
    for case in cases["cases"]["range-parse"].as_array().unwrap() {
        let (loose, prereleases) = options(case.get(2));
        let found = Range::parse_npm(case[0].as_str().unwrap(), loose, prereleases).ok().map(|range| range.to_string());
        if found.as_deref() != case[1].as_str() {
            wrong.push(format!("range-parse {case}: found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn node_semver_versions() {
    let Some(folder) = corpus("versions") else { return };
    let text = std::fs::read_to_string(folder.join("npm-semver.json")).unwrap();
    let cases: Value = serde_json::from_str(&text).unwrap();
    let list = |name: &str| cases["cases"][name].as_array().unwrap().clone();
    let order = |case: &Value| Ecosystem::Npm.compare(case[0].as_str().unwrap(), case[1].as_str().unwrap());
    for case in list("comparisons") {
        assert_eq!(order(&case), Some(std::cmp::Ordering::Greater), "{case}");
    }
    for case in list("equality") {
        assert_eq!(order(&case), Some(std::cmp::Ordering::Equal), "{case}");
    }
    for case in list("invalid-versions").iter().filter_map(|case| case[0].as_str()) {
        assert!(!Ecosystem::Npm.is_version(case), "{case}");
    }
    for case in list("valid-versions").iter().filter_map(|case| case[0].as_str()) {
        assert!(Ecosystem::Npm.is_version(case), "{case}");
    }
}

/// Checks which versions lie in a range.
#[track_caller]
fn check(ecosystem: Ecosystem, range: &str, inside: &[&str], outside: &[&str]) {
    let range = Range::parse(ecosystem, range).unwrap();
    for version in inside {
        assert_eq!(range.contains(version), Some(true), "{range} has {version}");
    }
    for version in outside {
        assert_eq!(range.contains(version), Some(false), "{range} lacks {version}");
    }
}

#[test]
fn python_specifiers() {
    let check = |range, inside, outside| check(Ecosystem::Pypi, range, inside, outside);
    check("~=2.2", &["2.2", "2.9", "2.2.post3"], &["2.1", "3.0", "3.0.dev1"]);
    check("~=1.4.5", &["1.4.5", "1.4.9"], &["1.5", "1.4.4"]);
    check("==1.1.*", &["1.1", "1.1.5", "1.1.post1", "1.1.0+local"], &["1.2", "1.10", "2.1.1"]);
    check("!=1.1.*", &["1.0", "1.2"], &["1.1", "1.1.post1"]);
    check("==1.1", &["1.1", "1.1.0", "1.1+local"], &["1.1.post1", "1.1a1"]);
    check("==1.1+local", &["1.1+local"], &["1.1"]);
    check(">1.7", &["1.7.1", "1.8"], &["1.7", "1.7.0.post1", "1.7+x"]);
    check(">1.7.post2", &["1.7.post3", "1.7.1"], &["1.7.post2", "1.7"]);
    check("<2.0", &["1.9"], &["2.0", "2.0.dev1", "2.0rc1", "1.9rc1"]);
    check("<2.0rc2", &["2.0rc1", "1.9"], &["2.0rc2", "2.0"]);
    check(">=1.0,!=1.5,<2", &["1.0", "1.6"], &["1.5", "2", "0.9", "1.6a1"]);
    check(">=1.0a1", &["1.0a1", "2.0b1"], &["0.9"]);
    check("===1.0-odd", &["1.0-odd", "1.0-ODD"], &["1.0"]);
    check("", &["1.0", "1.0a1"], &[]);
    check(">=1!1.0", &["1!1.0", "2!0"], &["9.0"]);
}

#[test]
fn intervals() {
    check(Ecosystem::Maven, "[1.0,2.0)", &["1.0", "1.9.9"], &["2.0", "0.9"]);
    check(Ecosystem::Maven, "(,1.0],[1.2,)", &["0.1", "1.0", "1.2", "9"], &["1.1"]);
    check(Ecosystem::Maven, "[1.5]", &["1.5", "1.5.0"], &["1.5.1"]);
    check(Ecosystem::Maven, "1.5", &["1.5.0"], &["1.6"]);
    check(Ecosystem::Nuget, "1.0", &["1.0.0", "5.0"], &["1.0-beta"]);
    check(Ecosystem::Nuget, "(1.0,2.0]", &["1.0.1", "2.0"], &["1.0", "2.0.1"]);
    check(Ecosystem::Nuget, "1.2.*", &["1.2", "1.3"], &["1.1"]);
    for text in ["[1.0", "[1.0,2.0", "(1.0)", "[1,2]x", "", "[,,]"] {
        assert!(Range::parse(Ecosystem::Maven, text).is_err(), "{text}");
    }
}

#[test]
fn requirements_with_signs() {
    check(Ecosystem::Gem, "~> 1.2", &["1.2", "1.9.9"], &["2.0", "2.0.0.pre", "1.1"]);
    check(Ecosystem::Gem, "~> 1.2.3, != 1.2.5", &["1.2.3", "1.2.10"], &["1.2.5", "1.3"]);
    check(Ecosystem::Cargo, "1.2", &["1.2.0", "1.9.0"], &["2.0.0", "1.1.0", "1.3.0-alpha"]);
    check(Ecosystem::Cargo, "0.2.3", &["0.2.9"], &["0.3.0"]);
    check(Ecosystem::Cargo, ">=1.0, <1.5", &["1.4.9"], &["1.5.0"]);
    check(Ecosystem::Cargo, "~1.2.3", &["1.2.9"], &["1.3.0"]);
    check(Ecosystem::Cargo, "*", &["0.0.1"], &["1.0.0-a"]);
    check(Ecosystem::Cargo, "=1.2.3-rc.1", &["1.2.3-rc.1"], &["1.2.3"]);
    check(Ecosystem::Hex, "~> 1.2", &["1.2.0", "1.9.0"], &["2.0.0", "2.0.0-rc"]);
    check(Ecosystem::Hex, "~> 1.2.3 or >= 3.0.0 and < 4.0.0", &["1.2.9", "3.5.0"], &["1.3.0", "4.0.0"]);
    check(Ecosystem::Pub, "^1.2.3", &["1.9.0"], &["2.0.0"]);
    check(Ecosystem::Pub, ">=1.0.0 <2.0.0", &["1.0.0"], &["2.0.0"]);
    check(Ecosystem::Composer, "^1.2.3", &["1.2.3", "1.9"], &["2.0", "1.2.2", "2.0.0-dev"]);
    check(Ecosystem::Composer, "^0.3", &["0.3.1"], &["0.4.0"]);
    check(Ecosystem::Composer, "~1.2", &["1.9"], &["2.0"]);
    check(Ecosystem::Composer, "~1.2.3", &["1.2.9"], &["1.3.0"]);
    check(Ecosystem::Composer, "1.0.* || >=3.0,<3.5", &["1.0.7", "3.4"], &["1.1", "3.5"]);
    check(Ecosystem::Composer, "1.0 - 2.0", &["2.0.9", "1.0"], &["2.1"]);
    check(Ecosystem::Deb, ">= 1.0-1, << 2.0", &["1.0-2", "2.0~rc1"], &["2.0", "0.9"]);
    check(Ecosystem::Rpm, ">=1.0 <2.0 || =3.0", &["1.5", "3.0"], &["2.0"]);
    check(Ecosystem::Npm, "1.2.3 - 2.3", &["1.2.3", "2.3.9"], &["2.4.0"]);
    assert!(Range::parse(Ecosystem::Deb, ">=").is_err());
    assert!(Range::parse(Ecosystem::Cargo, "abc").is_err());
    assert_eq!(Range::parse(Ecosystem::Npm, "^1").unwrap().contains("nothing"), None);
}

#[test]
fn vers_notation() {
    let vers = |text: &str| Vers::parse(text).unwrap();
    let range = vers("VERS:NPM/ <5.0.0 | 1.2.3 |>=2.0.0|!=2.1.0|");
    assert_eq!(range.canonical(), "vers:npm/1.2.3|>=2.0.0|!=2.1.0|<5.0.0");
    for (version, inside) in
        [("1.2.3", true), ("1.2.4", false), ("2.0.0", true), ("2.1.0", false), ("4.9.9", true), ("5.0.0", false)]
    {
        assert_eq!(range.contains(version), Some(inside), "{version}");
    }
    assert_eq!(range.contains("x"), None);
    let outside = vers("vers:pypi/<=1.0|>2.0");
    assert_eq!(
        [outside.contains("0.1"), outside.contains("1.5"), outside.contains("3")],
        [Some(true), Some(false), Some(true)]
    );
    assert_eq!(vers("vers:deb/*").contains("1"), Some(true));
    assert_eq!(vers("vers:deb/!=1").contains("2"), Some(true));
    assert_eq!(vers("vers:gem/>=1|<2|>=3|<4").contains("3.5"), Some(true));
    assert_eq!(vers("vers:maven/1.0%20x").canonical(), "vers:maven/1.0%20x");
    for text in [
        "",
        "vers:",
        "vers:npm",
        "vers:npm/",
        "vers:npm/|",
        "vers:npm/*|1.0.0",
        "vers:npm/1.0.0|>=1.0.0",
        "npm/1.0.0",
        "vers:npm/abc",
        "vers:n m/1",
    ] {
        assert!(Vers::parse(text).is_err(), "{text}");
    }
}

#[test]
fn events_of_osv() {
    let is = |events: &[Event<'_>], version: &str| is_affected(Ecosystem::Npm, events, version);
    let two = [Event::Introduced("2.0.0"), Event::Fixed("1.2.0"), Event::Introduced("0"), Event::LastAffected("2.5.0")];
    for (version, affected) in
        [("0.0.1", true), ("1.2.0", false), ("1.9.0", false), ("2.0.0", true), ("2.5.0", true), ("2.5.1", false)]
    {
        assert_eq!(is(&two, version), Some(affected), "{version}");
    }
    let limited = [Event::Introduced("1.0.0"), Event::Limit("2.0.0")];
    assert_eq!([is(&limited, "1.5.0"), is(&limited, "2.0.0")], [Some(true), Some(false)]);
    assert_eq!(is(&[Event::Introduced("0")], "nothing"), None);
    assert_eq!(is(&[Event::Introduced("nothing")], "1.0.0"), None);
    assert_eq!(is(&[], "1.0.0"), Some(false));
}

#[test]
fn an_order_that_is_not_transitive_does_not_panic() {
    let words =
        ["1.0", "1.0-dev", "1.0-foo", "1.0-1", "1.0-p1", "1.0-ALPHA", "1.0-b2", "1.0.0", "dev-x", "1.0-bar", "1-x"];
    for scheme in ["composer", "maven", "generic", "apk", "conan"] {
        let list: Vec<String> =
            words.iter().cycle().take(60).enumerate().map(|(n, word)| format!(">={word}.{n}")).collect();
        let _either = Vers::parse(&format!("vers:{scheme}/{}", list.join("|")));
        let events: Vec<Event<'_>> =
            list.iter().map(|version| Event::Introduced(version.trim_start_matches(">="))).collect();
        let _either = is_affected(Ecosystem::parse(scheme).unwrap(), &events, "1.0");
    }
}
