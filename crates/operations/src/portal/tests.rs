//! The portal through its routes: pages, files, feeds, and silence about what is not published.

use axum::body::Body;
use csaf::{Level, Limits};
use http::{Method, Request, header};
use platform::jobs::Jobs;
use testbed::Testbed;
use web::Page;

use super::pages::load_list;
use super::publish_tree;
use super::store::Filter;
use crate::issue_management::advisory::tests::fixture::{SECRET, world};

const ROOT: &str = "/.well-known/csaf";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_portal_says_so_and_serves_its_files() {
    let bed = Testbed::new(crate::routes(), Jobs::default()).await;
    let mut visitor = bed.visitor();
    for (page, words) in [
        ("/", "Nothing is published yet"),
        ("/advisories", "No advisory yet"),
        ("/policy", "Not written yet"),
        ("/privacy", "Not written yet"),
        ("/documents", "No documents yet"),
        ("/subscribe", "Your mail address"),
        ("/feeds/advisories.atom", "<feed"),
        ("/.well-known/csaf/", "provider-metadata.json"),
        ("/.well-known/csaf/provider-metadata.json", "csaf_provider"),
    ] {
        visitor.get(page).await.expect(200).says(words);
    }
    visitor.get("/advisories?format=csv").await.expect(200).says("number,title,severity");
    visitor.get("/advisories/PSA-2026-0001").await.expect(404);
    visitor.get("/.well-known/csaf/white/2026/x.json").await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_embargoed_word_is_public() {
    let mut world = world().await;
    world.write().await;
    let mut visitor = world.bed.visitor();
    for page in [
        "/",
        "/advisories",
        "/advisories?q=Quetzalcode",
        "/advisories?format=csv",
        "/advisories/PSA-2026-0001",
        "/advisories/PSA-2026-0001/versions/1",
        "/advisories/PSA-2026-0001/score/1",
        "/policy",
        "/privacy",
        "/documents",
        "/subscribe",
        "/feeds/advisories.atom",
        "/feeds/advisories.atom?product=gate-300",
        "/.well-known/csaf/",
        "/.well-known/csaf/provider-metadata.json",
        "/.well-known/csaf/service.json",
        "/.well-known/csaf/white/",
        "/.well-known/csaf/white/index.txt",
        "/.well-known/csaf/white/changes.csv",
        "/.well-known/csaf/white/csaf-feed-tlp-white.json",
        "/.well-known/csaf/white/2026/psa-2026-0001.json",
        "/nothing-here",
        "/desk/sign-in",
    ] {
        let answer = visitor.get(page).await;
        // The list repeats what the visitor searched for, and nothing else.
        let text = answer
            .text()
            .replace("Words: Quetzalcode", "")
            .replace("value=\"Quetzalcode\"", "")
            .replace("q=Quetzalcode", "");
        for word in [SECRET, "long name", "CVE-1900-0042", "Vera Lindqvist", "PSIRT-2026"] {
            assert!(!text.contains(word), "{page} says {word}");
        }
    }
    let folder = world.bed.folder().join("tree");
    publish_tree(&world.bed.program(), &folder).await.unwrap();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                assert!(!String::from_utf8_lossy(&bytes).contains(SECRET), "{}", path.display());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_provider_meets_the_requirements() {
    let mut world = world().await;
    world.published().await;
    let mut visitor = world.bed.visitor();
    let base = "https://security.halden.example";
    // 9: the well-known address answers directly; 7: what it says.
    let metadata = visitor.get(&format!("{ROOT}/provider-metadata.json")).await.expect(200);
    // 25: every origin may read it.
    assert_eq!(metadata.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    let metadata = metadata.json();
    assert_eq!(metadata["canonical_url"], format!("{base}{ROOT}/provider-metadata.json"));
    assert_eq!(metadata["role"], "csaf_trusted_provider");
    assert_eq!(metadata["publisher"]["category"], "vendor");
    assert_eq!(metadata["metadata_version"], "2.0");
    assert_eq!(metadata["distributions"][0]["directory_url"], format!("{base}{ROOT}/white/"));
    // 15: the feed of the label, its category and the links of each entry.
    let feed_url = metadata["distributions"][0]["rolie"]["feeds"][0]["url"].as_str().unwrap().to_owned();
    assert_eq!(metadata["distributions"][0]["rolie"]["feeds"][0]["tlp_label"], "WHITE");
    let feed = visitor.get(feed_url.strip_prefix(base).unwrap()).await.expect(200).json();
    assert_eq!(feed["feed"]["category"][0]["scheme"], "urn:ietf:params:rolie:category:information-type");
    assert_eq!(feed["feed"]["category"][0]["term"], "csaf");
    let entry = &feed["feed"]["entry"][0];
    assert_eq!(entry["format"]["version"], "2.0");
    let links: Vec<(String, String)> = entry["link"]
        .as_array()
        .unwrap()
        .iter()
        .map(|link| (link["rel"].as_str().unwrap().to_owned(), link["href"].as_str().unwrap().to_owned()))
        .collect();
    for relation in ["self", "hash", "signature"] {
        assert!(links.iter().any(|(known, _)| known == relation), "{relation}");
    }
    for (_, url) in &links {
        // 6: no redirects; 4: no sign-in.
        visitor.get(url.strip_prefix(base).unwrap()).await.expect(200);
    }
    // 16: the service document names the feed.
    visitor.get(&format!("{ROOT}/service.json")).await.expect(200).says(&feed_url);
    // 11, 2: year folder and file name; 12, 13: listings.
    let path = "2026/psa-2026-0001.json";
    assert_eq!(visitor.get(&format!("{ROOT}/white/index.txt")).await.expect(200).text(), format!("{path}\n"));
    assert_eq!(
        visitor.get(&format!("{ROOT}/white/changes.csv")).await.expect(200).text(),
        format!("\"{path}\",\"2026-03-02T09:00:00Z\"\n")
    );
    // 14: every folder lists what is in it, and every link of it leads somewhere.
    let mut folders = vec![format!("{ROOT}/")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        let listing = visitor.get(&folder).await.expect(200).text();
        for part in listing.split("href=\"").skip(1) {
            let name = part.split('"').next().unwrap();
            if name == "../" {
                continue;
            }
            seen += 1;
            let address = format!("{folder}{name}");
            if name.ends_with('/') {
                folders.push(address);
            } else {
                visitor.get(&address).await.expect(200);
            }
        }
    }
    assert!(seen >= 12, "{seen}");
    // 1, 18, 19: document, hashes and signature.
    let document = visitor.get(&format!("{ROOT}/white/{path}")).await.expect(200);
    assert!(csaf::validate_bytes(&document.bytes, Level::Mandatory, &Limits::DOCUMENT).unwrap().valid);
    for ending in ["sha256", "sha512", "asc"] {
        visitor.get(&format!("{ROOT}/white/{path}.{ending}")).await.expect(200);
    }
    // 20: the key.
    let key = metadata["public_openpgp_keys"][0]["url"].as_str().unwrap();
    visitor.get(key.strip_prefix(base).unwrap()).await.expect(200).says("BEGIN PGP PUBLIC KEY BLOCK");
    // 24: whoever asks gets it, whatever the program is called.
    let request = Request::get(format!("{ROOT}/white/{path}")).header(header::USER_AGENT, "curl/8").body(Body::empty());
    visitor.send(request.unwrap()).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_client_has_is_not_sent_again() {
    let mut world = world().await;
    let at = world.published().await;
    let mut visitor = world.bed.visitor();
    for path in [
        format!("{ROOT}/white/2026/psa-2026-0001.json"),
        format!("{ROOT}/provider-metadata.json"),
        "/feeds/advisories.atom".to_owned(),
    ] {
        let first = visitor.get(&path).await.expect(200);
        let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
        assert!(tag.starts_with('"'), "{tag}");
        let with = |name: header::HeaderName, value: &str| {
            Request::get(path.as_str()).header(name, value).body(Body::empty()).unwrap()
        };
        let again = visitor.send(with(header::IF_NONE_MATCH, &tag)).await.expect(304);
        assert_eq!(again.bytes.len(), 0);
        visitor.send(with(header::IF_NONE_MATCH, "\"other\"")).await.expect(200);
        let since = first.headers[header::LAST_MODIFIED].to_str().unwrap().to_owned();
        visitor.send(with(header::IF_MODIFIED_SINCE, &since)).await.expect(304);
        let head = Request::builder().method(Method::HEAD).uri(path.as_str()).body(Body::empty()).unwrap();
        let head = visitor.send(head).await.expect(200);
        assert_eq!((head.bytes.len(), head.headers[header::ETAG].to_str().unwrap()), (0, tag.as_str()));
    }
    let path = format!("{ROOT}/white/2026/psa-2026-0001.json");
    let before = visitor.get(&path).await.headers[header::ETAG].clone();
    world.bed.pass(std::time::Duration::from_secs(60));
    let revision = world.revision().await;
    let why = [("revision", revision.as_str()), ("reason", "Wrong product.")];
    world.lea.client.post(&format!("{at}/withdraw"), &why).await.expect(303);
    assert_ne!(visitor.get(&path).await.headers[header::ETAG], before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_is_filtered_sorted_and_costs_the_same_for_many() {
    let mut world = world().await;
    world.published().await;
    let mut visitor = world.bed.visitor();
    for (query, found) in [
        ("q=long+name", true),
        ("q=cve-1900-0042", true),
        ("q=7.1", true),
        ("q=telephone", false),
        ("severity=critical", true),
        ("severity=low", false),
        ("product=gate-300", true),
        ("product=phone-10", false),
        ("year=2026", true),
        ("year=2025", false),
        ("sort=severity&order=up", true),
    ] {
        let text = visitor.get(&format!("/advisories?{query}")).await.expect(200).text();
        assert_eq!(text.contains("/advisories/PSA-2026-0001"), found, "{query}");
    }
    let page = Page { number: 1, size: 25 };
    let cost = |world: &crate::issue_management::advisory::tests::fixture::World| {
        let ctx = world.bed.program();
        async move {
            let mut tx = ctx.read().await.unwrap();
            load_list(&mut tx, &Filter::default(), page).await.unwrap();
            tx.statements()
        }
    };
    let one = cost(&world).await;
    for _ in 0..3 {
        world.published().await;
    }
    assert_eq!(cost(&world).await, one);
    assert!(one <= 5, "{one}");
    visitor.get("/advisories").await.expect(200).says("PSA-2026-0004");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_score_for_ones_own_environment_works_without_script() {
    let mut world = world().await;
    world.published().await;
    let mut visitor = world.bed.visitor();
    let page = "/advisories/PSA-2026-0001/score/1";
    visitor.get(page).await.expect(200).says("9.8").says("data-cvss=\"4.0\"");
    let query = "cvss=3.1&AV=N&AC=L&PR=N&UI=N&S=U&C=H&I=H&A=H&MAV=P&E=X";
    visitor
        .get(&format!("{page}?{query}"))
        .await
        .expect(200)
        .says("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:P")
        .says("6.8");
    let whole = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/RL:O";
    visitor.get(&format!("/advisories/PSA-2026-0001?cvss={whole}")).await.expect(200).says("RL:O").says("9.4");
    visitor.get(&format!("{page}?cvss=3.1&AV=N")).await.expect(200).says("cannot be scored");
    visitor.get("/advisories/PSA-2026-0001/score/9").await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_static_tree_replaces_itself_and_nothing_else() {
    let mut world = world().await;
    world.published().await;
    let ctx = world.bed.program();
    let folder = world.bed.folder().join("site");
    let report = publish_tree(&ctx, &folder).await.unwrap();
    assert_eq!(report.advisories, 1);
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    assert!(read("index.html").contains("PSA-2026-0001"));
    let page = read("advisories/PSA-2026-0001/index.html");
    assert!(page.contains("data-cvss=\"3.1\"") && page.contains("/assets/calculator."));
    assert!(read(".well-known/csaf/white/2026/psa-2026-0001.json").contains("csaf_security_advisory"));
    assert!(read(".well-known/csaf/white/2026/psa-2026-0001.json.asc").contains("PGP SIGNATURE"));
    assert!(read(".well-known/csaf/white/index.html").contains("index.txt"));
    assert!(read("feeds/advisories.atom").contains("PSA-2026-0001"));
    assert!(read(".well-known/security.txt").contains("BEGIN PGP SIGNED MESSAGE"));
    // The key stands in the tree as page, armoured file and Web Key Directory.
    assert!(read("keys/index.html").contains("BEGIN PGP PUBLIC KEY BLOCK"));
    let names = mail::wkd::names("psirt@halden.example").unwrap();
    for path in [&names.direct, &names.advanced] {
        let bytes = std::fs::read(folder.join(path.trim_start_matches('/'))).unwrap();
        let key = mail::openpgp::PublicKey::read(&bytes).unwrap();
        assert!(read("keys/index.html").contains(&key.fingerprint()[..4]));
    }
    for path in [&names.direct_policy, &names.advanced_policy] {
        assert_eq!(read(path.trim_start_matches('/')), "");
    }
    assert_eq!(publish_tree(&ctx, &folder).await.unwrap(), report);
    let foreign = world.bed.folder().join("mine");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("thesis.txt"), "three years").unwrap();
    let error = publish_tree(&ctx, &foreign).await.unwrap_err();
    assert!(error.to_string().contains("would be lost"), "{error}");
    assert!(foreign.join("thesis.txt").exists());
    let left: Vec<_> = std::fs::read_dir(world.bed.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(".new-") || name.contains(".old-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
