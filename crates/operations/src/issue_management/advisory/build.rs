//! How a snapshot is made: the text of the advisory, the facts of its case, the vendor's profile.

use kernel::Timestamp;
use platform::profile::VendorProfile;

use super::model::{
    Advisory, CaseFacts, Kind, ReleaseFacts, RemediationFacts, VulnerabilityFacts, scored, severity_word,
};
use super::snapshot::{
    Credit, Exposure, Link, Product, Rating, Release, Remediation, Revision, Snapshot, Status, Vendor, Vulnerability,
};

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
