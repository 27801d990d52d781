//! Tokens through their page.

use crate::testing::Vendor;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_shown_once_and_ended() {
    let mut vendor = Vendor::new().await;
    let at = format!("/desk/products/{}/tokens", vendor.product);
    vendor.dev.client.get(&at).await.expect(404);
    vendor
        .lead
        .client
        .post(&at, &[("name", "nightly"), ("expires_on", "2020-01-01")])
        .await
        .expect(422)
        .says("A token ends on a day");
    let page =
        vendor.lead.client.post(&at, &[("name", "nightly"), ("expires_on", "2026-12-31")]).await.expect(200).text();
    let from = page.find("pcl_").unwrap();
    let token: String =
        page[from..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect();
    vendor.lead.client.get(&at).await.expect(200).says("nightly").keeps_quiet_about(&token);
    vendor.answer(&["agile"]).await;
    vendor.plan(vendor.release, &["agile"], &[]).await;
    let gate = format!("/api/v1/products/{}/releases/1.0/gate", vendor.slug);
    let mut machine = vendor.bed.visitor().with_token(&token);
    machine.get(&gate).await.expect(200);
    machine.get(&format!("/desk/releases/{}", vendor.release)).await.expect(303);
    let mut tx = vendor.bed.platform.db.read().await.unwrap();
    let rows = platform::access::list_tokens(&mut tx, vendor.product).await.unwrap();
    drop(tx);
    let id = rows.iter().find(|row| row.name == "nightly").unwrap().id.to_string();
    vendor.lead.client.post(&format!("{at}/end"), &[("token", &id)]).await.expect(303);
    machine.get(&gate).await.expect(401).says("was ended");
    assert!(vendor.token.starts_with("pcl_"));
}
