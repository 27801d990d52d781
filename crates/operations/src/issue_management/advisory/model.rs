//! An advisory as its authors see it, and what it takes from its case.

use cvss::Severity;
use kernel::{Date, Id, Scope, Timestamp, kinds};

/// An advisory's identifier.
pub(crate) type AdvisoryId = Id<kinds::Advisory>;

/// What is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// The whole: vulnerabilities, releases, scores, remediation.
    Advisory,
    /// Title, affected products and what to do, without technical detail; the way around P6.
    LimitedNotice,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::Advisory, Self::LimitedNotice];

    /// The stored text.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Advisory => "advisory",
            Self::LimitedNotice => "limited_notice",
        }
    }

    /// What people read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Advisory => "Advisory",
            Self::LimitedNotice => "Limited notice",
        }
    }

    /// Reads the stored text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Where an advisory stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum State {
    /// Being written.
    Draft,
    /// Waits for a second person.
    InReview,
    /// A second person agreed.
    Approved,
    /// Approved, and goes out at a set time.
    Scheduled,
    /// The public has its newest version.
    Published,
    /// Taken back; its page stays with a notice.
    Withdrawn,
}

impl State {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 6] =
        [Self::Draft, Self::InReview, Self::Approved, Self::Scheduled, Self::Published, Self::Withdrawn];

    /// The stored text.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// What people read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::InReview => "In review",
            Self::Approved => "Approved",
            Self::Scheduled => "Scheduled",
            Self::Published => "Published",
            Self::Withdrawn => "Withdrawn",
        }
    }

    /// Reads the stored text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What the authors write; everything else comes from the case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    /// In a line.
    pub(crate) title: String,
    /// What it is about and what to do, in a paragraph.
    pub(crate) summary: String,
    /// More, for those who want to understand; may be empty.
    pub(crate) details: String,
    /// Who is thanked, one a line: a name, and after `|` what for.
    pub(crate) acknowledgements: String,
    /// Links, one a line: what it is, then the address.
    pub(crate) links: String,
    /// What changed in this version, for the revision history.
    pub(crate) change_note: String,
}

impl Draft {
    /// What people call the fields, with what stands in them.
    pub(crate) fn fields(&self) -> [(&'static str, &str); 6] {
        [
            ("title", &self.title),
            ("summary", &self.summary),
            ("details", &self.details),
            ("thanks", &self.acknowledgements),
            ("links", &self.links),
            ("change note", &self.change_note),
        ]
    }

    /// The names of the fields that say something else in `other`.
    pub(crate) fn changes(&self, other: &Self) -> Vec<&'static str> {
        self.fields().into_iter().zip(other.fields()).filter(|(a, b)| a.1 != b.1).map(|(a, _)| a.0).collect()
    }
}

/// How a kept text came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The advisory was begun with it.
    Begun,
    /// An author saved it.
    Saved,
    /// An earlier text was brought back.
    Restored,
    /// The next version was begun with it.
    Revised,
}

impl Origin {
    /// The stored text.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Saved => "saved",
            Self::Restored => "restored",
            Self::Revised => "revised",
        }
    }

    /// Reads the stored text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Begun, Self::Saved, Self::Restored, Self::Revised].into_iter().find(|origin| origin.as_str() == text)
    }
}

/// A text that an author saved, as it was then.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SavedDraft {
    /// From 1.
    pub(crate) position: i64,
    /// The public version that it was written for.
    pub(crate) for_version: i64,
    /// How it came to be.
    pub(crate) origin: Origin,
    /// Which text was brought back.
    pub(crate) restored_from: Option<i64>,
    /// The text.
    pub(crate) draft: Draft,
    /// Who saved it.
    pub(crate) saved_by: String,
    /// When.
    pub(crate) saved_at: Timestamp,
}

/// An advisory.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Advisory {
    /// Which one.
    pub(crate) id: AdvisoryId,
    /// What people call it: `PSA-2026-0007`.
    pub(crate) number: String,
    /// The case it is about.
    pub(crate) case: Id<kinds::Case>,
    /// The whole, or a limited notice.
    pub(crate) kind: Kind,
    /// Where it stands.
    pub(crate) state: State,
    /// What the authors wrote.
    pub(crate) draft: Draft,
    /// Why it is made although the policy says otherwise; empty when the policy agrees.
    pub(crate) exception_reason: String,
    /// Who wrote the text as it is.
    pub(crate) author: Id<kinds::Person>,
    /// The author's name.
    pub(crate) author_name: String,
    /// Who agreed.
    pub(crate) approved_by: Option<Id<kinds::Person>>,
    /// The name of who agreed.
    pub(crate) approver_name: String,
    /// When.
    pub(crate) approved_at: Option<Timestamp>,
    /// A digest of what was approved.
    pub(crate) approved_digest: String,
    /// When it goes out by itself.
    pub(crate) publish_at: Option<Timestamp>,
    /// The time zone in which that was said.
    pub(crate) publish_zone: String,
    /// When its first version went out.
    pub(crate) first_published_at: Option<Timestamp>,
    /// When its newest version went out.
    pub(crate) last_published_at: Option<Timestamp>,
    /// The newest version that is public; 0 before the first.
    pub(crate) version: i64,
    /// When it was begun.
    pub(crate) created_at: Timestamp,
    /// Counts writes.
    pub(crate) revision: i64,
}

/// A vulnerability as the advisory takes it from the case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VulnerabilityFacts {
    /// Which one.
    pub(crate) id: Id<kinds::Vulnerability>,
    /// In a line.
    pub(crate) title: String,
    /// In detail; may be empty.
    pub(crate) description: String,
    /// `CWE-787`, or empty.
    pub(crate) cwe: String,
    /// `CVE-2026-12345`.
    pub(crate) cve: Option<String>,
    /// The vector of record (P2).
    pub(crate) cvss31: Option<String>,
    /// The vector beside it.
    pub(crate) cvss40: Option<String>,
}

/// One release against one vulnerability.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ExposureFacts {
    /// The vulnerability.
    pub(crate) vulnerability: Id<kinds::Vulnerability>,
    /// The release.
    pub(crate) release: Id<kinds::Release>,
    /// `affected`, `fixed`, `not_affected` or `under_investigation`.
    pub(crate) status: String,
    /// The VEX justification.
    pub(crate) justification: Option<String>,
    /// In words.
    pub(crate) statement: String,
}

/// A release that the case speaks of, with its product.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReleaseFacts {
    /// Which one.
    pub(crate) id: Id<kinds::Release>,
    /// Its version.
    pub(crate) version: String,
    /// Its product.
    pub(crate) product: Id<kinds::Product>,
    /// The product's name.
    pub(crate) product_name: String,
    /// The product's name in addresses.
    pub(crate) slug: String,
    /// Its CPE.
    pub(crate) cpe: Option<String>,
    /// Its package URL.
    pub(crate) purl: Option<String>,
    /// The family's name.
    pub(crate) family_name: String,
}

/// What users can do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RemediationFacts {
    /// About this vulnerability.
    pub(crate) vulnerability: Id<kinds::Vulnerability>,
    /// `vendor_fix`, `mitigation`, `workaround`, `no_fix_planned` or `none_available`.
    pub(crate) category: String,
    /// In words.
    pub(crate) details: String,
    /// Where to get it; may be empty.
    pub(crate) url: String,
    /// The release that brings it.
    pub(crate) release: Option<Id<kinds::Release>>,
    /// From when on.
    pub(crate) available_on: Option<Date>,
    /// Whether users can have it today.
    pub(crate) available: bool,
}

/// What an advisory takes from its case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CaseFacts {
    /// Which case.
    pub(crate) id: Id<kinds::Case>,
    /// Its number.
    pub(crate) number: String,
    /// Its title.
    pub(crate) title: String,
    /// Where permissions are asked.
    pub(crate) place: Scope,
    /// Its family.
    pub(crate) family: Option<Id<kinds::Family>>,
    /// Its product, which is named even when no release is assessed.
    pub(crate) product: Option<ProductFacts>,
    /// `undecided`, `advisory` or `release`.
    pub(crate) route: String,
    /// Whether it is confirmed.
    pub(crate) is_confirmed: bool,
    /// Whether it is known to be exploited.
    pub(crate) exploited: bool,
    /// Its vulnerabilities.
    pub(crate) vulnerabilities: Vec<VulnerabilityFacts>,
    /// Releases that are assessed, oldest first.
    pub(crate) releases: Vec<ReleaseFacts>,
    /// The assessments.
    pub(crate) exposures: Vec<ExposureFacts>,
    /// What users can do.
    pub(crate) remediations: Vec<RemediationFacts>,
    /// Reporters who want to be named.
    pub(crate) credits: Vec<String>,
    /// What the policy of its family says.
    pub(crate) policy: PolicyFacts,
}

/// A product by itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProductFacts {
    /// Which one.
    pub(crate) id: Id<kinds::Product>,
    /// Its name.
    pub(crate) name: String,
    /// Its name in addresses.
    pub(crate) slug: String,
    /// The family's name.
    pub(crate) family_name: String,
}

/// What the policy says about publishing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PolicyFacts {
    /// Before the year in numbers.
    pub(crate) prefix: String,
    /// From this severity on there is a public notice (P1).
    pub(crate) threshold: Severity,
    /// The notice on publications; empty for the vendor's own.
    pub(crate) legal_notice: String,
    /// Where the team works.
    pub(crate) time_zone: String,
}

impl CaseFacts {
    /// The worst severity of the vulnerabilities by CVSS v3.1; `None` while nothing is scored.
    pub(crate) fn severity(&self) -> Option<Severity> {
        self.vulnerabilities.iter().filter_map(|one| scored(one.cvss31.as_deref())).map(|(_, severity)| severity).max()
    }

    /// Whether a fix, mitigation or workaround can be had today, for every vulnerability (P6).
    pub(crate) fn is_mitigated(&self) -> bool {
        !self.vulnerabilities.is_empty()
            && self
                .vulnerabilities
                .iter()
                .all(|one| self.remediations.iter().any(|remedy| remedy.vulnerability == one.id && remedy.available))
    }
}

/// The score in tenths and the severity of a vector.
pub(crate) fn scored(vector: Option<&str>) -> Option<(i64, Severity)> {
    let vector = cvss::Vector::parse(vector?).ok()?;
    Some((i64::from(vector.score().tenths()), vector.severity()))
}

/// A score in tenths as people read it: `9.8`.
pub(crate) fn figure(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A severity as it is stored: `high`.
pub(crate) fn severity_word(severity: Severity) -> String {
    severity.as_str().to_lowercase()
}

/// Reads a stored severity.
pub(crate) fn parse_severity(text: &str) -> Option<Severity> {
    Severity::parse(text)
}
