//! Advisories through their routes: two people, the gate, one transaction, versions.

pub(crate) mod fixture;
mod writing;

use std::time::Duration;

use csaf::{Level, Limits};
use fixture::{SECRET, VECTOR, World, world};

use super::publishing;

const CSAF: &str = "/.well-known/csaf/white/2026/psa-2026-0001.json";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_case_to_the_public() {
    let mut world = world().await;
    let at = world.begin().await;
    let page = world.ann.client.get(&format!("{at}/edit")).await.expect(200);
    page.says("overflow in the dialler")
        .says("Vera Lindqvist")
        .says("CVE-1900-0042")
        .says(VECTOR)
        .says("Taken from the case");
    let at = {
        drop(at);
        world.write().await
    };
    world.ann.client.get(&at).await.expect(200).says("Waits for a second person").says("nothing stops it");
    let revision = world.revision().await;
    world.ann.client.post(&format!("{at}/approve"), &[("revision", &revision)]).await.expect(404);
    world.act_as_lea(&at, "approve").await;
    world.bed.visitor().get("/advisories").await.expect(200).keeps_quiet_about("long name");
    world.act_as_lea(&at, "publish").await;
    assert_eq!(world.state().await, "published");
    let mut visitor = world.bed.visitor();
    let number = "PSA-2026-0002";
    visitor.get("/").await.expect(200).says(number);
    visitor
        .get(&format!("/advisories/{number}"))
        .await
        .expect(200)
        .says("Gate 300 stops when called with a long name")
        .says("Critical")
        .says("CVE-1900-0042")
        .says("Vera Lindqvist")
        .says("Update to release 7.2.")
        .says("The component is not in this release.")
        .says(VECTOR)
        .says("data-cvss=\"3.1\"");
    let n = world
        .figure("select count(*) as n from issue_case where state = 'published' and disclosed_at is not null")
        .await;
    assert_eq!(n, 1, "the case is public too");
    let actions = world.bed.actions().await;
    let own: Vec<&str> = actions.iter().filter(|action| action.starts_with("advisory.")).map(String::as_str).collect();
    assert_eq!(
        own,
        [
            "advisory.begun",
            "advisory.begun",
            "advisory.edited",
            "advisory.submitted",
            "advisory.approved",
            "advisory.published"
        ]
    );
    world
        .lea
        .client
        .get(&format!("/desk/cases/{}/advisories", world.case))
        .await
        .expect(200)
        .says(number)
        .says("Published");
    world.lea.client.get("/desk/advisories?q=long&state=published").await.expect(200).says(number);
    world.lea.client.get("/desk/advisories?state=draft&sort=number").await.expect(200).keeps_quiet_about(number);
    world.lea.client.get("/desk/advisories.csv").await.expect(200).says("PSA-2026-0002,Gate 300 stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_is_valid_hashed_and_signed() {
    let mut world = world().await;
    world.published().await;
    let mut visitor = world.bed.visitor();
    let document = visitor.get(CSAF).await.expect(200);
    assert_eq!(document.headers["content-type"], "application/json");
    let report = csaf::validate_bytes(&document.bytes, Level::Informative, &Limits::DOCUMENT).unwrap();
    assert!(report.valid, "{:?}", report.findings);
    assert_eq!(report.findings, [], "not even a hint");
    let json = document.json();
    assert_eq!(json["document"]["category"], "csaf_security_advisory");
    assert_eq!(json["document"]["tracking"]["id"], "PSA-2026-0001");
    assert_eq!(json["vulnerabilities"][0]["product_status"]["known_affected"][0], "gate-300:7.1");
    assert_eq!(json["vulnerabilities"][0]["flags"][0]["label"], "component_not_present");
    assert_eq!(json["vulnerabilities"][0]["cwe"]["id"], "CWE-787");
    use sha2::Digest;
    let sha256 = hex::encode(sha2::Sha256::digest(&document.bytes));
    let sha512 = hex::encode(sha2::Sha512::digest(&document.bytes));
    visitor.get(&format!("{CSAF}.sha256")).await.expect(200).says(&format!("{sha256}  psa-2026-0001.json"));
    visitor.get(&format!("{CSAF}.sha512")).await.expect(200).says(&sha512);
    let metadata = visitor.get("/.well-known/csaf/provider-metadata.json").await.expect(200).json();
    let url = metadata["public_openpgp_keys"][0]["url"].as_str().unwrap();
    let key = visitor.get(url.strip_prefix("https://security.halden.example").unwrap()).await.expect(200);
    let signature = visitor.get(&format!("{CSAF}.asc")).await.expect(200);
    verify_with_gpg(&world, &key.bytes, &document.bytes, &signature.bytes);
}

/// The real program verifies the signature, with a key ring of its own.
fn verify_with_gpg(world: &World, key: &[u8], document: &[u8], signature: &[u8]) {
    let home = world.bed.folder().join("gpg");
    std::fs::create_dir(&home).unwrap();
    let path = |name: &str, bytes: &[u8]| {
        let path = home.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let (key, document, signature) = (path("key.asc", key), path("d.json", document), path("d.json.asc", signature));
    let gpg = |arguments: &[&std::ffi::OsStr]| {
        std::process::Command::new("gpg").arg("--homedir").arg(&home).arg("--batch").args(arguments).output()
    };
    let Ok(imported) = gpg(&["--import".as_ref(), key.as_os_str()]) else {
        println!("gpg is not installed, so its verdict on the signature was not asked for");
        return;
    };
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let verified = gpg(&["--verify".as_ref(), signature.as_os_str(), document.as_os_str()]).unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_approves_or_publishes_alone() {
    let mut world = world().await;
    let case = world.case.to_string();
    let at = world
        .lea
        .client
        .post("/desk/advisories/new", &[("case", &case), ("kind", "advisory")])
        .await
        .expect(303)
        .location()
        .trim_end_matches("/edit")
        .to_owned();
    world.act_as_lea(&at, "submit").await;
    let revision = world.revision().await;
    world
        .lea
        .client
        .post(&format!("{at}/approve"), &[("revision", &revision)])
        .await
        .expect(422)
        .says("somebody else has to approve");
    world.lea.client.post(&format!("{at}/publish"), &[("revision", &revision)]).await.expect(422);
    world.kim.client.post(&format!("{at}/approve"), &[("revision", &revision)]).await.expect(303);
    world.act_as_lea(&at, "publish").await;
    assert_eq!(world.state().await, "published");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_goes_out_before_users_can_do_something() {
    let mut world = world().await;
    world.change("update register_release set state = 'planned' where version = $1", vec!["7.2".into()]).await;
    let at = world.write().await;
    world.act_as_lea(&at, "approve").await;
    world.lea.client.get(&at).await.expect(200).says("nothing may be published yet").keeps_quiet_about("Publish now");
    let revision = world.revision().await;
    world
        .lea
        .client
        .post(&format!("{at}/publish"), &[("revision", &revision)])
        .await
        .expect(422)
        .says("limited notice");
    world.lea.client.get(&at).await.expect(200);
    let case = world.case.to_string();
    let limited = [("case", case.as_str()), ("kind", "limited_notice"), ("reason", "Attacks are seen.")];
    world.ann.client.post("/desk/advisories/new", &limited).await.expect(422).says("Only a lead");
    world.lea.client.post("/desk/advisories/new", &limited[..2]).await.expect(422).says("Say why");
    let notice = world.lea.client.post("/desk/advisories/new", &limited).await.expect(303);
    let notice = notice.location().trim_end_matches("/edit").to_owned();
    let revision = world.revision().await;
    let text = [
        ("title", "Security notice for Gate 300"),
        ("summary", "Gate 300 is attacked. We work on a correction."),
        ("details", "Let nobody from outside reach the gate until then."),
        ("revision", revision.as_str()),
    ];
    world.lea.client.post(&format!("{notice}/edit"), &text).await.expect(303);
    world.act_as_lea(&notice, "submit").await;
    let revision = world.revision().await;
    world.kim.client.post(&format!("{notice}/approve"), &[("revision", &revision)]).await.expect(303);
    world.act_as_lea(&notice, "publish").await;
    let mut visitor = world.bed.visitor();
    for page in
        ["/advisories/PSA-2026-0002", "/.well-known/csaf/white/2026/psa-2026-0002.json", "/feeds/advisories.atom"]
    {
        let page = visitor.get(page).await.expect(200);
        page.says("Gate 300").keeps_quiet_about(SECRET).keeps_quiet_about("CVE-1900").keeps_quiet_about("CVSS:3.1/AV");
    }
    let document = visitor.get("/.well-known/csaf/white/2026/psa-2026-0002.json").await;
    let report = csaf::validate_bytes(&document.bytes, Level::Optional, &Limits::DOCUMENT).unwrap();
    assert_eq!(report.findings, []);
    let n = world.figure("select count(*) as n from issue_case where disclosed_at is null").await;
    assert_eq!(n, 1, "a limited notice does not disclose the case");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn low_risk_needs_a_lead_with_a_reason() {
    let mut world = world().await;
    world.change("update issue_case set route = 'release' where 1 = $1", vec![1_i64.into()]).await;
    let case = world.case.to_string();
    let wanted = [("case", case.as_str()), ("kind", "advisory"), ("reason", "Customers ask for it.")];
    world.ann.client.post("/desk/advisories/new", &wanted).await.expect(422).says("Only a lead");
    world.lea.client.post("/desk/advisories/new", &wanted[..2]).await.expect(422);
    world.lea.client.post("/desk/advisories/new", &wanted).await.expect(303);
    let n =
        world.figure("select count(*) as n from issue_case where route = 'advisory' and route_exception = true").await;
    assert_eq!(n, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_out_at_a_local_time() {
    let mut world = world().await;
    let at = world.write().await;
    world.act_as_lea(&at, "approve").await;
    let revision = world.revision().await;
    let when = |time: &'static str, zone: &'static str| [("at", time), ("zone", zone), ("revision", "")];
    let mut wrong = when("2026-03-02T12:00", "Nowhere/Never");
    wrong[2].1 = &revision;
    world.lea.client.post(&format!("{at}/schedule"), &wrong).await.expect(422).says("time zone");
    let mut past = when("2026-03-02T09:59", "Europe/Berlin");
    past[2].1 = &revision;
    // 09:59 in Berlin is 08:59 in UTC, one minute before the test begins.
    world.lea.client.post(&format!("{at}/schedule"), &past).await.expect(422).says("has passed");
    let mut right = when("2026-03-02T12:00", "Europe/Berlin");
    right[2].1 = &revision;
    world.lea.client.post(&format!("{at}/schedule"), &right).await.expect(303);
    world.lea.client.get(&at).await.expect(200).says("2026-03-02 11:00 UTC");
    world.bed.pass(Duration::from_secs(2 * 3_600 - 60));
    world.bed.run_jobs().await;
    assert_eq!(world.state().await, "scheduled");
    world.bed.pass(Duration::from_secs(120));
    world.bed.run_jobs().await;
    world.bed.run_jobs().await;
    assert_eq!(world.state().await, "published");
    assert_eq!(world.figure("select count(*) as n from issue_publication").await, 1);
    world.bed.visitor().get("/advisories").await.expect(200).says("PSA-2026-0001");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_the_case_takes_approval_back() {
    let mut world = world().await;
    let at = world.write().await;
    world.act_as_lea(&at, "approve").await;
    world.change("update issue_exposure set status = 'affected' where status = $1", vec!["fixed".into()]).await;
    world.lea.client.get(&at).await.expect(200).says("The case changed after approval");
    let revision = world.revision().await;
    world
        .lea
        .client
        .post(&format!("{at}/publish"), &[("revision", &revision)])
        .await
        .expect(422)
        .says("approve it again");
    let back = [("revision", revision.as_str()), ("words", "Look at the releases.")];
    world.lea.client.post(&format!("{at}/back"), &back).await.expect(303);
    world.lea.client.get(&at).await.expect(200).says("Look at the releases.");
    world.act_as_ann(&at, "submit").await;
    world.act_as_lea(&at, "approve").await;
    let revision = world.revision().await;
    let edited = [("title", "Another title"), ("summary", "Another summary."), ("revision", revision.as_str())];
    world.ann.client.post(&format!("{at}/edit"), &edited).await.expect(303);
    assert_eq!(world.state().await, "draft");
    world
        .kim
        .client
        .post(&format!("{at}/edit"), &edited)
        .await
        .expect(409)
        .says("Somebody else changed")
        .says("Another title");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schedule_that_lapsed_goes_back_to_people() {
    let mut world = world().await;
    let at = world.write().await;
    world.act_as_lea(&at, "approve").await;
    let revision = world.revision().await;
    let when = [("at", "2026-03-02T10:00"), ("zone", "UTC"), ("revision", revision.as_str())];
    world.lea.client.post(&format!("{at}/schedule"), &when).await.expect(303);
    world.change("delete from issue_remediation where category = $1", vec!["vendor_fix".into()]).await;
    world.bed.pass(Duration::from_secs(2 * 3_600));
    world.bed.run_jobs().await;
    assert_eq!(world.state().await, "in_review");
    assert_eq!(world.figure("select count(*) as n from issue_publication").await, 0);
    assert!(world.bed.actions().await.contains(&"advisory.not-published".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_nothing_is_visible() {
    let mut world = world().await;
    let at = world.write().await;
    world.act_as_lea(&at, "approve").await;
    let id = at.rsplit('/').next().unwrap().parse().unwrap();
    let ctx = world.bed.acting(&world.lea);
    let mut tx = ctx.begin().await.unwrap();
    publishing::publish_in(&mut tx, &ctx, id, None).await.unwrap();
    // The process ends here: everything was written, nothing was committed.
    drop(tx);
    assert_eq!(world.state().await, "approved");
    let mut visitor = world.bed.visitor();
    visitor.get("/advisories/PSA-2026-0001").await.expect(404);
    visitor.get(CSAF).await.expect(404);
    visitor.get("/feeds/advisories.atom").await.expect(200).keeps_quiet_about("PSA-");
    assert_eq!(world.figure("select count(*) as n from job where kind = 'notice.queue'").await, 0);
    assert_eq!(world.figure("select count(*) as n from issue_case where state = 'ready'").await, 1);
    world.act_as_lea(&at, "publish").await;
    visitor.get(CSAF).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_keep_their_history_and_a_withdrawn_one_stays() {
    let mut world = world().await;
    let at = world.published().await;
    world.bed.pass(Duration::from_secs(86_400));
    world.act_as_lea(&at, "revise").await;
    let revision = world.revision().await;
    let mut next = vec![
        ("title", "Gate 300 stops when called with a long name"),
        ("summary", "Whoever can reach the gate can stop it. Update to 7.2, or close port 5060."),
        ("revision", revision.as_str()),
    ];
    world.lea.client.post(&format!("{at}/edit"), &next).await.expect(303);
    let revision = world.revision().await;
    world
        .lea
        .client
        .post(&format!("{at}/submit"), &[("revision", &revision)])
        .await
        .expect(422)
        .says("Say what changed");
    next[2].1 = &revision;
    next.push(("change_note", "A workaround is added."));
    world.ann.client.post(&format!("{at}/edit"), &next).await.expect(303);
    world.lea.client.get(&format!("{at}/compare")).await.expect(200).says("or close port 5060").says("the draft");
    let mut visitor = world.bed.visitor();
    visitor.get("/advisories/PSA-2026-0001").await.expect(200).keeps_quiet_about("5060");
    world.act_as_ann(&at, "submit").await;
    world.act_as_lea(&at, "approve").await;
    world.act_as_lea(&at, "publish").await;
    visitor
        .get("/advisories/PSA-2026-0001")
        .await
        .expect(200)
        .says("5060")
        .says("A workaround is added.")
        .says("version 2");
    visitor
        .get("/advisories/PSA-2026-0001/versions/1")
        .await
        .expect(200)
        .says("older version")
        .keeps_quiet_about("5060");
    let json = visitor.get(CSAF).await.expect(200).json();
    assert_eq!(json["document"]["tracking"]["version"], "2");
    assert_eq!(json["document"]["tracking"]["revision_history"].as_array().unwrap().len(), 2);
    world.lea.client.get(&format!("{at}/compare?from=1&to=2")).await.expect(200).says("5060");
    let revision = world.revision().await;
    world.lea.client.post(&format!("{at}/withdraw"), &[("revision", &revision)]).await.expect(422);
    let why = [("revision", revision.as_str()), ("reason", "It concerned another product.")];
    world.lea.client.post(&format!("{at}/withdraw"), &why).await.expect(303);
    visitor.get("/advisories/PSA-2026-0001").await.expect(200).says("was withdrawn").says("another product");
    visitor.get("/advisories").await.expect(200).says("Withdrawn");
    let document = visitor.get(CSAF).await.expect(200);
    let report = csaf::validate_bytes(&document.bytes, Level::Optional, &Limits::DOCUMENT).unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(document.json()["document"]["tracking"]["version"], "3");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn previews_show_what_would_go_out_and_checks_do_not_save() {
    let mut world = world().await;
    let at = world.write().await;
    for (form, words) in [
        ("page", "At a glance"),
        ("text", "What to do"),
        ("html", "Read the whole advisory"),
        ("csaf", "csaf_security_advisory"),
    ] {
        world.ann.client.get(&format!("{at}/preview?as={form}")).await.expect(200).says(words).says("long name");
    }
    let revision = world.revision().await;
    let typed = [
        ("title", "Typed only"),
        ("summary", "Typed."),
        ("links", "no address"),
        ("do", "check"),
        ("revision", revision.as_str()),
    ];
    world.ann.client.post(&format!("{at}/edit"), &typed).await.expect(200).says("Typed only").says("has no address");
    assert_eq!(world.revision().await, revision);
    let empty = [("title", ""), ("summary", "Kept."), ("revision", revision.as_str())];
    world.ann.client.post(&format!("{at}/edit"), &empty).await.expect(422).says("Please fill this in.").says("Kept.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_advisory_is_as_hidden_as_its_case() {
    let mut world = world().await;
    let at = world.write().await;
    let mut zoe = world.bed.person("Zoe Analyst", kernel::Role::Analyst).await;
    zoe.client.get(&at).await.expect(404);
    zoe.client.get(&format!("{at}/preview")).await.expect(404);
    zoe.client.get("/desk/advisories").await.expect(200).keeps_quiet_about("long name");
    let case = world.case.to_string();
    zoe.client.get(&format!("/desk/advisories/new?case={case}")).await.expect(404);
    zoe.client.post("/desk/advisories/new", &[("case", &case), ("kind", "advisory")]).await.expect(404);
    zoe.client.get("/desk/search?q=long").await.expect(200).keeps_quiet_about("PSA-").keeps_quiet_about(SECRET);
    world.ann.client.get("/desk/search?q=long").await.expect(200).says("PSA-2026-0001");
    world.ann.client.get("/desk/search?q=1900-0042").await.expect(200).says("PSIRT-2026-0001").says("PSA-2026-0001");
    world.ann.client.get("/desk").await.expect(200).says("PSIRT-2026-0001").says("Advisories in review");
    zoe.client.get("/desk").await.expect(200).keeps_quiet_about("PSIRT-2026-0001");
}
