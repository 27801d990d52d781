//! What was published, as the portal, the mails and the CSAF document are made of it: a frozen copy with names.

use cvss::Severity;
use kernel::Timestamp;
use platform::profile::VendorProfile;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::model::{
    Advisory, CaseFacts, Kind, ReleaseFacts, RemediationFacts, VulnerabilityFacts, scored, severity_word,
};

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
    fn parse(text: &str) -> Self {
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
    /// What would be published at `now`: the text of the advisory, the facts of the case, the vendor's profile.
    /// `history` is that of the version before.
    pub(crate) fn build(
        advisory: &Advisory,
        facts: &CaseFacts,
        vendor: &VendorProfile,
        history: &[Revision],
        now: Timestamp,
    ) -> Self {
        let limited = advisory.kind == Kind::LimitedNotice;
        let products = products(facts, limited);
        let vulnerabilities = if limited {
            Vec::new()
        } else {
            facts.vulnerabilities.iter().map(|one| vulnerability(facts, one)).collect()
        };
        let advice = if limited { advice(&advisory.draft.details) } else { Vec::new() };
        let worst = facts.vulnerabilities.iter().filter_map(|one| scored(one.cvss31.as_deref())).max();
        let version = advisory.version + 1;
        let mut history = history.to_vec();
        history.push(Revision { version, at: now.rfc3339(), summary: change_note(advisory) });
        let legal =
            if facts.policy.legal_notice.is_empty() { &vendor.legal_notice } else { &facts.policy.legal_notice };
        Self {
            number: advisory.number.clone(),
            kind: advisory.kind.as_str().to_owned(),
            version,
            title: advisory.draft.title.clone(),
            summary: advisory.draft.summary.clone(),
            details: if limited { String::new() } else { advisory.draft.details.clone() },
            severity: worst.map(|(_, severity)| severity_word(severity)).unwrap_or_default(),
            score: worst.map(|(score, _)| score),
            exploited: facts.exploited,
            vendor: Vendor {
                name: vendor.name.clone(),
                namespace: vendor.namespace.clone(),
                contact: if vendor.contact_details.is_empty() {
                    vendor.contact_email.clone()
                } else {
                    vendor.contact_details.clone()
                },
            },
            legal_notice: legal.clone(),
            products,
            vulnerabilities,
            advice,
            credits: credits(&advisory.draft.acknowledgements),
            links: links(&advisory.draft.links),
            history,
            first_published: advisory.first_published_at.unwrap_or(now).rfc3339(),
            published: now.rfc3339(),
            withdrawn: None,
        }
    }

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

fn change_note(advisory: &Advisory) -> String {
    match (advisory.version, advisory.draft.change_note.is_empty()) {
        (_, false) => advisory.draft.change_note.clone(),
        (0, true) => "First version.".to_owned(),
        (_, true) => "Revised.".to_owned(),
    }
}

/// A CPE name for one release: the product's, with the version in its place.
fn cpe_of(cpe: &str, version: &str) -> Option<String> {
    let mut parts: Vec<String> = cpe.split(':').map(str::to_owned).collect();
    let slot = parts.get_mut(5)?;
    *slot = version.chars().fold(String::new(), |mut out, c| {
        match c {
            'a'..='z' | '0'..='9' | '.' | '-' | '_' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            c if c.is_whitespace() => out.push('_'),
            c if c.is_ascii() => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push('_'),
        }
        out
    });
    Some(parts.join(":"))
}

/// A package URL for one release: the product's, with the version, unless it has one.
fn purl_of(purl: &str, version: &str) -> String {
    let end = purl.find(['?', '#']).unwrap_or(purl.len());
    let (name, rest) = purl.split_at(end);
    if name.rsplit('/').next().unwrap_or_default().contains('@') {
        return purl.to_owned();
    }
    let version: String = version
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("{name}@{version}{rest}")
}

fn products(facts: &CaseFacts, limited: bool) -> Vec<Product> {
    let mut products: Vec<Product> = Vec::new();
    // A limited notice names what is affected or may be, no more.
    let shown = |release: &ReleaseFacts| {
        facts.exposures.iter().any(|exposure| {
            exposure.release == release.id
                && (!limited
                    || matches!(Status::parse(&exposure.status), Status::Affected | Status::UnderInvestigation))
        })
    };
    for release in facts.releases.iter().filter(|release| shown(release)) {
        let entry = Release {
            id: release.id.to_string(),
            version: release.version.clone(),
            cpe: release.cpe.as_deref().and_then(|cpe| cpe_of(cpe, &release.version)),
            purl: release.purl.as_deref().map(|purl| purl_of(purl, &release.version)),
        };
        let id = release.product.to_string();
        match products.iter_mut().find(|product| product.id == id) {
            Some(product) => product.releases.push(entry),
            None => products.push(Product {
                id,
                name: release.product_name.clone(),
                slug: release.slug.clone(),
                family: release.family_name.clone(),
                releases: vec![entry],
            }),
        }
    }
    if let (true, Some(product)) = (products.is_empty(), &facts.product) {
        products.push(Product {
            id: product.id.to_string(),
            name: product.name.clone(),
            slug: product.slug.clone(),
            family: product.family_name.clone(),
            releases: Vec::new(),
        });
    }
    products
}

fn rating(vector: Option<&str>) -> Option<Rating> {
    let parsed = cvss::Vector::parse(vector?).ok()?;
    Some(Rating {
        vector: parsed.canonical(),
        score: i64::from(parsed.score().tenths()),
        severity: severity_word(parsed.severity()),
    })
}

fn vulnerability(facts: &CaseFacts, one: &VulnerabilityFacts) -> Vulnerability {
    let statuses: Vec<Exposure> = facts
        .releases
        .iter()
        .filter_map(|release| {
            let exposure = facts
                .exposures
                .iter()
                .find(|exposure| exposure.vulnerability == one.id && exposure.release == release.id)?;
            Some(Exposure {
                release: release.id.to_string(),
                status: Status::parse(&exposure.status),
                justification: exposure.justification.clone(),
                statement: exposure.statement.clone(),
            })
        })
        .collect();
    let remediations = facts
        .remediations
        .iter()
        .filter(|remedy| remedy.vulnerability == one.id)
        .map(|remedy| remediation(facts, remedy, &statuses))
        .collect();
    Vulnerability {
        title: one.title.clone(),
        description: one.description.clone(),
        cve: one.cve.clone().filter(|cve| !cve.is_empty()),
        cwe: one.cwe.clone(),
        cvss31: rating(one.cvss31.as_deref()),
        cvss40: rating(one.cvss40.as_deref()),
        statuses,
        remediations,
    }
}

/// A remedy is for the affected releases; one that a release brings, for those of the same product.
fn remediation(facts: &CaseFacts, remedy: &RemediationFacts, statuses: &[Exposure]) -> Remediation {
    let bringing = remedy.release.and_then(|id| facts.releases.iter().find(|release| release.id == id));
    let product = bringing.map(|release| release.product);
    let affected = |exposure: &&Exposure| exposure.status == Status::Affected;
    let same_product = |exposure: &&Exposure| {
        product.is_none_or(|product| {
            facts
                .releases
                .iter()
                .any(|release| release.product == product && release.id.to_string() == exposure.release)
        })
    };
    let ids = |list: Vec<&Exposure>| list.into_iter().map(|exposure| exposure.release.clone()).collect::<Vec<_>>();
    let mut releases = ids(statuses.iter().filter(affected).filter(same_product).collect());
    if releases.is_empty() {
        releases = ids(statuses.iter().filter(affected).collect());
    }
    if releases.is_empty() {
        releases = ids(statuses.iter().filter(same_product).collect());
    }
    Remediation {
        category: remedy.category.clone(),
        details: remedy.details.clone(),
        url: remedy.url.clone(),
        brings: bringing.map(|release| format!("{} {}", release.product_name, release.version)).unwrap_or_default(),
        available_on: remedy.available_on.map(|date| date.to_string()).unwrap_or_default(),
        releases,
    }
}

/// What users can do, in a limited notice: only what its author wrote, since the case's own words may tell too much.
fn advice(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn credits(text: &str) -> Vec<Credit> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (name, reason) = line.split_once('|').unwrap_or((line, ""));
            Credit { name: name.trim().to_owned(), reason: reason.trim().to_owned() }
        })
        .filter(|credit| !credit.name.is_empty())
        .collect()
}

/// Links from lines of words and an address; a line without an address is left out, which the checks point at.
pub(super) fn links(text: &str) -> Vec<Link> {
    text.lines()
        .filter_map(|line| {
            let url =
                line.split_whitespace().find(|word| word.starts_with("https://") || word.starts_with("http://"))?;
            let words = line.replace(url, " ");
            let summary = words.split_whitespace().collect::<Vec<_>>().join(" ");
            let summary = summary.trim_end_matches(['|', ':', '-', ' ']).to_owned();
            Some(Link { summary: if summary.is_empty() { url.to_owned() } else { summary }, url: url.to_owned() })
        })
        .collect()
}

/// The severity of a stored word, for colours and order.
pub(crate) fn severity_of(word: &str) -> Option<Severity> {
    Severity::parse(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_releases_carry_their_version() {
        assert_eq!(
            cpe_of("cpe:2.3:h:halden:gate_300:*:*:*:*:*:*:*:*", "7.2 SP1+b").unwrap(),
            "cpe:2.3:h:halden:gate_300:7.2_sp1\\+b:*:*:*:*:*:*:*"
        );
        assert_eq!(cpe_of("cpe:/h:halden", "1"), None);
        assert_eq!(purl_of("pkg:generic/halden/gate?os=x", "7.2+b"), "pkg:generic/halden/gate@7.2%2Bb?os=x");
        assert_eq!(purl_of("pkg:npm/%40halden/gate@1", "2"), "pkg:npm/%40halden/gate@1");
        assert_eq!(purl_of("pkg:npm/@halden/gate", "2"), "pkg:npm/@halden/gate@2");
    }

    #[test]
    fn links_and_thanks_are_read_line_by_line() {
        let read = links("Release notes: https://halden.example/notes\n\nno address\nhttps://halden.example/x");
        assert_eq!(read.len(), 2);
        assert_eq!(
            read[0],
            Link { summary: "Release notes".to_owned(), url: "https://halden.example/notes".to_owned() }
        );
        assert_eq!(read[1].summary, "https://halden.example/x");
        let read = credits("Vera Lindqvist | reporting this\n\n Oskar ");
        assert_eq!(read[0].reason, "reporting this");
        assert_eq!(read[1].name, "Oskar");
    }
}
