//! Targets and roadmaps.

use super::Vendor;

const TARGETS: &str = "/desk/assessments/targets";
const ROADMAP: &str = "/desk/assessments/roadmap";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_shows_the_gap_and_earlier_ones_stay_by_day() {
    let mut vendor = Vendor::new().await;
    let at = vendor.start("all", "house-1/1.5", "Spring", false).await;
    vendor.fill(&at, "2").await;
    vendor.finish(&at, &[]).await.expect(303);
    let set = format!("{TARGETS}?place=all&model=house-1%2F1.5");
    let client = &mut vendor.lead.client;
    client.get(&set).await.expect(200).says("No target yet");
    client.post(&set, &[("seen", "0"), ("w-0", "4")]).await.expect(422).says("at most 3.00");
    client.post(&set, &[("seen", "0"), ("w-0", "high")]).await.expect(422).says("up to two decimals").says("high");
    client.post(&set, &[("seen", "0")]).await.expect(422).says("at least one practice");
    let first = [("seen", "0"), ("w-0", "2"), ("d-0", "2026-06-30"), ("w-1", "1.5"), ("note", "By summer")];
    client.post(&set, &first).await.expect(303);
    client.get(&set).await.expect(200).says("0.50 lacking").says("reached").says("By summer");
    client.get(&at).await.expect(200).says("0.50 lacking");
    client.post(&set, &[("seen", "0"), ("w-0", "3")]).await.expect(409).says("Somebody else changed");
    vendor.bed.pass(std::time::Duration::from_secs(150 * 86_400));
    let client = &mut vendor.lead.client;
    client.get(&set).await.expect(200).says("0.50 lacking, overdue");
    client.post(&set, &[("seen", "1"), ("w-0", "1"), ("note", "Less")]).await.expect(303);
    client.get(&format!("{set}&format=csv")).await.expect(200).says("Strategy and metrics,1.5000,1.00,,yes");
    client
        .get(&format!("{set}&as_of=2026-04-01&format=csv"))
        .await
        .expect(200)
        .says("Strategy and metrics,1.5000,2.00,2026-06-30,no");
    // A product without a target of its own is held against the organisation's.
    let product = format!("{TARGETS}?place=product+{}&model=house-1%2F1.5", vendor.gate);
    vendor.lead.client.get(&product).await.expect(200).says("This place has none of its own");
    let mut champion = vendor.champion;
    champion.client.post(&set, &[("seen", "2"), ("w-0", "1")]).await.expect(404);
    assert_eq!(vendor.bed.actions().await.iter().filter(|action| *action == "target.set").count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roadmap_has_phases_with_day_owner_and_scores() {
    let mut vendor = Vendor::new().await;
    let new = format!("{ROADMAP}/new?place=all&model=house-1%2F1.5");
    let owner = vendor.champion.id.to_string();
    let client = &mut vendor.lead.client;
    client.get(&new).await.expect(200).says("Cham Pion");
    client.post(&new, &[("name", "Basics"), ("due_on", "")]).await.expect(422).says("by when").says("Basics");
    let phase = [
        ("name", "Basics"),
        ("due_on", "2026-06-30"),
        ("state", "running"),
        ("owner", owner.as_str()),
        ("activities", "Write the plan\nName champions"),
        ("w-0", "1"),
    ];
    client.post(&new, &phase).await.expect(303);
    let page = client
        .get(&format!("{ROADMAP}?place=all&model=house-1%2F1.5"))
        .await
        .expect(200)
        .says("Basics")
        .says("Cham Pion")
        .text();
    assert!(page.contains("Name champions"), "{page}");
    let id =
        page.split(&format!("{ROADMAP}/")).find_map(|rest| rest.get(..36).filter(|id| id.starts_with("019"))).unwrap();
    let edit = format!("{ROADMAP}/{id}");
    client.get(&edit).await.expect(200).says("Write the plan").says("1.00");
    let mut changed = phase.to_vec();
    changed.retain(|(name, _)| *name != "state");
    changed.extend([("state", "done"), ("revision", "1")]);
    client.post(&edit, &changed).await.expect(303);
    client.post(&edit, &changed).await.expect(409).says("Somebody else changed");
    client
        .get(&format!("{ROADMAP}?place=all&model=house-1%2F1.5&format=csv"))
        .await
        .expect(200)
        .says("Basics,2026-06-30,done,Cham Pion,strategy_metrics 1.00,Write the plan; Name champions");
    vendor.champion.client.get(&edit).await.expect(404);
    let actions = vendor.bed.actions().await;
    assert!(
        actions.iter().any(|action| action == "phase.added") && actions.iter().any(|action| action == "phase.changed")
    );
}
