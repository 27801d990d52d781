//! Package URLs: the suite of the specification, and what it does not hold.

use serde_json::Value;
use versions::Ecosystem;
use versions::purl::{Parts, Purl};

use crate::corpus;

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

fn build(input: &Value) -> Result<Purl, versions::Error> {
    let pairs = input["qualifiers"].as_object();
    Purl::build(&Parts {
        kind: text(&input["type"]).unwrap_or_default(),
        namespace: text(&input["namespace"]),
        name: text(&input["name"]).unwrap_or_default(),
        version: text(&input["version"]),
        qualifiers: pairs
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.as_str(), text(value).unwrap_or_default()))
            .collect(),
        subpath: text(&input["subpath"]),
    })
}

fn same_parts(purl: &Purl, expected: &Value) -> bool {
    let qualifiers = expected["qualifiers"].as_object();
    let pairs = purl.qualifiers().iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect();
    Some(purl.kind()) == text(&expected["type"])
        && purl.namespace() == text(&expected["namespace"])
        && Some(purl.name()) == text(&expected["name"])
        && purl.version() == text(&expected["version"])
        && purl.subpath() == text(&expected["subpath"])
        && qualifiers.cloned().unwrap_or_default() == pairs
}

/// What is wrong with one case of the suite.
fn wrong(case: &Value) -> Option<String> {
    let fails = case["expected_failure"].as_bool().unwrap_or(false);
    let (input, expected) = (&case["input"], &case["expected_output"]);
    let found = match text(input) {
        Some(text) => Purl::parse(text),
        None => build(input),
    };
    let good = match &found {
        Err(_) => fails,
        Ok(_) if fails => false,
        Ok(purl) if expected.is_string() => Some(purl.canonical().as_str()) == text(expected),
        Ok(purl) => same_parts(purl, expected),
    };
    (!good).then(|| format!("{input} -> {expected} (fails: {fails}): found {found:?}"))
}

#[test]
fn suite_of_the_specification() {
    let Some(folder) = corpus("purl") else { return };
    let (mut count, mut all_wrong) = (0, Vec::new());
    for part in ["spec", "types"] {
        for file in std::fs::read_dir(folder.join("tests").join(part)).unwrap() {
            let file = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let suite: Value = serde_json::from_str(&file).unwrap();
            for case in suite["tests"].as_array().unwrap() {
                count += 1;
                all_wrong.extend(wrong(case));
            }
        }
    }
    assert!(count > 0);
    assert!(all_wrong.is_empty(), "{} of {count}\n{}", all_wrong.len(), all_wrong.join("\n"));
}

#[test]
fn every_defined_type_is_known_to_its_examples() {
    let Some(folder) = corpus("purl") else { return };
    let mut wrong = Vec::new();
    for file in std::fs::read_dir(folder.join("schema/types")).unwrap() {
        let definition: Value = serde_json::from_str(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
        for example in definition["examples"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if let Err(error) = Purl::parse(example) {
                wrong.push(format!("{example}: {error}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_scope_may_stand_unencoded() {
    let scoped = Purl::parse("pkg:npm/@angular/animation@12.3.1").unwrap();
    assert_eq!((scoped.namespace(), scoped.name(), scoped.version()), (Some("@angular"), "animation", Some("12.3.1")));
    let bare = Purl::parse("pkg:npm/@angular/animation").unwrap();
    assert_eq!((bare.namespace(), bare.name(), bare.version()), (Some("@angular"), "animation", None));
    assert!(bare.is_same_package(&scoped));
    assert_eq!(scoped.package(), bare);
    assert_eq!(bare.canonical(), "pkg:npm/%40angular/animation");
}

#[test]
fn refusals_say_why() {
    let refusal = |text: &str| Purl::parse(text).unwrap_err().to_string();
    assert!(refusal("npm/foo").contains("begins with pkg:"));
    assert!(refusal("pkg:npm").contains("pkg:type/name"));
    assert!(refusal("pkg:3npm/foo").contains("no package type"));
    assert!(refusal("pkg:generic/a?k=1&k=2").contains("twice"));
    assert!(refusal("pkg:generic/a?1=2").contains("qualifier key"));
    assert!(refusal("pkg:generic/%ff").contains("UTF-8"));
    assert!(refusal("pkg:cargo/a/b").contains("no namespace"));
    assert!(refusal("pkg:deb/curl").contains("need a namespace"));
}

#[test]
fn a_package_has_an_order_of_versions() {
    let ecosystem = |text: &str| Purl::parse(text).unwrap().ecosystem();
    assert_eq!(ecosystem("pkg:deb/debian/curl@1"), Some(Ecosystem::Deb));
    assert_eq!(ecosystem("pkg:golang/stdlib"), Some(Ecosystem::Go));
    assert_eq!(ecosystem("pkg:nothing/x"), None);
}

#[test]
fn the_namespace_of_a_git_package_is_its_host() {
    let purl = Purl::parse("pkg:git/host.example%2Fteam/repository@1").unwrap();
    assert_eq!((purl.namespace(), purl.name()), (Some("host.example"), "team/repository"));
    assert_eq!(Purl::parse(&purl.canonical()), Ok(purl));
}
