//! Plans and tasks through their pages.

use crate::testing::Vendor;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_editor_is_told_and_loses_no_text() {
    let mut vendor = Vendor::new().await;
    let release = vendor.release;
    let form = format!("/desk/releases/{release}/plan");
    let plan = [
        ("seen", "0"),
        ("starts_on", "2026-03-02"),
        ("target_on", "2026-06-01"),
        ("sprint_days", "14"),
        ("models", "agile"),
    ];
    vendor.dev.client.post(&form, &plan).await.expect(422).says("no profile yet");
    vendor.answer(&["agile"]).await;
    vendor
        .dev
        .client
        .post(&form, &[plan[0], plan[1], ("target_on", "2026-01-01"), plan[3], plan[4]])
        .await
        .expect(422)
        .says("before work on it begins");
    vendor.dev.client.post(&form, &plan).await.expect(303);
    vendor.lead.client.post(&form, &plan).await.expect(409).says("Somebody else changed this plan");
    let task = vendor.sheet(release).await.lines[0].task.id;
    let at = format!("/desk/releases/{release}/tasks/{task}");
    vendor.dev.client.get(&at).await.expect(200).says("What it asks for").says("What to do");
    let mine = [("revision", "1"), ("owner", ""), ("due_on", "2026-05-01"), ("note", "Mine: ask the lab.")];
    vendor.dev.client.post(&at, &mine).await.expect(303);
    let theirs = [("revision", "1"), ("owner", ""), ("due_on", "2026-05-09"), ("note", "Theirs: ask the vendor.")];
    vendor
        .lead
        .client
        .post(&at, &theirs)
        .await
        .expect(409)
        .says("role=\"alert\"")
        .says("Somebody else saved this task")
        .says("Mine: ask the lab.")
        .says("Theirs: ask the vendor.")
        .says("2026-05-09");
    vendor.lead.client.post(&at, &[("revision", "2"), theirs[1], theirs[2], theirs[3]]).await.expect(303);
    vendor.dev.client.get(&at).await.expect(200).says("Theirs: ask the vendor.");
    vendor.dev.client.post(&format!("{at}/start"), &[]).await.expect(303);
    vendor.dev.client.get(&at).await.expect(200).says("In work");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_filter_export_and_assign_with_few_statements() {
    let mut vendor = Vendor::new().await;
    vendor.answer(&["agile"]).await;
    let release = vendor.release;
    vendor.dev.client.get("/desk/releases").await.expect(200).says("no plan yet");
    vendor.plan(release, &["agile"], &[]).await;
    let at = format!("/desk/releases/{release}");
    let sheet = vendor.sheet(release).await;
    let (one, two) = (sheet.lines[0].task.id.to_string(), sheet.lines[1].task.id.to_string());
    let owner = vendor.dev.id.to_string();
    vendor
        .lead
        .client
        .post(&format!("{at}/tasks"), &[("do", "assign"), ("owner", &owner)])
        .await
        .expect(422)
        .says("Tick the tasks");
    vendor
        .lead
        .client
        .post(&format!("{at}/tasks"), &[("task", one.as_str())])
        .await
        .expect(422)
        .says("Choose what to do");
    vendor
        .lead
        .client
        .post(&format!("{at}/tasks"), &[("do", "assign"), ("owner", &owner), ("task", &one), ("task", &two)])
        .await
        .expect(303);
    vendor.bed.person("Ada Administrator", kernel::Role::Administrator).await;
    let gone = vendor.bed.person("Gone Away", kernel::Role::Developer).await.id;
    let mut tx = vendor.bed.platform.db.read().await.unwrap();
    let revision = platform::access::load_person(&mut tx, gone).await.unwrap().revision;
    drop(tx);
    platform::access::disable(&vendor.bed.program(), gone, revision).await.unwrap();
    let gone = gone.to_string();
    let to_nobody_here = [("do", "assign"), ("owner", gone.as_str()), ("task", one.as_str())];
    vendor.lead.client.post(&format!("{at}/tasks"), &to_nobody_here).await.expect(422).says("no longer signs in");
    let team = format!("/desk/products/{}/team", vendor.product);
    let part = [("person", gone.as_str()), ("role", "security_champion")];
    vendor.lead.client.post(&team, &part).await.expect(422).says("no longer signs in");
    let foreign = vendor.bed.program().id::<kernel::kinds::Task>().to_string();
    let of_another = [("do", "assign"), ("owner", owner.as_str()), ("task", foreign.as_str())];
    vendor.lead.client.post(&format!("{at}/tasks"), &of_another).await.expect(404);
    vendor.dev.client.get(&format!("{at}?asof=2027-01-01")).await.expect(422).says("Choose today or an earlier day");
    let csv = vendor.dev.client.get(&format!("{at}?owner={owner}&format=csv")).await.expect(200).text();
    assert_eq!(csv.lines().count(), 3, "{csv}");
    vendor
        .dev
        .client
        .get(&format!("{at}?practice=threat_assessment&state=lacking"))
        .await
        .expect(200)
        .says("Draw the product");
    vendor
        .dev
        .client
        .get("/desk/releases?gate=lacking&format=csv")
        .await
        .expect(200)
        .says("Gate 300,1.0,in_development,low");
    vendor.dev.client.get("/desk/practices").await.expect(200).says("Threat assessment");
    vendor.dev.client.get("/desk/practices/threat_assessment").await.expect(200).says("Level 1").says("Gate 300 1.0");
    vendor
        .dev
        .client
        .get("/desk/practices/heatmap")
        .await
        .expect(200)
        .says("practice=threat_assessment&amp;state=lacking");
    let mut tx = vendor.bed.platform.db.read().await.unwrap();
    let ctx = vendor.bed.program();
    let place = crate::place::release(&ctx, &mut tx, release, kernel::Permission::ReadPlans).await.unwrap();
    super::load_sheet(&mut tx, place, ctx.now).await.unwrap();
    assert!(tx.statements() <= 14, "{} statements", tx.statements());
    let mut stranger = vendor.stranger().await;
    stranger.client.get(&at).await.expect(404);
    stranger.client.get("/desk/releases").await.expect(200).keeps_quiet_about("Gate 300");
    stranger.client.get("/desk/practices/heatmap").await.expect(200).keeps_quiet_about("Gate 300");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn past_days_are_kept_as_they_were() {
    let mut vendor = Vendor::new().await;
    vendor.answer(&["agile"]).await;
    let release = vendor.release;
    vendor.plan(release, &["agile"], &[]).await;
    let first = vendor.bed.program().now.date();
    let day = std::time::Duration::from_secs(86_400);
    vendor.bed.pass(day * 2);
    super::keep_days(&vendor.bed.program()).await.unwrap();
    let task = vendor.sheet(release).await.lines[0].task.id;
    vendor.dev.client.post(&format!("/desk/releases/{release}/tasks/{task}/start"), &[]).await.expect(303);
    vendor.bed.pass(day * 40);
    for _ in 0..3 {
        super::keep_days(&vendor.bed.program()).await.unwrap();
    }
    let mut tx = vendor.bed.platform.db.read().await.unwrap();
    let sorted = |mut figures: Vec<super::Summary>| {
        figures.sort_by_key(|(release, practice, _)| (*release, practice.clone()));
        figures
    };
    let mut different = 0;
    let mut last = None;
    for number in -1..42 {
        let at = first.plus_days(number + 1).start() - std::time::Duration::from_micros(1);
        let before = tx.statements();
        let kept = sorted(super::figures_at(&mut tx, at).await.unwrap());
        assert_eq!(tx.statements() - before == 2, number >= 0, "day {number} is read, the days before are computed");
        assert_eq!(kept, sorted(super::summary::compute_all(&mut tx, at).await.unwrap()), "day {number}");
        different += usize::from(last.replace(kept.clone()) != Some(kept));
    }
    assert!(different >= 3, "without a plan, planned, and begun differ");
    let rows: i64 = tx.fetch_one("select count(*) as count from process_day", &[]).await.unwrap().get("count").unwrap();
    assert!(rows < 60, "only what differs is written, not {rows} rows");
}
