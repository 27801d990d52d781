//! The files of a provider, read back as JSON.

use csaf::Version;
use csaf::model::{Publisher, PublisherCategory, TlpLabel};
use csaf::provider::{
    Feed, FeedReference, Listed, ProviderDistribution, ProviderMetadata, Role, category_document, changes_csv,
    hash_file, index_txt, service_document,
};
use serde_json::{Value, json};

use crate::model::advisory;

fn listed(path: &str, updated: &str) -> Listed {
    Listed { path: path.to_owned(), updated: updated.to_owned(), ..Listed::default() }
}

#[test]
fn listings() {
    let list = [
        listed("2025/b.json", "2025-01-01T00:00:00Z"),
        listed("2026/a.json", "2026-01-01T00:30:00+01:00"),
        listed("2026/c.json", "2026-01-01T00:00:00Z"),
    ];
    assert_eq!(index_txt(&list), "2025/b.json\n2026/a.json\n2026/c.json\n");
    assert_eq!(
        changes_csv(&list, Version::V2_0),
        "\"2026/c.json\",\"2026-01-01T00:00:00Z\"\n\"2026/a.json\",\"2026-01-01T00:30:00+01:00\"\n\"2025/b.json\",\"2025-01-01T00:00:00Z\"\n"
    );
    assert!(changes_csv(&list, Version::V2_1).starts_with("2026/c.json,2026-01-01T00:00:00Z\n"));
    assert_eq!(hash_file(&[0xAB, 1], "2026/a.json"), "ab01  a.json\n");
}

#[test]
fn documents_list_themselves() {
    let entry = Listed::of(&advisory("csaf_vex")).unwrap();
    assert_eq!(entry.path, "2026/hal-2026-001.json");
    let feed = Feed {
        id: "halden-csaf-feed-tlp-white".to_owned(),
        title: "Halden Systems advisories".to_owned(),
        url: "https://halden.example/.well-known/csaf/feed-tlp-white.json".to_owned(),
        service_url: Some("https://halden.example/.well-known/csaf/service.json".to_owned()),
        updated: "2026-03-02T09:00:00Z".to_owned(),
        base_url: "https://halden.example/csaf/".to_owned(),
        sha256: true,
        sha512: true,
        signed: true,
    };
    let value: Value = serde_json::from_slice(&feed.to_bytes(&[entry], Version::V2_0)).unwrap();
    let written = &value["feed"]["entry"][0];
    assert_eq!(written["content"]["src"], "https://halden.example/csaf/2026/hal-2026-001.json");
    assert_eq!(written["link"].as_array().unwrap().len(), 4);
    assert_eq!(
        written["link"][3],
        json!({"rel": "signature", "href": "https://halden.example/csaf/2026/hal-2026-001.json.asc"})
    );
    assert_eq!(written["format"]["version"], "2.0");
    assert_eq!(value["feed"]["category"][0]["term"], "csaf");
}

fn metadata() -> ProviderMetadata {
    ProviderMetadata {
        canonical_url: "https://halden.example/.well-known/csaf/provider-metadata.json".to_owned(),
        distributions: vec![ProviderDistribution {
            directory: Some(("https://halden.example/csaf/white/".to_owned(), TlpLabel::Clear)),
            feeds: vec![FeedReference {
                summary: "All public advisories".to_owned(),
                label: Some(TlpLabel::Clear),
                url: "https://halden.example/.well-known/csaf/feed.json".to_owned(),
                last_updated: "2026-03-02T09:00:00Z".to_owned(),
            }],
            categories: Vec::new(),
            services: vec!["https://halden.example/.well-known/csaf/service.json".to_owned()],
        }],
        last_updated: "2026-03-02T09:00:00Z".to_owned(),
        list_on_aggregators: true,
        mirror_on_aggregators: true,
        maintained_until: Some("2027-03-02T09:00:00Z".to_owned()),
        public_openpgp_keys: vec![("0".repeat(40), "https://halden.example/key.asc".to_owned())],
        publisher: Publisher {
            category: PublisherCategory::Vendor,
            name: "Halden Systems".to_owned(),
            namespace: "https://halden.example".to_owned(),
            ..Publisher::default()
        },
        role: Role::TrustedProvider,
        ..ProviderMetadata::default()
    }
}

/// The official schemas, where the corpus has them, take our metadata.
#[test]
fn metadata_conforms() {
    let new: Value = serde_json::from_slice(&metadata().to_bytes(Version::V2_1)).unwrap();
    assert_eq!(
        new["distributions"][0],
        json!({"directory": {"tlp_label": "CLEAR", "url": "https://halden.example/csaf/white/"}})
    );
    assert_eq!(new["distributions"][1]["rolie"]["feeds"][0]["last_updated"], "2026-03-02T09:00:00Z");
    let old: Value = serde_json::from_slice(&metadata().to_bytes(Version::V2_0)).unwrap();
    assert_eq!(old["distributions"][0]["directory_url"], "https://halden.example/csaf/white/");
    assert_eq!(old["distributions"][0]["rolie"]["feeds"][0]["tlp_label"], "WHITE");
    assert!(old.get("maintained_until").is_none() && old.get("$schema").is_none());
    let Some(folder) = crate::corpus::folder() else { return };
    for (value, version, file) in
        [(old, "2.0", "csaf_2.0/provider_json_schema.json"), (new, "2.1", "csaf_2.1/provider.json")]
    {
        let mut schema: Value =
            serde_json::from_slice(&std::fs::read(folder.join("schema").join(file)).unwrap()).unwrap();
        localise(&mut schema);
        let schema = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<_> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0], "{version}");
    }
}

/// References to other files are taken as anything: this test is about the provider's own keys.
fn localise(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("$ref").and_then(Value::as_str).is_some_and(|reference| reference.starts_with("https:")) {
                fields.clear();
            }
            fields.remove("$schema").filter(Value::is_object).map(|kept| fields.insert("$schema".to_owned(), kept));
            fields.values_mut().for_each(localise);
        }
        Value::Array(items) => items.iter_mut().for_each(localise),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn service_and_categories() {
    let feeds = [("Public".to_owned(), "https://halden.example/feed.json".to_owned())];
    let service: Value = serde_json::from_slice(&service_document("Halden Systems", &feeds)).unwrap();
    assert_eq!(service["service"]["workspace"][0]["collection"][0]["href"], "https://halden.example/feed.json");
    let categories: Value = serde_json::from_slice(&category_document(&["Pumps".to_owned()])).unwrap();
    assert_eq!(categories["categories"]["category"][0]["term"], "Pumps");
}
