//! The portal through its routes.

use platform::jobs::Jobs;
use testbed::Testbed;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_portal_says_so_and_serves_its_files() {
    let bed = Testbed::new(crate::routes(), Jobs::default()).await;
    let mut visitor = bed.visitor();
    for (page, words) in [
        ("/", "Nothing is published yet"),
        ("/advisories", "No advisory matches"),
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
    visitor.get("/advisories/PSA-2026-0001").await.expect(404);
    visitor.get("/.well-known/csaf/white/2026/x.json").await.expect(404);
}
