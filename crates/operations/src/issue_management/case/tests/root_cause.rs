//! The root cause of a case: asked for at the end, kept with its history, told to others without a title.

use kernel::{Grant, Role, Scope};

use super::{Desk, V31_HIGH, root_cause_fields};

fn without<'a>(fields: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields
        .iter()
        .map(|(name, value)| {
            let changed = changes.iter().find(|(known, _)| known == name);
            (*name, changed.map_or(*value, |(_, new)| *new))
        })
        .chain(changes.iter().filter(|(name, _)| !fields.iter().any(|(known, _)| known == name)).copied())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_asks_for_it_and_keeps_what_was_typed() {
    let mut desk = Desk::new().await;
    let ctx = desk.bed.program();
    process::pack::load_built_in(&ctx).await.unwrap();
    let case = desk.published().await;
    let at = format!("/desk/cases/{case}/root-cause");
    let _ = desk.lead.client.get(&format!("/desk/cases/{case}")).await.expect(200).says("Record it and close");
    let page = desk.lead.client.get(&at).await.expect(200).says("CWE-787").says("Save, and: close").says("<optgroup");
    let page = page.says("One before our records").says("2.0");
    let activity = page.text().split("<optgroup").nth(1).unwrap().split("value=\"").nth(1).unwrap().to_owned();
    let activity = activity.split('"').next().unwrap().to_owned();
    let revision = desk.revision(case).await;
    let fields = root_cause_fields(&revision, "0");
    let release = desk.old.to_string();
    let good = without(&fields, &[("introduced", &release), ("caught", &activity)]);
    let wrong = without(&good, &[("caught", ""), ("then", "close")]);
    let _ = desk
        .lead
        .client
        .post(&at, &wrong)
        .await
        .expect(422)
        .says("Choose the activity that should have caught it")
        .says("A length was not checked.")
        .says(&format!("value=\"{release}\" selected"));
    assert_eq!(desk.state(case).await, "published");
    let stranger = without(&good, &[("introduced", "01910000-0000-7000-8000-000000000000")]);
    let _ = desk.lead.client.post(&at, &stranger).await.expect(422).says("Choose a release of the product");
    let _ = desk.lead.client.post(&at, &without(&good, &[("then", "close")])).await.expect(303);
    assert_eq!(desk.state(case).await, "closed");
    let _ = desk
        .lead
        .client
        .get(&format!("/desk/cases/{case}/timeline"))
        .await
        .expect(200)
        .says("Root cause: Coding mistake")
        .says(&activity);
    // Changed later: the earlier answer ends, and who is late is told and loses no text.
    let later = without(&good, &[("writes", "1"), ("cause", "design_flaw")]);
    desk.bed.pass(std::time::Duration::from_secs(60));
    let _ = desk.lead.client.post(&at, &later).await.expect(303);
    let late = without(&good, &[("writes", "1"), ("explanation", "My careful words.")]);
    let _ = desk
        .lead
        .client
        .post(&at, &late)
        .await
        .expect(422)
        .says("Somebody else saved this")
        .says("My careful words.")
        .says("design_flaw");
    let rows = "select cast(count(*) as text) as found from issue_root_cause";
    assert_eq!(desk.value(rows).await, "2");
    let present = "select cause as found from v_issue_management_root_cause where ended_at is null";
    assert_eq!(desk.value(present).await, "design_flaw");
    let _ = desk
        .lead
        .client
        .get(&format!("/desk/cases/{case}/timeline"))
        .await
        .expect(200)
        .says("Root cause before: Coding mistake");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_lead_leaves_it_unknown_and_says_why() {
    let mut desk = Desk::new().await;
    let case = desk.published().await;
    let at = format!("/desk/cases/{case}/root-cause");
    let grant = Grant { role: Role::Analyst, scope: Scope::All };
    let mut analyst = desk.bed.person_with("Ana Analyst", &[grant]).await;
    let _ = analyst.client.get(&at).await.expect(404);
    let id = analyst.id.to_string();
    let _ = desk.lead.client.post(&format!("/desk/cases/{case}/people/add"), &[("person", &id)]).await.expect(303);
    let _ = analyst.client.get(&at).await.expect(200).keeps_quiet_about(">Unknown<");
    let revision = desk.revision(case).await;
    let mut fields = vec![("revision", revision.as_str()), ("writes", "0"), ("cause", "unknown"), ("then", "close")];
    fields.push(("explanation", "The team is gone and the sources are lost."));
    let _ = analyst.client.post(&at, &fields).await.expect(422).says("Only a lead can leave the root cause unknown");
    assert_eq!(desk.state(case).await, "published");
    let silent: Vec<_> = fields.iter().copied().filter(|(name, _)| *name != "explanation").collect();
    let _ = desk.lead.client.post(&at, &silent).await.expect(422).says("Say why nobody can tell");
    let _ = desk.lead.client.post(&at, &fields).await.expect(303);
    assert_eq!(desk.state(case).await, "closed");
    let counted = "select cause as found from v_issue_management_root_cause where ended_at is null";
    assert_eq!(desk.value(counted).await, "unknown");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_no_vulnerability_has_none() {
    let mut desk = Desk::new().await;
    let case = desk.open("Nothing").await;
    let at = format!("/desk/cases/{case}/root-cause");
    let revision = desk.revision(case).await;
    let fields = root_cause_fields(&revision, "0");
    let _ = desk.lead.client.post(&at, &fields).await.expect(422).says("Add a vulnerability first");
    desk.flaw(case, "A flaw after all", Some(V31_HIGH)).await;
    let revision = desk.revision(case).await;
    let fields = root_cause_fields(&revision, "0");
    let _ = desk.lead.client.post(&at, &fields).await.expect(303);
    let shown = "select suggestion as found from v_issue_management_root_cause";
    assert_eq!(desk.value(shown).await, "", "an embargoed case gives no words away");
    let _ = desk.step(case, "not-a-vulnerability", "It is meant so.").await.expect(303);
    let rows = "select cast(count(*) as text) as found from v_issue_management_root_cause";
    assert_eq!(desk.value(rows).await, "0", "a dismissed case counts nowhere");
    let _ = desk.lead.client.get(&at).await.expect(200).says("No root cause is asked for");
}
