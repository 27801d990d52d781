//! Notices through their routes: double opt-in, once each, one click to end.

use std::time::Duration;

use axum::body::Body;
use http::Request;
use kernel::Role;
use platform::vault;

use crate::issue_management::advisory::tests::fixture::{World, world};

/// Every mail that was queued, opened: recipient and message, the oldest first.
async fn mails(world: &World) -> Vec<(String, String)> {
    let mut tx = world.bed.platform.db.begin().await.unwrap();
    tx.is_housekeeping();
    let rows = tx.fetch_all("select recipient, scope, sealed from mail_out order by id", &[]).await.unwrap();
    let mut list = Vec::new();
    for row in rows {
        let scope: String = row.get("scope").unwrap();
        let key = vault::existing_key(&mut tx, &world.bed.platform.master_key, &scope).await.unwrap().unwrap();
        let bytes = key.open(&row.get::<Vec<u8>>("sealed").unwrap()).unwrap();
        list.push((row.get("recipient").unwrap(), String::from_utf8(bytes).unwrap()));
    }
    list
}

fn read(message: &str) -> mail::Message {
    mail::read(message.as_bytes(), &mail_limits()).unwrap()
}

fn mail_limits() -> csaf::Limits {
    csaf::Limits::MAIL
}

/// The path of the first link in a mail that contains `part`.
fn link(message: &str, part: &str) -> String {
    let text = read(message).text;
    let url =
        text.split_whitespace().find(|word| word.contains(part)).unwrap_or_else(|| panic!("{part} is not in:\n{text}"));
    url.strip_prefix("https://security.halden.example").unwrap().to_owned()
}

async fn sign_up(world: &World, fields: &[(&str, &str)]) {
    world.bed.visitor().post("/subscribe", fields).await.expect(200).says("Look into your mailbox");
}

/// Signs an address up and confirms it; the path with which it is managed is in later mails.
async fn subscribed(world: &World, address: &str, wishes: &[(&str, &str)]) {
    let mut fields = vec![("address", address)];
    fields.extend_from_slice(wishes);
    sign_up(world, &fields).await;
    let all = mails(world).await;
    let (_, message) = all.iter().rev().find(|(to, _)| to == address).unwrap();
    let path = link(message, "/confirm");
    world.bed.visitor().post(&path, &[]).await.expect(200).says("You are signed up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_confirmed_by_a_button_not_by_a_link() {
    let world = world().await;
    sign_up(&world, &[("address", "Ada@Users.example"), ("least", "high"), ("which", "all")]).await;
    let all = mails(&world).await;
    assert_eq!(all.len(), 1);
    let path = link(&all[0].1, "/confirm");
    let mut visitor = world.bed.visitor();
    visitor.get(&path).await.expect(200).says("Confirm my address");
    let confirmed = "select count(*) as n from issue_subscriber where state = 'confirmed'";
    assert_eq!(world.figure(confirmed).await, 0, "opening the link changes nothing");
    visitor.post(&path, &[]).await.expect(200).says("You are signed up");
    assert_eq!(world.figure(confirmed).await, 1);
    visitor.post(&path, &[]).await.expect(200).says("does not hold any more");
    sign_up(&world, &[("address", "late@users.example")]).await;
    let path = link(&mails(&world).await[1].1, "/confirm");
    world.bed.pass(Duration::from_secs(48 * 3_600 + 1));
    visitor.get(&path).await.expect(200).says("does not hold any more");
    visitor.post(&path, &[]).await.expect(200).says("does not hold any more");
    assert_eq!(world.figure(confirmed).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_learns_who_is_signed_up() {
    let world = world().await;
    let page = |address: &'static str| {
        let mut visitor = world.bed.visitor();
        async move { visitor.post("/subscribe", &[("address", address)]).await.expect(200).text() }
    };
    let unknown = page("ada@users.example").await;
    assert_eq!(page("ada@users.example").await, unknown, "asked twice within minutes");
    assert_eq!(mails(&world).await.len(), 1, "and no second mail");
    let path = link(&mails(&world).await[0].1, "/confirm");
    world.bed.visitor().post(&path, &[]).await.expect(200);
    world.bed.pass(Duration::from_secs(3_600));
    assert_eq!(page("ada@users.example").await, unknown, "confirmed");
    assert!(read(&mails(&world).await[1].1).text.contains("signed up already"));
    let mut visitor = world.bed.visitor();
    visitor
        .post("/subscribe", &[("address", "no address")])
        .await
        .expect(422)
        .says("not a mail address")
        .says("no address");
    visitor
        .post("/subscribe", &[("address", "b@users.example"), ("which", "chosen")])
        .await
        .expect(422)
        .says("Tick at least one");
    visitor.get("/subscribe/guessed").await.expect(404);
    for _ in 0..20 {
        visitor.post("/subscribe", &[("address", "x")]).await;
    }
    visitor.post("/subscribe", &[("address", "c@users.example")]).await.expect(429);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_who_wants_to_know_is_told_once() {
    let mut world = world().await;
    let (gate, phone) = (world.gate.to_string(), world.phone.to_string());
    subscribed(&world, "all@users.example", &[("which", "all")]).await;
    subscribed(&world, "gate@users.example", &[("which", "chosen"), ("product", &gate), ("least", "critical")]).await;
    subscribed(&world, "phone@users.example", &[("which", "chosen"), ("product", &phone)]).await;
    sign_up(&world, &[("address", "pending@users.example")]).await;
    let before = mails(&world).await.len();
    world.published().await;
    world.bed.jobs.run_due(&world.bed.platform).await.unwrap();
    // The job runs again, as after a crash before it was marked done.
    world.change("update job set state = 'waiting' where kind = $1", vec!["notice.queue".into()]).await;
    world.bed.jobs.run_due(&world.bed.platform).await.unwrap();
    let all = mails(&world).await;
    let told: Vec<&str> = all[before..].iter().map(|(to, _)| to.as_str()).collect();
    let mut sorted = told.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, ["all@users.example", "gate@users.example"]);
    let message = read(&all[before].1);
    let subject = message.subject.unwrap_or_default();
    assert!(subject.contains("[Critical] PSA-2026-0001"), "{subject}");
    assert!(
        message.text.contains("Affected: Gate 300 7.1") && message.text.contains("Fixed in: Gate 300 7.2"),
        "{}",
        message.text
    );
    assert!(message.text.contains("https://security.halden.example/advisories/PSA-2026-0001"));
    let raw = &all[before].1;
    assert!(raw.contains("multipart/signed") && raw.contains("text/html"), "signed, with an HTML form");
    assert!(raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{raw}");
    world.bed.pass(Duration::from_secs(60));
    subscribed(&world, "new@users.example", &[]).await;
    world.change("update job set state = 'waiting' where kind = $1", vec!["notice.queue".into()]).await;
    world.bed.jobs.run_due(&world.bed.platform).await.unwrap();
    assert_eq!(mails(&world).await.len(), all.len() + 1, "who came later is not told of what was before");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_click_ends_it() {
    let mut world = world().await;
    subscribed(&world, "ada@users.example", &[]).await;
    world.published().await;
    world.bed.jobs.run_due(&world.bed.platform).await.unwrap();
    let all = mails(&world).await;
    let (_, message) = all.last().unwrap();
    let unfolded = message.replace("\r\n ", " ").replace("\r\n\t", " ");
    let header = unfolded.lines().find(|line| line.starts_with("List-Unsubscribe:")).unwrap();
    let url = header.split(['<', '>']).nth(1).unwrap().trim().to_owned();
    let path = url.strip_prefix("https://security.halden.example").unwrap().to_owned();
    let mut visitor = world.bed.visitor();
    visitor.get(&path).await.expect(200).says("Press the button");
    let confirmed = "select count(*) as n from issue_subscriber where state = 'confirmed'";
    assert_eq!(world.figure(confirmed).await, 1, "opening it changes nothing");
    let manage = path.trim_end_matches("/unsubscribe").to_owned();
    let wishes = [("least", "critical"), ("which", "all")];
    visitor.get(&manage).await.expect(200).says("ada@users.example");
    visitor.post(&manage, &wishes).await.expect(303);
    // A mail program sends no cookie, no origin and no browser headers.
    let request = Request::post(path.as_str())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("List-Unsubscribe=One-Click"))
        .unwrap();
    world.bed.visitor().send(request).await.expect(200).says("no more notices");
    assert_eq!(world.figure(confirmed).await, 0);
    visitor.post(&path, &[]).await.expect(200);
    visitor.get(&manage).await.expect(200).says("has ended");
    visitor.post(&manage, &wishes).await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_lists_and_removes() {
    let mut world = world().await;
    subscribed(&world, "ada@users.example", &[]).await;
    world.lea.client.get("/desk/notices?q=ada&state=confirmed").await.expect(200).says("ada@users.example");
    world.lea.client.get("/desk/notices.csv").await.expect(200).says("ada@users.example,confirmed,none,All products");
    world.ann.client.get("/desk/notices").await.expect(404);
    let mut tx = world.bed.platform.db.read().await.unwrap();
    let id: String = tx.fetch_one("select id from issue_subscriber", &[]).await.unwrap().get("id").unwrap();
    drop(tx);
    world.lea.client.post("/desk/notices/remove", &[("id", &id)]).await.expect(303);
    world.lea.client.get("/desk/notices").await.expect(200).keeps_quiet_about("ada@users.example");
    let mut admin = world.bed.person("Max Admin", Role::Administrator).await;
    admin.client.get("/desk").await.expect(200).says("Public advisories");
}
