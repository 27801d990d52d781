//! Every file below `/.well-known/csaf/` apart from the documents, and the listings of its folders.

use std::collections::{BTreeMap, HashMap};

use csaf::Version;
use csaf::provider::{changes_csv, hash_file, index_txt};
use kernel::Timestamp;
use maud::{DOCTYPE, html};
use platform::profile::VendorProfile;

use super::provider::{self, FEED};
use super::state::File;
use super::store::{Key, Published};

const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";
const CSV: &str = "text/csv; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// What the files are made of.
pub(super) struct Made<'a> {
    /// The portal's address, without a slash at the end.
    pub(super) base: &'a str,
    /// Who publishes.
    pub(super) vendor: &'a VendorProfile,
    /// Current publications, newest first.
    pub(super) published: &'a [Published],
    /// Keys that sign or signed.
    pub(super) keys: &'a [Key],
    /// Now.
    pub(super) now: Timestamp,
}

/// All files by their path.
pub(super) fn all(made: &Made<'_>) -> HashMap<String, File> {
    let changed = provider::changed(made);
    let list = provider::listed(made.published);
    let mut files = HashMap::new();
    let mut put = |path: String, media_type, bytes: Vec<u8>, changed| {
        files.insert(path, File::new(media_type, bytes, changed));
    };
    put("provider-metadata.json".to_owned(), JSON, provider::metadata(made), changed);
    put("service.json".to_owned(), JSON, provider::service(made), changed);
    put(FEED.to_owned(), JSON, provider::rolie(made, &list), changed);
    put("white/index.txt".to_owned(), TEXT, index_txt(&list).into_bytes(), changed);
    put("white/changes.csv".to_owned(), CSV, changes_csv(&list, Version::V2_0).into_bytes(), changed);
    for key in made.keys {
        let path = format!("openpgp/{}.asc", key.fingerprint);
        put(path, "application/pgp-keys", key.armored.clone().into_bytes(), key.created_at);
    }
    let mut years: BTreeMap<i16, Vec<&Published>> = BTreeMap::new();
    for one in made.published {
        let year = one.first_published_at.date().year();
        years.entry(year).or_default().push(one);
        let path = format!("white/{year}/{}", one.csaf_name);
        let hashes = [("sha256", &one.sha256), ("sha512", &one.sha512)];
        for (ending, hash) in hashes {
            let line = hash_file(&hex::decode(hash).unwrap_or_default(), &one.csaf_name);
            put(format!("{path}.{ending}"), TEXT, line.into_bytes(), one.published_at);
        }
        if !one.signature.is_empty() {
            put(
                format!("{path}.asc"),
                "application/pgp-signature",
                one.signature.clone().into_bytes(),
                one.published_at,
            );
        }
    }
    for (path, names) in listings(made, &years) {
        put(path.clone(), HTML, listing(&path, &names).into_bytes(), changed);
    }
    files
}

/// The folders and what is in them: requirement 14 of 7.1.
fn listings(made: &Made<'_>, years: &BTreeMap<i16, Vec<&Published>>) -> Vec<(String, Vec<String>)> {
    let mut root = vec!["provider-metadata.json".to_owned(), "service.json".to_owned(), "white/".to_owned()];
    let mut list = Vec::new();
    if !made.keys.is_empty() {
        root.push("openpgp/".to_owned());
        list.push(("openpgp/".to_owned(), made.keys.iter().map(|key| format!("{}.asc", key.fingerprint)).collect()));
    }
    let mut white: Vec<String> = years.keys().rev().map(|year| format!("{year}/")).collect();
    white.extend(["changes.csv", "csaf-feed-tlp-white.json", "index.txt"].map(str::to_owned));
    for (year, published) in years {
        let mut names = Vec::new();
        for one in published {
            names.push(one.csaf_name.clone());
            names.push(format!("{}.sha256", one.csaf_name));
            names.push(format!("{}.sha512", one.csaf_name));
            if !one.signature.is_empty() {
                names.push(format!("{}.asc", one.csaf_name));
            }
        }
        names.sort();
        list.push((format!("white/{year}/"), names));
    }
    list.push(("white/".to_owned(), white));
    list.push((String::new(), root));
    list
}

fn listing(path: &str, names: &[String]) -> String {
    let title = format!("/.well-known/csaf/{path}");
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { (title) } }
            body {
                h1 { (title) }
                ul {
                    @if !path.is_empty() { li { a href="../" { "../" } } }
                    @for name in names { li { a href=(name) { (name) } } }
                }
            }
        }
    }
    .into_string()
}
