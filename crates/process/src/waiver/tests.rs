//! Exceptions through their routes.

use crate::plan::TaskState;
use crate::testing::Vendor;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_one_who_asks_does_not_decide() {
    let mut vendor = Vendor::new().await;
    vendor.answer(&["agile"]).await;
    let release = vendor.release;
    vendor.plan(release, &["agile"], &[]).await;
    let sheet = vendor.sheet(release).await;
    let task = sheet.lines.iter().find(|line| line.status.state == TaskState::Open).unwrap().task.id;
    let at = format!("/desk/releases/{release}/tasks/{task}");
    let ask =
        [("kind", "not_applicable"), ("reason", "There is no such part in the product."), ("expires_on", "2030-01-01")];
    vendor
        .lead
        .client
        .post(&format!("{at}/waiver"), &ask)
        .await
        .expect(422)
        .says("Choose one; it can be asked for again")
        .says("no such part");
    vendor.lead.client.post(&format!("{at}/waiver"), &[ask[0], ask[1], ("expires_on", "2027-01-01")]).await.expect(303);
    let state = |sheet: &crate::plan::Sheet| sheet.line(task).unwrap().status.state;
    let sheet = vendor.sheet(release).await;
    assert_eq!(state(&sheet), TaskState::Waiting);
    let decide = format!("/desk/releases/{release}/waivers/{}/decide", sheet.waivers[0].id);
    vendor.lead.client.post(&decide, &[("verdict", "approve")]).await.expect(422).says("somebody else has to decide");
    let mut champion = vendor.bed.person("Cham Pion", kernel::Role::Champion).await;
    champion.client.post(&decide, &[]).await.expect(422).says("Choose what you decide");
    champion
        .client
        .post(&decide, &[("verdict", "approve"), ("note", "Seen."), ("task", &task.to_string())])
        .await
        .expect(303);
    assert_eq!(state(&vendor.sheet(release).await), TaskState::NotApplicable);
    champion.client.post(&decide, &[("verdict", "refuse")]).await.expect(422).says("decided or ended already");
    let end = format!("/desk/releases/{release}/waivers/{}/end", sheet.waivers[0].id);
    vendor.dev.client.post(&end, &[]).await.expect(303);
    assert!(!state(&vendor.sheet(release).await).is_settled());
}
