//! Differences between versions, and plans.

use pack::{Ask, ChangeKind, Due, Model, RiskClass};

use crate::content::standard;
use crate::small::{HEADER, PRACTICE, read, tiny};

#[test]
fn equal_packs_do_not_differ() {
    assert_eq!(pack::diff(&standard(), &standard()), Vec::new());
}

#[test]
fn a_changed_activity_names_its_fields() {
    let changed = PRACTICE.replace("valid_days = 30", "valid_days = 7").replace("days = 90", "days = 30");
    let new = read(HEADER, &changed).pack.unwrap();
    let changes = pack::diff(&tiny(), &new);
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].what, changes[0].id.as_str()), ("activity", "craft.look"));
    let ChangeKind::Changed(fields) = &changes[0].kind else { panic!("{changes:?}") };
    let names: Vec<&str> = fields.iter().map(|field| field.field).collect();
    assert_eq!(names, ["evidence", "carry"]);
    assert_eq!((fields[1].old.as_str(), fields[1].new.as_str()), ("code, 90 days", "code, 30 days"));
}

#[test]
fn added_and_removed_swap_when_the_packs_swap() {
    let more = HEADER.replace(
        "{ id = \"judge\", title = \"Judge\" }",
        "{ id = \"judge\", title = \"J\" }, { id = \"new\", title = \"New\" }",
    );
    let new = read(&more, PRACTICE).pack.unwrap();
    let kinds = |old: &pack::Pack, new: &pack::Pack| -> Vec<(String, bool, bool)> {
        pack::diff(old, new)
            .into_iter()
            .map(|c| (c.id, c.kind == ChangeKind::Added, c.kind == ChangeKind::Removed))
            .collect()
    };
    assert_eq!(kinds(&tiny(), &new), [("judge".to_owned(), false, false), ("new".to_owned(), true, false)]);
    assert_eq!(kinds(&new, &tiny()), [("judge".to_owned(), false, false), ("new".to_owned(), false, true)]);
}

#[test]
fn a_plan_follows_class_model_and_level() {
    let pack = standard();
    let count = |class, models: &[Model], up_to_level| pack::plan(&pack, &Ask { class, models, up_to_level }).len();
    let all = Model::ALL;
    assert_eq!(count(RiskClass::Critical, all, None), pack.activities.len());
    assert!(count(RiskClass::Low, all, None) < count(RiskClass::Moderate, all, None));
    assert!(count(RiskClass::Moderate, all, None) < count(RiskClass::High, all, None));
    assert_eq!(count(RiskClass::Critical, &[], None), 0);
    let levels: Vec<usize> = (1..=3).map(|level| count(RiskClass::Critical, all, Some(level))).collect();
    assert!(levels.is_sorted() && levels[0] > 0 && levels[2] == pack.activities.len());
}

#[test]
fn due_dates_are_said_in_words() {
    let pack = tiny();
    let ask = Ask { class: RiskClass::Low, models: Model::ALL, up_to_level: None };
    let planned = pack::plan(&pack, &ask);
    let words: Vec<String> = planned[0].due.iter().map(|due| pack.due_words(due)).collect();
    assert_eq!(words, ["to leave Finish", "when a story brings a new door", "each run: scan, at most 1 day old"]);
    assert!(matches!(planned[0].due[0], Due::Waterfall(_, 1)));
}
