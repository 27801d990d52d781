//! Answering, validating, finishing, carrying over, comparing; two people at once; who may.

use super::{FIRST, Vendor, form_of, hidden, post, with};
use kernel::Role;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_are_scored_validated_by_another_and_closed() {
    let mut vendor = Vendor::new().await;
    let at = vendor.start("all", "house-1/1.5", "Spring", false).await;
    let practice = format!("{at}/{FIRST}");
    let page = vendor.lead.client.get(&practice).await.expect(200).says("classified by risk").text();
    let fields = with(with(form_of(&page, ""), "a-0", "3"), "a-1", "2");
    let fields = with(fields, "evidence-0", "Minutes of the board");
    post(&mut vendor.lead, &practice, &fields).await.expect(303);
    // Level 1 is the mean of 1 and 0.5; the others are not answered.
    vendor.lead.client.get(&format!("{at}?format=csv")).await.expect(200).says("Strategy and metrics,0.7500,1,0.7500");
    vendor.lead.client.get(&practice).await.expect(200).says("Minutes of the board").says("not validated");
    // Her own answer is not hers to validate, whatever the form sends.
    let answer = ("answer".to_owned(), "1@strategy_metrics.1a".to_owned());
    post(&mut vendor.lead, &format!("{at}/validate"), std::slice::from_ref(&answer))
        .await
        .expect(422)
        .says("Somebody else has to validate");
    post(&mut vendor.champion, &format!("{at}/validate"), &[answer]).await.expect(303);
    vendor.lead.client.get(&practice).await.expect(200).says("by Cham Pion");
    // A changed answer loses its validation, and the champion's old page does not bring it back.
    let page = vendor.lead.client.get(&practice).await.text();
    let fields = with(with(form_of(&page, ""), "a-0", "1"), "a-1", "2");
    post(&mut vendor.lead, &practice, &fields).await.expect(303);
    let old = [("answer".to_owned(), "1@strategy_metrics.1a".to_owned())];
    post(&mut vendor.champion, &format!("{at}/validate"), &old).await.expect(422).says("was changed since");
    vendor.finish(&at, &[]).await.expect(422).says("have no answer yet");
    vendor.finish(&at, &[("nothing", "on")]).await.expect(422).says("not validated yet");
    vendor.validate_all(&at).await;
    vendor.finish(&at, &[("nothing", "on")]).await.expect(303);
    vendor.lead.client.get(&at).await.expect(200).says("Finished").says("Start the next one");
    // Who was still typing when it was finished is told, and finds the text again.
    let late = with(fields, "note-2", "typed too late");
    post(&mut vendor.lead, &practice, &late).await.expect(422).says("is finished").says("typed too late");
    let ctx = vendor.bed.program();
    let mut tx = ctx.read().await.unwrap();
    let row = tx
        .fetch_one(
            "select scope_kind, score, numerator, denominator from v_strategy_metrics_scores where practice = 'strategy_metrics'",
            &[],
        )
        .await
        .unwrap();
    let parts: (i64, i64) = (row.get("numerator").unwrap(), row.get("denominator").unwrap());
    assert_eq!((row.get::<String>("scope_kind").unwrap().as_str(), parts), ("organisation", (7, 20)));
    assert!((row.get::<f64>("score").unwrap() - 0.35).abs() < 1e-9);
    drop(tx);
    let actions = vendor.bed.actions().await;
    for action in ["assessment.started", "assessment.answered", "assessment.validated", "assessment.finished"] {
        assert!(actions.iter().any(|known| known == action), "{action}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_apply_needs_a_reason_and_is_left_out() {
    let mut vendor = Vendor::new().await;
    let at = vendor.start("all", "house-1/2.x", "Spring", false).await;
    let practice = format!("{at}/{FIRST}");
    let page = vendor.lead.client.get(&practice).await.text();
    let fields = with(with(form_of(&page, ""), "a-0", "1"), "a-1", "na");
    let short = with(fields.clone(), "reason-1", "no");
    post(&mut vendor.lead, &practice, &short).await.expect(422).says("why this does not apply");
    let full = with(fields, "reason-1", "We have only one product.");
    post(&mut vendor.lead, &practice, &full).await.expect(303);
    // 0.25 alone counts on level 1, in the 2.x scoring.
    vendor.lead.client.get(&format!("{at}?format=csv")).await.expect(200).says("Strategy and metrics,0.2500,1,0.2500");
    vendor.lead.client.get(&practice).await.expect(200).says("We have only one product.");
    vendor.lead.client.get(&format!("{at}/answers?format=csv")).await.expect(200).says("Does not apply");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_of_two_is_told_and_loses_no_text() {
    let mut vendor = Vendor::new().await;
    let at = vendor.start("all", "house-1/1.5", "Spring", false).await;
    let practice = format!("{at}/{FIRST}");
    let page = vendor.lead.client.get(&practice).await.text();
    let hers = with(with(form_of(&page, ""), "a-0", "3"), "note-0", "as the lead sees it");
    let his = with(with(form_of(&page, ""), "a-0", "1"), "note-0", "as the champion sees it");
    let his = with(his, "a-2", "2");
    post(&mut vendor.lead, &practice, &hers).await.expect(303);
    let told = post(&mut vendor.champion, &practice, &his)
        .await
        .expect(409)
        .says("Petra Lead answered in the meantime")
        .says("as the lead sees it")
        .says("as the champion sees it")
        .text();
    assert_eq!(hidden(&told, "seen-0"), "1");
    let again = with(his, "seen-0", "1");
    post(&mut vendor.champion, &practice, &again).await.expect(303);
    vendor
        .lead
        .client
        .get(&practice)
        .await
        .expect(200)
        .says("as the champion sees it")
        .keeps_quiet_about("as the lead sees it");
    // Whoever did not touch what changed saves the rest without being told.
    let page_of_lead = with(with(form_of(&page, ""), "seen-0", "0"), "a-3", "2");
    post(&mut vendor.lead, &practice, &page_of_lead).await.expect(303);
    vendor.lead.client.get(&practice).await.expect(200).says("as the champion sees it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_one_begins_with_the_answers_and_is_compared() {
    let mut vendor = Vendor::new().await;
    let first = vendor.start("all", "house-1/1.5", "Spring", false).await;
    vendor.fill(&first, "2").await;
    vendor.finish(&first, &[]).await.expect(303);
    vendor.bed.pass(std::time::Duration::from_secs(100 * 86_400));
    let second = vendor.start("all", "house-1/1.5", "Summer", true).await;
    vendor
        .lead
        .client
        .get(&format!("{second}/{FIRST}"))
        .await
        .expect(200)
        .says("carried over")
        .says("answered by Petra Lead");
    vendor.finish(&second, &[]).await.expect(422).says("not validated yet");
    let page = vendor.lead.client.get(&format!("{second}/{FIRST}")).await.text();
    let fields = with(form_of(&page, "2"), "a-0", "3");
    post(&mut vendor.lead, &format!("{second}/{FIRST}"), &fields).await.expect(303);
    vendor.validate_all(&second).await;
    vendor.finish(&second, &[]).await.expect(303);
    vendor
        .lead
        .client
        .get(&format!("{second}/compare?format=csv"))
        .await
        .expect(200)
        .says("Strategy and metrics,1.7500,1.5000,0.2500")
        .says("Policy and compliance,1.5000,1.5000,0.0000");
    vendor.lead.client.get(&format!("{second}/compare")).await.expect(200).says("Settled, and improved regularly");
    // The trend has both, and each past day its own figures.
    vendor
        .lead
        .client
        .get("/desk/assessments/scores?place=all")
        .await
        .expect(200)
        .says("Summer")
        .says("Mean of the functions");
    vendor
        .lead
        .client
        .get("/desk/assessments/scores?place=all&as_of=2026-04-01")
        .await
        .expect(200)
        .says("Spring")
        .keeps_quiet_about("Summer");
    vendor
        .lead
        .client
        .get("/desk/assessments/scores?as_of=2026-01-01")
        .await
        .expect(200)
        .says("No finished assessment");
    vendor.lead.client.get("/desk/assessments/scores?as_of=yesterday").await.expect(422).says("not a date");
    vendor.lead.client.get(&format!("{first}?as_of=2026-03-01")).await.expect(200).says("Not answered");
    vendor
        .lead
        .client
        .get("/desk/assessments?format=csv")
        .await
        .expect(200)
        .says("Spring,The organisation,house-1/1.5,finished");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_those_who_may_see_and_change() {
    let mut vendor = Vendor::new().await;
    let place = format!("product {}", vendor.gate);
    let at = vendor.start(&place, "house-1/1.5", "Gate in spring", false).await;
    let mut stranger = vendor.stranger().await;
    stranger.client.get("/desk/assessments").await.expect(200).keeps_quiet_about("Gate in spring");
    for path in [at.clone(), format!("{at}/{FIRST}"), format!("{at}/answers"), format!("{at}/compare")] {
        stranger.client.get(&path).await.expect(404);
    }
    stranger.client.post(&format!("{at}/finish"), &[("revision", "1")]).await.expect(404);
    stranger.client.get(&format!("/desk/assessments/scores?place={}", place.replace(' ', "+"))).await.expect(404);
    stranger.client.post("/desk/assessments/models", &[]).await.expect(404);
    let mut reader = vendor.bed.person("Dev Eloper", Role::Developer).await;
    reader.client.get(&at).await.expect(200).says("Gate in spring").keeps_quiet_about("Give up");
    let page = vendor.lead.client.get(&format!("{at}/{FIRST}")).await.text();
    post(&mut reader, &format!("{at}/{FIRST}"), &form_of(&page, "1")).await.expect(404);
    let mut nobody = vendor.bed.person("Sup Port", Role::SupportAgent).await;
    nobody.client.get("/desk/assessments").await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_can_be_a_file_and_an_assessment_be_given_up() {
    let mut vendor = Vendor::new().await;
    let at = vendor.start("all", "house-1/1.5", "Spring", false).await;
    let practice = format!("{at}/{FIRST}");
    let page = vendor.lead.client.get(&practice).await.text();
    let fields = with(form_of(&page, ""), "a-0", "1");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    vendor.lead.client.post_files(&practice, &fields, &[("file-0", "plan.txt", b"the plan")]).await.expect(303);
    let page = vendor.lead.client.get(&practice).await.expect(200).says("plan.txt").text();
    let link = page.split(&format!("{at}/files/")).nth(1).unwrap().split('"').next().unwrap();
    let file = vendor.champion.client.get(&format!("{at}/files/{link}")).await.expect(200);
    assert_eq!(file.bytes, b"the plan");
    let mut stranger = vendor.stranger().await;
    stranger.client.get(&format!("{at}/files/{link}")).await.expect(404);
    let page = vendor.lead.client.get(&at).await.text();
    let revision = hidden(&page, "revision");
    vendor.lead.client.post(&format!("{at}/drop"), &[("revision", "0")]).await.expect(409);
    vendor.lead.client.post(&format!("{at}/drop"), &[("revision", &revision)]).await.expect(303);
    vendor.lead.client.get("/desk/assessments").await.expect(200).keeps_quiet_about("Spring");
    vendor.lead.client.get("/desk/assessments?state=dropped").await.expect(200).says("Spring");
}
