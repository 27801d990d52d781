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

#[test]
fn a_fact_settles_while_it_holds() {
    let fact = pack::Evidence { fact: Some(Fact::SbomMatched), ..wanted(EvidenceKind::Fact, Validity::Release) };
    let asks = activity(EvidenceRule::All, vec![fact]);
    check(&asks, AGILE, &[], &[], TaskState::Open);
    check(&asks, AGILE, &[], &[LiveFact::lacking(Fact::SbomMatched, "No SBOM.".to_owned())], TaskState::Open);
    check(&asks, AGILE, &[], &[LiveFact::holding(Fact::SbomMatched, at("2026-01-01T00:00:00Z"))], TaskState::Done);
    check(&asks, AGILE, &[], &[LiveFact::holding(Fact::SbomMatched, at("2026-04-01T00:00:00Z"))], TaskState::Open);
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
