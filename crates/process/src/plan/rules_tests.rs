//! Tests of how a task stands.

use std::collections::BTreeMap;

use kernel::{IdSource, Timestamp};
use pack::{AgileDue, Carry, Delivery, Fact, RiskClass, Scope};

use super::*;
use crate::evidence::{Review, Source};

const NOW: &str = "2026-03-02T09:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn wanted(kind: EvidenceKind, validity: Validity) -> pack::Evidence {
    pack::Evidence {
        kind,
        what: "It.".to_owned(),
        validity,
        post: None,
        max: BTreeMap::new(),
        min_percent: None,
        fact: None,
    }
}

fn activity(rule: EvidenceRule, evidence: Vec<pack::Evidence>) -> Activity {
    Activity {
        id: "p.a".to_owned(),
        practice: "p".to_owned(),
        level: 1,
        scope: Scope::Release,
        title: String::new(),
        purpose: String::new(),
        steps: Vec::new(),
        does: Vec::new(),
        decides: String::new(),
        classes: vec![RiskClass::Low],
        evidence_rule: rule,
        evidence,
        due: Delivery {
            waterfall: None,
            agile: Some(AgileDue::Setup),
            devops: Some(DevopsDue {
                post: Some("sast".to_owned()),
                fresh_days: 7,
                max: [("high".to_owned(), 0)].into(),
            }),
        },
        carry: Carry::default(),
        answers: BTreeMap::new(),
    }
}

fn evidence(kind: EvidenceKind, source: Source, produced: &str, accepted: Option<bool>) -> Evidence {
    let ids = IdSource::Random;
    let produced_at = at(produced);
    let review = |accepted| Review { accepted, note: "no".to_owned(), reviewer: String::new(), made_at: produced_at };
    Evidence {
        id: ids.next(produced_at),
        release: ids.next(produced_at),
        task: (source != Source::Post).then(|| ids.next(produced_at)),
        shared_activity: None,
        kind,
        ordinal: 0,
        post: (source == Source::Post).then(|| "sast".to_owned()),
        source,
        title: String::new(),
        url: String::new(),
        file: None,
        sha256: String::new(),
        measures: BTreeMap::new(),
        percent: None,
        producer: String::new(),
        author_id: String::new(),
        author_name: String::new(),
        produced_at,
        valid_until: None,
        made_at: produced_at,
        ended_at: None,
        ended_reason: String::new(),
        reviews: accepted.map(review).into_iter().collect(),
    }
}

#[track_caller]
fn check(activity: &Activity, models: &[Model], held: &[Evidence], facts: &[LiveFact], expected: TaskState) -> Status {
    let candidates: Vec<Candidate<'_>> =
        held.iter().map(|evidence| Candidate { evidence, carried: false, shared: false, until: None }).collect();
    let pack = Pack::default();
    let ground =
        Ground { pack: &pack, models, candidates: &candidates, waivers: &[], facts, started: false, now: at(NOW) };
    let status = judge(activity, &ground);
    assert_eq!(status.state, expected, "{:?}", status.lacks);
    assert_eq!(status.lacks.is_empty(), expected.is_settled());
    status
}

const AGILE: &[Model] = &[Model::Agile];

#[test]
fn a_document_counts_when_somebody_accepted_it_and_while_it_is_valid() {
    let asks = activity(EvidenceRule::All, vec![wanted(EvidenceKind::Document, Validity::Days(10))]);
    let document =
        |day: &str, accepted| evidence(EvidenceKind::Document, Source::File, &format!("{day}T00:00:00Z"), accepted);
    check(&asks, AGILE, &[], &[], TaskState::Open);
    check(&asks, AGILE, &[document("2026-03-01", None)], &[], TaskState::Waiting);
    check(&asks, AGILE, &[document("2026-03-01", Some(false))], &[], TaskState::InWork);
    let status = check(&asks, AGILE, &[document("2026-03-01", Some(true))], &[], TaskState::Done);
    assert_eq!(status.until, Some(at("2026-03-11T00:00:00Z")));
    check(&asks, AGILE, &[document("2026-02-20", Some(true))], &[], TaskState::Lapsed);
}

#[test]
fn all_or_any_is_what_the_activity_says() {
    let both =
        || vec![wanted(EvidenceKind::Document, Validity::Release), wanted(EvidenceKind::Link, Validity::Release)];
    let document = || evidence(EvidenceKind::Document, Source::File, NOW, Some(true));
    check(&activity(EvidenceRule::All, both()), AGILE, &[document()], &[], TaskState::InWork);
    check(&activity(EvidenceRule::Any, both()), AGILE, &[document()], &[], TaskState::Done);
}

fn asks_for(fact: Fact) -> Activity {
    let wanted = pack::Evidence { fact: Some(fact), ..wanted(EvidenceKind::Fact, Validity::Days(30)) };
    activity(EvidenceRule::All, vec![wanted])
}

#[test]
fn a_fact_settles_while_it_holds() {
    let asks = asks_for(Fact::TargetSet);
    check(&asks, AGILE, &[], &[], TaskState::Open);
    check(&asks, AGILE, &[], &[LiveFact::lacking(Fact::TargetSet, "No target.".to_owned())], TaskState::Open);
    check(&asks, AGILE, &[], &[LiveFact::holding(Fact::TargetSet, at("2026-01-01T00:00:00Z"))], TaskState::Done);
    check(&asks, AGILE, &[], &[LiveFact::holding(Fact::TargetSet, at("2026-04-01T00:00:00Z"))], TaskState::Open);
    let until =
        |end: &str| LiveFact { until: Some(at(end)), ..LiveFact::holding(Fact::TargetSet, at("2026-01-01T00:00:00Z")) };
    let status = check(&asks, AGILE, &[], &[until("2026-03-03T00:00:00Z")], TaskState::Done);
    assert_eq!(status.until, Some(at("2026-03-03T00:00:00Z")));
    check(&asks, AGILE, &[], &[until(NOW)], TaskState::Lapsed);
    // A document does not do where the program observes it.
    let document = evidence(EvidenceKind::Fact, Source::File, "2026-03-01T00:00:00Z", Some(true));
    check(&asks, AGILE, &[document], &[], TaskState::InWork);
}

#[test]
fn what_no_room_observes_is_shown_by_a_document_until_one_does() {
    for fact in UNOBSERVED {
        let asks = asks_for(fact);
        let document =
            |day: &str, accepted| evidence(EvidenceKind::Fact, Source::File, &format!("{day}T00:00:00Z"), accepted);
        let status = check(&asks, AGILE, &[], &[], TaskState::Open);
        assert!(status.lacks[0].contains("Nobody observes this here yet: attach a document"), "{:?}", status.lacks);
        check(&asks, AGILE, &[document("2026-03-01", None)], &[], TaskState::Waiting);
        check(&asks, AGILE, &[document("2026-03-01", Some(false))], &[], TaskState::InWork);
        let status = check(&asks, AGILE, &[document("2026-03-01", Some(true))], &[], TaskState::Done);
        assert_eq!(status.until, Some(at("2026-03-31T00:00:00Z")), "as long as the pack says");
        check(&asks, AGILE, &[document("2026-01-20", Some(true))], &[], TaskState::Lapsed);
        // The day a room says how it is, that counts and the document does not.
        let good = || vec![document("2026-03-01", Some(true))];
        check(&asks, AGILE, &good(), &[LiveFact::lacking(fact, "It is not so.".to_owned())], TaskState::InWork);
        let status =
            check(&asks, AGILE, &good(), &[LiveFact::holding(fact, at("2026-03-02T00:00:00Z"))], TaskState::Done);
        assert!(status.pieces[0].by.is_none());
    }
}

#[test]
fn only_what_nobody_observes_is_shown_by_documents() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let views: String = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "sql"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let spine =
        [Fact::ProfileCurrent, Fact::ChampionNamed, Fact::TeamFilled, Fact::SupportPeriodSet, Fact::ExceptionsCurrent];
    for fact in Fact::ALL {
        let observed = spine.contains(fact) || views.contains(&format!("cast('{}' as text) as fact", fact.id()));
        assert_eq!(observed, !is_shown_by_document(Some(*fact)), "{fact}");
    }
}

#[test]
fn the_ways_of_working_add_up() {
    let asks = activity(EvidenceRule::All, vec![wanted(EvidenceKind::Document, Validity::Release)]);
    let document = || evidence(EvidenceKind::Document, Source::File, NOW, Some(true));
    let scan = |day: &str, high: u32| {
        let mut scan = evidence(EvidenceKind::PipelinePost, Source::Post, &format!("{day}T08:00:00Z"), None);
        scan.measures = [("high".to_owned(), high)].into();
        scan
    };
    check(&asks, &[Model::Devops], &[scan("2026-03-01", 0)], &[], TaskState::Done);
    check(&asks, &[Model::Agile, Model::Devops], &[scan("2026-03-01", 0)], &[], TaskState::InWork);
    check(&asks, &[Model::Agile, Model::Devops], &[scan("2026-03-01", 0), document()], &[], TaskState::Done);
    check(&asks, &[Model::Devops], &[scan("2026-02-20", 0)], &[], TaskState::Lapsed);
    // An old good scan must not hide a new bad one, and a bad one ends with the next good one.
    check(&asks, &[Model::Devops], &[scan("2026-02-28", 0), scan("2026-03-01", 1)], &[], TaskState::InWork);
    check(&asks, &[Model::Devops], &[scan("2026-02-28", 1), scan("2026-03-01", 0)], &[], TaskState::Done);
}

#[test]
fn a_change_opens_what_depends_on_it() {
    let rule = Carry { until: vec![ProductChange::Interface], days: Some(30) };
    assert_eq!(carry(&rule, &[ProductChange::Code]), Ok(()));
    assert!(carry(&rule, &[ProductChange::Interface]).unwrap_err().contains("an interface"));
    assert!(carry(&Carry::default(), &[]).is_err());
}
