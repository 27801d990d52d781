//! What others read: the gate's facts, the list by pages, SARIF.

use std::time::Duration;

use kernel::{Grant, Role, Scope};
use limits::Limits;
use scan::Status;

use super::super::store::{self, Filter, Sort, Way};
use super::{LATER, RELEASE, World, post, sarif};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gate_reads_whether_a_release_keeps_the_standard() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let release = world.releases[0];
    let view = "v_implementation_review_facts";
    assert_eq!(world.fact(view, release).await, None, "nothing was scanned");
    post(&mut pipeline, RELEASE, &sarif(&[])).await.expect(201);
    assert_eq!(world.fact(view, release).await, Some((true, "No finding is open.".to_owned())));
    let testing = world.fact("v_security_testing_facts", release).await.unwrap();
    assert!(!testing.0 && testing.1.contains("no report was imported"), "{testing:?}");
    post(&mut pipeline, RELEASE, &sarif(&[("sqli", "src/a.rs", 3, "query(a)", "error")])).await.expect(201);
    assert!(world.fact(view, release).await.unwrap().0, "a new high finding has fourteen days");
    world.bed.pass(Duration::from_secs(15 * 86_400));
    world.bed.run_jobs().await;
    let late = world.fact(view, release).await.unwrap();
    assert!(!late.0 && late.1.contains("1 open high finding older than 14 days"), "{late:?}");
    let (_, id) = world.list("").await.remove(0);
    let judge = [("move", "not_reachable"), ("reason", "Behind the gate.")];
    world.lead.client.post(&format!("/desk/findings/{id}/judge"), &judge).await.expect(303);
    assert!(world.fact(view, release).await.unwrap().0);
    world.bed.pass(Duration::from_secs(20 * 86_400));
    world.bed.run_jobs().await;
    let stale = world.fact(view, release).await.unwrap();
    assert!(!stale.0 && stale.1.contains("of the last 31 days is asked for"), "{stale:?}");
    let before = world.rows().await;
    world.bed.pass(Duration::from_secs(7_200));
    world.bed.run_jobs().await;
    let after = world.rows().await;
    assert_eq!(before[..10], after[..10], "judging again writes nothing when nothing differs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn to_settle_and_reopen_does_not_begin_the_term_anew() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let release = world.releases[0];
    let view = "v_implementation_review_facts";
    let report = sarif(&[("sqli", "src/a.rs", 3, "query(a)", "error")]);
    post(&mut pipeline, RELEASE, &report).await.expect(201);
    let (_, id) = world.list("").await.remove(0);
    let at = format!("/desk/findings/{id}/judge");
    for (day, wish) in [(5, "false_positive"), (10, "fix")] {
        world.bed.pass(Duration::from_secs(5 * 86_400));
        world.lead.client.post(&at, &[("move", wish), ("reason", "Looks like it.")]).await.expect(303);
        assert!(world.fact(view, release).await.unwrap().0, "on day {day}");
        if wish == "fix" {
            post(&mut pipeline, RELEASE, &report).await.expect(201);
            assert_eq!(world.list("").await.len(), 1, "the report still has it");
        } else {
            world.lead.client.post(&at, &[("move", "reopen"), ("reason", "It is real.")]).await.expect(303);
        }
    }
    assert!(world.fact(view, release).await.unwrap().0, "ten days old");
    world.bed.pass(Duration::from_secs(5 * 86_400));
    world.bed.run_jobs().await;
    let late = world.fact(view, release).await.unwrap();
    assert!(!late.0 && late.1.contains("1 open high finding older than 14 days"), "{late:?}");
    // Gone from a report and back is a new case.
    post(&mut pipeline, RELEASE, &sarif(&[])).await.expect(201);
    post(&mut pipeline, RELEASE, &report).await.expect(201);
    assert!(world.fact(view, release).await.unwrap().0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_report_of_another_day_is_a_new_look_and_touches_no_finding() {
    let world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let report = sarif(&[("note", "src/a.rs", 3, "x", "note")]);
    let first = post(&mut pipeline, RELEASE, &report).await.expect(201);
    assert!(first.work.rows_written > 0);
    let again = post(&mut pipeline, RELEASE, &report).await.expect(200);
    assert_eq!(again.work.rows_written, 0, "not a row of any table, be it the program's own books");
    world.bed.pass(Duration::from_secs(40 * 86_400));
    world.bed.run_jobs().await;
    let view = "v_implementation_review_facts";
    assert!(!world.fact(view, world.releases[0]).await.unwrap().0, "the last look was forty days ago");
    let before = world.rows().await;
    let later = post(&mut pipeline, RELEASE, &report).await.expect(201).json();
    assert_eq!(later["scan"]["kept"], 1);
    assert_eq!(world.rows().await[2..8], before[2..8]);
    assert!(world.fact(view, world.releases[0]).await.unwrap().0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_takes_the_same_statements_for_few_and_many_findings() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let names: Vec<String> = (0..1_200).map(|number| format!("rule{number:04}")).collect();
    let results = |count: usize| -> Vec<u8> {
        sarif(&names.iter().take(count).map(|name| (name.as_str(), "src/a.rs", 1, "x", "error")).collect::<Vec<_>>())
    };
    post(&mut pipeline, RELEASE, &results(3)).await.expect(201);
    let (_, id) = world.list("").await.remove(0);
    let release = world.releases[0];
    let pages = [
        "/desk/findings".to_owned(),
        "/desk/findings?state=all&sort=title&severity=high&tool=sarif".to_owned(),
        format!("/desk/findings?product={}&id=CWE-79", world.gate),
        format!("/desk/findings/{id}"),
        format!("/desk/findings/summary?release={release}"),
        "/desk/findings/imports".to_owned(),
        "/desk/findings/thresholds".to_owned(),
        "/desk/findings/import".to_owned(),
    ];
    let mut taken = Vec::new();
    for page in &pages {
        taken.push(world.lead.client.get(page).await.expect(200).work.statements);
    }
    post(&mut pipeline, RELEASE, &results(1_200)).await.expect(201);
    post(&mut pipeline, LATER, &results(1_200)).await.expect(201);
    for (page, before) in pages.iter().zip(taken) {
        let answer = world.lead.client.get(page).await.expect(200);
        assert_eq!(answer.work.statements, before, "{page}");
        assert!(answer.work.statements <= 15, "{page}: {}", answer.work.statements);
    }
    let csv = world.lead.client.get("/desk/findings.csv?state=all&sort=title").await.expect(200).text();
    let mut ids: Vec<&str> = csv.lines().skip(1).map(|line| &line[..36]).collect();
    assert_eq!(ids.len(), 2_400, "also what does not fit into the first part");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2_400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_standard_is_changed_by_who_runs_the_programme() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    post(&mut pipeline, RELEASE, &sarif(&[("sqli", "src/a.rs", 3, "query(a)", "error")])).await.expect(201);
    let view = "v_implementation_review_facts";
    world.lead.client.get("/desk/findings/thresholds").await.expect(200).says("none may be open").says("Gate 300");
    let fields = [
        ("practice", "implementation_review"),
        ("class", "moderate"),
        ("critical", "0"),
        ("high", "0"),
        ("medium", ""),
        ("low", ""),
        ("fresh", "31"),
        ("revision", "0"),
    ];
    let mut developer = world.bed.person("Dora Developer", Role::Developer).await;
    developer.client.post("/desk/findings/thresholds", &fields).await.expect(404);
    world.lead.client.post("/desk/findings/thresholds", &fields).await.expect(303);
    assert!(!world.fact(view, world.releases[0]).await.unwrap().0);
    world.lead.client.post("/desk/findings/thresholds", &fields).await.expect(409).says("Somebody else changed");
    let ctx = world.bed.program();
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    let id = ctx.id::<()>();
    let sql = "insert into process_pack (id, pack_id, version, title, document, digest, warnings, active, loaded_at, loaded_by)
                 values ($1, 'p', '1', 'p', '', '', 0, false, 0, '')";
    tx.execute(sql, &[id.into()]).await.unwrap();
    let sql =
        "insert into process_profile (id, product_id, pack_row, answers, reasons, models, class, sum, open_questions,
                 why, review_on, made_at, made_by)
                 values ($1, $2, $1, '{}', '{}', 'agile', 'low', 0, 0, '', '2027-01-01', 0, '')";
    tx.execute(sql, &[id.into(), world.gate.into()]).await.unwrap();
    tx.commit().await.unwrap();
    world.bed.run_jobs().await;
    assert!(world.fact(view, world.releases[0]).await.unwrap().0, "low risk has thirty days");
    world.lead.client.get("/desk/findings/thresholds").await.expect(200).says("Low risk");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_is_walked_forth_and_back_in_every_order_with_the_same_statements() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let names: Vec<String> = (0..130).map(|number| format!("rule{number:03}")).collect();
    let level = |number: usize| ["error", "warning", "note"][number % 3];
    let results: Vec<_> =
        names.iter().enumerate().map(|(n, name)| (name.as_str(), "src/a.rs", 1, "x", level(n))).collect();
    post(&mut pipeline, RELEASE, &sarif(&results)).await.expect(201);
    for sort in ["severity", "-severity", "new", "-new", "title", "-title"] {
        let whole: Vec<String> = world.list(&format!("sort={sort}")).await.into_iter().map(|(_, id)| id).collect();
        assert_eq!(whole.len(), 130);
        let mut at = format!("/desk/findings?sort={sort}");
        let mut walked = Vec::new();
        let mut pages = vec![];
        loop {
            let page = world.lead.client.get(&at).await.expect(200).text();
            let ids = ids_of(&page);
            walked.extend(ids.clone());
            pages.push(ids);
            match link(&page, "next") {
                Some(next) => at = next,
                None => break,
            }
        }
        assert_eq!(walked, whole, "{sort}");
        let page = world.lead.client.get(&at).await.expect(200).text();
        let back = world.lead.client.get(&link(&page, "prev").unwrap()).await.expect(200).text();
        assert_eq!(ids_of(&back), pages[1], "{sort}");
    }
    world.lead.client.get("/desk/findings?q=rule00").await.expect(200).says("10 of 10 findings");
    let mut tx = world.bed.platform.db.read().await.unwrap();
    let narrow = Filter { mark: "CWE-79".to_owned(), component: "lib".to_owned(), ..Filter::default() };
    for (filter, statements) in [(Filter::default(), 2), (narrow, 3)] {
        let before = tx.statements();
        let way = Way::choose(&mut tx, &filter, Sort::Severity).await.unwrap();
        store::list_findings(&mut tx, (&filter, &way), Sort::Severity, None, 51).await.unwrap();
        store::count_findings(&mut tx, (&filter, &way), 10_001).await.unwrap();
        assert_eq!(tx.statements() - before, statements);
    }
    drop(tx);
    let place = Scope::Product { product: world.gate, family: world.family };
    let mut dev = world.bed.person_with("Dora", &[Grant { role: Role::Developer, scope: place }]).await;
    let page = dev.client.get("/desk/findings?severity=high").await.expect(200).says("44 of 44 findings").text();
    assert_eq!(ids_of(&page).len(), 44);
}

fn ids_of(page: &str) -> Vec<String> {
    page.split("name=\"finding\" value=\"").skip(1).map(|rest| rest[..36].to_owned()).collect()
}

/// Where the pager's link leads.
fn link(page: &str, rel: &str) -> Option<String> {
    let rest = page.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
    Some(rest.split('"').next()?.replace("&amp;", "&"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sarif_goes_round_with_suppressions() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let report = sarif(&[
        ("sqli", "src/a.rs", 3, "query(a)", "error"),
        ("xss", "src/b.rs", 9, "print(b)", "warning"),
        ("note", "src/c.rs", 1, "x", "note"),
    ]);
    post(&mut pipeline, RELEASE, &report).await.expect(201);
    let (_, id) = world.list("q=xss").await.remove(0);
    let judge = [("move", "false_positive"), ("reason", "Escaped before.")];
    world.lead.client.post(&format!("/desk/findings/{id}/judge"), &judge).await.expect(303);
    let at = format!("/desk/findings/export.sarif?release={}", world.releases[0]);
    let exported = world.lead.client.get(&at).await.expect(200).bytes;
    let read = scan::read(&exported, None, &Limits::FILE).unwrap();
    let original = scan::read(&report, None, &Limits::FILE).unwrap();
    assert_eq!(read.summary.tool, "sarif");
    assert_eq!(read.findings.len(), 3);
    for finding in &original.findings {
        let twin = read.findings.iter().find(|other| other.rule == finding.rule).unwrap();
        assert_eq!(twin.severity, finding.severity);
        assert_eq!(twin.title, finding.title);
        assert_eq!(
            twin.location.as_ref().map(|place| &place.display),
            finding.location.as_ref().map(|place| &place.display)
        );
    }
    let xss = read.findings.iter().find(|finding| finding.rule.as_deref() == Some("xss")).unwrap();
    assert_eq!(xss.status, Status::Suppressed(Some("False positive: Escaped before.".to_owned())));
    assert_eq!(read.findings.iter().filter(|finding| finding.status.is_open()).count(), 2);
    let api = "/api/v1/products/gate-300/releases/1.0/findings.sarif";
    assert_eq!(pipeline.get(api).await.expect(200).bytes, exported);
    let empty = pipeline.get("/api/v1/products/gate-300/releases/1.1/findings.sarif").await.expect(200).bytes;
    assert!(scan::read(&empty, None, &Limits::FILE).unwrap().findings.is_empty());
    // What was suppressed in a report comes in as set aside.
    let again = post(&mut pipeline, LATER, &exported).await.expect(201).json();
    assert_eq!(again["scan"]["new"], 3);
    assert_eq!(world.list("state=false_positive").await.len(), 2);
}
