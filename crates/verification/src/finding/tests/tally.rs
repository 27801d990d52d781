//! The counts that are kept beside the findings: after whatever people, pipelines and jobs do, they are what counting
//! anew gives.

use std::time::Duration;

use kernel::Role;

use super::super::store;
use super::{BRANCH, LATER, RELEASE, World, post, sarif};

/// A small deterministic generator.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }
}

/// A report that has some of twelve findings, at lines that move, as bad as the tool finds them this time.
fn report(dice: &mut Dice) -> Vec<u8> {
    let files: Vec<String> = (0..12).map(|number| format!("src/{number}.rs")).collect();
    let mut results = Vec::new();
    for file in &files {
        if dice.roll(3) > 0 {
            let line = u32::try_from(dice.roll(900)).unwrap();
            let code = dice.one(&["query(a)", "query(a)", "query(b)"]);
            results.push(("sqli", file.as_str(), line, code, dice.one(&["error", "warning", "warning", "note"])));
        }
    }
    sarif(&results)
}

async fn check(world: &World, after: &str) -> i64 {
    let mut tx = world.bed.platform.db.read().await.unwrap();
    assert_eq!(store::count_wrong_tallies(&mut tx).await.unwrap(), 0, "after {after}");
    let sql = "select coalesce(sum(count), 0) as count from v_verification_open";
    tx.fetch_one(sql, &[]).await.unwrap().get("count").unwrap()
}

/// What a person does to one or several findings.
async fn act(world: &mut World, second: &mut testbed::TestPerson, dice: &mut Dice) -> String {
    let all = world.list("state=all").await;
    if all.is_empty() {
        return "nothing".to_owned();
    }
    let (first, other) = (all[dice.roll(all.len())].1.clone(), all[dice.roll(all.len())].1.clone());
    let wanted = dice.one(&[
        "false_positive",
        "not_reachable",
        "confirm",
        "reopen",
        "duplicate",
        "rate",
        "acceptance",
        "approve",
        "decline",
        "fix",
    ]);
    let severity = dice.one(&["low", "medium", "high", "critical"]);
    let fields = [
        ("do", wanted),
        ("step", "2"),
        ("finding", first.as_str()),
        ("finding", other.as_str()),
        ("severity", severity),
        ("until", "2026-04-01"),
        ("duplicate_of", all[0].1.as_str()),
        ("reason", "Looked at by two people."),
    ];
    // Many of these are refused, which must leave everything as it was.
    let client = if dice.roll(2) == 0 { &mut world.lead.client } else { &mut second.client };
    let answer = client.post("/desk/findings/bulk", &fields).await;
    assert!([303, 404, 409, 422].contains(&answer.status.as_u16()), "{wanted}: {}", answer.status);
    format!("{wanted}, answered by {}", answer.status)
}

async fn retest(world: &mut World, dice: &mut Dice) -> String {
    let target = format!("release {}", world.releases[0]);
    let fields = [
        ("target", target.as_str()),
        ("kind", "penetration_test"),
        ("severity", "high"),
        ("title", dice.one(&["Weak cipher", "Open port", "Old session"])),
        ("place", "https://gate.halden.example/"),
        ("cwe", "CWE-613"),
        ("description", "Seen twice."),
    ];
    let answer = world.lead.client.post("/desk/findings/new", &fields).await;
    let all = world.list("state=all&kind=penetration_test").await;
    if let Some((_, id)) = all.first() {
        let outcome = dice.one(&["gone", "there"]);
        let at = format!("/desk/findings/{id}/retest");
        world.lead.client.post(&at, &[("outcome", outcome), ("note", "Same steps.")]).await.expect(303);
    }
    format!("a manual finding, answered by {}, and a retest of {}", answer.status, all.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kept_counts_are_those_of_counting_anew_after_any_sequence() {
    for seed in [1, 2, 3] {
        let mut dice = Dice(seed);
        let mut world = World::new().await;
        let mut pipeline = world.pipeline().await;
        let mut second = world.bed.person("Rita Release", Role::ReleaseManager).await;
        let mut most = 0;
        for step in 0..60 {
            let what = match dice.roll(8) {
                0..=2 => {
                    let place = dice.one(&[RELEASE, LATER, BRANCH]);
                    let answer = post(&mut pipeline, place, &report(&mut dice)).await;
                    format!("a report at {place}, answered by {}", answer.status)
                }
                3 => {
                    world.bed.pass(Duration::from_secs(86_400 * 9));
                    world.bed.run_jobs().await;
                    "some days".to_owned()
                }
                4 => retest(&mut world, &mut dice).await,
                _ => act(&mut world, &mut second, &mut dice).await,
            };
            most = most.max(check(&world, &format!("step {step} of sequence {seed}: {what}")).await);
        }
        assert!(most > 10, "a sequence has to have something to count, not {most}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_rolled_back_leaves_the_counts_as_they_were() {
    let world = World::new().await;
    let mut pipeline = world.pipeline().await;
    post(&mut pipeline, RELEASE, &sarif(&[("sqli", "src/a.rs", 3, "query(a)", "error")])).await.expect(201);
    let before = check(&world, "a report").await;
    let ctx = world.bed.program();
    let mut tx = ctx.begin().await.unwrap();
    tx.execute("update verification_finding set severity = 0", &[]).await.unwrap();
    let row = tx.fetch_one("select id from verification_target", &[]).await.unwrap();
    let target = row.get("id").unwrap();
    store::lock_targets(&mut tx, &[target]).await.unwrap();
    store::set_tallies(&mut tx, &[target]).await.unwrap();
    assert_eq!(store::count_wrong_tallies(&mut tx).await.unwrap(), 0);
    drop(tx);
    assert_eq!(check(&world, "a transaction that was given up").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_findings_of_past_days_are_kept() {
    let world = World::new().await;
    let mut pipeline = world.pipeline().await;
    let first = world.bed.program().now.date();
    let day = Duration::from_secs(86_400);
    let (one, two) = (("a", "src/a.rs", 3, "query(a)", "error"), ("b", "src/b.rs", 3, "query(b)", "warning"));
    post(&mut pipeline, RELEASE, &sarif(&[one])).await.expect(201);
    world.bed.pass(day * 9);
    post(&mut pipeline, RELEASE, &sarif(&[one, two])).await.expect(201);
    world.bed.pass(day * 2);
    post(&mut pipeline, RELEASE, &sarif(&[two])).await.expect(201);
    world.bed.pass(day * 40);
    for _ in 0..3 {
        super::super::keep_days(&world.bed.program()).await.unwrap();
    }
    let kept = async |number: i32| {
        let mut tx = world.bed.platform.db.read().await.unwrap();
        let sql = "select severity, age, count from v_verification_day where day = $1 order by severity";
        let rows = tx.fetch_all(sql, &[first.plus_days(number).into()]).await.unwrap();
        let words = |row: &db::Row| {
            let severity: i64 = row.get("severity").unwrap();
            let (age, count): (String, i64) = (row.get("age").unwrap(), row.get("count").unwrap());
            format!("{severity} {age} {count}")
        };
        rows.iter().map(words).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(kept(-1).await, "");
    assert_eq!(kept(0).await, "3 week 1");
    assert_eq!(kept(7).await, "3 month 1");
    assert_eq!(kept(9).await, "2 week 1, 3 month 1");
    assert_eq!(kept(11).await, "2 week 1");
    assert_eq!(kept(50).await, "2 quarter 1");
    assert_eq!(kept(51).await, "", "today is not over");
}
