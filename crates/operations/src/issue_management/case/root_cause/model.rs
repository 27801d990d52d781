//! A root cause in the words of the trade.

use kernel::{Id, Timestamp, kinds, words};

words! {
    /// What kind of mistake it was.
    pub(crate) enum Cause {
        /// The design allowed it.
        DesignFlaw => "design_flaw", "Design flaw";
        /// Nobody asked for the protection.
        MissingRequirement => "missing_requirement", "Missing requirement";
        /// The code does not do what was meant.
        CodingMistake => "coding_mistake", "Coding mistake";
        /// It came with somebody else's component.
        ThirdParty => "third_party", "Third-party component";
        /// A setting or default leaves it open.
        Configuration => "configuration", "Configuration or default";
        /// Build, signing, packaging or delivery.
        BuildRelease => "build_release", "Build or release";
        /// The documentation led users into it.
        Documentation => "documentation", "Documentation";
        /// Something around the product, not the product.
        NotOurs => "not_ours", "Not ours";
        /// Nobody knows; only a lead closes a case so, with a reason.
        Unknown => "unknown", "Unknown";
    }
}

words! {
    /// What found it.
    pub(crate) enum Detected {
        /// A finder from outside.
        Finder => "finder", "A finder from outside";
        /// A customer.
        Customer => "customer", "A customer";
        /// A partner or distributor.
        Partner => "partner", "A partner";
        /// It was seen to be exploited.
        Exploitation => "exploitation", "Exploitation in the field";
        /// Public vulnerability information.
        Intelligence => "intelligence", "Vulnerability intelligence";
        /// Our own test or review after the release.
        OwnWork => "own_work", "Our own test or review after release";
        /// Nobody knows.
        Unknown => "unknown", "Not known";
    }
}

/// Since when the flaw is in the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Introduced {
    /// With this release.
    Release(Id<kinds::Release>),
    /// With one that is older than the records.
    BeforeRecords,
    /// Nobody knows.
    Unknown,
}

impl Introduced {
    /// The stored word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Release(_) => "release",
            Self::BeforeRecords => "before_records",
            Self::Unknown => "unknown",
        }
    }

    /// The release, where one is named.
    pub(crate) const fn release(self) -> Option<Id<kinds::Release>> {
        match self {
            Self::Release(id) => Some(id),
            Self::BeforeRecords | Self::Unknown => None,
        }
    }

    /// Reads what is stored, or what the form sends: a word or a release.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "before_records" => Some(Self::BeforeRecords),
            "unknown" => Some(Self::Unknown),
            id => id.parse().ok().map(Self::Release),
        }
    }
}

/// What should have caught it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Catch {
    /// An activity of the process pack.
    Activity {
        /// Its identifier in the pack.
        id: String,
        /// Its title on the day it was named.
        title: String,
        /// Its practice.
        practice: String,
    },
    /// No activity would have: the process has a gap.
    Gap {
        /// What is missing, in words without details of the flaw.
        suggestion: String,
    },
    /// Not determined.
    Unknown,
}

impl Catch {
    /// The stored word.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Activity { .. } => "activity",
            Self::Gap { .. } => "gap",
            Self::Unknown => "unknown",
        }
    }
}

/// The root cause of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RootCause {
    /// What kind of mistake it was.
    pub(crate) cause: Cause,
    /// How it came to be; only those who see the case read it.
    pub(crate) explanation: String,
    /// Since when it is in the product.
    pub(crate) introduced: Introduced,
    /// What should have caught it.
    pub(crate) catch: Catch,
    /// What found it.
    pub(crate) detected: Detected,
}

/// A root cause as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The root cause.
    pub(crate) root_cause: RootCause,
    /// The version of the release that brought it in; empty where none is named.
    pub(crate) introduced_version: String,
    /// Counts changes, from 1.
    pub(crate) revision: i64,
    /// When it was recorded.
    pub(crate) made_at: Timestamp,
    /// By whom.
    pub(crate) made_by: String,
}
