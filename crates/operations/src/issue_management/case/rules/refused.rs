//! Why a move is not possible, in words for a person.

use kernel::Refusal;

/// Why a move is not possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in super::super) enum MoveRefused {
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
