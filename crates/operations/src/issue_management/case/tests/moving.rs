//! Merging, splitting, duplicates, handing over.

use super::{Desk, V31_HIGH};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_moves_everything_and_closes_the_other() {
    let mut desk = Desk::new().await;
    let (keep, gone) = (desk.open("Keep").await, desk.open("Gone").await);
    desk.flaw(keep, "First", None).await;
    desk.flaw(gone, "Second", Some(V31_HIGH)).await;
    let dora = desk.bed.person("Dora Developer", kernel::Role::Developer).await.id.to_string();
    let page = format!("/desk/cases/{gone}");
    let _ = desk.lead.client.post(&format!("{page}/people/add"), &[("person", &dora)]).await.expect(303);
    let _ = desk.lead.client.post(&format!("{page}/tasks"), &[("task_title", "Reproduce it")]).await.expect(303);
    let _ =
        desk.lead.client.post_files(&format!("{page}/files"), &[], &[("files", "poc.txt", b"proof")]).await.expect(303);
    let merge = format!("{page}/merge");
    let revision = desk.revision(gone).await;
    for number in ["", "PSIRT-2026-9999", "PSIRT-2026-0002"] {
        let _ = desk
            .lead
            .client
            .post(&merge, &[("into", number), ("revision", &revision)])
            .await
            .expect(422)
            .says("number");
    }
    let _ = desk.lead.client.post(&merge, &[("into", "psirt-2026-0001"), ("revision", &revision)]).await.expect(303);
    assert_eq!(desk.state(gone).await, "closed");
    let kept = format!("/desk/cases/{keep}");
    let _ = desk
        .lead
        .client
        .get(&format!("{kept}/vulnerabilities"))
        .await
        .expect(200)
        .says("First")
        .says("Second")
        .says("8.8");
    let work = desk.lead.client.get(&format!("{kept}/work")).await.expect(200).says("Reproduce it").says("poc.txt");
    let file = work.text().split("/files/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let content = desk.lead.client.get(&format!("{kept}/files/{file}")).await.expect(200);
    assert_eq!(content.bytes, b"proof");
    let _ = desk.lead.client.get(&format!("{kept}/people")).await.expect(200).says("Dora Developer");
    let _ = desk.lead.client.get(&page).await.expect(200).says("Work goes on elsewhere").says("PSIRT-2026-0001");
    let _ = desk.step(gone, "reopen", "Wrong merge.").await.expect(422).says("merged into another one");
    let _ = desk
        .lead
        .client
        .get(&format!("{kept}/timeline"))
        .await
        .expect(200)
        .says("Merged PSIRT-2026-0002 into PSIRT-2026-0001");
    let _ = desk
        .lead
        .client
        .get(&format!("{page}/timeline"))
        .await
        .expect(200)
        .says("Merged PSIRT-2026-0002 into PSIRT-2026-0001");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_duplicate_sends_its_members_to_the_other_case() {
    let mut desk = Desk::new().await;
    let (first, second) = (desk.open("First").await, desk.open("Second").await);
    let path = format!("/desk/cases/{second}/duplicate");
    let _ = desk
        .lead
        .client
        .post(&path, &[("other", ""), ("revision", "1")])
        .await
        .expect(422)
        .says("There is no such case");
    let fields = [("other", "PSIRT-2026-0001"), ("revision", "1"), ("reason_duplicate", "The same stack trace.")];
    let answer = desk.lead.client.post(&path, &fields).await.expect(303);
    assert!(answer.location().ends_with(&first.to_string()));
    assert_eq!(
        desk.value(&format!("select outcome as found from issue_case where id = '{second}'")).await,
        "duplicate"
    );
    let third = desk.open("Third").await;
    let chain = [("other", "PSIRT-2026-0002"), ("revision", "1")];
    let _ = desk
        .lead
        .client
        .post(&format!("/desk/cases/{third}/duplicate"), &chain)
        .await
        .expect(422)
        .says("went into another one itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_split_takes_what_was_ticked() {
    let mut desk = Desk::new().await;
    let case = desk.open("Two things").await;
    let page = format!("/desk/cases/{case}/split");
    let _ = desk.lead.client.get(&page).await.expect(200).says("Nothing to split off");
    desk.flaw(case, "Stays", Some(V31_HIGH)).await;
    let goes = desk.flaw(case, "Goes", Some(super::V31_LOW)).await;
    let revision = desk.revision(case).await;
    let _ = desk.lead.client.get(&page).await.expect(200).says("Goes");
    let nothing = [("title", "Other"), ("revision", revision.as_str())];
    let _ = desk.lead.client.post(&page, &nothing).await.expect(422).says("Tick what goes");
    let fields = [("title", "The other thing"), ("revision", &revision), ("vulnerability", &goes)];
    let answer = desk.lead.client.post(&page, &fields).await.expect(303);
    let made: super::CaseId = answer.location().rsplit('/').next().unwrap().parse().unwrap();
    let severity = |case: super::CaseId| format!("select severity as found from issue_case where id = '{case}'");
    assert_eq!(desk.value(&severity(case)).await, "high");
    assert_eq!(desk.value(&severity(made)).await, "low");
    let words = "Split PSIRT-2026-0002 off from PSIRT-2026-0001";
    let _ = desk.lead.client.get(&format!("/desk/cases/{made}/timeline")).await.expect(200).says(words);
    let _ = desk.lead.client.get(&format!("/desk/cases/{case}/timeline")).await.expect(200).says(words);
    let revision = desk.revision(case).await;
    let again = [("title", "x"), ("revision", revision.as_str()), ("vulnerability", &goes)];
    let _ = desk.lead.client.post(&page, &again).await.expect(422).says("Somebody else changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handing_over_makes_a_member() {
    let mut desk = Desk::new().await;
    let case = desk.open("Overflow").await;
    let mut ana = desk.bed.person("Ana Analyst", kernel::Role::Analyst).await;
    let id = ana.id.to_string();
    let path = format!("/desk/cases/{case}/assign");
    let _ = desk.lead.client.post(&path, &[("assignee", &id), ("revision", "1")]).await.expect(303);
    let _ = ana.client.get("/desk/cases?mine=1").await.expect(200).says("Overflow");
    let _ = desk.lead.client.post(&path, &[("assignee", &id), ("revision", "1")]).await.expect(409);
    let dev = desk.bed.person("Dora Developer", kernel::Role::Developer).await.id.to_string();
    let _ = ana.client.post(&path, &[("assignee", &dev), ("revision", "2")]).await.expect(422);
    let _ = ana.client.post(&format!("/desk/cases/{case}/people/remove"), &[("person", &id)]).await.expect(303);
    assert_eq!(desk.value(&format!("select assignee_id as found from issue_case where id = '{case}'")).await, "");
}
