//! Claimed beside observed: figures from the views of the practices, for now and for past days.

use pack::Model;
use process::profile::{Answers, answer};

use super::{FIRST, Vendor, form_of, post, with};
use crate::strategy_metrics::observed::Measure;
use web::AsOf;

async fn classify(vendor: &Vendor, product: register::products::ProductId) {
    let draft = Answers { models: vec![Model::Agile], ..Answers::default() };
    answer(&vendor.bed.acting(&vendor.lead), product, draft).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_above_what_is_observed_is_flagged_and_opens_to_its_rows() {
    let mut vendor = Vendor::new().await;
    classify(&vendor, vendor.gate).await;
    let at = vendor.start("all", "house-1/1.5", "Spring", false).await;
    let practice = format!("{at}/{FIRST}");
    let page = vendor.lead.client.get(&practice).await.expect(200).says("1 of 2 (50 %) products classified").text();
    // "For nearly all products", and it is half of them.
    let fields = with(form_of(&page, ""), "a-1", "3");
    post(&mut vendor.lead, &practice, &fields).await.expect(303);
    vendor.lead.client.get(&practice).await.expect(200).says("claims more than is observed");
    vendor.lead.client.get(&at).await.expect(200).says("1 above observed");
    vendor
        .lead
        .client
        .get(&format!("{at}/answers?show=differs"))
        .await
        .expect(200)
        .says("classified by risk")
        .keeps_quiet_about("goal, an owner and a budget");
    let rows = "/desk/assessments/observed/products_classified_within_year?place=all";
    vendor.lead.client.get(rows).await.expect(200).says("Gate 300").says("Phone 7").says("1 of 2 (50 %)");
    let lacking = format!("{rows}&show=lacking");
    vendor.lead.client.get(&lacking).await.expect(200).says("Phone 7").keeps_quiet_about("Gate 300");
    vendor.lead.client.get(&format!("{rows}&format=csv")).await.expect(200).says("product,Gate 300,yes");
    classify(&vendor, vendor.phone).await;
    vendor.lead.client.get(&practice).await.expect(200).says("2 of 2 (100 %)").says("agrees");
    // A year later nothing is current any more; on that day it was.
    vendor.bed.pass(std::time::Duration::from_secs(400 * 86_400));
    vendor.lead.client.get(rows).await.expect(200).says("0 of 2 (0 %)");
    vendor.lead.client.get(&format!("{rows}&as_of=2026-06-01")).await.expect(200).says("2 of 2 (100 %)");
    let one = format!(
        "/desk/assessments/observed/products_classified_within_year?place=product+{}&as_of=2026-06-01",
        vendor.gate
    );
    vendor.lead.client.get(&one).await.expect(200).says("1 of 1 (100 %)").keeps_quiet_about("Phone 7");
    vendor.lead.client.get("/desk/assessments/observed/no_such_figure").await.expect(404);
    let mut stranger = vendor.stranger().await;
    stranger.client.get(rows).await.expect(404);
}

/// Writes rows that the process would write.
async fn write(vendor: &Vendor, sql: &'static str, parameters: &[db::Value]) {
    let mut tx = vendor.bed.program().begin().await.unwrap();
    tx.is_housekeeping();
    tx.execute(sql, parameters).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_count_with_evidence_that_a_second_person_accepted() {
    let mut vendor = Vendor::new().await;
    let now = vendor.bed.program().now;
    let activity = "strategy_metrics.programme_plan";
    let mut releases = Vec::new();
    for (task, version, due) in
        [("t1", "1.0", now.date()), ("t2", "2.0", now.date()), ("t3", "3.0", now.date().plus_days(30))]
    {
        let release = vendor.release(vendor.gate, version, None).await;
        write(
            &vendor,
            "insert into process_task (id, release_id, product_id, activity, practice, position, due_on, due_words, made_at)
             values ($1, $2, $3, $4, 'strategy_metrics', 1, $5, '', $6)",
            &[task.into(), release.into(), vendor.gate.into(), activity.into(), due.into(), now.into()],
        )
        .await;
        releases.push(release);
    }
    let at = vendor.start("all", "house-1/1.5", "Spring", false).await;
    let practice = format!("{at}/{FIRST}");
    vendor.lead.client.get(&practice).await.expect(200).says("0 of 2 (0 %) tasks that were due");
    let until = now + std::time::Duration::from_secs(10 * 86_400);
    write(
        &vendor,
        "insert into process_evidence (id, release_id, task_id, kind, source, title, producer, author_id, author_name,
           produced_at, valid_until, made_at) values ('e1', $1, 't1', 'document', 'link', 'Plan', 'x', 'x', 'x', $2, $3, $2)",
        &[releases[0].into(), now.into(), until.into()],
    )
    .await;
    vendor.lead.client.get(&practice).await.expect(200).says("0 of 2 (0 %) tasks that were due");
    write(
        &vendor,
        "insert into process_review (id, evidence_id, accepted, note, reviewer_id, reviewer_name, made_at)
         values ('r1', 'e1', true, '', $1, 'x', $2)",
        &[vendor.lead.id.into(), now.into()],
    )
    .await;
    vendor.lead.client.get(&practice).await.expect(200).says("1 of 2 (50 %) tasks that were due");
    let list = format!("/desk/assessments/tasks?place=all&activities={activity}");
    vendor
        .lead
        .client
        .get(&list)
        .await
        .expect(200)
        .says("Gate 300 1.0")
        .says("Gate 300 2.0")
        .keeps_quiet_about("Gate 300 3.0");
    vendor.lead.client.get(&format!("{list}&show=lacking")).await.expect(200).keeps_quiet_about("Gate 300 1.0");
    // It runs out, and the third task comes due.
    vendor.bed.pass(std::time::Duration::from_secs(40 * 86_400));
    vendor.lead.client.get(&practice).await.expect(200).says("0 of 3 (0 %) tasks that were due");
    vendor.lead.client.get(&format!("{list}&as_of=2026-03-03")).await.expect(200).says("1 of 2 (50 %)");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_can_be_asked_for_every_place() {
    let vendor = Vendor::new().await;
    vendor.release(vendor.gate, "1.0", Some("2026-01-15")).await;
    vendor.release(vendor.gate, "2.0", None).await;
    let ctx = vendor.bed.program();
    let mut tx = ctx.read().await.unwrap();
    let model = super::super::catalogue::load_newest(&mut tx, "house-1/1.5").await.unwrap();
    let scopes = [
        kernel::Scope::All,
        kernel::Scope::Family(vendor.family),
        kernel::Scope::Product { product: vendor.gate, family: vendor.family },
    ];
    for scope in scopes {
        let moment = AsOf { at: ctx.now, day: ctx.now.date(), past: false };
        let questions: Vec<_> =
            model.model.questions().map(|(_, practice, _, question)| (practice.id.as_str(), question)).collect();
        let before = tx.statements();
        let found = super::super::observed::beside(&mut tx, scope, moment, &questions).await.unwrap();
        assert!(tx.statements() - before < 30, "{} statements", tx.statements() - before);
        for (_, question) in &questions {
            if let Some(name) = &question.observed {
                assert!(Measure::parse(name).is_some(), "{name} is no figure");
            }
        }
        let gated = found["policy_compliance.3a"].measure.unwrap();
        assert_eq!((gated.0, gated.1.of, gated.1.holds), (Measure::ReleasesGated, 1, 0));
        let sboms = found["secure_architecture.1b"].measure.unwrap().1;
        assert_eq!((sboms.of, sboms.holds), (2, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cases_are_counted_and_named_only_to_those_who_see_them() {
    let world = crate::strategy_metrics::testing::World::new().await;
    world.history().await;
    let escape = crate::strategy_metrics::testing::Escape {
        product: world.phone,
        found: "2026-02-01",
        closed: Some("2026-02-25"),
        cause: "",
        activity: "",
        practice: "",
        release: None,
    };
    world.escape(&escape).await;
    let at = "/desk/assessments/observed/cases_with_root_cause";
    let mut lead = world.lead;
    // Closed within a year before 2 March 2026: two of June and September, one of February, and one without a cause.
    lead.client
        .get(&format!("{at}?place=all"))
        .await
        .expect(200)
        .says("3 of 4 (75 %)")
        .says("not for you to see")
        .keeps_quiet_about(crate::strategy_metrics::testing::SECRET);
    lead.client.get(&format!("{at}?place=family+{}", world.gates)).await.expect(200).says("1 of 1 (100 %)");
    lead.client.get(&format!("{at}?place=all&as_of=2025-03-02")).await.expect(200).says("1 of 1 (100 %)");
}
