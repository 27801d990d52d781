//! The one table of states and allowed moves.

use kernel::Permission;

use super::super::model::{Case, Outcome, State};
use super::need::Need;

/// How a move is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum By {
    /// By a button on the case page.
    Button,
    /// By publishing an advisory of the case.
    Advisory,
}

/// One allowed move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Move {
    /// Its name in addresses.
    pub(in super::super) name: &'static str,
    /// The verb on the button.
    pub(in super::super) verb: &'static str,
    /// From these states
    pub(in super::super) from: &'static [State],
    /// to this one.
    pub(in super::super) to: State,
    /// With this outcome, where it ends the case.
    pub(in super::super) outcome: Option<Outcome>,
    /// Who may.
    pub(in super::super) who: Permission,
    /// How.
    pub(in super::super) by: By,
    /// What it takes.
    pub(in super::super) needs: &'static [Need],
    /// The action in the log.
    pub(in super::super) action: &'static str,
}

/// The one table of states and allowed moves; `docs/guide/cases.md` shows the same.
pub(in super::super) const MOVES: &[Move] = &[
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

/// The move of this name.
pub(in super::super) fn move_named(name: &str) -> Option<&'static Move> {
    MOVES.iter().find(|known| known.name == name)
}

/// The moves with a button that the state allows, in the order of the table.
pub(in super::super) fn next_moves(case: &Case) -> impl Iterator<Item = &'static Move> {
    let state = case.state;
    MOVES.iter().filter(move |known| known.by == By::Button && known.from.contains(&state))
}
