//! Reports: identity, closing, reopening, nothing twice, nothing half.

use serde_json::json;

use super::{BRANCH, LATER, RELEASE, World, corpus, post, sarif};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_imported_once_and_again_without_a_row() {
    let world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let report = sarif(&[("sqli", "src/a.rs", 3, "query(a)", "error"), ("xss", "src/b.rs", 9, "print(b)", "warning")]);
    let scan = post(&mut pipeline, RELEASE, &report).await.expect(201).json();
    assert_eq!(scan["scan"]["new"], 2);
    assert_eq!(scan["scan"]["practice"], "implementation_review");
    assert_eq!(scan["scan"]["kind"], "sast");
    let before = world.rows().await;
    let again = post(&mut pipeline, RELEASE, &report).await.expect(200).json();
    assert_eq!(again["unchanged"], true);
    assert_eq!(again["scan"]["id"], scan["scan"]["id"]);
    assert_eq!(world.rows().await, before, "not a single row");
    let at = format!("/api/v1/products/gate-300/scans/{}", scan["scan"]["id"].as_str().unwrap());
    assert_eq!(pipeline.get(&at).await.expect(200).json()["scan"]["findings"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moved_code_keeps_its_identity_and_other_bytes_write_no_finding() {
    let world = World::new().await;
    let mut pipeline = world.pipeline().await;
    post(&mut pipeline, RELEASE, &sarif(&[("sqli", "src/a.rs", 3, "query(a)", "error")])).await.expect(201);
    let moved = post(&mut pipeline, RELEASE, &sarif(&[("sqli", "src/a.rs", 300, "query(a)", "error")]))
        .await
        .expect(201)
        .json();
    assert_eq!((&moved["scan"]["new"], &moved["scan"]["closed"]), (&json!(0), &json!(0)));
    let mut spaced = sarif(&[("sqli", "src/a.rs", 300, "query(a)", "error")]);
    spaced.push(b'\n');
    let before = world.rows().await;
    let same = post(&mut pipeline, RELEASE, &spaced).await.expect(201).json();
    assert_eq!(same["scan"]["kept"], 1);
    let after = world.rows().await;
    assert_eq!(after[1], before[1] + 1, "the import itself");
    assert_eq!(after[2..9], before[2..9], "and no finding, detail, mark, decision, request, history or fact");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_is_closed_by_its_own_tool_and_part_only_and_comes_back() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let (both, one) = (
        sarif(&[("sqli", "src/a.rs", 3, "query(a)", "error"), ("xss", "src/b.rs", 9, "print(b)", "error")]),
        sarif(&[("xss", "src/b.rs", 9, "print(b)", "error")]),
    );
    post(&mut pipeline, RELEASE, &both).await.expect(201);
    post(&mut pipeline, &format!("{RELEASE}?scope=frontend"), &both).await.expect(201);
    let closed = post(&mut pipeline, RELEASE, &one).await.expect(201).json();
    assert_eq!(closed["scan"]["closed"], 1);
    assert_eq!(world.list("state=fixed").await.len(), 1);
    assert_eq!(world.list("").await.len(), 3, "the other part keeps both");
    let back = post(&mut pipeline, RELEASE, &both).await.expect(201).json();
    assert_eq!(back["scan"]["reopened"], 1, "the report of before is not the last one, so it counts");
    assert_eq!(world.list("state=fixed").await.len(), 0);
    let (_, id) = world.list("q=sqli").await.remove(0);
    world.lead.client.get(&format!("/desk/findings/{id}")).await.expect(200).says("Reopened").says("Fixed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_that_cannot_be_read_is_refused_with_its_name_and_leaves_nothing() {
    let world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let before = world.rows().await;
    let whole = sarif(&[("sqli", "src/a.rs", 3, "query(a)", "error"), ("xss", "src/b.rs", 9, "print(b)", "error")]);
    let broken = &whole[..whole.len() - 40];
    let answer = post(&mut pipeline, &format!("{RELEASE}?name=night.sarif"), broken).await.expect(422);
    let words = answer.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(words.starts_with("night.sarif was not imported:") && words.contains("Nothing was changed"), "{words}");
    post(&mut pipeline, RELEASE, b"hello, world").await.expect(422);
    post(&mut pipeline, RELEASE, b"").await.expect(422);
    post(&mut pipeline, &format!("{RELEASE}?tool=nonesuch"), &whole).await.expect(422);
    assert_eq!(world.rows().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_one_product_knows_no_other() {
    let world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let report = sarif(&[]);
    post(&mut pipeline, "/api/v1/products/phone-7/releases/1.0/scans", &report).await.expect(404);
    post(&mut pipeline, "/api/v1/products/gate-300/releases/9.9/scans", &report).await.expect(404);
    post(&mut world.bed.visitor(), RELEASE, &report).await.expect(401);
    pipeline.get("/api/v1/products/phone-7/releases/1.0/findings.sarif").await.expect(404);
    assert_ne!(world.gate, world.other);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_products_report_is_refused_until_somebody_confirms_it() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let report = |project: &str| {
        let results = [json!({"ruleId": "x", "message": {"text": "x"}})];
        json!({"version": "2.1.0", "runs": [{
            "tool": {"driver": {"name": "CodeQL"}},
            "versionControlProvenance": [{"repositoryUri": project}], "results": results,
        }]})
        .to_string()
        .into_bytes()
    };
    let wrong = post(&mut pipeline, RELEASE, &report("https://git.halden.example/phone-7")).await.expect(422);
    assert_eq!(wrong.json()["error"]["code"], "other-product");
    assert!(world.list("state=all").await.is_empty());
    let confirmed = format!("{RELEASE}?confirm=true");
    post(&mut pipeline, &confirmed, &report("https://git.halden.example/phone-7")).await.expect(201);
    let own = post(&mut pipeline, RELEASE, &report("https://git.halden.example/gate-300")).await.expect(201).json();
    assert_eq!(own["scan"]["warnings"], json!([]));
    let unknown = post(&mut pipeline, RELEASE, &report("https://git.halden.example/nobody")).await.expect(201).json();
    assert!(unknown["scan"]["warnings"][0].as_str().unwrap().contains("right product"), "{unknown}");
    // On the page the same, read aloud by screen readers, and with a box to say that it is meant.
    let target = format!("release {}", world.releases[0]);
    let file = report("https://git.halden.example/phone-7.git?page");
    let fields = [("target", target.as_str()), ("scope", "page"), ("confirm", "")];
    let before = world.rows().await;
    let refused = world.lead.client.post_files("/desk/findings/import", &fields, &[("file", "a.sarif", &file)]).await;
    let _ = refused.expect(422).says("role=\"alert\"").says("Phone 7").says("It is this product");
    assert_eq!(world.rows().await, before);
    let fields = [fields[0], fields[1], ("confirm", "on")];
    world.lead.client.post_files("/desk/findings/import", &fields, &[("file", "a.sarif", &file)]).await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_big_report_is_stored_and_read_by_a_job_whole_or_not_at_all() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let mut report = sarif(&[("sqli", "src/a.rs", 3, "query(a)", "error")]);
    report.resize(9 << 20, b' ');
    let queued = post(&mut pipeline, BRANCH, &report).await.expect(202).json();
    assert_eq!(queued["scan"]["state"], "waiting");
    let page = format!("/desk/findings/imports/{}", queued["scan"]["id"].as_str().unwrap());
    world.lead.client.get(&page).await.expect(200).says("Being read");
    assert!(world.list("state=all").await.is_empty());
    post(&mut pipeline, BRANCH, &report).await.expect(202);
    world.bed.run_jobs().await;
    world.lead.client.get(&page).await.expect(200).says("feature/login").says("Done");
    assert_eq!(world.list("state=all").await.len(), 1);
    post(&mut pipeline, BRANCH, &report).await.expect(200);
    let mut broken = sarif(&[("sqli", "src/a.rs", 3, "query(a)", "error"), ("xss", "b", 1, "x", "error")]);
    broken.truncate(broken.len() - 40);
    broken.resize(9 << 20, b' ');
    let queued = post(&mut pipeline, LATER, &broken).await.expect(202).json();
    world.bed.run_jobs().await;
    let at = format!("/api/v1/products/gate-300/scans/{}", queued["scan"]["id"].as_str().unwrap());
    let failed = pipeline.get(&at).await.expect(200).json();
    assert_eq!(failed["scan"]["state"], "failed");
    assert!(failed["scan"]["problem"].as_str().unwrap().contains("was not imported"));
    assert_eq!(world.list("state=all").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_takes_a_report_and_says_what_it_did() {
    let mut world = World::new().await;
    let target = format!("release {}", world.releases[0]);
    world.lead.client.get("/desk/findings").await.expect(200).says("Nothing to do");
    world.lead.client.get("/desk/findings/import").await.expect(200).says("Gate 300 1.0").says("Recognise it");
    let fields = [("target", target.as_str()), ("tool", ""), ("practice", ""), ("scope", "")];
    let report = sarif(&[("sqli", "src/a.rs", 3, "query(a)", "error")]);
    world.lead.client.post_files("/desk/findings/import", &fields, &[]).await.expect(422).says("Choose the report");
    let at = world
        .lead
        .client
        .post_files("/desk/findings/import", &fields, &[("file", "night.sarif", &report)])
        .await
        .expect(303)
        .location()
        .to_owned();
    world.lead.client.get(&at).await.expect(200).says("night.sarif").says("Semgrep OSS").says("Source analysis");
    world.lead.client.get("/desk/findings/imports").await.expect(200).says("night.sarif");
    world.lead.client.get("/desk/findings/imports.csv").await.expect(200).says("night.sarif");
    assert!(world.bed.actions().await.ends_with(&["scan.imported".to_owned()]));
    let bad = [("target", target.as_str())];
    world
        .lead
        .client
        .post_files("/desk/findings/import", &bad, &[("file", "notes.txt", b"not a report")])
        .await
        .expect(422)
        .says("notes.txt was not imported");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn real_reports_go_through() {
    let Some(folder) = corpus() else {
        eprintln!("the corpus of reports is not here, so no real report was imported");
        return;
    };
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let mut taken = 0;
    for (path, practice) in [
        ("bandit/dd.json", "implementation_review"),
        ("npm_audit/many_vuln.json", "implementation_review"),
        ("trivy/legacy_many_vulns.json", "implementation_review"),
        ("zap/some_2.9.0.xml", "security_testing"),
        ("sarif/codeQL-output.sarif", "implementation_review"),
        ("sarif/flawfinder.sarif", "implementation_review"),
    ] {
        let Ok(report) = std::fs::read(folder.join(path)) else { continue };
        let expected = scan::read(&report, None, &limits::Limits::FILE).unwrap().findings.len();
        let at = format!("{RELEASE}?name={path}&scope={taken}");
        let scan = post(&mut pipeline, &at, &report).await.expect(201).json();
        assert_eq!(scan["scan"]["new"], expected, "{path}");
        assert_eq!(scan["scan"]["practice"], practice, "{path}");
        let again = post(&mut pipeline, &at, &report).await.expect(200).json();
        assert_eq!(again["unchanged"], true, "{path}");
        taken += 1;
    }
    assert!(taken >= 4, "only {taken} reports of the corpus were found");
    for (_, id) in world.list("state=all").await.iter().step_by(7).take(20) {
        world.lead.client.get(&format!("/desk/findings/{id}")).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_real_report_goes_through_the_page_or_leaves_nothing() {
    let Some(folder) = corpus() else {
        eprintln!("the corpus of reports is not here, so no real report was uploaded");
        return;
    };
    let mut world = World::new().await;
    let target = format!("release {}", world.releases[0]);
    let mut folders: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let (mut taken, mut refused) = (0, Vec::new());
    for kind in folders.iter().filter(|path| path.is_dir()) {
        let mut files: Vec<_> = std::fs::read_dir(kind).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.is_file() && path.metadata().unwrap().len() < 400_000);
        files.sort();
        let Some(path) = files.last() else { continue };
        let content = std::fs::read(path).unwrap();
        let name =
            format!("{}-{}", kind.file_name().unwrap().to_string_lossy(), path.file_name().unwrap().to_string_lossy());
        let before = world.rows().await;
        let fields =
            [("target", target.as_str()), ("scope", name.get(..name.len().min(90)).unwrap()), ("confirm", "on")];
        let answer = world.lead.client.post_files("/desk/findings/import", &fields, &[("file", &name, &content)]).await;
        match answer.status.as_u16() {
            303 => taken += 1,
            422 => {
                // An empty file is no file, as far as a form can tell.
                answer.says(if content.is_empty() { "an empty file is none" } else { "was not imported" });
                assert_eq!(world.rows().await, before, "{name} is refused and leaves something");
                refused.push(name);
            }
            status => panic!("{name} answered {status}"),
        }
    }
    assert!(taken >= 100, "{taken} taken; refused: {refused:?}");
    world.lead.client.get("/desk/findings").await.expect(200);
    world.lead.client.get("/desk/findings/imports").await.expect(200);
    let summary = format!("/desk/findings/summary?release={}", world.releases[0]);
    world.lead.client.get(&summary).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_open_in_scans_is_evidence_of_the_release() {
    let mut world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let present = async |world: &World| -> Vec<String> {
        let mut tx = world.bed.platform.db.read().await.unwrap();
        let sql = "select post, measures, producer from process_evidence where release_id = $1 and ended_at is null";
        let rows = tx.fetch_all(sql, &[world.releases[0].into()]).await.unwrap();
        rows.iter()
            .map(|row| {
                let text = |name: &str| row.get::<String>(name).unwrap();
                format!("{} {} {}", text("post"), text("measures"), text("producer"))
            })
            .collect()
    };
    let report = sarif(&[("a", "src/a.c", 1, "a();", "error"), ("b", "src/b.c", 2, "b();", "warning")]);
    post(&mut pipeline, &format!("{RELEASE}?name=a.sarif"), &report).await.expect(201);
    assert_eq!(present(&world).await, ["sast critical=0 high=1 low=0 medium=1 sarif"]);
    let (_, id) = world.list("severity=high").await.remove(0);
    let wrong = [("move", "false_positive"), ("reason", "a() is never reached with null.")];
    world.lead.client.post(&format!("/desk/findings/{id}/judge"), &wrong).await.expect(303);
    assert_eq!(present(&world).await, ["sast critical=0 high=0 low=0 medium=1 sarif"]);
    let again = post(&mut pipeline, &format!("{RELEASE}?name=a.sarif"), &report).await.expect(200).json();
    assert_eq!(again["unchanged"], true);
}
