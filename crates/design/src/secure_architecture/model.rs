//! SBOMs, components, rules.

use kernel::{Date, Id, Timestamp, kinds};

/// The SBOM of a release, as it came.
pub(super) enum SbomKind {}
/// An SBOM.
pub(super) type SbomId = Id<SbomKind>;
/// A rule about components.
pub(super) enum RuleKind {}
pub(super) type RuleId = Id<RuleKind>;

/// An SBOM on file.
#[derive(Clone, Debug)]
pub(super) struct Sbom {
    pub(super) id: SbomId,
    pub(super) release: Id<kinds::Release>,
    pub(super) file: Id<kinds::File>,
    pub(super) file_name: String,
    pub(super) sha256: String,
    pub(super) format: String,
    pub(super) spec_version: String,
    pub(super) components: i64,
    pub(super) without_version: i64,
    pub(super) warnings: String,
    pub(super) added_at: Timestamp,
    pub(super) added_by: String,
    pub(super) replaced_at: Option<Timestamp>,
}

/// One component of an SBOM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) version: String,
    /// The package URL as written; may be empty.
    pub(super) purl: String,
    /// The canonical package URL without version, qualifiers and subpath; may be empty.
    pub(super) package: String,
    pub(super) cpe: String,
    /// Licences, one a line.
    pub(super) licences: String,
    pub(super) supplier: String,
    pub(super) kind: String,
}

/// What a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// May be used.
    Approved,
    /// May be used within the reason's limits.
    Limited,
    /// May not be in a release.
    Banned,
}

impl Verdict {
    pub(super) const ALL: [Self; 3] = [Self::Approved, Self::Limited, Self::Banned];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Limited => "limited",
            Self::Banned => "banned",
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Approved => "Approved",
            Self::Limited => "Limited",
            Self::Banned => "Banned",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == text)
    }
}

/// A rule about components.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) id: RuleId,
    pub(super) verdict: Verdict,
    /// The canonical package URL without version, or empty when the rule is about a licence.
    pub(super) package: String,
    /// A range in the notation of the package's ecosystem or `vers:`; empty for all versions.
    pub(super) versions: String,
    /// A licence identifier, or empty when the rule is about a package.
    pub(super) licence: String,
    pub(super) reason: String,
    /// Only for products of this family; `None` for all.
    pub(super) family: Option<Id<kinds::Family>>,
    pub(super) expires_on: Option<Date>,
    pub(super) added_at: Timestamp,
    pub(super) added_by: String,
}

/// How the components of one SBOM were judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) approved: i64,
    pub(super) limited: i64,
    pub(super) banned: i64,
    pub(super) unjudged: i64,
}

/// How one component differs between two releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Added(Component),
    Removed(Component),
    /// From the first version to the second.
    Moved(Component, Component),
}

/// A component wherever it is in present SBOMs.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) component: Component,
    pub(super) releases: i64,
    pub(super) products: i64,
}
