//! Decisions about cases: the table of moves, the route by risk, support. Pure: no clock, no database, no HTTP.

use kernel::{Permission, Refusal};

use super::model::{Case, Outcome, Route, Severity, State};

/// What a move asks for besides the state and the permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Why, in words.
    Reason,
    /// A product is named.
    Product,
    /// Every vulnerability has a CVSS v3.1 score, and there is one at least (P2).
    Scored,
    /// An affected release is supported, the flaw is exploited, or somebody gave a reason (P4).
    Supported,
    /// Every affected release is out of support.
    Unsupported,
    /// The flaw is not exploited: an exploited one is raised, not dropped.
    NotExploited,
    /// The case that this one repeats.
    OtherCase,
    /// A mitigation, workaround or fix is available (P6).
    Mitigation,
    /// The case goes to an advisory (P1).
    RouteAdvisory,
    /// The case goes to a release (P1).
    RouteRelease,
    /// The release that corrects it is named.
    TargetRelease,
    /// Every reporter had an answer.
    Answered,
    /// No release is under investigation any more.
    Settled,
    /// The case was not merged into another one.
    NotMerged,
    /// It is recorded why the vulnerability came to be and what should have caught it (M16).
    RootCause,
}

impl Need {
    /// What the guide says.
    #[cfg(test)]
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Reason => "a reason",
            Self::Product => "a product",
            Self::Scored => "a CVSS v3.1 score for every vulnerability",
            Self::Supported => "a supported release, known exploitation, or a reason to handle it anyway",
            Self::Unsupported => "no affected release in support",
            Self::NotExploited => "no known exploitation",
            Self::OtherCase => "the other case",
            Self::Mitigation => "a mitigation, workaround or fix that is available",
            Self::RouteAdvisory => "the route to an advisory",
            Self::RouteRelease => "the route to a release",
            Self::TargetRelease => "a target release",
            Self::Answered => "an answer to every reporter",
            Self::Settled => "no release under investigation",
            Self::NotMerged => "not merged into another case",
            Self::RootCause => "a root cause, where there is a vulnerability",
        }
    }
}

/// How a move is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// By a button on the case page.
    Button,
    /// By publishing an advisory of the case.
    Advisory,
}

/// One allowed move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Move {
    /// Its name in addresses.
    pub(super) name: &'static str,
    /// The verb on the button.
    pub(super) verb: &'static str,
    /// From these states
    pub(super) from: &'static [State],
    /// to this one.
    pub(super) to: State,
    /// With this outcome, where it ends the case.
    pub(super) outcome: Option<Outcome>,
    /// Who may.
    pub(super) who: Permission,
    /// How.
    pub(super) by: By,
    /// What it takes.
    pub(super) needs: &'static [Need],
    /// The action in the log.
    pub(super) action: &'static str,
}

/// The one table of states and allowed moves; `docs/guide/cases.md` shows the same.
pub(super) const MOVES: &[Move] = &[
    Move {
        name: "confirm",
        verb: "Confirm",
        from: &[State::Triage],
        to: State::Confirmed,
        outcome: None,
        who: Permission::WorkCases,
        by: By::Button,
        needs: &[Need::Product, Need::Scored, Need::Supported],
        action: "case.confirmed",
    },
    Move {
        name: "not-a-vulnerability",
        verb: "Not a vulnerability",
        from: &[State::Triage],
        to: State::Closed,
        outcome: Some(Outcome::NotAVulnerability),
        who: Permission::WorkCases,
        by: By::Button,
        needs: &[Need::Reason],
        action: "case.dismissed",
    },
    Move {
        name: "out-of-scope",
        verb: "Out of scope",
        from: &[State::Triage],
        to: State::Closed,
        outcome: Some(Outcome::OutOfScope),
        who: Permission::WorkCases,
        by: By::Button,
        needs: &[Need::Reason],
        action: "case.dismissed",
    },
    Move {
        name: "not-reproducible",
        verb: "Not reproducible",
        from: &[State::Triage],
        to: State::Closed,
        outcome: Some(Outcome::NotReproducible),
        who: Permission::WorkCases,
        by: By::Button,
        needs: &[Need::Reason],
        action: "case.dismissed",
    },
    Move {
        name: "unsupported",
        verb: "Unsupported release",
        from: &[State::Triage],
        to: State::Closed,
        outcome: Some(Outcome::Unsupported),
        who: Permission::WorkCases,
        by: By::Button,
        needs: &[Need::Reason, Need::Unsupported, Need::NotExploited],
        action: "case.dismissed",
    },
    Move {
        name: "duplicate",
        verb: "Duplicate",
        from: &[State::Triage],
        to: State::Closed,
        outcome: Some(Outcome::Duplicate),
        who: Permission::WorkCases,
        by: By::Button,
        needs: &[Need::OtherCase],
        action: "case.duplicate",
    },
    Move {
        name: "start-fixing",
        verb: "Start fixing",
        from: &[State::Confirmed],
        to: State::Fixing,
        outcome: None,
        who: Permission::WorkCases,
        by: By::Button,
        needs: &[],
        action: "case.fixing",
    },
    Move {
        name: "ready",
        verb: "Ready to release",
        from: &[State::Confirmed, State::Fixing],
        to: State::Ready,
        outcome: None,
        who: Permission::WorkCases,
        by: By::Button,
        needs: &[Need::Mitigation],
        action: "case.ready",
    },
    Move {
        name: "back-to-fixing",
        verb: "Back to fixing",
        from: &[State::Ready, State::Published],
        to: State::Fixing,
        outcome: None,
        who: Permission::WorkCases,
        by: By::Button,
        needs: &[Need::Reason],
        action: "case.fixing-again",
    },
    Move {
        name: "publish",
        verb: "Publish",
        from: &[State::Confirmed, State::Fixing, State::Ready, State::Published],
        to: State::Published,
        outcome: None,
        who: Permission::PublishAdvisories,
        by: By::Advisory,
        needs: &[Need::RouteAdvisory, Need::Mitigation],
        action: "case.published",
    },
    Move {
        name: "close",
        verb: "Close",
        from: &[State::Published],
        to: State::Closed,
        outcome: Some(Outcome::Fixed),
        who: Permission::WorkCases,
        by: By::Button,
        needs: &[Need::Settled, Need::RootCause],
        action: "case.closed",
    },
    Move {
        name: "close-released",
        verb: "Close as corrected in a release",
        from: &[State::Ready],
        to: State::Closed,
        outcome: Some(Outcome::Fixed),
        who: Permission::WorkCases,
        by: By::Button,
        needs: &[Need::RouteRelease, Need::TargetRelease, Need::Answered, Need::Settled, Need::RootCause],
        action: "case.closed",
    },
    Move {
        name: "withdraw",
        verb: "Withdraw the confirmation",
        from: &[State::Confirmed, State::Fixing, State::Ready],
        to: State::Closed,
        outcome: Some(Outcome::NotAVulnerability),
        who: Permission::LeadCases,
        by: By::Button,
        needs: &[Need::Reason],
        action: "case.withdrawn",
    },
    Move {
        name: "reopen",
        verb: "Reopen",
        from: &[State::Closed],
        to: State::Triage,
        outcome: None,
        who: Permission::WorkCases,
        by: By::Button,
        needs: &[Need::Reason, Need::NotMerged],
        action: "case.reopened",
    },
];

/// What the database knows beside the case itself, for the decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Vulnerabilities.
    pub(super) vulnerabilities: u32,
    /// Those without a v3.1 score.
    pub(super) unscored: u32,
    /// Releases that are affected, under investigation or, while nothing is assessed, of the product.
    pub(super) concerned: u32,
    /// Those of them in support today.
    pub(super) supported: u32,
    /// Releases under investigation.
    pub(super) unsettled: u32,
    /// Whether a mitigation, workaround or fix is available today (P6).
    pub(super) mitigated: bool,
    /// Whether a fix is available today.
    pub(super) fixed: bool,
    /// Reports of the case whose sender had no answer.
    pub(super) unanswered: u32,
    /// Whether a root cause is recorded.
    pub(super) root_cause: bool,
}

impl Standing {
    /// Whether every release that matters is out of support.
    pub(super) const fn is_out_of_support(&self) -> bool {
        self.concerned > 0 && self.supported == 0
    }
}

/// Why a move is not possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum MoveRefused {
    #[error("A case in “{0}” cannot do this. Reload the page to see what is possible now.")]
    WrongState(&'static str),
    #[error("This happens by itself when an advisory of the case is published.")]
    ByAdvisory,
    #[error("Say why, so that the log tells it.")]
    Reason,
    #[error("Name the product first: edit the case and choose it.")]
    Product,
    #[error("Add a vulnerability with its CVSS v3.1 score first; the score decides about targets and route.")]
    NoVulnerability,
    #[error("{0} of the vulnerabilities have no CVSS v3.1 score yet. Score them first.")]
    Unscored(u32),
    #[error(
        "Every affected release is out of support. Dismiss the case as unsupported, or say on the overview why it is handled anyway."
    )]
    OutOfSupport,
    #[error("{0} of the affected releases are in support, so the case cannot be dismissed as unsupported.")]
    InSupport(u32),
    #[error(
        "No affected release is recorded, so nobody can tell that support has ended. Name the product or assess its releases first."
    )]
    NoRelease,
    #[error("The flaw is exploited. It is raised although the release is out of support: confirm it.")]
    Exploited,
    #[error("Write the number of the case that this one repeats.")]
    OtherCase,
    #[error("There is no mitigation, workaround or fix that is available today. Add one to a vulnerability first.")]
    NoMitigation,
    #[error("The case goes to a release, not to an advisory. A lead can change the route.")]
    NotAdvisory,
    #[error("The case goes to an advisory. Publish it first, or ask a lead to change the route.")]
    NotRelease,
    #[error("Name the release that corrects it first: edit the case and choose the target release.")]
    NoTargetRelease,
    #[error("{0} of the reporters had no answer yet. Write to them first.")]
    Unanswered(u32),
    #[error("{0} releases are still under investigation. Settle them in the exposure matrix first.")]
    Unsettled(u32),
    #[error("The case was merged into another one. Work goes on there.")]
    Merged,
    #[error("Record the root cause first: why it came to be, and which activity should have caught it.")]
    NoRootCause,
}

impl Refusal for MoveRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongState(_) => "case-wrong-state",
            Self::ByAdvisory => "case-by-advisory",
            Self::Reason => "case-reason-missing",
            Self::Product => "case-product-missing",
            Self::NoVulnerability => "case-no-vulnerability",
            Self::Unscored(_) => "case-unscored",
            Self::OutOfSupport => "case-out-of-support",
            Self::InSupport(_) => "case-in-support",
            Self::NoRelease => "case-no-release",
            Self::Exploited => "case-exploited",
            Self::OtherCase => "case-other-missing",
            Self::NoMitigation => "case-no-mitigation",
            Self::NotAdvisory => "case-not-advisory",
            Self::NotRelease => "case-not-release",
            Self::NoTargetRelease => "case-no-target-release",
            Self::Unanswered(_) => "case-unanswered",
            Self::Unsettled(_) => "case-unsettled",
            Self::Merged => "case-merged",
            Self::NoRootCause => "case-no-root-cause",
        }
    }
}

/// What a person gives with a move.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Given<'a> {
    /// Why.
    pub(super) reason: &'a str,
    /// Whether another case was named.
    pub(super) other: bool,
}

/// The move of this name.
pub(super) fn move_named(name: &str) -> Option<&'static Move> {
    MOVES.iter().find(|known| known.name == name)
}

/// The moves with a button that the state allows, in the order of the table.
pub(super) fn next_moves(case: &Case) -> impl Iterator<Item = &'static Move> {
    let state = case.state;
    MOVES.iter().filter(move |known| known.by == By::Button && known.from.contains(&state))
}

/// Decides about a move; permission is asked elsewhere.
pub(super) fn may_move(
    case: &Case,
    standing: Standing,
    chosen: &Move,
    by: By,
    given: Given<'_>,
) -> Result<(), MoveRefused> {
    if !chosen.from.contains(&case.state) {
        return Err(MoveRefused::WrongState(case.state.label()));
    }
    if chosen.by != by {
        return Err(MoveRefused::ByAdvisory);
    }
    chosen.needs.iter().try_for_each(|need| may_pass(case, standing, *need, given))
}

/// Decides about one need.
pub(super) fn may_pass(case: &Case, standing: Standing, need: Need, given: Given<'_>) -> Result<(), MoveRefused> {
    let refused = match need {
        Need::Reason => given.reason.trim().is_empty().then_some(MoveRefused::Reason),
        Need::Product => case.product.is_none().then_some(MoveRefused::Product),
        Need::Scored if standing.vulnerabilities == 0 => Some(MoveRefused::NoVulnerability),
        Need::Scored => (standing.unscored > 0).then_some(MoveRefused::Unscored(standing.unscored)),
        Need::Supported => (standing.is_out_of_support() && !case.exploited && case.support_override.is_empty())
            .then_some(MoveRefused::OutOfSupport),
        Need::Unsupported if standing.concerned == 0 => Some(MoveRefused::NoRelease),
        Need::Unsupported => (standing.supported > 0).then_some(MoveRefused::InSupport(standing.supported)),
        Need::NotExploited => case.exploited.then_some(MoveRefused::Exploited),
        Need::OtherCase => (!given.other).then_some(MoveRefused::OtherCase),
        Need::Mitigation => (!standing.mitigated).then_some(MoveRefused::NoMitigation),
        Need::RouteAdvisory => (case.route != Route::Advisory).then_some(MoveRefused::NotAdvisory),
        Need::RouteRelease => (case.route != Route::Release).then_some(MoveRefused::NotRelease),
        Need::TargetRelease => case.target_release.is_none().then_some(MoveRefused::NoTargetRelease),
        Need::Answered => (standing.unanswered > 0).then_some(MoveRefused::Unanswered(standing.unanswered)),
        Need::Settled => (standing.unsettled > 0).then_some(MoveRefused::Unsettled(standing.unsettled)),
        Need::NotMerged => case.merged_into.is_some().then_some(MoveRefused::Merged),
        Need::RootCause => (standing.vulnerabilities > 0 && !standing.root_cause).then_some(MoveRefused::NoRootCause),
    };
    refused.map_or(Ok(()), Err)
}

/// Where the policy sends a case (P1): an advisory from the threshold on, and for what is exploited.
pub(super) fn route_by_risk(severity: Option<Severity>, exploited: bool, threshold: Severity) -> Route {
    match severity {
        None => Route::Undecided,
        Some(severity) if severity >= threshold || exploited => Route::Advisory,
        Some(_) => Route::Release,
    }
}

/// Why a route cannot be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RouteRefused {
    #[error("The route follows from the confirmed score. Confirm the case first.")]
    NotConfirmed,
    #[error("The policy sends this severity the other way. Only a lead can make an exception.")]
    OnlyLead,
    #[error("An exception needs a reason; it stands in the log.")]
    Reason,
    #[error("The case is closed or published, so its route stands.")]
    TooLate,
}

impl Refusal for RouteRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::NotConfirmed => "route-not-confirmed",
            Self::OnlyLead => "route-only-lead",
            Self::Reason => "route-reason-missing",
            Self::TooLate => "route-too-late",
        }
    }
}

/// Decides about a route; the answer says whether it is an exception.
pub(super) fn may_route(
    case: &Case,
    wanted: Route,
    by_risk: Route,
    is_lead: bool,
    reason: &str,
) -> Result<bool, RouteRefused> {
    if !case.is_confirmed() || case.state == State::Triage || wanted == Route::Undecided {
        return Err(RouteRefused::NotConfirmed);
    }
    if matches!(case.state, State::Published | State::Closed) {
        return Err(RouteRefused::TooLate);
    }
    if wanted == by_risk {
        return Ok(false);
    }
    if !is_lead {
        return Err(RouteRefused::OnlyLead);
    }
    if reason.trim().is_empty() {
        return Err(RouteRefused::Reason);
    }
    Ok(true)
}

/// The table of moves as the guide shows it.
#[cfg(test)]
pub(super) fn guide() -> String {
    use std::fmt::Write;
    let mut text = String::from("```mermaid\nstateDiagram-v2\n    [*] --> triage\n");
    for known in MOVES {
        for from in known.from {
            if *from == known.to {
                continue;
            }
            writeln!(text, "    {} --> {}: {}", from.as_str(), known.to.as_str(), known.verb).unwrap();
        }
    }
    text.push_str("    closed --> [*]\n```\n\n| From | Move | To | Who | Needs |\n|---|---|---|---|---|\n");
    for known in MOVES {
        let from: Vec<&str> = known.from.iter().map(|state| state.label()).collect();
        let needs: Vec<&str> = known.needs.iter().map(|need| need.label()).collect();
        let to = known.outcome.map_or_else(
            || known.to.label().to_owned(),
            |outcome| format!("{} ({})", known.to.label(), outcome.label().to_lowercase()),
        );
        let who = match known.by {
            By::Button => known.who.label().to_owned(),
            By::Advisory => format!("{}, by publishing the advisory", known.who.label()),
        };
        let needs = if needs.is_empty() { "–".to_owned() } else { needs.join("; ") };
        writeln!(text, "| {} | {} | {to} | {who} | {needs} |", from.join(", "), known.verb).unwrap();
    }
    text
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Timestamp, kinds};

    use super::super::model::Tlp;
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
        check(
            "close-released",
            State::Ready,
            |case, _| case.route = Route::Release,
            "",
            Err(MoveRefused::NoTargetRelease),
        );
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
}
