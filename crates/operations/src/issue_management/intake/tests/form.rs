//! The public form and the reporter's page.

use std::time::Duration;

use kernel::Role;

use super::{bed, one, outbox, product};

const FIELDS: [(&str, &str); 5] = [
    ("product_text", "Gatehouse 3"),
    ("version", "3.2.1"),
    ("title", "Overflow in the dialler"),
    ("description", "A long number in the dialler makes the device restart."),
    ("steps", "Dial 300 digits."),
];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    FIELDS.iter().copied().chain(more.iter().copied()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_gets_a_page_of_its_own() {
    let bed = bed().await;
    let mut finder = bed.visitor();
    let answer = finder.get("/report").await.expect(200).says("Are you a customer?");
    assert!(answer.text().contains("psirt@halden.example"));
    let sent = finder
        .post_files(
            "/report",
            &with(&[("address", "finder@example.org"), ("name", "Fin Der"), ("credit", "wanted")]),
            &[("file", "../../crash.log", b"boom")],
        )
        .await
        .expect(303);
    let link = sent.location().to_owned();
    let page = finder
        .get(&link)
        .await
        .expect(200)
        .says("R-2026-0001")
        .says("https://security.halden.example/report/")
        .says("crash.log");
    assert_eq!(page.headers.get("x-robots-tag").unwrap(), "noindex, nofollow, noarchive");
    assert_eq!(page.headers.get("referrer-policy").unwrap(), "no-referrer");
    assert_eq!(page.headers.get("cache-control").unwrap(), "no-store");
    let path = link.split('?').next().unwrap().to_owned();
    let _again = finder.get(&path).await.expect(200).keeps_quiet_about("It is shown only now");

    let mails = outbox(&bed).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].recipient, "finder@example.org");
    assert!(mails[0].read().text.contains(&format!("https://security.halden.example{path}")));
    assert_eq!(mails[0].subject, "About R-2026-0001");
    // The secret is kept nowhere.
    let secret = path.rsplit('/').next().unwrap().to_owned();
    assert!(!one(&bed, "select body from issue_message").await.contains(&secret));

    let _wrote = finder
        .post_files(
            &format!("{path}/message"),
            &[("text", "It also happens on 3.2.2.")],
            &[("file", "more.txt", b"more")],
        )
        .await
        .expect(303);
    let _credit =
        finder.post(&format!("{path}/credit"), &[("credit", "wanted"), ("credit_name", "F. Der")]).await.expect(303);
    let page = finder.get(&path).await.expect(200).says("It also happens on 3.2.2.").says("F. Der").says("more.txt");
    let text = page.text();
    let at = text.find("/files/").unwrap();
    let file: String = text[at..].chars().take_while(|c| *c != '"').collect();
    let got = finder.get(&format!("{path}{file}")).await.expect(200);
    assert_eq!(got.bytes, b"boom");
    assert!(
        got.headers
            .get("content-disposition")
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("attachment; filename=\"crash.log\"")
    );

    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let list = lead.client.get("/desk/reports").await.expect(200).says("Overflow in the dialler").says("Fin Der");
    let text = list.text();
    let at = text.find("/desk/reports/0").unwrap();
    let detail: String = text[at..].chars().take_while(|c| *c != '"').collect();
    let _page = lead
        .client
        .get(&detail)
        .await
        .expect(200)
        .says("It also happens on 3.2.2.")
        .says("F. Der")
        .says("Completeness");
    assert_eq!(bed.actions().await, ["key.made", "report.received", "message.received", "report.credit_changed"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_said_and_kept() {
    let bed = bed().await;
    let (_, known) = product(&bed, "Gatehouse").await;
    let mut finder = bed.visitor();
    let _missing = finder
        .post("/report", &[("version", "9.9"), ("address", "nobody"), ("impact", "Everything stops.")])
        .await
        .expect(422)
        .says("Choose the product, or write its name below.")
        .says("This is not a mail address.")
        .says("value=\"9.9\"")
        .says("Everything stops.");
    let many: Vec<_> = (0..11).map(|_| ("file", "a.txt", b"x".as_slice())).collect();
    let _many = finder
        .post_files("/report", &with(&[]), &many)
        .await
        .expect(422)
        .says("at most 10 fit")
        .says("choose your files again");
    let large = vec![0_u8; (20 << 20) + 1];
    let _large = finder
        .post_files("/report", &with(&[]), &[("file", "disk.img", &large)])
        .await
        .expect(422)
        .says("disk.img is larger than 20 MiB");
    // All files together are more than the server takes at once.
    let part = vec![0_u8; 18 << 20];
    let whole = [("file", "a.img", part.as_slice()), ("file2", "b.img", &part), ("file3", "c.img", &part)];
    let _whole = finder
        .post_files("/report", &with(&[]), &whole)
        .await
        .expect(413)
        .says("larger than this server accepts")
        .says("where your text still stands");
    let _key = finder.post("/report", &with(&[("key", "not a key")])).await.expect(422).says("no OpenPGP public key");
    assert_eq!(one(&bed, "select count(*) from issue_report").await, "0");
    let _good = finder
        .post("/report", &with(&[("product", &known.to_string()), ("anonymous", "on"), ("name", "Secret Name")]))
        .await
        .expect(303);
    assert_eq!(one(&bed, "select sender_name from issue_report").await, "");
    assert!(outbox(&bed).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_fall_into_the_trap_and_too_many_wait() {
    let bed = bed().await;
    let mut robot = bed.visitor();
    let _sent = robot
        .post("/report", &with(&[("homepage", "http://buy.example"), ("address", "a@example.org")]))
        .await
        .expect(303);
    assert_eq!(one(&bed, "select classification from issue_report").await, "spam");
    assert!(outbox(&bed).await.is_empty());
    for _ in 0..19 {
        let _next = robot.post("/report", &with(&[])).await.expect(303);
    }
    let _stopped = robot.post("/report", &with(&[])).await.expect(429).says("too often");
    bed.pass(Duration::from_secs(61));
    let _goes_on = robot.post("/report", &with(&[])).await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_end_and_guesses_find_nothing() {
    let bed = bed().await;
    let mut finder = bed.visitor();
    let link = finder.post("/report", &with(&[])).await.expect(303).location().split('?').next().unwrap().to_owned();
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let id = one(&bed, "select id from issue_report").await;
    bed.pass(Duration::from_secs(400 * 86_400));
    // Nobody has dealt with it, so it does not end.
    let _open = finder.get(&link).await.expect(200);
    let _closed = lead.client.post(&format!("/desk/reports/{id}/close"), &[("revision", "1")]).await.expect(303);
    let _ended = finder.get(&link).await.expect(422).says("This private page ended on").says("R-2026-0001");
    let _write = finder.post(&format!("{link}/message"), &[("text", "Hello?")]).await.expect(422);
    for _ in 0..30 {
        let _wrong = finder.get("/report/guess").await.expect(404);
    }
    let _stopped = finder.get("/report/guess").await.expect(429);
}
