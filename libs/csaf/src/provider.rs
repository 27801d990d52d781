//! The files of a CSAF provider as pure functions: metadata, ROLIE, directory listings, hash files (section 7.1).

use std::borrow::Cow;

use crate::Version;
use crate::json::Value;
use crate::model::{Csaf, Publisher, TlpLabel};
use crate::time::Instant;

/// The scheme of the category that marks feeds and services of CSAF (RFC 8322, requirements 15 to 17).
const SCHEME: &str = "urn:ietf:params:rolie:category:information-type";

/// How much a provider offers (7.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Publishes own documents: requirements 1 to 4.
    Publisher,
    /// And describes where: requirements 5 to 7, one of 8 to 10, and 11 to 14 or 15 to 17.
    #[default]
    Provider,
    /// And hashes and signs: requirements 18 to 20.
    TrustedProvider,
}

impl Role {
    /// The name in provider metadata.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Publisher => "csaf_publisher",
            Self::Provider => "csaf_provider",
            Self::TrustedProvider => "csaf_trusted_provider",
        }
    }
}

/// A ROLIE feed as the metadata lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedReference {
    /// What is in it.
    pub summary: String,
    /// The label of its documents; none where they have none (2.0 only).
    pub label: Option<TlpLabel>,
    /// Where it is.
    pub url: String,
    /// When it changed (written in 2.1).
    pub last_updated: String,
}

/// A place where documents are found: feeds, a directory, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProviderDistribution {
    /// The directory, whose listing is `index.txt` and `changes.csv`, with the label of its documents (2.1).
    pub directory: Option<(String, TlpLabel)>,
    /// The ROLIE feeds.
    pub feeds: Vec<FeedReference>,
    /// ROLIE category documents.
    pub categories: Vec<String>,
    /// ROLIE service documents.
    pub services: Vec<String>,
}

/// What `provider-metadata.json` says (7.1.7).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProviderMetadata {
    /// Where the file itself is; ends in `/provider-metadata.json`.
    pub canonical_url: String,
    /// Where documents are found.
    pub distributions: Vec<ProviderDistribution>,
    /// When this file changed.
    pub last_updated: String,
    /// Whether aggregators may list the provider.
    pub list_on_aggregators: bool,
    /// Since when this version of the standard is served (2.1).
    pub maintained_from: Option<String>,
    /// Until when this version of the standard is served (2.1).
    pub maintained_until: Option<String>,
    /// Whether aggregators may copy the documents.
    pub mirror_on_aggregators: bool,
    /// Keys that sign: fingerprint in hexadecimal, and where the key is.
    pub public_openpgp_keys: Vec<(String, String)>,
    /// Who publishes.
    pub publisher: Publisher,
    /// How much is offered.
    pub role: Role,
}

type Fields<'m> = Vec<(Cow<'m, str>, Value<'m>)>;

fn text(text: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(text))
}

fn texts(list: &[String]) -> Value<'_> {
    Value::Array(list.iter().map(|item| text(item)).collect())
}

fn object<'m, const N: usize>(fields: [(&'static str, Value<'m>); N]) -> Value<'m> {
    Value::Object(fields.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
}

fn put<'m>(fields: &mut Fields<'m>, key: &'static str, value: Value<'m>) {
    fields.push((Cow::Borrowed(key), value));
}

/// Writes like documents are written: sorted keys, two spaces, one newline at the end.
fn bytes(value: &Value<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    value.write(&mut out, Some(0));
    out.push(b'\n');
    out
}

impl ProviderMetadata {
    /// Writes `provider-metadata.json` for the documents of a version.
    #[must_use]
    pub fn to_bytes(&self, version: Version) -> Vec<u8> {
        let mut fields = Fields::new();
        let new = version == Version::V2_1;
        if new {
            put(&mut fields, "$schema", text("https://docs.oasis-open.org/csaf/csaf/v2.1/schema/provider.json"));
        }
        put(&mut fields, "canonical_url", text(&self.canonical_url));
        let distributions: Vec<_> = self.distributions.iter().flat_map(|item| distribution(item, version)).collect();
        if !distributions.is_empty() {
            put(&mut fields, "distributions", Value::Array(distributions));
        }
        put(&mut fields, "last_updated", text(&self.last_updated));
        put(&mut fields, "list_on_CSAF_aggregators", Value::Bool(self.list_on_aggregators));
        for (key, date) in [("maintained_from", &self.maintained_from), ("maintained_until", &self.maintained_until)] {
            if let Some(date) = date.as_ref().filter(|_| new) {
                put(&mut fields, key, text(date));
            }
        }
        put(&mut fields, "metadata_version", text(version.as_str()));
        put(&mut fields, "mirror_on_CSAF_aggregators", Value::Bool(self.mirror_on_aggregators));
        if !self.public_openpgp_keys.is_empty() {
            let keys = self.public_openpgp_keys.iter();
            let keys = keys.map(|(print, url)| object([("fingerprint", text(print)), ("url", text(url))]));
            put(&mut fields, "public_openpgp_keys", Value::Array(keys.collect()));
        }
        put(&mut fields, "publisher", publisher(&self.publisher, version));
        put(&mut fields, "role", text(self.role.as_str()));
        bytes(&Value::Object(fields))
    }
}

fn publisher(publisher: &Publisher, version: Version) -> Value<'_> {
    let mut fields = Fields::new();
    put(&mut fields, "category", text(publisher.category.name_in(version)));
    for (key, value) in
        [("contact_details", &publisher.contact_details), ("issuing_authority", &publisher.issuing_authority)]
    {
        if let Some(value) = value {
            put(&mut fields, key, text(value));
        }
    }
    put(&mut fields, "name", text(&publisher.name));
    put(&mut fields, "namespace", text(&publisher.namespace));
    Value::Object(fields)
}

/// In 2.1 directory and feeds are entries of their own; in 2.0 one entry holds both.
fn distribution(item: &ProviderDistribution, version: Version) -> Vec<Value<'_>> {
    let mut rolie = Fields::new();
    if !item.feeds.is_empty() {
        for (key, list) in [("categories", &item.categories), ("services", &item.services)] {
            if !list.is_empty() {
                put(&mut rolie, key, texts(list));
            }
        }
        put(&mut rolie, "feeds", Value::Array(item.feeds.iter().map(|feed| feed_reference(feed, version)).collect()));
    }
    let rolie = (!rolie.is_empty()).then_some(("rolie", Value::Object(rolie)));
    match version {
        Version::V2_0 => {
            let mut fields = Fields::new();
            if let Some((url, _)) = &item.directory {
                put(&mut fields, "directory_url", text(url));
            }
            if let Some((key, rolie)) = rolie {
                put(&mut fields, key, rolie);
            }
            if fields.is_empty() { Vec::new() } else { vec![Value::Object(fields)] }
        }
        Version::V2_1 => {
            let directory = item.directory.as_ref().map(|(url, label)| {
                ("directory", object([("tlp_label", text(label.name_in(version))), ("url", text(url))]))
            });
            directory.into_iter().chain(rolie).map(|entry| object([entry])).collect()
        }
    }
}

fn feed_reference(feed: &FeedReference, version: Version) -> Value<'_> {
    let label = match (feed.label, version) {
        (Some(label), _) => label.name_in(version),
        (None, Version::V2_0) => "UNLABELED",
        (None, Version::V2_1) => TlpLabel::Clear.name_in(version),
    };
    let mut fields = Fields::new();
    if version == Version::V2_1 {
        put(&mut fields, "last_updated", text(&feed.last_updated));
    }
    if !feed.summary.is_empty() {
        put(&mut fields, "summary", text(&feed.summary));
    }
    put(&mut fields, "tlp_label", text(label));
    put(&mut fields, "url", text(&feed.url));
    Value::Object(fields)
}

/// A document as directories and feeds list it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The tracking identifier.
    pub id: String,
    /// The title.
    pub title: String,
    /// What it is about, in a sentence.
    pub summary: Option<String>,
    /// The path below the directory: year folder and file name.
    pub path: String,
    /// When the document was first published.
    pub published: String,
    /// When it was last changed.
    pub updated: String,
}

impl Listed {
    /// The entry of a document; `None` when its initial release has no date.
    #[must_use]
    pub fn of(csaf: &Csaf) -> Option<Self> {
        let tracking = &csaf.document.tracking;
        let folder = crate::year_folder(&tracking.initial_release_date)?;
        Some(Self {
            id: tracking.id.clone(),
            title: csaf.document.title.clone(),
            summary: None,
            path: format!("{folder}/{}", csaf.file_name()),
            published: tracking.initial_release_date.clone(),
            updated: tracking.current_release_date.clone(),
        })
    }
}

/// Sorts by date of change, newest first, then by path, so that equal input gives equal bytes.
fn newest_first(list: &[Listed]) -> Vec<&Listed> {
    let mut sorted: Vec<&Listed> = list.iter().collect();
    sorted.sort_by(|left, right| {
        let by_date = Instant::parse(&right.updated).cmp(&Instant::parse(&left.updated));
        by_date.then_with(|| left.path.cmp(&right.path))
    });
    sorted
}

/// The file `index.txt`: one path a line, sorted (7.1.12).
#[must_use]
pub fn index_txt(list: &[Listed]) -> String {
    let mut paths: Vec<&str> = list.iter().map(|listed| listed.path.as_str()).collect();
    paths.sort_unstable();
    paths.dedup();
    paths.iter().flat_map(|path| [*path, "\n"]).collect()
}

/// The file `changes.csv`: path and date of each document, newest first (7.1.13), quoted in 2.0, plain in 2.1.
#[must_use]
pub fn changes_csv(list: &[Listed], version: Version) -> String {
    let mut out = String::new();
    for listed in newest_first(list) {
        let columns = [listed.path.as_str(), listed.updated.as_str()];
        for (index, column) in columns.into_iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            let quoted = version == Version::V2_0 || column.contains([',', '"', '\n', '\r']);
            if quoted {
                out.push('"');
                out.push_str(&column.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(column);
            }
        }
        out.push('\n');
    }
    out
}

/// The content of a `.sha256` or `.sha512` file: the hash in lower case, two spaces, the file name (7.1.18).
#[must_use]
pub fn hash_file(hash: &[u8], file_name: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(hash.len().saturating_mul(2).saturating_add(file_name.len()).saturating_add(3));
    for byte in hash {
        let _never_fails = write!(out, "{byte:02x}");
    }
    out.push_str("  ");
    out.push_str(file_name.rsplit('/').next().unwrap_or(file_name));
    out.push('\n');
    out
}

/// A ROLIE feed of the documents of one label (7.1.15).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// Its identifier, such as `halden-csaf-feed-tlp-white`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Where the service document is.
    pub service_url: Option<String>,
    /// When it changed.
    pub updated: String,
    /// The folder of its documents, without a slash at the end.
    pub base_url: String,
    /// Whether documents have a `.sha256` file.
    pub sha256: bool,
    /// Whether documents have a `.sha512` file.
    pub sha512: bool,
    /// Whether documents have an `.asc` signature.
    pub signed: bool,
}

fn link(relation: &'static str, href: String) -> Value<'static> {
    object([("rel", text(relation)), ("href", Value::Text(Cow::Owned(href)))])
}

fn information_type() -> Value<'static> {
    object([("scheme", text(SCHEME)), ("term", text("csaf"))])
}

impl Feed {
    /// Writes the feed with its entries, the newest first.
    #[must_use]
    pub fn to_bytes(&self, list: &[Listed], version: Version) -> Vec<u8> {
        let mut links = vec![link("self", self.url.clone())];
        links.extend(self.service_url.iter().map(|url| link("service", url.clone())));
        let entries = newest_first(list).into_iter().map(|listed| self.entry(listed, version)).collect();
        bytes(&object([(
            "feed",
            object([
                ("category", Value::Array(vec![information_type()])),
                ("entry", Value::Array(entries)),
                ("id", text(&self.id)),
                ("link", Value::Array(links)),
                ("title", text(&self.title)),
                ("updated", text(&self.updated)),
            ]),
        )]))
    }

    fn entry<'m>(&'m self, listed: &'m Listed, version: Version) -> Value<'m> {
        let url = format!("{}/{}", self.base_url.trim_end_matches('/'), listed.path);
        let schema = match version {
            Version::V2_0 => "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json",
            Version::V2_1 => crate::schema::SCHEMA_URL,
        };
        let mut links = vec![link("self", url.clone())];
        let files =
            [(self.sha256, "hash", "sha256"), (self.sha512, "hash", "sha512"), (self.signed, "signature", "asc")];
        links.extend(
            files
                .into_iter()
                .filter(|(there, ..)| *there)
                .map(|(_, relation, suffix)| link(relation, format!("{url}.{suffix}"))),
        );
        let mut fields = Fields::new();
        put(
            &mut fields,
            "content",
            object([("src", Value::Text(Cow::Owned(url))), ("type", text("application/json"))]),
        );
        put(&mut fields, "format", object([("schema", text(schema)), ("version", text(version.as_str()))]));
        put(&mut fields, "id", text(&listed.id));
        put(&mut fields, "link", Value::Array(links));
        put(&mut fields, "published", text(&listed.published));
        if let Some(summary) = &listed.summary {
            put(&mut fields, "summary", object([("content", text(summary))]));
        }
        put(&mut fields, "title", text(&listed.title));
        put(&mut fields, "updated", text(&listed.updated));
        Value::Object(fields)
    }
}

/// The ROLIE service document `service.json`: title and URL of each feed (7.1.16).
#[must_use]
pub fn service_document(workspace: &str, feeds: &[(String, String)]) -> Vec<u8> {
    let collections = feeds
        .iter()
        .map(|(title, url)| {
            object([
                ("categories", object([("category", Value::Array(vec![information_type()]))])),
                ("href", text(url)),
                ("title", text(title)),
            ])
        })
        .collect();
    let workspace = object([("collection", Value::Array(collections)), ("title", text(workspace))]);
    bytes(&object([("service", object([("workspace", Value::Array(vec![workspace]))]))]))
}

/// A ROLIE category document: the terms by which a consumer may filter, such as product families (7.1.17).
#[must_use]
pub fn category_document(terms: &[String]) -> Vec<u8> {
    let list = terms.iter().map(|term| object([("term", text(term))])).collect();
    bytes(&object([("categories", object([("category", Value::Array(list))]))]))
}
