//! What was published, as the portal, the mails and the CSAF document are made of it: a frozen copy with names.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::model::Kind;

/// An advisory version, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    /// `PSA-2026-0007`.
    pub(crate) number: String,
    /// `advisory` or `limited_notice`.
    pub(crate) kind: String,
    /// From 1.
    pub(crate) version: i64,
    /// In a line.
    pub(crate) title: String,
    /// In a paragraph.
    pub(crate) summary: String,
    /// More; may be empty.
    pub(crate) details: String,
    /// `none` to `critical`; empty when nothing is scored.
    pub(crate) severity: String,
    /// The worst score in tenths.
    pub(crate) score: Option<i64>,
    /// Whether attacks are known.
    pub(crate) exploited: bool,
    /// Who publishes.
    pub(crate) vendor: Vendor,
    /// The notice on the publication (P16).
    pub(crate) legal_notice: String,
    /// The products with their releases.
    pub(crate) products: Vec<Product>,
    /// The flaws; empty in a limited notice.
    pub(crate) vulnerabilities: Vec<Vulnerability>,
    /// What to do, in a limited notice, where no vulnerability is told.
    pub(crate) advice: Vec<String>,
    /// Who is thanked.
    pub(crate) credits: Vec<Credit>,
    /// Links.
    pub(crate) links: Vec<Link>,
    /// Every version so far, the oldest first.
    pub(crate) history: Vec<Revision>,
    /// When the first version went out; RFC 3339.
    pub(crate) first_published: String,
    /// When this version went out; RFC 3339.
    pub(crate) published: String,
    /// Why it was withdrawn, when it was.
    pub(crate) withdrawn: Option<String>,
}

/// Who publishes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vendor {
    /// The name.
    pub(crate) name: String,
    /// An address that the vendor owns.
    pub(crate) namespace: String,
    /// How to reach the team.
    pub(crate) contact: String,
}

/// A product with the releases that the advisory speaks of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Product {
    /// Which one.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its name in addresses.
    pub(crate) slug: String,
    /// The family's name.
    pub(crate) family: String,
    /// Its releases, oldest first.
    pub(crate) releases: Vec<Release>,
}

/// A release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Release {
    /// The identifier of the release, which is the product identifier's base in CSAF.
    pub(crate) id: String,
    /// Its version.
    pub(crate) version: String,
    /// Its CPE name, where one is known.
    pub(crate) cpe: Option<String>,
    /// Its package URL, where one is known.
    pub(crate) purl: Option<String>,
}

/// A flaw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vulnerability {
    /// In a line.
    pub(crate) title: String,
    /// In detail; may be empty.
    pub(crate) description: String,
    /// `CVE-2026-12345`.
    pub(crate) cve: Option<String>,
    /// `CWE-787`, or empty.
    pub(crate) cwe: String,
    /// The CVSS v3.1 vector.
    pub(crate) cvss31: Option<Rating>,
    /// The CVSS v4.0 vector.
    pub(crate) cvss40: Option<Rating>,
    /// Releases and what holds for them.
    pub(crate) statuses: Vec<Exposure>,
    /// What to do.
    pub(crate) remediations: Vec<Remediation>,
}

/// A vector with its score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rating {
    /// The vector as the standard writes it.
    pub(crate) vector: String,
    /// The score in tenths.
    pub(crate) score: i64,
    /// `none` to `critical`.
    pub(crate) severity: String,
}

/// What holds for a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// It has the flaw.
    Affected,
    /// Nobody knows yet.
    UnderInvestigation,
    /// It has the correction.
    Fixed,
    /// It never had the flaw, or nobody can use it.
    NotAffected,
}

impl Status {
    /// Reads the word of the case desk.
    pub(super) fn parse(text: &str) -> Self {
        match text {
            "affected" => Self::Affected,
            "fixed" => Self::Fixed,
            "not_affected" => Self::NotAffected,
            _ => Self::UnderInvestigation,
        }
    }

    /// What people read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Affected => "Affected",
            Self::UnderInvestigation => "Under investigation",
            Self::Fixed => "Fixed",
            Self::NotAffected => "Not affected",
        }
    }
}

/// One release against one vulnerability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Exposure {
    /// The release.
    pub(crate) release: String,
    /// What holds.
    pub(crate) status: Status,
    /// The VEX justification.
    pub(crate) justification: Option<String>,
    /// In words.
    pub(crate) statement: String,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Remediation {
    /// `vendor_fix`, `mitigation`, `workaround`, `no_fix_planned` or `none_available`.
    pub(crate) category: String,
    /// In words.
    pub(crate) details: String,
    /// Where to get it; may be empty.
    pub(crate) url: String,
    /// The product and version that brings it; may be empty.
    pub(crate) brings: String,
    /// From when on; may be empty.
    pub(crate) available_on: String,
    /// The releases it is for.
    pub(crate) releases: Vec<String>,
}

/// Somebody who is thanked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Credit {
    /// The name.
    pub(crate) name: String,
    /// What for; may be empty.
    pub(crate) reason: String,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Link {
    /// What it is.
    pub(crate) summary: String,
    /// Where.
    pub(crate) url: String,
}

/// A version in the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Revision {
    /// From 1.
    pub(crate) version: i64,
    /// When; RFC 3339.
    pub(crate) at: String,
    /// What changed.
    pub(crate) summary: String,
}

impl Snapshot {
    /// The next version that takes a published one back: the content stays, with a notice.
    pub(crate) fn withdrawn(mut self, reason: &str, now: Timestamp) -> Self {
        self.version += 1;
        self.published = now.rfc3339();
        self.withdrawn = Some(reason.to_owned());
        self.history.push(Revision {
            version: self.version,
            at: self.published.clone(),
            summary: format!("Withdrawn: {reason}"),
        });
        self
    }

    /// A digest of the content without its dates: what somebody approves.
    pub(crate) fn digest(&self) -> String {
        let mut content = self.clone();
        content.published.clear();
        if content.version == 1 {
            content.first_published.clear();
        }
        if let Some(last) = content.history.last_mut() {
            last.at.clear();
        }
        hex::encode(Sha256::digest(content.to_json().as_bytes()))
    }

    /// The snapshot as it is stored.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a stored snapshot.
    ///
    /// # Errors
    /// Internal, when the text is none.
    pub(crate) fn from_json(text: &str) -> kernel::Result<Self> {
        serde_json::from_str(text).map_err(kernel::Error::internal)
    }

    /// Whether it is a limited notice.
    pub(crate) fn is_limited(&self) -> bool {
        self.kind == Kind::LimitedNotice.as_str()
    }

    /// What people call it: "Advisory" or "Limited notice".
    pub(crate) fn kind_label(&self) -> &'static str {
        if self.is_limited() { Kind::LimitedNotice.label() } else { Kind::Advisory.label() }
    }

    /// A release by its identifier, with its product.
    pub(crate) fn release(&self, id: &str) -> Option<(&Product, &Release)> {
        self.products.iter().find_map(|product| {
            product.releases.iter().find(|release| release.id == id).map(|release| (product, release))
        })
    }

    /// A release in words: product and version.
    pub(crate) fn release_name(&self, id: &str) -> String {
        self.release(id).map_or_else(String::new, |(product, release)| format!("{} {}", product.name, release.version))
    }

    /// The CVE identifiers, in order.
    pub(crate) fn cves(&self) -> impl Iterator<Item = &str> {
        self.vulnerabilities.iter().filter_map(|one| one.cve.as_deref())
    }

    /// What a search looks through, in lower case.
    pub(crate) fn search_text(&self) -> String {
        let mut words = vec![self.number.clone(), self.title.clone(), self.summary.clone(), self.details.clone()];
        for product in &self.products {
            words.push(product.name.clone());
            words.push(product.family.clone());
            words.extend(product.releases.iter().map(|release| release.version.clone()));
        }
        for one in &self.vulnerabilities {
            words.push(one.title.clone());
            words.push(one.description.clone());
            words.push(one.cwe.clone());
            words.extend(one.cve.clone());
        }
        words.extend(self.credits.iter().map(|credit| credit.name.clone()));
        words.join("\n").to_lowercase()
    }
}
