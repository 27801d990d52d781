//! Every move, need and route decided on made-up cases.

use kernel::{Id, Timestamp, kinds};

use super::super::model::{Case, Route, Severity, State, Tlp};
use super::guide::guide;
use super::route::RouteRefused;
use super::table::MOVES;
use super::*;

fn case(state: State) -> Case {
    let at = Timestamp::from_micros(0);
    Case {
        id: "00000000-0000-7000-8000-000000000001".parse().unwrap(),
        number: "PSIRT-2026-0001".to_owned(),
        title: "Overflow".to_owned(),
        state,
        outcome: None,
        outcome_reason: String::new(),
        family: None,
        product: None,
        assignee: None,
        severity: None,
        score: None,
        exploited: false,
        tlp: Tlp::Amber,
        encrypted_only: false,
        route: Route::Undecided,
        route_exception: false,
        route_reason: String::new(),
        target_release: None,
        support_override: String::new(),
        agreed_disclosure: None,
        received_at: at,
        opened_at: at,
        acknowledged_at: None,
        triaged_at: None,
        confirmed_at: None,
        mitigated_at: None,
        fixed_at: None,
        disclosed_at: None,
        closed_at: None,
        merged_into: None,
        revision: 1,
    }
}

fn id<K>() -> Id<K> {
    "00000000-0000-7000-8000-000000000002".parse().unwrap()
}

#[track_caller]
fn check(
    name: &str,
    state: State,
    change: impl FnOnce(&mut Case, &mut Standing),
    reason: &str,
    expected: Result<(), MoveRefused>,
) {
    let mut case = case(state);
    let mut standing = Standing::default();
    change(&mut case, &mut standing);
    let chosen = move_named(name).unwrap();
    let given = Given { reason, other: false };
    assert_eq!(may_move(&case, standing, chosen, By::Button, given), expected);
}

#[test]
fn confirming_needs_product_score_and_support() {
    let good = |case: &mut Case, standing: &mut Standing| {
        case.product = Some(id::<kinds::Product>());
        *standing = Standing { vulnerabilities: 1, concerned: 2, supported: 1, ..Standing::default() };
    };
    check("confirm", State::Triage, good, "", Ok(()));
    check("confirm", State::Fixing, good, "", Err(MoveRefused::WrongState("Fixing")));
    let without = |change: fn(&mut Case, &mut Standing)| {
        move |case: &mut Case, standing: &mut Standing| {
            good(case, standing);
            change(case, standing);
        }
    };
    check("confirm", State::Triage, without(|case, _| case.product = None), "", Err(MoveRefused::Product));
    check("confirm", State::Triage, without(|_, s| s.vulnerabilities = 0), "", Err(MoveRefused::NoVulnerability));
    check("confirm", State::Triage, without(|_, s| s.unscored = 1), "", Err(MoveRefused::Unscored(1)));
    check("confirm", State::Triage, without(|_, s| s.supported = 0), "", Err(MoveRefused::OutOfSupport));
    let exploited = without(|case, standing| {
        standing.supported = 0;
        case.exploited = true;
    });
    check("confirm", State::Triage, exploited, "", Ok(()));
    let overridden = without(|case, standing| {
        standing.supported = 0;
        case.support_override = "A large customer runs it.".to_owned();
    });
    check("confirm", State::Triage, overridden, "", Ok(()));
}

#[test]
fn unsupported_is_for_releases_without_support_that_nobody_exploits() {
    let old = |_: &mut Case, standing: &mut Standing| standing.concerned = 2;
    check("unsupported", State::Triage, old, "Ended in 2024.", Ok(()));
    check("unsupported", State::Triage, old, " ", Err(MoveRefused::Reason));
    check("unsupported", State::Triage, |_, _| {}, "Ended.", Err(MoveRefused::NoRelease));
    check(
        "unsupported",
        State::Triage,
        |_, standing| {
            standing.concerned = 2;
            standing.supported = 1;
        },
        "Ended.",
        Err(MoveRefused::InSupport(1)),
    );
    check(
        "unsupported",
        State::Triage,
        |case, standing| {
            standing.concerned = 1;
            case.exploited = true;
        },
        "Ended.",
        Err(MoveRefused::Exploited),
    );
}

#[test]
fn a_low_case_closes_with_a_release_and_an_answer() {
    let good = |case: &mut Case, _: &mut Standing| {
        case.route = Route::Release;
        case.target_release = Some(id());
    };
    check("close-released", State::Ready, good, "", Ok(()));
    check("close-released", State::Ready, |_, _| {}, "", Err(MoveRefused::NotRelease));
    check("close-released", State::Ready, |case, _| case.route = Route::Release, "", Err(MoveRefused::NoTargetRelease));
    check(
        "close-released",
        State::Ready,
        |case, standing| {
            good(case, standing);
            standing.unanswered = 1;
        },
        "",
        Err(MoveRefused::Unanswered(1)),
    );
    check("ready", State::Fixing, |_, _| {}, "", Err(MoveRefused::NoMitigation));
    check("ready", State::Fixing, |_, standing| standing.mitigated = true, "", Ok(()));
    check("close", State::Published, |_, standing| standing.unsettled = 3, "", Err(MoveRefused::Unsettled(3)));
    check("duplicate", State::Triage, |_, _| {}, "", Err(MoveRefused::OtherCase));
    check("reopen", State::Closed, |case, _| case.merged_into = Some(id()), "New facts.", Err(MoveRefused::Merged));
    check("publish", State::Ready, |_, _| {}, "", Err(MoveRefused::ByAdvisory));
}

#[test]
fn publishing_needs_the_route_and_a_mitigation() {
    let publish = move_named("publish").unwrap();
    let mut case = case(State::Ready);
    let standing = Standing { mitigated: true, ..Standing::default() };
    let decide = |case: &Case, standing| may_move(case, standing, publish, By::Advisory, Given::default());
    assert_eq!(decide(&case, standing), Err(MoveRefused::NotAdvisory));
    case.route = Route::Advisory;
    assert_eq!(decide(&case, standing), Ok(()));
    assert_eq!(decide(&case, Standing::default()), Err(MoveRefused::NoMitigation));
}

#[test]
fn closing_asks_why_it_came_to_be() {
    let flawed = |_: &mut Case, standing: &mut Standing| standing.vulnerabilities = 1;
    check("close", State::Published, flawed, "", Err(MoveRefused::NoRootCause));
    let known = |case: &mut Case, standing: &mut Standing| {
        flawed(case, standing);
        standing.root_cause = true;
    };
    check("close", State::Published, known, "", Ok(()));
    check("close", State::Published, |_, _| {}, "", Ok(()));
    check("withdraw", State::Fixing, flawed, "It needs root anyway.", Ok(()));
}

#[test]
fn risk_decides_the_route_and_only_a_lead_makes_exceptions() {
    use Severity::{High, Low, Medium};
    assert_eq!(route_by_risk(Some(Low), false, Medium), Route::Release);
    assert_eq!(route_by_risk(Some(Medium), false, Medium), Route::Advisory);
    assert_eq!(route_by_risk(Some(Medium), false, High), Route::Release);
    assert_eq!(route_by_risk(Some(Low), true, Medium), Route::Advisory);
    assert_eq!(route_by_risk(None, false, Medium), Route::Undecided);
    let mut low = case(State::Confirmed);
    low.confirmed_at = Some(low.opened_at);
    let decide = |lead, reason| may_route(&low, Route::Advisory, Route::Release, lead, reason);
    assert_eq!(decide(false, "why"), Err(RouteRefused::OnlyLead));
    assert_eq!(decide(true, ""), Err(RouteRefused::Reason));
    assert_eq!(decide(true, "why"), Ok(true));
    assert_eq!(may_route(&low, Route::Release, Route::Release, false, ""), Ok(false));
    let early = case(State::Triage);
    assert_eq!(may_route(&early, Route::Release, Route::Release, true, ""), Err(RouteRefused::NotConfirmed));
}

#[test]
fn every_state_can_be_reached_and_left() {
    for state in State::ALL {
        assert!(MOVES.iter().any(|known| known.to == *state), "{state:?}");
        assert!(MOVES.iter().any(|known| known.from.contains(state)), "{state:?}");
    }
    let mut names: Vec<_> = MOVES.iter().map(|known| known.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), MOVES.len());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the guide is written anew when this variable is set")]
fn the_guide_shows_this_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/cases.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (head, rest) = page.split_once("<!-- moves -->\n").unwrap();
    let (table, tail) = rest.split_once("<!-- end of moves -->").unwrap();
    if std::env::var("PORTCULLIS_WRITE_GUIDE").is_ok() {
        let page = format!("{head}<!-- moves -->\n{}<!-- end of moves -->{tail}", guide());
        std::fs::write(path, page).unwrap();
        return;
    }
    assert!(table == guide(), "docs/guide/cases.md is out of date: run this test with PORTCULLIS_WRITE_GUIDE=1");
}
