//! The CSAF 2.0 document of a snapshot: profile security advisory, or informational advisory for a limited notice.

use csaf::model::{
    Acknowledgment, AggregateSeverity, Branch, BranchCategory, Content, Csaf, Cwe, Distribution, Document, Engine,
    Flag, FlagLabel, FullProductName, Generator, GenericUri, IdentificationHelper, Identifier, Metric, Note,
    NoteCategory, ProductStatus, ProductTree, Publisher, PublisherCategory, Reference, ReferenceCategory, Remediation,
    RemediationCategory, Revision, Status as TrackingStatus, Threat, ThreatCategory, Tlp, TlpLabel, Tracking,
    Vulnerability, cvss_object,
};

use super::model::figure;
use super::snapshot::{self, Snapshot, Status};

/// Where the public finds things: the addresses that a document names.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    /// The portal, without a slash at the end.
    pub(crate) base: String,
}

impl Addresses {
    /// The folder of documents that everybody may read.
    pub(crate) fn folder(&self) -> String {
        format!("{}/.well-known/csaf/white", self.base)
    }

    fn page(&self, number: &str) -> String {
        format!("{}/advisories/{number}", self.base)
    }
}

/// The year folder of a snapshot: the year of its first version.
pub(crate) fn year(snapshot: &Snapshot) -> &str {
    snapshot.first_published.get(..4).unwrap_or("1970")
}

/// Makes the document.
pub(crate) fn document(snapshot: &Snapshot, addresses: &Addresses) -> Csaf {
    let informational = snapshot.is_limited();
    let mut vulnerabilities: Vec<Vulnerability> =
        snapshot.vulnerabilities.iter().enumerate().map(|(index, one)| vulnerability(snapshot, index, one)).collect();
    if informational {
        vulnerabilities.clear();
    }
    Csaf {
        document: Document {
            acknowledgments: snapshot.credits.iter().map(acknowledgment).collect(),
            aggregate_severity: (!snapshot.severity.is_empty())
                .then(|| AggregateSeverity { namespace: None, text: capital(&snapshot.severity) }),
            category: if informational { "csaf_informational_advisory" } else { "csaf_security_advisory" }.to_owned(),
            distribution: Some(Distribution {
                sharing_group: None,
                text: Some("This document may be passed on without limits.".to_owned()),
                tlp: Some(Tlp { label: TlpLabel::Clear, url: Some("https://www.first.org/tlp/".to_owned()) }),
            }),
            lang: Some("en".to_owned()),
            notes: notes(snapshot),
            publisher: Publisher {
                category: PublisherCategory::Vendor,
                contact_details: (!snapshot.vendor.contact.is_empty()).then(|| snapshot.vendor.contact.clone()),
                issuing_authority: None,
                name: snapshot.vendor.name.clone(),
                namespace: snapshot.vendor.namespace.clone(),
            },
            references: references(snapshot, addresses),
            title: snapshot.title.clone(),
            tracking: tracking(snapshot),
            ..Document::default()
        },
        product_tree: tree(snapshot),
        vulnerabilities,
        ..Csaf::default()
    }
}

/// The name of the document's file.
pub(crate) fn file_name(snapshot: &Snapshot) -> String {
    csaf::file_name(&snapshot.number)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn acknowledgment(credit: &snapshot::Credit) -> Acknowledgment {
    Acknowledgment {
        names: vec![credit.name.clone()],
        summary: Some(if credit.reason.is_empty() { "Reported this to us.".to_owned() } else { credit.reason.clone() }),
        ..Acknowledgment::default()
    }
}

fn note(category: NoteCategory, title: &str, text: &str) -> Option<Note> {
    (!text.trim().is_empty()).then(|| Note {
        category,
        text: text.trim().to_owned(),
        title: Some(title.to_owned()),
        ..Note::default()
    })
}

fn notes(snapshot: &Snapshot) -> Vec<Note> {
    let withdrawn = snapshot.withdrawn.as_ref().map(|reason| format!("This advisory was withdrawn. {reason}"));
    [
        note(NoteCategory::General, "Withdrawn", &withdrawn.unwrap_or_default()),
        note(NoteCategory::Summary, "Summary", &snapshot.summary),
        note(NoteCategory::Details, "Details", &snapshot.details),
        note(NoteCategory::General, "What to do", &snapshot.advice.join("\n\n")),
        note(NoteCategory::LegalDisclaimer, "Legal notice", &snapshot.legal_notice),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn references(snapshot: &Snapshot, addresses: &Addresses) -> Vec<Reference> {
    let reference =
        |category, summary: &str, url: String| Reference { category: Some(category), summary: summary.to_owned(), url };
    let canonical = format!("{}/{}/{}", addresses.folder(), year(snapshot), file_name(snapshot));
    let mut list = vec![
        reference(ReferenceCategory::SelfReference, "The canonical address of this document", canonical),
        reference(ReferenceCategory::SelfReference, "This advisory as a web page", addresses.page(&snapshot.number)),
        reference(ReferenceCategory::External, "How we handle vulnerabilities", format!("{}/policy", addresses.base)),
    ];
    list.extend(
        snapshot.links.iter().map(|link| reference(ReferenceCategory::External, &link.summary, link.url.clone())),
    );
    list
}

fn tracking(snapshot: &Snapshot) -> Tracking {
    let history = snapshot.history.iter().map(|revision| Revision {
        date: revision.at.clone(),
        legacy_version: None,
        number: revision.version.to_string(),
        summary: revision.summary.clone(),
    });
    Tracking {
        current_release_date: snapshot.published.clone(),
        generator: Some(Generator {
            date: Some(snapshot.published.clone()),
            engine: Engine { name: "Portcullis".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) },
        }),
        id: snapshot.number.clone(),
        initial_release_date: snapshot.first_published.clone(),
        revision_history: history.collect(),
        status: TrackingStatus::Final,
        version: snapshot.version.to_string(),
        ..Tracking::default()
    }
}

/// The identifier of a release in the document.
fn product_id(product: &snapshot::Product, release: &snapshot::Release) -> String {
    format!("{}:{}", product.slug, release.version)
}

/// Vendor, family, product, version.
fn tree(snapshot: &Snapshot) -> Option<ProductTree> {
    let mut families: Vec<Branch> = Vec::new();
    for product in snapshot.products.iter().filter(|product| !product.releases.is_empty()) {
        let versions = product.releases.iter().map(|release| Branch {
            branches: Vec::new(),
            category: BranchCategory::ProductVersion,
            name: release.version.clone(),
            product: Some(FullProductName {
                name: format!("{} {} {}", snapshot.vendor.name, product.name, release.version),
                product_id: product_id(product, release),
                product_identification_helper: Some(identification(snapshot, release)),
                x_extensions: Vec::new(),
            }),
        });
        let branch = Branch {
            branches: versions.collect(),
            category: BranchCategory::ProductName,
            name: product.name.clone(),
            product: None,
        };
        match families.iter_mut().find(|family| family.name == product.family) {
            Some(family) => family.branches.push(branch),
            None => families.push(Branch {
                branches: vec![branch],
                category: BranchCategory::ProductFamily,
                name: product.family.clone(),
                product: None,
            }),
        }
    }
    if families.is_empty() {
        return None;
    }
    let vendor = Branch {
        branches: families,
        category: BranchCategory::Vendor,
        name: snapshot.vendor.name.clone(),
        product: None,
    };
    Some(ProductTree { branches: vec![vendor], ..ProductTree::default() })
}

/// CPE and package URL where they are known, else the identifier under which the vendor keeps the release.
fn identification(snapshot: &Snapshot, release: &snapshot::Release) -> IdentificationHelper {
    let known = release.cpe.is_some() || release.purl.is_some();
    let own = GenericUri { namespace: snapshot.vendor.namespace.clone(), uri: format!("urn:uuid:{}", release.id) };
    IdentificationHelper {
        cpe: release.cpe.clone(),
        purls: release.purl.iter().cloned().collect(),
        x_generic_uris: if known { Vec::new() } else { vec![own] },
        ..IdentificationHelper::default()
    }
}

struct Names<'a> {
    snapshot: &'a Snapshot,
    one: &'a snapshot::Vulnerability,
}

impl Names<'_> {
    fn id(&self, release: &str) -> Option<String> {
        self.snapshot.release(release).map(|(product, release)| product_id(product, release))
    }

    fn with(&self, status: Status) -> Vec<String> {
        self.one
            .statuses
            .iter()
            .filter(|exposure| exposure.status == status)
            .filter_map(|exposure| self.id(&exposure.release))
            .collect()
    }
}

fn vulnerability(snapshot: &Snapshot, index: usize, one: &snapshot::Vulnerability) -> Vulnerability {
    let names = Names { snapshot, one };
    let (affected, open) = (names.with(Status::Affected), names.with(Status::UnderInvestigation));
    let concerned: Vec<String> = affected.iter().chain(&open).cloned().collect();
    let description =
        if one.description.trim().is_empty() { snapshot.summary.as_str() } else { one.description.as_str() };
    let cvss40 = one
        .cvss40
        .as_ref()
        .map(|rating| format!("{} (score {}, {})", rating.vector, figure(rating.score), capital(&rating.severity)));
    let own = Identifier {
        system_name: format!("{} advisories", snapshot.vendor.name),
        text: format!("{}-{}", snapshot.number, index + 1),
        ..Identifier::default()
    };
    let score = one.cvss31.as_ref().and_then(|rating| cvss::Vector::parse(&rating.vector).ok());
    Vulnerability {
        cve: one.cve.clone(),
        ids: vec![own],
        cwes: cwe(&one.cwe, &snapshot.published).into_iter().collect(),
        flags: flags(&names),
        metrics: score
            .filter(|_| !concerned.is_empty())
            .map(|vector| Metric {
                content: Content { cvss_v3: Some(cvss_object(&vector)), ..Content::default() },
                products: concerned.clone(),
                source: None,
            })
            .into_iter()
            .collect(),
        notes: [
            note(NoteCategory::Description, "Description", description),
            note(NoteCategory::Other, "CVSS v4.0", &cvss40.unwrap_or_default()),
        ]
        .into_iter()
        .flatten()
        .collect(),
        product_status: Some(ProductStatus {
            fixed: names.with(Status::Fixed),
            known_affected: affected,
            known_not_affected: names.with(Status::NotAffected),
            under_investigation: open,
            ..ProductStatus::default()
        }),
        remediations: remediations(&names, &concerned),
        threats: threats(&names),
        title: Some(one.title.clone()),
        ..Vulnerability::default()
    }
}

fn cwe(id: &str, day: &str) -> Option<Cwe> {
    let entry = csaf::cwe::find(id)?;
    let version = csaf::cwe::newest_on(day.get(..10).unwrap_or(day));
    Some(Cwe { id: id.to_owned(), name: entry.name_in(version).to_owned(), version: Some(version.to_owned()) })
}

/// VEX justifications, one flag for each.
fn flags(names: &Names<'_>) -> Vec<Flag> {
    let mut flags: Vec<Flag> = Vec::new();
    for exposure in names.one.statuses.iter().filter(|exposure| exposure.status == Status::NotAffected) {
        let label = exposure.justification.as_deref().and_then(FlagLabel::parse);
        if let (Some(label), Some(id)) = (label, names.id(&exposure.release)) {
            match flags.iter_mut().find(|flag| flag.label == label) {
                Some(flag) => flag.product_ids.push(id),
                None => flags.push(Flag { label, product_ids: vec![id], ..Flag::default() }),
            }
        }
    }
    flags
}

/// What is said in words about releases that are not affected.
fn threats(names: &Names<'_>) -> Vec<Threat> {
    let mut threats: Vec<Threat> = Vec::new();
    for exposure in names.one.statuses.iter().filter(|exposure| exposure.status == Status::NotAffected) {
        if let (false, Some(id)) = (exposure.statement.trim().is_empty(), names.id(&exposure.release)) {
            match threats.iter_mut().find(|threat| threat.details == exposure.statement) {
                Some(threat) => threat.product_ids.push(id),
                None => threats.push(Threat {
                    category: ThreatCategory::Impact,
                    details: exposure.statement.clone(),
                    product_ids: vec![id],
                    ..Threat::default()
                }),
            }
        }
    }
    if names.snapshot.exploited {
        threats.push(Threat {
            category: ThreatCategory::ExploitStatus,
            details: "Attacks that use this are known.".to_owned(),
            product_ids: names.with(Status::Affected),
            ..Threat::default()
        });
    }
    threats.retain(|threat| !threat.product_ids.is_empty());
    threats
}

/// What to do; releases that nothing covers say so.
fn remediations(names: &Names<'_>, concerned: &[String]) -> Vec<Remediation> {
    let mut list: Vec<Remediation> = names
        .one
        .remediations
        .iter()
        .map(|remedy| Remediation {
            category: RemediationCategory::parse(&remedy.category).unwrap_or_default(),
            date: (!remedy.available_on.is_empty()).then(|| format!("{}T00:00:00Z", remedy.available_on)),
            details: if remedy.details.trim().is_empty() {
                format!("Update to {}.", remedy.brings)
            } else {
                remedy.details.trim().to_owned()
            },
            product_ids: remedy.releases.iter().filter_map(|release| names.id(release)).collect(),
            url: (!remedy.url.is_empty()).then(|| remedy.url.clone()),
            ..Remediation::default()
        })
        .filter(|remedy| !remedy.product_ids.is_empty())
        .collect();
    let left: Vec<String> =
        concerned.iter().filter(|id| !list.iter().any(|remedy| remedy.product_ids.contains(id))).cloned().collect();
    if !left.is_empty() {
        list.push(Remediation {
            category: RemediationCategory::NoneAvailable,
            details: "There is no remedy for these releases yet.".to_owned(),
            product_ids: left,
            ..Remediation::default()
        });
    }
    list
}
