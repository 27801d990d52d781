//! Evidence through the routes: reviews, posts, and what is refused.

use crate::plan::TaskState;
use crate::testing::Vendor;

async fn planned() -> Vendor {
    let mut vendor = Vendor::new().await;
    vendor.answer(&["agile", "devops"]).await;
    vendor.plan(vendor.release, &["agile"], &[]).await;
    vendor
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_else_reviews_and_a_rejection_is_said() {
    let mut vendor = planned().await;
    let release = vendor.release;
    let sheet = vendor.sheet(release).await;
    let line = sheet.lines.iter().find(|line| line.task.activity == "threat_assessment.attack_surface").unwrap();
    let at = format!("/desk/releases/{release}/tasks/{}", line.task.id);
    let add = format!("{at}/evidence");
    vendor
        .lead
        .client
        .post(&add, &[("slot", "1"), ("title", "Drawing")])
        .await
        .expect(422)
        .says("Choose a file")
        .says("Drawing");
    // A clock that is off at a desk: nobody made this tomorrow.
    let early =
        [("slot", "1"), ("title", "Drawing"), ("url", "https://wiki.halden.example/a"), ("produced_on", "2026-03-03")];
    vendor.lead.client.post(&add, &early).await.expect(422).says("a day that is still to come").says("role=\"alert\"");
    let long = format!("https://halden.example/{}", "a".repeat(2_000));
    for (url, words) in [("javascript:alert(1)", "A link starts with https://"), (long.as_str(), "at most 2000 fit")] {
        let fields = [("slot", "1"), ("title", "Drawing"), ("url", url)];
        vendor.lead.client.post_files(&add, &fields, &[("file", "a.svg", b"<svg/>")]).await.expect(422).says(words);
    }
    vendor
        .lead
        .client
        .post_files(&add, &[("slot", "1"), ("title", "Drawing")], &[("file", "a.svg", b"<svg/>")])
        .await
        .expect(303);
    let state = |sheet: &crate::plan::Sheet| sheet.line(line.task.id).unwrap().status.state;
    let sheet = vendor.sheet(release).await;
    assert_eq!(state(&sheet), TaskState::Waiting);
    let one = sheet.evidence.iter().find(|one| one.title == "Drawing").unwrap();
    assert_eq!(one.author_id, Vendor::id_of(&vendor.lead));
    assert_eq!(one.sha256.len(), 64);
    let review = format!("/desk/releases/{release}/evidence/{}/review", one.id);
    vendor.lead.client.post(&review, &[("verdict", "accept")]).await.expect(422).says("somebody else has to review it");
    vendor.dev.client.post(&review, &[("verdict", "accept")]).await.expect(404);
    vendor.lead.client.post(&review, &[]).await.expect(422).says("Choose what you decide");
    let mut champion = vendor.bed.person("Cham Pion", kernel::Role::Champion).await;
    champion.client.post(&review, &[("verdict", "reject"), ("note", "Old drawing.")]).await.expect(303);
    champion.client.get(&at).await.expect(200).says("Old drawing.");
    assert_eq!(state(&vendor.sheet(release).await), TaskState::InWork);
    champion.client.post(&review, &[("verdict", "accept")]).await.expect(303);
    assert_eq!(state(&vendor.sheet(release).await), TaskState::Done);
    let file = format!("/desk/releases/{release}/evidence/{}/file", one.id);
    let answer = vendor.dev.client.get(&file).await.expect(200);
    assert_eq!(answer.bytes, b"<svg/>");
    assert_eq!(answer.headers["content-type"], "application/octet-stream");
    let mut stranger = vendor.stranger().await;
    stranger.client.get(&file).await.expect(404);
    stranger.client.get(&at).await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posts_are_taken_once_and_refused_with_a_clear_answer() {
    let mut vendor = planned().await;
    let at = format!("/api/v1/products/{}/releases/1.0/evidence", vendor.slug);
    let send = async |vendor: &mut Vendor, path: &str, body: &str| {
        let answer = vendor.pipeline.post_body(path, "application/json", body.as_bytes()).await;
        (answer.status.as_u16(), answer.json())
    };
    let good =
        r#"{"kind":"sast","producer":"ci 7","measures":{"critical":0,"high":0},"sent_at":"2026-03-02T09:00:30Z"}"#;
    let (status, first) = send(&mut vendor, &at, good).await;
    assert_eq!(status, 201, "{first}");
    let before = vendor.bed.actions().await.len();
    let (status, second) = send(&mut vendor, &at, good).await;
    assert_eq!((status, &second["data"]["id"]), (200, &first["data"]["id"]));
    assert_eq!(vendor.bed.actions().await.len(), before);
    for (body, code) in [
        (r#"{"kind":"magic","producer":"ci"}"#, "unknown-kind"),
        (r#"{"kind":"sast","producer":"ci","measures":{"found":1}}"#, "unknown-measure"),
        (r#"{"kind":"sast","producer":"ci","sent_at":"2026-03-02T10:00:00Z"}"#, "clock-off"),
        (r#"{"kind":"sast","producer":"ci","produced_at":"2026-03-03T10:00:00Z"}"#, "clock-off"),
        (r#"{"kind":"sast","producer":"ci","produced_at":"yesterday"}"#, "invalid"),
        (r#"{"kind":"sast""#, "bad-json"),
        (r#"{"kind":"sast","producer":"ci","colour":"red"}"#, "bad-json"),
        (r#"{"kind":"sast","producer":" "}"#, "invalid"),
        (r#"{"kind":"sast","producer":"ci","url":"javascript:alert(1)"}"#, "invalid"),
    ] {
        let (status, answer) = send(&mut vendor, &at, body).await;
        assert_eq!((status, answer["error"]["code"].as_str().unwrap()), (422, code), "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().len() > 20);
    }
    // A run that tells no time says the same every night: the same day it is the same run, the next day another one.
    let undated = r#"{"kind":"secrets","producer":"ci","measures":{"found":0}}"#;
    assert_eq!(send(&mut vendor, &at, undated).await.0, 201);
    let again = vendor.pipeline.post_body(&at, "application/json", undated.as_bytes()).await.expect(200);
    assert_eq!(again.work.rows_written, 0);
    vendor.bed.pass(std::time::Duration::from_secs(86_400));
    assert_eq!(send(&mut vendor, &at, undated).await.0, 201);
    let (status, answer) = send(&mut vendor, "/api/v1/products/other/releases/1.0/evidence", good).await;
    assert_eq!((status, answer["error"]["code"].as_str().unwrap()), (422, "wrong-product"));
    let unknown = at.replace("/1.0/", "/9/");
    let (_, answer) = send(&mut vendor, &unknown, good).await;
    assert_eq!(answer["error"]["code"], "unknown-release");
    let mut nobody = vendor.bed.visitor().with_token("pcl_wrong");
    nobody.post_body(&at, "application/json", good.as_bytes()).await.expect(401).says("token-refused");
    vendor.bed.pass(std::time::Duration::from_secs(400 * 86_400));
    let (status, answer) = send(&mut vendor, &at, good).await;
    assert_eq!((status, answer["error"]["code"].as_str().unwrap()), (401, "token-refused"));
    assert!(answer["error"]["message"].as_str().unwrap().contains("expired"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_practices_record_takes_the_place_of_what_they_said_before() {
    let vendor = planned().await;
    let ctx = vendor.bed.program();
    let record = |high: u32, at: &str| super::Record {
        release: vendor.release,
        kind: pack::EvidenceKind::ScanReport,
        post: Some("sast".to_owned()),
        title: "Source analysis".to_owned(),
        url: String::new(),
        sha256: String::new(),
        measures: [("high".to_owned(), high), ("critical".to_owned(), 0)].into(),
        producer: "a tool".to_owned(),
        produced_at: at.parse().unwrap(),
    };
    let write = async |record: super::Record| -> bool {
        let mut tx = ctx.begin().await.unwrap();
        tx.is_housekeeping();
        let written = super::record_in(&mut tx, &ctx, record).await.unwrap();
        tx.commit().await.unwrap();
        written
    };
    let present = async || {
        let sheet = vendor.sheet(vendor.release).await;
        let of = |one: &&super::Evidence| one.post.as_deref() == Some("sast") && one.ended_at.is_none();
        sheet.evidence.iter().filter(of).map(|one| (one.id, one.measures["high"])).collect::<Vec<_>>()
    };
    assert!(write(record(2, "2026-03-01T10:00:00Z")).await);
    assert!(!write(record(2, "2026-03-01T10:00:00Z")).await, "the same is written once");
    assert!(write(record(0, "2026-03-01T10:00:00Z")).await, "a judgement changes what is open");
    let now = present().await;
    assert_eq!(now.iter().map(|(_, high)| *high).collect::<Vec<_>>(), [0]);
    let dev = vendor.bed.acting(&vendor.dev);
    super::end(&dev, vendor.release, now[0].0, "It was of another build.").await.unwrap();
    assert!(!write(record(1, "2026-03-01T10:00:00Z")).await, "what was taken away does not come back by itself");
    assert!(write(record(1, "2026-03-02T08:00:00Z")).await, "a newer report does");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_room_observes_is_shown_by_a_document_and_what_one_does_is_not() {
    let mut vendor = planned().await;
    let release = vendor.release;
    let sheet = vendor.sheet(release).await;
    let line = |id: &str| sheet.lines.iter().find(|line| line.task.activity == id).unwrap();
    let observed = line("strategy_metrics.risk_classification");
    let add = format!("/desk/releases/{release}/tasks/{}/evidence", observed.task.id);
    let paper = [("slot", "0"), ("title", "Profile"), ("url", "https://wiki.halden.example/profile")];
    vendor.dev.client.post(&add, &paper).await.expect(422);
    let task = line("security_requirements.select_baseline").task.id;
    let at = format!("/desk/releases/{release}/tasks/{task}");
    let page = vendor.dev.client.get(&at).await.expect(200).says("Nobody observes this here yet: attach a document");
    page.says("Add evidence").says("document: Requirements are selected");
    let gate = format!("/api/v1/products/{}/releases/1.0/gate", vendor.slug);
    let gate = vendor.pipeline.get(&gate).await.expect(200).text();
    assert!(gate.contains("Nobody observes this here yet: attach a document"), "{gate}");
    let paper = [("slot", "0"), ("title", "Selection"), ("url", "https://wiki.halden.example/selection")];
    vendor.dev.client.post(&format!("{at}/evidence"), &paper).await.expect(303);
    let state = |sheet: &crate::plan::Sheet| sheet.line(task).unwrap().status.state;
    let sheet = vendor.sheet(release).await;
    assert_eq!(state(&sheet), TaskState::Waiting);
    let one = sheet.evidence.iter().find(|one| one.title == "Selection").unwrap().id;
    let review = format!("/desk/releases/{release}/evidence/{one}/review");
    vendor.lead.client.post(&review, &[("verdict", "accept")]).await.expect(303);
    assert_eq!(state(&vendor.sheet(release).await), TaskState::Done);
    vendor.dev.client.get(&at).await.expect(200).says("Nobody observes this here yet.").says("counts");
    // The day a room reports it, that counts and the document no longer does.
    crate::testing::set_fact(&vendor.bed, release, "requirements_selected", false).await;
    assert_eq!(state(&vendor.sheet(release).await), TaskState::InWork);
    vendor.dev.client.get(&at).await.expect(200).says("It is not so.").keeps_quiet_about("Nobody observes this");
    crate::testing::set_fact(&vendor.bed, release, "requirements_selected", true).await;
    let sheet = vendor.sheet(release).await;
    assert_eq!(state(&sheet), TaskState::Done);
    assert!(sheet.line(task).unwrap().status.pieces.iter().all(|piece| piece.by.is_none()));
}
