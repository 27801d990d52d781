//! Records of our own: asked, checked, damaged.

use limits::Limits;
use osv::{Affected, Answer, Event, Package, Range, RangeType, affects};
use proptest::prelude::*;

fn event(kind: &str, version: &str) -> Event {
    let version = Some(version.to_owned());
    match kind {
        "introduced" => Event { introduced: version, ..Event::default() },
        "fixed" => Event { fixed: version, ..Event::default() },
        _ => Event { last_affected: version, ..Event::default() },
    }
}

fn record(ecosystem: &str, kind: RangeType, events: Vec<Event>) -> osv::Record {
    let mut record = osv::new("OSV-1900-1", "2024-05-31T12:00:00Z");
    record.affected.push(Affected {
        package: Some(Package {
            ecosystem: ecosystem.to_owned(),
            name: "Gate_Keeper".to_owned(),
            ..Package::default()
        }),
        ranges: vec![Range { kind: Some(kind), events, ..Range::default() }],
        ..Affected::default()
    });
    record
}

#[test]
fn ranges_and_lists_are_evaluated() {
    let mut record = record(
        "PyPI",
        RangeType::Ecosystem,
        vec![
            event("fixed", "2.0"),
            event("introduced", "1.0"),
            event("introduced", "3.0"),
            event("last_affected", "3.5"),
        ],
    );
    let ask = |record: &osv::Record, version: &str| affects(record, "PyPI", "gate-keeper", version);
    for (version, answer) in [
        ("0.9", Answer::NotAffected),
        ("1.0.0", Answer::Affected),
        ("2.0rc1", Answer::Affected),
        ("2.0", Answer::NotAffected),
        ("3.5", Answer::Affected),
        ("3.6", Answer::NotAffected),
    ] {
        assert_eq!(ask(&record, version), answer, "{version}");
    }
    assert_eq!(affects(&record, "PyPI", "gate", "1.0"), Answer::NotAffected);
    assert_eq!(affects(&record, "npm", "Gate_Keeper", "1.0"), Answer::NotAffected);
    record.affected[0].versions.push("7.0".to_owned());
    assert_eq!(ask(&record, "7"), Answer::Affected);
    record.withdrawn = Some("2024-06-01T00:00:00Z".to_owned());
    assert_eq!(ask(&record, "7"), Answer::NotAffected);
}

#[test]
fn releases_of_a_distribution_are_kept_apart() {
    let record = record("Debian:12", RangeType::Ecosystem, vec![event("introduced", "0"), event("fixed", "1.2-1")]);
    let ask = |ecosystem| affects(&record, ecosystem, "Gate_Keeper", "1.1-1");
    assert_eq!(ask("Debian:12"), Answer::Affected);
    assert_eq!(ask("Debian"), Answer::Affected);
    assert_eq!(ask("Debian:11"), Answer::NotAffected);
}

#[test]
fn go_versions_may_have_their_v() {
    let record = record("Go", RangeType::Semver, vec![event("introduced", "0"), event("fixed", "1.2.0")]);
    assert_eq!(affects(&record, "Go", "Gate_Keeper", "v1.1.0"), Answer::Affected);
    assert_eq!(affects(&record, "Go", "Gate_Keeper", "v1.2.0"), Answer::NotAffected);
    assert_eq!(affects(&record, "Go", "Gate_Keeper", "no version"), Answer::Unknown);
}

#[test]
fn what_is_wrong_is_found() {
    let mut record = record("Halden", RangeType::Ecosystem, vec![event("fixed", "1"), event("last_affected", "2")]);
    record.modified = "yesterday".to_owned();
    let (again, findings) = osv::read(record.to_text().as_bytes(), &Limits::DOCUMENT).unwrap();
    assert_eq!(again, record);
    let rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["form", "value", "no-introduced", "choice"]);
    assert_eq!(osv::read(b"{}", &Limits::DOCUMENT).unwrap().1.len(), 2);
}

proptest! {
    #[test]
    fn damage_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>(), version in ".{0,8}") {
        let record = record("npm", RangeType::Semver, vec![event("introduced", "1.0.0"), event("fixed", "2.0.0")]);
        let mut bytes = record.to_text().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok((record, _)) = osv::read(&bytes, &Limits::DOCUMENT) {
            let _ = affects(&record, "npm", "Gate_Keeper", &version);
            prop_assert_eq!(osv::read_value(&record.write()).0, record);
        }
    }
}
