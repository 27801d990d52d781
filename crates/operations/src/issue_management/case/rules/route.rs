//! The route by risk (P1), and exceptions from it.

use kernel::Refusal;

use super::super::model::{Case, Route, Severity, State};

/// Where the policy sends a case (P1): an advisory from the threshold on, and for what is exploited.
pub(in super::super) fn route_by_risk(severity: Option<Severity>, exploited: bool, threshold: Severity) -> Route {
    match severity {
        None => Route::Undecided,
        Some(severity) if severity >= threshold || exploited => Route::Advisory,
        Some(_) => Route::Release,
    }
}

/// Why a route cannot be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in super::super) enum RouteRefused {
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
pub(in super::super) fn may_route(
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
