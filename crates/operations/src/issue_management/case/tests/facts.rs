//! What release plans learn of cases and intake: held against time, and without telling which case it was.

use std::time::Duration;

use db::Value;
use kernel::Timestamp;

use super::Desk;

/// What is said now of a fact for the coming release: its rows as (holds, words).
async fn said(desk: &Desk, fact: &str) -> Vec<(bool, String)> {
    let now: Timestamp = desk.bed.platform.clock.now();
    let mut tx = desk.bed.platform.db.read().await.unwrap();
    let sql = "select holds, words from v_issue_management_facts
                where release_id = $1 and fact = $2 and at <= $3 and (until is null or until > $3) order by holds, words";
    let parameters: [Value; 3] = [desk.coming.into(), fact.into(), now.into()];
    let rows = tx.fetch_all(sql, &parameters).await.unwrap();
    rows.iter().map(|row| (row.get("holds").unwrap(), row.get("words").unwrap())).collect()
}

async fn holds(desk: &Desk, fact: &str) -> bool {
    let rows = said(desk, fact).await;
    !rows.is_empty() && rows.iter().all(|(holds, _)| *holds)
}

async fn run(desk: &Desk, sql: &str, parameters: &[Value]) {
    let ctx = desk.bed.program();
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    tx.execute(sql.to_owned(), parameters).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ways_to_report_are_open_with_policy_address_and_a_key_that_holds() {
    let desk = Desk::new().await;
    let lacks = |rows: &[(bool, String)], words: &str| rows.iter().any(|(holds, said)| !holds && said.contains(words));
    let rows = said(&desk, "intake_open").await;
    assert!(lacks(&rows, "No disclosure policy") && lacks(&rows, "No address"), "{rows:?}");
    for (name, value) in [("vendor.policy", "Write to us."), ("vendor.contact_email", "psirt@halden.example")] {
        let sql = "insert into setting (name, value, revision) values ($1, $2, 1)";
        run(&desk, sql, &[name.into(), value.into()]).await;
    }
    assert_eq!(said(&desk, "intake_open").await, [], "nothing is wrong but the key is missing");
    let now = desk.bed.platform.clock.now();
    let key = "insert into issue_key (id, address, family_id, fingerprint, public_key, sealed_secret, state, created_at, expires_at)
               values ($1, 'psirt@halden.example', $2, $1, '', $3, 'active', $4, $5)";
    let ends: Timestamp = now + Duration::from_secs(10 * 86_400);
    let other = desk.bed.program().id::<kernel::kinds::Family>();
    run(&desk, key, &["k1".into(), other.into(), Vec::new().into(), now.into(), None::<Timestamp>.into()]).await;
    assert!(!holds(&desk, "intake_open").await, "another family's key does not do");
    run(&desk, key, &["k2".into(), "".into(), Vec::new().into(), now.into(), Some(ends).into()]).await;
    assert!(holds(&desk, "intake_open").await);
    desk.bed.pass(Duration::from_secs(10 * 86_400));
    assert!(!holds(&desk, "intake_open").await, "the key is over");
    run(&desk, key, &["k3".into(), desk.family.into(), Vec::new().into(), ends.into(), None::<Timestamp>.into()]).await;
    assert!(holds(&desk, "intake_open").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_past_its_target_shows_until_the_step_is_done() {
    let mut desk = Desk::new().await;
    assert!(holds(&desk, "cases_on_time").await);
    let case = desk.open("Secret overflow").await;
    assert!(holds(&desk, "cases_on_time").await);
    let due = desk.due(case, "triage").await.unwrap();
    let left = due.since(desk.bed.platform.clock.now());
    desk.bed.pass(left.saturating_sub(Duration::from_secs(1)));
    let late = said(&desk, "cases_on_time").await.iter().filter(|(holds, _)| !holds).count();
    desk.bed.pass(Duration::from_secs(1));
    let rows = said(&desk, "cases_on_time").await;
    assert_eq!(rows.iter().filter(|(holds, _)| !holds).count(), late + 1);
    assert!(rows.iter().all(|(_, words)| !words.contains("overflow") && !words.contains("PSIRT")), "{rows:?}");
    let _ = desk.step(case, "not-a-vulnerability", "It is meant.").await.expect(303);
    assert!(holds(&desk, "cases_on_time").await, "the case is closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_case_without_root_cause_shows_until_it_has_one() {
    let mut desk = Desk::new().await;
    let case = desk.published().await;
    assert!(holds(&desk, "root_causes_recorded").await, "the case is not closed yet");
    let now = desk.bed.platform.clock.now();
    let close = "update issue_case set state = 'closed', outcome = 'fixed', closed_at = $1 where id = $2";
    run(&desk, close, &[now.into(), case.into()]).await;
    assert!(!holds(&desk, "root_causes_recorded").await);
    desk.bed.pass(Duration::from_secs(60));
    desk.explain(case).await;
    assert!(holds(&desk, "root_causes_recorded").await);
}
