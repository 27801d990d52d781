//! The packs of `content/`: they load, they are complete, and their identifiers exist.

use std::collections::BTreeSet;

use pack::{Ask, EvidenceKind, Existence, Model, Pack, RiskClass};

pub(crate) fn standard() -> Pack {
    let reading = pack::read(content::STANDARD_PACK, None);
    assert_eq!(reading.findings, Vec::new());
    reading.pack.unwrap()
}

#[test]
fn the_standard_pack_is_complete() {
    let pack = standard();
    assert_eq!(pack.functions.len(), 4);
    assert_eq!(pack.practices.len(), 12);
    assert!(pack.activities.len() >= 72);
    for function in &pack.functions {
        assert_eq!(pack.practices.iter().filter(|p| p.function == function.id).count(), 3, "{}", function.id);
    }
    for practice in &pack.practices {
        let activities = pack.activities_of(&practice.id);
        assert!(activities.len() >= 6, "{}", practice.id);
        for level in 1..=3 {
            assert!(activities.iter().any(|a| a.level == level), "{} level {level}", practice.id);
        }
    }
    for activity in &pack.activities {
        assert!(activity.due.waterfall.is_some() && activity.due.agile.is_some() && activity.due.devops.is_some());
        assert!(!activity.evidence.is_empty() && activity.steps.len() >= 2, "{}", activity.id);
        assert!(!activity.answers.is_empty(), "{}", activity.id);
    }
}

#[test]
fn every_vocabulary_of_the_standard_pack_is_used() {
    let pack = standard();
    let roles: BTreeSet<&str> = pack
        .activities
        .iter()
        .flat_map(|a| a.does.iter().chain(std::iter::once(&a.decides)))
        .map(String::as_str)
        .collect();
    for role in &pack.roles {
        assert!(roles.contains(role.id.as_str()), "{} does nothing", role.id);
    }
    let phases: BTreeSet<&str> =
        pack.activities.iter().filter_map(|a| a.due.waterfall.as_ref()).map(|due| due.phase.as_str()).collect();
    for phase in &pack.phases {
        assert!(phases.contains(phase.id.as_str()), "nothing is due in {}", phase.id);
    }
    let kinds: BTreeSet<EvidenceKind> = pack.activities.iter().flat_map(|a| &a.evidence).map(|e| e.kind).collect();
    assert_eq!(kinds.len(), EvidenceKind::ALL.len());
}

#[test]
fn a_higher_class_never_owes_less() {
    for pack in [standard(), pack::read(content::COMPACT_PACK, None).pack.unwrap()] {
        for activity in &pack.activities {
            let applies: Vec<bool> = RiskClass::ALL.iter().map(|class| activity.classes.contains(class)).collect();
            assert!(applies.is_sorted(), "{}", activity.id);
        }
    }
}

#[test]
fn the_compact_pack_loads_by_the_same_code() {
    let reading = pack::read(content::COMPACT_PACK, None);
    assert_eq!(reading.findings, Vec::new());
    let pack = reading.pack.unwrap();
    assert!(pack.role("guardian").is_some() && pack.role("architect").is_none());
    let ask = Ask { class: RiskClass::Low, models: &[Model::Devops], up_to_level: None };
    let planned = pack::plan(&pack, &ask);
    assert_eq!(planned.len(), 5);
    assert!(planned.iter().all(|item| item.due.len() == 1));
}

/// Identifiers are looked up in the published lists, when those are at hand.
#[test]
fn framework_tables_agree_with_the_published_lists() {
    let root = std::env::var_os("PORTCULLIS_CORPUS")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into(), std::path::PathBuf::from);
    let folder = root.join("frameworks");
    if !folder.is_dir() {
        println!("skipped: no framework lists at {}", folder.display());
        return;
    }
    let load = |name: &str| -> Vec<(String, bool)> {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let nodes = value["nodes"].as_array().unwrap();
        nodes
            .iter()
            .filter_map(|node| Some((node["ref_id"].as_str()?.to_owned(), node["assessable"].as_bool()?)))
            .collect()
    };
    let tasks: Vec<String> =
        load("nist-ssdf-1.1.json").into_iter().filter(|(_, task)| *task).map(|(id, _)| id).collect();
    assert_eq!(tasks.len(), 42);
    for task in &tasks {
        assert_eq!(pack::lookup("ssdf", task), Existence::Exists, "{task}");
    }
    let annexes = load("cra-annexes.json");
    let points = annexes.iter().filter(|(id, assessable)| *assessable && id.starts_with("1."));
    let mut count = 0;
    for (id, _) in points {
        let ours = format!("I.{}", &id[2..]);
        assert_eq!(pack::lookup("cra", &ours), Existence::Exists, "{ours}");
        count += 1;
    }
    assert_eq!(count, 22);
}

#[test]
fn identifiers_outside_the_frameworks_do_not_exist() {
    for (framework, id) in [
        ("ssdf", "PW.3.1"),
        ("iec62443_4_1", "SM-14"),
        ("iec62443_4_1", "SM-0"),
        ("iec62443_4_1", "SG-07"),
        ("cra", "I.2.9"),
        ("cra", "III.1"),
        ("samm15", "SM4-A"),
        ("samm15", "SM1-C"),
        ("samm2", "D-SM-1-A"),
        ("samm2", "G-SM-1-C"),
        ("iso27001", "A.5.38"),
        ("iso27001", "A.9.1"),
    ] {
        assert_eq!(pack::lookup(framework, id), Existence::Missing, "{framework} {id}");
    }
    assert_eq!(pack::lookup("house", "1"), Existence::UnknownFramework);
}

#[test]
fn a_pack_survives_being_stored() {
    let pack = standard();
    let text = serde_json::to_string(&pack).unwrap();
    assert_eq!(serde_json::from_str::<Pack>(&text).unwrap(), pack);
}
