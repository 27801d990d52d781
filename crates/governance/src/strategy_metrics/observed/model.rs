//! What live data can say about an answer.

/// What is counted. The names are those that question catalogues write as `observed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Products whose profile was answered within the year.
    ProductsClassified,
    /// Tasks that were due, with accepted evidence.
    TasksWithEvidence,
    /// Releases of the year that passed their gate.
    ReleasesGated,
    /// Approved exceptions that have not run out.
    ExceptionsCurrent,
    /// Products with a security champion.
    ChampionsNamed,
    /// Planned releases with an accepted threat model.
    ThreatModels,
    /// Releases with an SBOM.
    Sboms,
    /// Products scanned within thirty days.
    Scans,
    /// Releases that keep the standard for open findings.
    FindingsWithinThreshold,
    /// Closed cases of the year with a root cause.
    CasesWithRootCause,
    /// Closed cases of the year that are not laid to threat assessment.
    CasesForeseen,
    /// Reports of the year acknowledged within their target.
    ReportsAcknowledged,
    /// Cases of the year within all of their targets.
    CasesInTime,
    /// People concerned who acknowledged the policies.
    PoliciesAcknowledged,
    /// People trained for their role.
    PeopleTrained,
    /// Releases with selected requirements.
    RequirementsSelected,
    /// Releases whose requirements are traced.
    RequirementsTraced,
    /// Releases whose components were matched with known vulnerabilities.
    SbomsMatched,
    /// Releases checked against their baseline.
    BaselinesChecked,
    /// Releases with a published guide.
    GuidesPublished,
}

impl Measure {
    const NAMES: [(Self, &'static str, &'static str); 20] = [
        (Self::ProductsClassified, "products_classified_within_year", "products classified within the last year"),
        (Self::TasksWithEvidence, "tasks_with_evidence", "tasks that were due have accepted evidence"),
        (Self::ReleasesGated, "releases_gated", "releases of the last year passed their gate"),
        (Self::ExceptionsCurrent, "exceptions_current", "approved exceptions are within their time"),
        (Self::ChampionsNamed, "champions_named", "products have a security champion"),
        (Self::ThreatModels, "threat_models_current", "planned releases have an accepted threat model"),
        (Self::Sboms, "sboms_current", "releases have an SBOM"),
        (Self::Scans, "scans_within_month", "products were scanned within the last 30 days"),
        (Self::FindingsWithinThreshold, "findings_within_threshold", "releases keep the standard for open findings"),
        (Self::CasesWithRootCause, "cases_with_root_cause", "cases closed within the last year have a root cause"),
        (Self::CasesForeseen, "cases_foreseen", "cases closed within the last year are not laid to threat assessment"),
        (
            Self::ReportsAcknowledged,
            "reports_acknowledged_in_time",
            "reports of the last year were acknowledged in time",
        ),
        (Self::CasesInTime, "cases_in_time", "cases of the last year kept all of their targets"),
        (Self::PoliciesAcknowledged, "policies_acknowledged", "releases have acknowledged policies"),
        (Self::PeopleTrained, "people_trained", "releases have a trained team"),
        (Self::RequirementsSelected, "requirements_selected", "releases have selected requirements"),
        (Self::RequirementsTraced, "requirements_traced", "releases have traced requirements"),
        (Self::SbomsMatched, "sboms_matched", "releases have their components matched with known vulnerabilities"),
        (Self::BaselinesChecked, "baselines_checked", "releases are checked against their baseline"),
        (Self::GuidesPublished, "guides_published", "releases have a published guide"),
    ];

    /// Reads the name that a catalogue writes.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known, _)| *known == name).map(|(measure, _, _)| *measure)
    }

    /// The name in catalogues and addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(measure, _, _)| *measure == self).map_or("", |(_, name, _)| name)
    }

    /// What follows "3 of 8".
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::NAMES.iter().find(|(measure, _, _)| *measure == self).map_or("", |(_, _, words)| words)
    }

    /// The fact of a practice that this counts, where it counts one.
    #[must_use]
    pub const fn fact(self) -> Option<&'static str> {
        match self {
            Self::FindingsWithinThreshold => Some("findings_within_threshold"),
            Self::PoliciesAcknowledged => Some("policies_acknowledged"),
            Self::PeopleTrained => Some("people_trained"),
            Self::RequirementsSelected => Some("requirements_selected"),
            Self::RequirementsTraced => Some("requirements_traced"),
            Self::SbomsMatched => Some("sbom_matched"),
            Self::BaselinesChecked => Some("baseline_checked"),
            Self::GuidesPublished => Some("guide_published"),
            Self::ProductsClassified
            | Self::TasksWithEvidence
            | Self::ReleasesGated
            | Self::ExceptionsCurrent
            | Self::ChampionsNamed
            | Self::ThreatModels
            | Self::Sboms
            | Self::Scans
            | Self::CasesWithRootCause
            | Self::CasesForeseen
            | Self::ReportsAcknowledged
            | Self::CasesInTime => None,
        }
    }

    /// Whether it counts only what belongs to the practice of the question.
    #[must_use]
    pub const fn is_of_practice(self) -> bool {
        matches!(self, Self::Scans | Self::FindingsWithinThreshold)
    }
}

/// A figure: so many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// For how many it is so.
    pub holds: u64,
    /// How many there are.
    pub of: u64,
}

impl Figure {
    /// Whole percent, rounded down, so that 100 means all; none when there is nothing to count.
    #[must_use]
    pub const fn percent(self) -> Option<u64> {
        self.holds.saturating_mul(100).checked_div(self.of)
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { holds: self.holds.saturating_add(other.holds), of: self.of.saturating_add(other.of) }
    }
}
