//! Judging: reasons, carry-over, acceptance by two, expiry, ratings, retests.

use std::time::Duration;

use kernel::{Grant, Role, Scope};

use super::{BRANCH, LATER, RELEASE, World, post, sarif};

const SQLI: (&str, &str, u32, &str, &str) = ("sqli", "src/a.rs", 3, "query(a)", "warning");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_carries_over_to_branches_and_later_releases_until_its_ground_moves() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    post(&mut pipeline, BRANCH, &sarif(&[SQLI])).await.expect(201);
    post(&mut pipeline, RELEASE, &sarif(&[SQLI])).await.expect(201);
    let target = world.list("state=all").await;
    let release = world.releases[0];
    let summary = world.lead.client.get(&format!("/desk/findings/summary?release={release}")).await.expect(200);
    assert!(summary.text().contains("Open, medium"));
    let mut in_release = None;
    for (_, id) in &target {
        let page = world.lead.client.get(&format!("/desk/findings/{id}")).await.expect(200).text();
        if page.contains("Gate 300 1.0") {
            in_release = Some(id.clone());
        }
    }
    let at = format!("/desk/findings/{}/judge", in_release.unwrap());
    world.lead.client.post(&at, &[("move", "false_positive"), ("reason", "")]).await.expect(422).says("Say why");
    world
        .lead
        .client
        .post(&at, &[("move", "false_positive"), ("reason", "The value is a constant.")])
        .await
        .expect(303);
    assert!(world.list("").await.is_empty(), "the branch took it over at once");
    let later = post(&mut pipeline, LATER, &sarif(&[SQLI])).await.expect(201).json();
    assert_eq!(later["scan"]["carried_over"], 1);
    assert_eq!(world.list("state=false_positive").await.len(), 3);
    let moved = ("sqli", "src/a.rs", 9, "query(a)", "error");
    let worse = post(&mut pipeline, LATER, &sarif(&[moved])).await.expect(201).json();
    assert_eq!(worse["scan"]["reopened"], 1, "{worse}");
    let (_, id) = world.list("").await.remove(0);
    world.lead.client.get(&format!("/desk/findings/{id}")).await.expect(200).says("worse than when that was decided");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_does_not_reach_earlier_releases() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    post(&mut pipeline, LATER, &sarif(&[SQLI])).await.expect(201);
    let (_, id) = world.list("").await.remove(0);
    let at = format!("/desk/findings/{id}/judge");
    world
        .lead
        .client
        .post(&at, &[("move", "not_reachable"), ("reason", "Removed from the build in 1.1.")])
        .await
        .expect(303);
    let earlier = post(&mut pipeline, RELEASE, &sarif(&[SQLI])).await.expect(201).json();
    assert_eq!(earlier["scan"]["carried_over"], 0);
    assert_eq!(world.list("").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_version_of_a_component_asks_again() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let report = |version: &str| {
        serde_json::json!({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Trivy"}}, "results": [{
            "ruleId": "CVE-2026-0001", "message": {"text": "flaw in lib"}, "level": "error",
            "properties": {"purls": [format!("pkg:npm/lib@{version}")]},
        }]}]})
        .to_string()
        .into_bytes()
    };
    post(&mut pipeline, RELEASE, &report("1.0")).await.expect(201);
    let (_, id) = world.list("id=CVE-2026-0001").await.remove(0);
    let at = format!("/desk/findings/{id}/judge");
    world.lead.client.post(&at, &[("move", "not_reachable"), ("reason", "Not called.")]).await.expect(303);
    let same = post(&mut pipeline, LATER, &report("1.0")).await.expect(201).json();
    assert_eq!(same["scan"]["carried_over"], 1);
    let next = post(&mut pipeline, LATER, &report("1.1")).await.expect(201).json();
    assert_eq!(next["scan"]["reopened"], 1, "{next}");
    assert_eq!(world.list("component=lib").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acceptance_takes_two_people_and_ends() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let mut developer = world.bed.person("Dora Developer", Role::Developer).await;
    post(&mut pipeline, RELEASE, &sarif(&[SQLI])).await.expect(201);
    let (_, id) = world.list("").await.remove(0);
    let at = format!("/desk/findings/{id}/acceptance");
    let ask = [("until", "2026-04-01"), ("reason", "Needs a new protocol.")];
    developer.client.post(&at, &[("until", "2030-01-01"), ("reason", "x")]).await.expect(422).says("one year ahead");
    world.lead.client.post(&at, &ask).await.expect(303);
    world.lead.client.get("/desk/findings?waiting=yes").await.expect(200).says("Acceptance asked for");
    let decide = format!("{at}/decide");
    world.lead.client.post(&decide, &[("do", "approve")]).await.expect(422).says("Somebody else has to decide");
    developer.client.post(&decide, &[("do", "approve")]).await.expect(404);
    let mut second = world.bed.person("Rita Release", Role::ReleaseManager).await;
    second.client.get(&format!("/desk/findings/{id}")).await.expect(200).says("Approve");
    second.client.post(&decide, &[("do", "approve")]).await.expect(303);
    assert_eq!(world.list("state=accepted").await.len(), 1);
    let later = post(&mut pipeline, LATER, &sarif(&[SQLI])).await.expect(201).json();
    assert_eq!(later["scan"]["carried_over"], 1);
    world.bed.pass(Duration::from_secs(30 * 86_400));
    world.bed.run_jobs().await;
    assert_eq!(world.list("state=accepted").await.len(), 2, "1 April is the last day");
    world.bed.pass(Duration::from_secs(86_400));
    world.bed.run_jobs().await;
    assert!(world.list("state=accepted").await.is_empty());
    world.lead.client.get(&format!("/desk/findings/{id}")).await.expect(200).says("accepted until 2026-04-01");
    assert!(world.bed.actions().await.contains(&"finding.lapsed".to_owned()));
    // An acceptance that ran out is an exception that lapsed, until somebody decides anew.
    let lapsed =
        "select release_id from v_implementation_review_facts where fact = 'exceptions_current' and holds = false";
    let count = async |world: &World| {
        let mut tx = world.bed.platform.db.read().await.unwrap();
        tx.fetch_all(lapsed, &[]).await.unwrap().len()
    };
    assert_eq!(count(&world).await, 2, "of both releases");
    let confirm = [("finding", id.as_str()), ("do", "confirm")];
    world.lead.client.post("/desk/findings/bulk", &confirm).await.expect(303);
    assert_eq!(count(&world).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declined_acceptance_leaves_the_finding_open() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    post(&mut pipeline, RELEASE, &sarif(&[SQLI])).await.expect(201);
    let (_, id) = world.list("").await.remove(0);
    let at = format!("/desk/findings/{id}/acceptance");
    world.lead.client.post(&at, &[("until", "2026-04-01"), ("reason", "Later.")]).await.expect(303);
    world
        .lead
        .client
        .post(&at, &[("until", "2026-04-01"), ("reason", "Later.")])
        .await
        .expect(422)
        .says("asked already");
    let mut second = world.bed.person("Rita Release", Role::ReleaseManager).await;
    second.client.post(&format!("{at}/decide"), &[("do", "decline"), ("reason", "")]).await.expect(422);
    second.client.post(&format!("{at}/decide"), &[("do", "decline"), ("reason", "Fix it.")]).await.expect(303);
    assert_eq!(world.list("").await.len(), 1);
    second.client.get(&format!("/desk/findings/{id}")).await.expect(200).says("Acceptance declined");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_are_judged_at_once_or_none() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let report =
        sarif(&[SQLI, ("xss", "src/b.rs", 9, "print(b)", "error"), ("path", "src/c.rs", 1, "open(c)", "error")]);
    post(&mut pipeline, RELEASE, &report).await.expect(201);
    let ids: Vec<String> = world.list("").await.into_iter().map(|(_, id)| id).collect();
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("finding", id.as_str())).collect();
    fields.push(("do", "false_positive"));
    fields.push(("back", "/desk/findings?tool=sarif"));
    world.lead.client.post("/desk/findings/bulk", &fields).await.expect(200).says("3 findings").says("Why");
    fields.push(("step", "2"));
    world.lead.client.post("/desk/findings/bulk", &fields).await.expect(422).says("Say why");
    fields.push(("reason", "Generated code."));
    let answer = world.lead.client.post("/desk/findings/bulk", &fields).await.expect(303);
    assert_eq!(answer.location(), "/desk/findings?tool=sarif");
    assert_eq!(world.list("state=false_positive").await.len(), 3);
    world.lead.client.post("/desk/findings/bulk", &fields).await.expect(422).says("Reopen it first");
    let audited = world.bed.actions().await.iter().filter(|action| *action == "finding.judged").count();
    assert_eq!(audited, 1);
    world.lead.client.post("/desk/findings/bulk", &[("do", "confirm")]).await.expect(422).says("Tick the findings");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reopening_ends_the_decision_and_a_stale_page_is_told() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    post(&mut pipeline, RELEASE, &sarif(&[SQLI])).await.expect(201);
    let (_, id) = world.list("").await.remove(0);
    let at = format!("/desk/findings/{id}/judge");
    world
        .lead
        .client
        .post(&at, &[("move", "false_positive"), ("reason", "Test."), ("revision", "1")])
        .await
        .expect(303);
    let stale = [("move", "reopen"), ("reason", "My long reason."), ("revision", "1")];
    world.lead.client.post(&at, &stale).await.expect(409).says("Somebody else changed").says("My long reason.");
    world.lead.client.post(&at, &[("move", "reopen"), ("reason", "It is real."), ("revision", "2")]).await.expect(303);
    let later = post(&mut pipeline, LATER, &sarif(&[SQLI])).await.expect(201).json();
    assert_eq!(later["scan"]["carried_over"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_duplicate_names_its_original() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    post(&mut pipeline, RELEASE, &sarif(&[SQLI, ("xss", "src/b.rs", 9, "print(b)", "error")])).await.expect(201);
    let found = world.list("").await;
    let (one, two) = (&found[0].1, &found[1].1);
    let at = format!("/desk/findings/{one}/judge");
    let itself = format!("/desk/findings/{one}");
    let other = format!("https://security.halden.example/desk/findings/{two}");
    let fields = |original: &'static str| vec![("move", "duplicate"), ("reason", "Same."), ("duplicate_of", original)];
    world.lead.client.post(&at, &fields("")).await.expect(422).says("Name the finding");
    let wish = [("move", "duplicate"), ("reason", "Same."), ("duplicate_of", itself.as_str())];
    world.lead.client.post(&at, &wish).await.expect(422).says("cannot be one of the chosen");
    let wish = [("move", "duplicate"), ("reason", "Same."), ("duplicate_of", other.as_str())];
    world.lead.client.post(&at, &wish).await.expect(303);
    world.lead.client.get(&itself).await.expect(200).says("the original finding");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rating_has_a_reason_and_carries_over() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let high = ("sqli", "src/a.rs", 3, "query(a)", "error");
    post(&mut pipeline, RELEASE, &sarif(&[high])).await.expect(201);
    let (_, id) = world.list("severity=high").await.remove(0);
    let at = format!("/desk/findings/{id}/rate");
    world.lead.client.post(&at, &[("severity", "low"), ("reason", "")]).await.expect(422);
    world.lead.client.post(&at, &[("severity", "low"), ("reason", "Only on the bench.")]).await.expect(303);
    world.lead.client.get(&format!("/desk/findings/{id}")).await.expect(200).says("Severity from high to low");
    post(&mut pipeline, LATER, &sarif(&[high])).await.expect(201);
    assert_eq!(world.list("severity=low").await.len(), 2);
    let mut spaced = sarif(&[high]);
    spaced.push(b' ');
    post(&mut pipeline, LATER, &spaced).await.expect(201);
    assert_eq!(world.list("severity=low").await.len(), 2, "the next report leaves it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_enter_and_retest_findings() {
    let mut world = World::new().await;
    let target = format!("release {}", world.releases[0]);
    let fields = [
        ("target", target.as_str()),
        ("kind", "penetration_test"),
        ("severity", "critical"),
        ("title", "Session is not ended"),
        ("place", "https://gate.halden.example/login"),
        ("cwe", "CWE-613"),
        ("description", "Sign out, then use the cookie again."),
    ];
    world.lead.client.post("/desk/findings/new", &fields[..3]).await.expect(422).says("Please fill this in");
    let at = world.lead.client.post("/desk/findings/new", &fields).await.expect(303).location().to_owned();
    world.lead.client.get(&at).await.expect(200).says("Penetration test").says("CWE-613").says("use the cookie again");
    world.lead.client.post("/desk/findings/new", &fields).await.expect(422).says("is there already");
    let fact = world.fact("v_security_testing_facts", world.releases[0]).await.unwrap();
    assert!(!fact.0 && fact.1.contains("1 open critical finding, none may be"), "{fact:?}");
    let retest = format!("{at}/retest");
    world.lead.client.post(&retest, &[("outcome", "gone"), ("note", "")]).await.expect(422);
    world.lead.client.post(&retest, &[("outcome", "gone"), ("note", "Build 77, same steps.")]).await.expect(303);
    world.lead.client.get(&at).await.expect(200).says("Retested: it is gone");
    assert_eq!(world.list("state=fixed&kind=penetration_test").await.len(), 1);
    world.lead.client.post(&retest, &[("outcome", "there"), ("note", "Back in build 78.")]).await.expect(303);
    assert_eq!(world.list("id=613").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_work_there_cannot_and_another_products_finding_is_not_there() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    post(&mut pipeline, RELEASE, &sarif(&[SQLI])).await.expect(201);
    let (_, id) = world.list("").await.remove(0);
    let place = Scope::Product { product: world.other, family: world.family };
    let mut stranger =
        world.bed.person_with("Stan Stranger", &[Grant { role: Role::SecurityLead, scope: place }]).await;
    for path in [
        format!("/desk/findings/{id}"),
        format!("/desk/findings?product={}", world.gate),
        format!("/desk/findings/summary?release={}", world.releases[0]),
        format!("/desk/findings/export.sarif?release={}", world.releases[0]),
    ] {
        stranger.client.get(&path).await.expect(404);
    }
    stranger.client.get("/desk/findings").await.expect(200).keeps_quiet_about("sqli");
    stranger.client.get("/desk/findings.csv?state=all").await.expect(200).keeps_quiet_about("sqli");
    stranger.client.get("/desk/findings/imports").await.expect(200).says("No report yet");
    let judge = [("move", "false_positive"), ("reason", "x")];
    stranger.client.post(&format!("/desk/findings/{id}/judge"), &judge).await.expect(404);
    let bulk = [("finding", id.as_str()), ("do", "confirm")];
    stranger.client.post("/desk/findings/bulk", &bulk).await.expect(404);
    let mut reader = world.bed.person("Ada Auditor", Role::Auditor).await;
    reader.client.get(&format!("/desk/findings/{id}")).await.expect(200).keeps_quiet_about("Change the severity");
    reader.client.post(&format!("/desk/findings/{id}/judge"), &judge).await.expect(404);
    reader.client.get("/desk/findings/import").await.expect(404);
}
