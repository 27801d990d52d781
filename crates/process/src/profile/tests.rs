//! Profiles, teams and coverage through their pages.

use crate::testing::Vendor;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_has_reasons_a_review_and_a_history() {
    let mut vendor = Vendor::new().await;
    let at = format!("/desk/products/{}/profile", vendor.product);
    vendor.dev.client.get(&at).await.expect(200).says("No profile yet");
    vendor.dev.client.get("/desk/practices/coverage").await.expect(200).says("0 of 1");
    let answers = [
        ("seen", ""),
        ("q-exposure", "internet"),
        ("r-exposure", "It is a gateway."),
        ("q-criticality", "safety"),
        ("models", "agile"),
    ];
    vendor
        .dev
        .client
        .post(&format!("{at}/answer"), &answers[..4])
        .await
        .expect(422)
        .says("Tick at least one way")
        .says("It is a gateway.");
    let long = "a".repeat(1_001);
    let too_long = [answers[0], answers[1], ("r-exposure", long.as_str()), answers[4]];
    vendor.dev.client.post(&format!("{at}/answer"), &too_long).await.expect(422).says("at most 1000 fit").says(&long);
    vendor.dev.client.post(&format!("{at}/answer"), &answers).await.expect(303);
    vendor.dev.client.get(&at).await.expect(200).says("critical risk").says("It is a gateway.").says("provisional");
    // Another's form was made before this answer, so it is told and keeps what was typed.
    vendor
        .lead
        .client
        .post(&format!("{at}/answer"), &answers)
        .await
        .expect(409)
        .says("Somebody else changed")
        .says("It is a gateway.");
    vendor.answer(&["agile"]).await;
    vendor.dev.client.get(&at).await.expect(200).says("low risk").says("Earlier profiles");
    vendor.fill_team().await;
    vendor.dev.client.get("/desk/practices/coverage").await.expect(200).says("1 of 1").says("Dev Eloper");
    vendor.bed.pass(std::time::Duration::from_secs(366 * 86_400));
    vendor.dev.client.get(&at).await.expect(200).says("overdue");
    vendor.dev.client.get("/desk/practices/coverage?lack=profile").await.expect(200).says("was due for review");
    vendor.dev.client.get(&format!("{at}?asof=2026-02-01")).await.expect(200).says("No profile yet");
    vendor.dev.client.get("/desk/practices/coverage?format=csv").await.expect(200).says("Gate 300,low");
    let mut stranger = vendor.stranger().await;
    stranger.client.get(&at).await.expect(404);
}
