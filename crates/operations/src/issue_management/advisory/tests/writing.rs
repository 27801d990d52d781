//! Writing an advisory: checked while typing, every saved text kept, compared and brought back.

use super::fixture::{World, world};

const TITLE: &str = "Gate 300 stops when called with a long name";

/// Ann saves a summary.
async fn save(world: &mut World, at: &str, summary: &str) {
    let revision = world.revision().await;
    let fields = [("title", TITLE), ("summary", summary), ("revision", revision.as_str())];
    world.ann.client.post(&format!("{at}/edit"), &fields).await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_saved_text_is_kept_and_can_come_back() {
    let mut world = world().await;
    let at = world.begin().await;
    save(&mut world, &at, "Whoever can call the gate can stop it.").await;
    save(&mut world, &at, "Whoever can call the gate can stop it. Update to 7.2.").await;
    // The same again is no other text.
    save(&mut world, &at, "Whoever can call the gate can stop it. Update to 7.2.").await;
    assert_eq!(world.figure("select count(*) as n from issue_advisory_draft").await, 3);
    let history = format!("{at}/history");
    let page = world.ann.client.get(&history).await.expect(200);
    page.says("Begun from the case").says("Changed: summary").says("Text 3").says("As it stands").says("Ann Analyst");
    world
        .ann
        .client
        .get(&format!("{history}?from=2&to=3"))
        .await
        .expect(200)
        .says("Text 3 against text 2")
        .says("<mark>it. Update to 7.2.</mark>");
    world.ann.client.get(&format!("{history}?from=3&to=3")).await.expect(200).says("do not differ");
    world.ann.client.get(&format!("{history}?from=x&to=-1")).await.expect(200).says("Text 3 against text 2");

    world.act_as_ann(&at, "submit").await;
    world.act_as_lea(&at, "approve").await;
    let revision = world.revision().await;
    let now = [("revision", revision.as_str())];
    world.ann.client.post(&format!("{history}/3"), &now).await.expect(422).says("exactly this already");
    world.ann.client.post(&format!("{history}/9"), &now).await.expect(404);
    world.ann.client.post(&format!("{history}/2"), &[("revision", "1")]).await.expect(409);
    world.ann.client.post(&format!("{history}/2"), &now).await.expect(303);
    assert_eq!(world.state().await, "draft", "what was approved is not what stands there now");
    world.ann.client.get(&history).await.expect(200).says("Text 2 brought back").says("Text 4");
    let page = world.ann.client.get(&format!("{at}/edit")).await.expect(200);
    page.says("can stop it.</textarea>").keeps_quiet_about("Update to 7.2.</textarea>");
    assert!(world.bed.actions().await.contains(&"advisory.restored".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_stay_through_publication_and_others_do_not_see_them() {
    let mut world = world().await;
    let at = world.published().await;
    let revision = world.revision().await;
    let now = [("revision", revision.as_str())];
    world.ann.client.post(&format!("{at}/history/1"), &now).await.expect(422).says("in the state");
    world.act_as_ann(&at, "revise").await;
    let page = world.ann.client.get(&format!("{at}/history")).await.expect(200);
    page.says("Version 2 begun").says("not public yet").says("published");
    let mut zoe = world.bed.person("Zoe Analyst", kernel::Role::Analyst).await;
    zoe.client.get(&format!("{at}/history")).await.expect(404);
    zoe.client.post(&format!("{at}/history/1"), &now).await.expect(404);
    zoe.client.post(&format!("{at}/check"), &[("title", "x"), ("revision", "1")]).await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_is_checked_and_not_saved() {
    let mut world = world().await;
    let at = world.begin().await;
    let revision = world.revision().await;
    let form = world.ann.client.get(&format!("{at}/edit")).await.expect(200);
    form.says(&format!("data-live=\"{at}/check\"")).says("/assets/live.").says("Check without saving");
    let check = format!("{at}/check");
    let typed = [
        ("title", ""),
        ("summary", "As PSIRT-2026-0001 says, update."),
        ("links", "no address"),
        ("acknowledgements", "| for the hint"),
        ("revision", revision.as_str()),
    ];
    let parts = world.ann.client.post(&check, &typed).await.expect(200);
    assert!(!parts.text().contains("<html"), "the parts alone");
    let parts = parts
        .says("id=\"field-title-checks\"")
        .says("Please fill this in.")
        .says("one of our cases")
        .says("has no address")
        .says("but not who")
        .says("href=\"#field-links\"");
    let below = |name: &str| {
        let text = parts.text();
        let rest = text.split(&format!("id=\"field-{name}-checks\"")).nth(1).unwrap().to_owned();
        rest.split("</ul>").next().unwrap().to_owned()
    };
    assert!(below("summary").contains("one of our cases"));
    assert!(!below("details").contains("one of our cases"));
    assert_eq!(world.revision().await, revision);
    assert_eq!(world.figure("select count(*) as n from issue_advisory_draft").await, 1);

    save(&mut world, &at, "Somebody was faster.").await;
    world.ann.client.post(&check, &typed).await.expect(200).says("saved another text since");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limited_notice_with_technical_detail_is_noticed() {
    let mut world = world().await;
    let case = world.case.to_string();
    let limited = [("case", case.as_str()), ("kind", "limited_notice"), ("reason", "Attacks are seen.")];
    let at = world.lea.client.post("/desk/advisories/new", &limited).await.expect(303);
    let at = at.location().trim_end_matches("/edit").to_owned();
    let typed = [("title", "Notice"), ("summary", "CVE-1900-0042 is attacked."), ("revision", "1")];
    world.lea.client.post(&format!("{at}/check"), &typed).await.expect(200).says("tells no technical detail");
    let typed = [("title", "Notice"), ("summary", "The gate is attacked."), ("revision", "1")];
    let quiet = world.lea.client.post(&format!("{at}/check"), &typed).await.expect(200);
    quiet.keeps_quiet_about("tells no technical detail");
}
