//! What moves ask for, and what is known of a case to answer that.

use super::super::model::{Case, Route};
use super::refused::MoveRefused;

/// What a move asks for besides the state and the permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Need {
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
    pub(in super::super) const fn label(self) -> &'static str {
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

/// What the database knows beside the case itself, for the decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Standing {
    /// Vulnerabilities.
    pub(in super::super) vulnerabilities: u32,
    /// Those without a v3.1 score.
    pub(in super::super) unscored: u32,
    /// Releases that are affected, under investigation or, while nothing is assessed, of the product.
    pub(in super::super) concerned: u32,
    /// Those of them in support today.
    pub(in super::super) supported: u32,
    /// Releases under investigation.
    pub(in super::super) unsettled: u32,
    /// Whether a mitigation, workaround or fix is available today (P6).
    pub(in super::super) mitigated: bool,
    /// Whether a fix is available today.
    pub(in super::super) fixed: bool,
    /// Reports of the case whose sender had no answer.
    pub(in super::super) unanswered: u32,
    /// Whether a root cause is recorded.
    pub(in super::super) root_cause: bool,
}

impl Standing {
    /// Whether every release that matters is out of support.
    pub(in super::super) const fn is_out_of_support(&self) -> bool {
        self.concerned > 0 && self.supported == 0
    }
}

/// What a person gives with a move.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct Given<'a> {
    /// Why.
    pub(in super::super) reason: &'a str,
    /// Whether another case was named.
    pub(in super::super) other: bool,
}

/// Decides about one need.
pub(in super::super) fn may_pass(
    case: &Case,
    standing: Standing,
    need: Need,
    given: Given<'_>,
) -> Result<(), MoveRefused> {
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
