//! What the provider says of itself: metadata, ROLIE feed and service document (CSAF 2.0 section 7.1).

use csaf::Version;
use csaf::model::{Publisher, PublisherCategory, TlpLabel};
use csaf::provider::{Feed, FeedReference, Listed, ProviderDistribution, ProviderMetadata, Role, service_document};
use kernel::Timestamp;

use super::files::Made;
use super::store::Published;

/// The path of the feed below `/.well-known/csaf/`.
pub(super) const FEED: &str = "white/csaf-feed-tlp-white.json";

/// Publications as directories and feeds list them.
pub(super) fn listed(published: &[Published]) -> Vec<Listed> {
    published
        .iter()
        .map(|one| Listed {
            id: one.number.clone(),
            title: one.title.clone(),
            summary: (!one.summary.is_empty()).then(|| one.summary.clone()),
            path: format!("{}/{}", one.first_published_at.date().year(), one.csaf_name),
            published: one.first_published_at.rfc3339(),
            updated: one.published_at.rfc3339(),
        })
        .collect()
}

/// When the listings changed last.
pub(super) fn changed(made: &Made<'_>) -> Timestamp {
    let keys = made.keys.iter().map(|key| key.created_at).max();
    let published = made.published.first().map(|newest| newest.published_at);
    keys.max(published).unwrap_or(made.now)
}

/// `provider-metadata.json`.
pub(super) fn metadata(made: &Made<'_>) -> Vec<u8> {
    let folder = format!("{}/.well-known/csaf", made.base);
    let updated = changed(made).rfc3339();
    let signed = !made.keys.is_empty() && made.published.iter().all(|one| !one.signature.is_empty());
    ProviderMetadata {
        canonical_url: format!("{folder}/provider-metadata.json"),
        distributions: vec![ProviderDistribution {
            directory: Some((format!("{folder}/white/"), TlpLabel::Clear)),
            feeds: vec![FeedReference {
                summary: "All advisories that may be passed on without limits".to_owned(),
                label: Some(TlpLabel::Clear),
                url: format!("{folder}/{FEED}"),
                last_updated: updated.clone(),
            }],
            categories: Vec::new(),
            services: vec![format!("{folder}/service.json")],
        }],
        last_updated: updated,
        list_on_aggregators: true,
        maintained_from: None,
        maintained_until: None,
        mirror_on_aggregators: true,
        public_openpgp_keys: made
            .keys
            .iter()
            .map(|key| (key.fingerprint.clone(), format!("{folder}/openpgp/{}.asc", key.fingerprint)))
            .collect(),
        publisher: Publisher {
            category: PublisherCategory::Vendor,
            contact_details: (!made.vendor.contact_details.is_empty()).then(|| made.vendor.contact_details.clone()),
            issuing_authority: None,
            name: made.vendor.name.clone(),
            namespace: made.vendor.namespace.clone(),
        },
        role: if signed { Role::TrustedProvider } else { Role::Provider },
    }
    .to_bytes(Version::V2_0)
}

/// The ROLIE feed.
pub(super) fn rolie(made: &Made<'_>, list: &[Listed]) -> Vec<u8> {
    let folder = format!("{}/.well-known/csaf", made.base);
    Feed {
        id: "csaf-feed-tlp-white".to_owned(),
        title: format!("{} security advisories (TLP:WHITE)", made.vendor.name),
        url: format!("{folder}/{FEED}"),
        service_url: Some(format!("{folder}/service.json")),
        updated: changed(made).rfc3339(),
        base_url: format!("{folder}/white"),
        sha256: true,
        sha512: true,
        signed: !made.published.is_empty() && made.published.iter().all(|one| !one.signature.is_empty()),
    }
    .to_bytes(list, Version::V2_0)
}

/// `service.json`.
pub(super) fn service(made: &Made<'_>) -> Vec<u8> {
    let feed = ("TLP:WHITE advisories".to_owned(), format!("{}/.well-known/csaf/{FEED}", made.base));
    service_document(&format!("{} security advisories", made.vendor.name), &[feed])
}
