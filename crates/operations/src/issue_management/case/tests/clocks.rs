//! Response targets: provisional, started anew, warned of, escalated, met.

use std::time::Duration;

use kernel::Timestamp;

use super::{Desk, V31_HIGH, V31_LOW};

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Waits and runs the jobs, as the program would.
async fn pass(desk: &Desk, hours: u64) {
    desk.bed.pass(Duration::from_secs(hours * 3_600));
    // The mail job fails without a mail server; the clocks are what counts here.
    desk.bed.jobs.queue_recurring(&desk.bed.platform).await.unwrap();
    desk.bed.jobs.run_due(&desk.bed.platform).await.unwrap();
}

async fn mails(desk: &Desk) -> Vec<(String, String)> {
    let mut tx = desk.bed.platform.db.read().await.unwrap();
    let rows = tx.fetch_all("select recipient, subject from mail_out order by id", &[]).await.unwrap();
    rows.iter().map(|row| (row.get("recipient").unwrap(), row.get("subject").unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn targets_are_provisional_until_the_score_is_confirmed() {
    let mut desk = Desk::new().await;
    // Received on Monday at eight; without a score the targets for high hold.
    let case = desk.open("Overflow").await;
    assert_eq!(desk.due(case, "triage").await, Some(moment("2026-03-05T08:00:00Z")));
    assert_eq!(desk.due(case, "fix").await, Some(moment("2026-04-13T08:00:00Z")));
    desk.flaw(case, "Small flaw", Some(V31_LOW)).await;
    assert_eq!(desk.due(case, "triage").await, Some(moment("2026-03-16T08:00:00Z")), "ten working days for low");
    let page = format!("/desk/cases/{case}");
    let _ = desk.lead.client.get(&page).await.expect(200).says("Targets start anew from the confirmed score");
    desk.bed.pass(Duration::from_secs(24 * 3_600));
    let flaw = desk.flaw(case, "Great flaw", Some(V31_HIGH)).await;
    let _ = desk.step(case, "confirm", "").await.expect(303);
    assert_eq!(desk.due(case, "mitigate").await, Some(moment("2026-03-17T09:00:00Z")), "ten working days from Tuesday");
    let provisional = format!(
        "select cast(count(*) as text) as found from issue_clock where case_id = '{case}' and provisional = true and met_at is null"
    );
    assert_eq!(desk.value(&provisional).await, "0");
    desk.mitigate(case, &flaw).await;
    let met =
        format!("select cast(met_at as text) as found from issue_clock where case_id = '{case}' and step = 'mitigate'");
    assert_eq!(desk.value(&met).await, "", "the small flaw has no mitigation yet");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_score_after_confirmation_moves_targets_and_route() {
    let mut desk = Desk::new().await;
    let case = desk.open("Overflow").await;
    let flaw = desk.flaw(case, "Flaw", Some(V31_LOW)).await;
    let _ = desk.step(case, "confirm", "").await.expect(303);
    let low = desk.due(case, "fix").await.unwrap();
    let score = format!("/desk/cases/{case}/vulnerabilities/{flaw}/score");
    let fields = [("cvss", "3.1"), ("pasted31", V31_HIGH), ("reason31", "Reachable from outside."), ("revision", "2")];
    let _ = desk.lead.client.post(&score, &fields).await.expect(303);
    assert!(desk.due(case, "fix").await.unwrap() < low);
    assert!(desk.due(case, "disclose").await.is_some(), "the route is an advisory now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn warnings_and_escalations_go_out_once_and_tell_nothing() {
    let mut desk = Desk::new().await;
    let case = desk.open("Secret overflow").await;
    pass(&desk, 1).await;
    assert_eq!(mails(&desk).await, []);
    // Triage in three working days: the warning comes after two.
    pass(&desk, 47).await;
    let first = mails(&desk).await;
    assert_eq!(
        first,
        [("lea.lead@halden.example".to_owned(), "[PSIRT-2026-0001] A response target ends soon".to_owned())]
    );
    pass(&desk, 1).await;
    assert_eq!(mails(&desk).await.len(), 1, "once");
    let _ = desk.lead.client.get("/desk/cases").await.expect(200).says("Due soon");
    pass(&desk, 24).await;
    let second = mails(&desk).await;
    assert_eq!(second.len(), 2);
    assert_eq!(second[1].1, "[PSIRT-2026-0001] A response target was missed");
    pass(&desk, 1).await;
    assert_eq!(mails(&desk).await.len(), 2, "once");
    let _ = desk.lead.client.get("/desk/cases?overdue=1").await.expect(200).says("Overdue").says("Secret overflow");
    let page = format!("/desk/cases/{case}");
    let _ = desk.lead.client.get(&page).await.expect(200).says("escalated");
    let _ = desk.lead.client.get(&format!("{page}/timeline")).await.expect(200).says("A target was missed: triage");
    let ctx = desk.bed.program();
    let mut tx = ctx.read().await.unwrap();
    let key = platform::vault::existing_key(&mut tx, &ctx.platform.master_key, platform::vault::PROGRAM)
        .await
        .unwrap()
        .unwrap();
    for row in tx.fetch_all("select sealed from mail_out", &[]).await.unwrap() {
        let text = String::from_utf8(key.open(&row.get::<Vec<u8>>("sealed").unwrap()).unwrap()).unwrap();
        assert!(text.contains("PSIRT-2026-0001") && text.contains(&page), "{text}");
        assert!(!text.contains("overflow"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_assignee_those_who_watch_are_warned_and_the_policy_names_who_hears_of_misses() {
    let mut desk = Desk::new().await;
    let case = desk.open("Overflow").await;
    let page = format!("/desk/cases/{case}");
    let watcher = desk.bed.person("Wanda Watcher", kernel::Role::Analyst).await.id.to_string();
    let _ = desk.lead.client.post(&format!("{page}/people/add"), &[("person", &watcher)]).await.expect(303);
    let _ = desk.lead.client.post(&format!("{page}/watch"), &[("watches", "")]).await.expect(303);
    let revision = desk.revision(case).await;
    let _ = desk
        .lead
        .client
        .post(&format!("{page}/assign"), &[("assignee", ""), ("revision", &revision)])
        .await
        .expect(303);
    let ctx = desk.bed.program();
    crate::issue_management::policy::ensure_default(&ctx).await.unwrap();
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    tx.execute("update issue_policy set escalation_address = 'boss@halden.example'", &[]).await.unwrap();
    tx.commit().await.unwrap();
    pass(&desk, 48).await;
    assert_eq!(mails(&desk).await[0].0, "wanda.watcher@halden.example");
    pass(&desk, 24).await;
    assert_eq!(mails(&desk).await[1].0, "boss@halden.example");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mitigation_with_a_date_counts_from_that_date() {
    let mut desk = Desk::new().await;
    let case = desk.open("Overflow").await;
    let flaw = desk.flaw(case, "Flaw", Some(V31_HIGH)).await;
    let _ = desk.step(case, "confirm", "").await.expect(303);
    let path = format!("/desk/cases/{case}/vulnerabilities/{flaw}/remediation");
    let later = [("category", "mitigation"), ("details", "Signature update."), ("available_on", "2026-03-04")];
    let _ = desk.lead.client.post(&path, &later).await.expect(303);
    let _ = desk.step(case, "ready", "").await.expect(422);
    pass(&desk, 40).await;
    let met = format!("select cast(mitigated_at as text) as found from issue_case where id = '{case}'");
    assert_ne!(desk.value(&met).await, "");
    assert!(desk.bed.actions().await.contains(&"case.mitigated".to_owned()));
    let _ = desk.step(case, "ready", "").await.expect(303);
}
