//! What an assessment needs. Pure.

use kernel::Refusal;

use super::model::{Justification, Status};

/// Why an assessment cannot stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum AssessmentRefused {
    #[error("“Not affected” needs a justification or a statement, so that others can check it.")]
    Unjustified,
    #[error("A justification only goes with “not affected”. Choose that status, or no justification.")]
    JustifiedInVain,
}

impl Refusal for AssessmentRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Unjustified => "exposure-unjustified",
            Self::JustifiedInVain => "exposure-justified-in-vain",
        }
    }
}

/// Decides about an assessment (OpenVEX 0.2.0, statement requirements).
pub(super) fn may_assess(
    status: Status,
    justification: Option<Justification>,
    statement: &str,
) -> Result<(), AssessmentRefused> {
    match (status, justification) {
        (Status::NotAffected, None) if statement.trim().is_empty() => Err(AssessmentRefused::Unjustified),
        (Status::UnderInvestigation | Status::Affected | Status::Fixed, Some(_)) => {
            Err(AssessmentRefused::JustifiedInVain)
        }
        (Status::NotAffected, _) | (Status::UnderInvestigation | Status::Affected | Status::Fixed, None) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_affected_says_why_and_nothing_else_does() {
        let reason = Some(Justification::ComponentNotPresent);
        assert_eq!(may_assess(Status::NotAffected, None, " "), Err(AssessmentRefused::Unjustified));
        assert_eq!(may_assess(Status::NotAffected, reason, ""), Ok(()));
        assert_eq!(may_assess(Status::NotAffected, None, "Built without it."), Ok(()));
        assert_eq!(may_assess(Status::Affected, reason, ""), Err(AssessmentRefused::JustifiedInVain));
        assert_eq!(may_assess(Status::Fixed, None, ""), Ok(()));
    }
}
