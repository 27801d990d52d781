//! The closed vocabularies: words that the program acts on, so that a pack cannot make up its own.

use serde::{Deserialize, Serialize};

/// Declares an enumeration with its identifiers and its words for people.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $id:literal, $title:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $id)] $variant,)+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The identifier used in pack files.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// The words for people.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// Finds a value by its identifier.
            #[must_use]
            pub fn parse(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.id() == id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.id())
            }
        }
    };
}

vocabulary! {
    /// How much harm a product can do, computed from its profile; the order is the order of risk.
    RiskClass {
        /// Little harm, few people.
        Low = "low", "low";
        /// Harm that is felt and can be repaired.
        Moderate = "moderate", "moderate";
        /// Serious harm to customers.
        High = "high", "high";
        /// Danger to people, to essential services, or to the vendor's existence.
        Critical = "critical", "critical";
    }
}

vocabulary! {
    /// How a team delivers.
    Model {
        /// Phases with gates.
        Waterfall = "waterfall", "waterfall";
        /// Sprints with a definition of done.
        Agile = "agile", "agile";
        /// Pipeline runs with an evidence contract.
        Devops = "devops", "DevOps";
    }
}

vocabulary! {
    /// What an activity is done for.
    Scope {
        /// Once for the vendor; every product refers to it.
        Organisation = "organisation", "organisation";
        /// Once for a product, kept up between releases.
        Product = "product", "product";
        /// For each release.
        Release = "release", "release";
    }
}

vocabulary! {
    /// On which side of a phase gate an activity counts.
    Criterion {
        /// Needed before the phase begins.
        Entry = "entry", "to enter";
        /// Needed before the phase ends.
        Exit = "exit", "to leave";
    }
}

vocabulary! {
    /// Whether all kinds of evidence of an activity are needed, or one of them.
    EvidenceRule {
        /// Every one.
        All = "all", "all of these";
        /// Any one.
        Any = "any", "one of these";
    }
}

vocabulary! {
    /// Something about a product that can change between two releases and reopen what was settled.
    Change {
        /// Interfaces, ports, protocols.
        Interface = "interface", "an interface";
        /// Components of the SBOM.
        Component = "component", "a component";
        /// Data that is handled, personal data included.
        Data = "data", "the data handled";
        /// Structure and trust boundaries.
        Architecture = "architecture", "the architecture";
        /// Own source code.
        Code = "code", "the code";
        /// The way it is deployed and configured.
        Deployment = "deployment", "the deployment";
        /// Its security requirements.
        Requirements = "requirements", "the security requirements";
        /// Its risk profile.
        Profile = "profile", "the risk profile";
    }
}

vocabulary! {
    /// What counts as proof.
    EvidenceKind {
        /// A document: file, link or entry of the document centre.
        Document = "document", "document";
        /// A link to a page elsewhere.
        Link = "link", "link";
        /// A file.
        File = "file", "file";
        /// What a pipeline posts, of the named kind.
        PipelinePost = "pipeline_post", "pipeline post";
        /// A scan report, of the named kind, within its thresholds.
        ScanReport = "scan_report", "scan report";
        /// The SBOM of the release.
        Sbom = "sbom", "SBOM";
        /// An approved threat model.
        ThreatModel = "threat_model", "approved threat model";
        /// A review that is signed off by someone other than the author.
        Review = "review", "signed-off review";
        /// The share of people with a completed training.
        TrainingCoverage = "training_coverage", "training coverage";
        /// Results of tests.
        TestReport = "test_report", "test report";
        /// A live fact that the program itself observes.
        Fact = "fact", "live fact";
    }
}

vocabulary! {
    /// A live fact that the program observes in its own records.
    Fact {
        /// The product profile is answered and was reviewed within a year.
        ProfileCurrent = "profile_current", "the product profile is answered and was reviewed within a year";
        /// The product has a security champion.
        ChampionNamed = "champion_named", "the product has a security champion";
        /// Every role of the product's team is filled.
        TeamFilled = "team_filled", "every role in the product team is filled";
        /// Security requirements are selected.
        RequirementsSelected = "requirements_selected", "security requirements are selected for the release";
        /// Every selected requirement is traced to a test.
        RequirementsTraced = "requirements_traced", "every selected requirement is traced to a test";
        /// No banned component is in the SBOM.
        ComponentsJudged = "components_judged", "no banned component is in the SBOM";
        /// Open findings stay within the release quality standard.
        FindingsWithinThreshold = "findings_within_threshold", "open findings are within the release quality standard";
        /// Results against the hardening baseline are on file.
        BaselineChecked = "baseline_checked", "the hardening baseline was checked";
        /// The product security guide is published.
        GuidePublished = "guide_published", "the product security guide is published";
        /// The release has a support period.
        SupportPeriodSet = "support_period_set", "the support period is set";
        /// No case is past its response target.
        CasesOnTime = "cases_on_time", "no case is past its response target";
        /// Every closed case has a root cause.
        RootCausesRecorded = "root_causes_recorded", "every closed case has its root cause recorded";
        /// A maturity assessment of the last year is on file.
        AssessmentCurrent = "assessment_current", "a maturity assessment of the last year is on file";
        /// A maturity target is set.
        TargetSet = "target_set", "a maturity target is set";
        /// Policies in force are acknowledged.
        PoliciesAcknowledged = "policies_acknowledged", "the policies in force are acknowledged";
        /// No exception or waiver has lapsed.
        ExceptionsCurrent = "exceptions_current", "no exception has lapsed";
        /// The ways to report are published: policy, address and key.
        IntakeOpen = "intake_open", "the ways to report are published";
        /// The SBOM was matched against known vulnerabilities.
        SbomMatched = "sbom_matched", "the SBOM was matched against known vulnerabilities";
    }
}
