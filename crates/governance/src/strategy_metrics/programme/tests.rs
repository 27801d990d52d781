//! The dashboard through its routes, on a real database.

use kernel::{Id, Role};

use crate::strategy_metrics::testing::{World, at};

async fn rows(world: &mut World, query: &str) -> usize {
    let at = format!("/desk/programme/rows?{query}&format=csv");
    world.lead.client.get(&at).await.expect(200).text().lines().count() - 1
}

/// A plan with two tasks, a profile, a champion, a gate decision, a waiver, findings and a target.
async fn fill(world: &World) {
    let ctx = world.bed.program();
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    let pack = tx.fetch_one("select id from process_pack where active = true", &[]).await.unwrap();
    let pack: String = pack.get("id").unwrap();
    let (gate, release, person) = (world.gate.to_string(), world.release.to_string(), world.lead.id.to_string());
    let begun = at("2025-01-10").micros();
    for sql in [
        format!(
            "insert into process_profile (id, product_id, pack_row, answers, reasons, models, class, sum, open_questions, why,
               review_on, made_at, made_by)
             values ('00000000-0000-7000-8000-000000000001', '{gate}', '{pack}', '{{}}', '{{}}', '', 'high', 1, 0, '', '2026-01-10', {begun}, 'x')"
        ),
        format!(
            "insert into process_team (id, product_id, person_id, role, made_at, made_by)
             values ('00000000-0000-7000-8000-000000000002', '{gate}', '{person}', 'security_champion', {begun}, 'x')"
        ),
        format!(
            "insert into process_task (id, release_id, product_id, activity, practice, position, due_on, due_words, made_at)
             values ('00000000-0000-7000-8000-000000000003', '{release}', '{gate}', 'security_testing.fuzzing', 'security_testing', 1, '2025-02-01', '', {begun})"
        ),
        format!(
            "insert into process_waiver (id, release_id, task_id, kind, reason, expires_on, requested_by, requested_name, made_at,
               approved, decided_by, decided_at)
             values ('00000000-0000-7000-8000-000000000004', '{release}', '00000000-0000-7000-8000-000000000003', 'waiver', 'Later', '2026-03-20', 'someone', 'Some One', {begun}, true, '{person}', {begun})"
        ),
        format!(
            "insert into process_decision (id, release_id, gate, outcome, reason, state, state_sha256, decided_by, decided_name, made_at)
             values ('00000000-0000-7000-8000-000000000005', '{release}', 'release', 'passed_with_exceptions', '', '', '', '{person}', 'Sam', {begun})"
        ),
        format!(
            "insert into process_summary (release_id, practice, open, in_work, waiting, done, lapsed, not_applicable, waived,
               overdue, computed_at)
             values ('{release}', 'security_testing', 2, 0, 0, 5, 0, 1, 1, 2, {begun})"
        ),
    ] {
        tx.execute(sql, &[]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn finding(world: &World, severity: i64, opened: &str, live: bool, closed: Option<&str>) {
    let id: Id<Role> = world.bed.program().id();
    world
        .run(
            "insert into verification_target (id, product_id, branch, created_at) values ('main', $1, 'main', 0)
             on conflict (product_id, branch) do nothing",
            vec![world.gate.into()],
        )
        .await;
    world
        .run(
            "insert into verification_finding (id, product_id, target_id, practice, kind, tool, scope, fingerprint, context,
               content, state, live, present, severity, tool_severity, title, title_key, rule, cwe, cve, component,
               component_key, component_version, fixed_in, place, opened_at, closed_at, created_at)
             values ($1, $2, 'main', 'security_testing', 'sast', 'x', '', $1, '', '', $3, $4, true, $5, $5, '', '', '', '', '',
               '', '', '', '', '', $6, $7, $6)",
            vec![
                id.into(),
                world.gate.into(),
                if live { "open" } else { "fixed" }.into(),
                live.into(),
                severity.into(),
                at(opened).into(),
                closed.map(at).into(),
            ],
        )
        .await;
    world
        .run(
            "insert into verification_tally (target_id, product_id, practice, kind, severity, state, opened_day, count)
             select target_id, product_id, practice, kind, severity, state, opened_at / 86400000000, 1
               from verification_finding where id = $1 and live = true",
            vec![id.into()],
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_programme_says_what_to_do() {
    let mut world = World::new().await;
    let _ = world.lead.client.get("/desk/programme").await.expect(200).says("No plan yet").says("No root cause");
    let _ = world.lead.client.get("/desk/programme/rows?measure=nonsense").await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_open_to_as_many_rows() {
    let mut world = World::new().await;
    fill(&world).await;
    world.history().await;
    for (query, count) in [
        ("measure=profiles", 2),
        ("measure=profiles&key=overdue", 1),
        ("measure=profiles&key=none", 1),
        ("measure=champions&key=named", 1),
        ("measure=people&key=part", 1),
        ("measure=gates&key=passed_with_exceptions", 1),
        ("measure=gates&key=undecided", 0),
        ("measure=tasks&key=security_testing", 1),
        ("measure=done&key=security_testing", 1),
        ("measure=lapsed", 0),
        ("measure=overdue", 1),
        ("measure=waivers&key=days30", 1),
        ("measure=waivers&key=lapsed", 0),
        ("measure=field", 5),
        ("measure=field&key=2026Q1", 2),
    ] {
        assert_eq!(rows(&mut world, query).await, count, "{query}");
    }
    let page = world.lead.client.get("/desk/programme").await.expect(200);
    let page = page.says("1 of 2").says("Tasks by practice").says("Show the numbers").says("Security testing");
    let _ = world.lead.client.get("/desk/programme/rows?measure=tasks").await.expect(200).says("9 tasks in 1 row");
    let _ = page.says("measure=profiles&amp;key=overdue").says("measure=field&amp;key=2025Q1");
    let product = world.phone;
    assert_eq!(rows(&mut world, &format!("measure=field&product={product}")).await, 2);
    let family = world.gates;
    assert_eq!(rows(&mut world, &format!("measure=profiles&family={family}")).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_past_day_is_computed_from_history() {
    let mut world = World::new().await;
    fill(&world).await;
    world.history().await;
    for (query, count) in [
        ("measure=profiles&key=current&as_of=2025-12-31", 1),
        ("measure=profiles&key=none&as_of=2025-01-09", 2),
        ("measure=champions&key=named&as_of=2025-01-09", 0),
        ("measure=gates&key=passed_with_exceptions&as_of=2025-01-10", 1),
        ("measure=gates&as_of=2025-01-09", 0),
        ("measure=waivers&key=later&as_of=2025-06-30", 1),
        ("measure=waivers&as_of=2025-01-09", 0),
        ("measure=field&as_of=2025-06-30", 2),
    ] {
        assert_eq!(rows(&mut world, query).await, count, "{query}");
    }
    let _ = world
        .lead
        .client
        .get("/desk/programme?as_of=2025-06-30")
        .await
        .expect(200)
        .says("Figures as of 2025-06-30")
        .says("when one was archived is not kept")
        .says("states on that day are not kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn findings_are_counted_by_severity_state_and_age() {
    let mut world = World::new().await;
    finding(&world, 4, "2026-02-27", true, None).await;
    finding(&world, 4, "2025-06-01", true, None).await;
    finding(&world, 3, "2026-02-10", true, None).await;
    finding(&world, 2, "2025-01-01", false, Some("2025-03-01")).await;
    let page = world.lead.client.get("/desk/programme").await.expect(200).text();
    assert!(page.contains("/desk/findings?severity=critical\">2</a>"), "{page}");
    assert!(page.contains("/desk/findings?severity=critical&amp;older=90\">1</a>"), "{page}");
    assert!(page.contains("/desk/findings?severity=medium\">0</a>"), "{page}");
    let past = world.lead.client.get("/desk/programme?as_of=2025-02-01").await.expect(200).text();
    let table = past.split("Open findings by severity, state and age").nth(1).unwrap();
    let medium = table.split("Medium").nth(1).unwrap();
    assert!(medium.split("</tr>").next().unwrap().contains('1'), "the one that was closed later was open then");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn targets_are_judged_on_their_day() {
    let mut world = World::new().await;
    world.history().await;
    let case = "(select id from issue_case order by received_at limit 1)";
    let target = format!(
        "insert into issue_clock (case_id, step, started_at, due_at, met_at, provisional) values ({case}, 'fix', $1, $2, $3, false)"
    );
    world.run(&target, vec![at("2025-02-10").into(), at("2025-02-20").into(), at("2025-02-25").into()]).await;
    for (query, count) in [
        ("measure=targets", 1),
        ("measure=targets&key=fix.high.late", 1),
        ("measure=targets&key=fix.high.met", 0),
        ("measure=targets&key=fix.high.overdue&as_of=2025-02-22", 1),
        ("measure=targets&key=fix.high.running&as_of=2025-02-15", 1),
        ("measure=targets&as_of=2025-02-01", 0),
    ] {
        assert_eq!(rows(&mut world, query).await, count, "{query}");
    }
    let _ =
        world.lead.client.get("/desk/programme").await.expect(200).says("Time to fix against the target").says("15.0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_takes_a_fixed_number_of_statements() {
    use super::data::Data;
    let world = World::new().await;
    fill(&world).await;
    let count = async |world: &World| {
        let ctx = world.bed.acting(&world.lead);
        let mut tx = ctx.read().await.unwrap();
        Data::load(&mut tx, &ctx, &web::Query::default()).await.unwrap();
        tx.statements()
    };
    // The pack is parsed when it is first needed, and then kept.
    count(&world).await;
    let few = count(&world).await;
    world.history().await;
    world.history().await;
    assert_eq!(few, count(&world).await);
    assert!(few <= 20, "{few} statements");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn maturity_shows_the_newest_score_and_the_trend() {
    let mut world = World::new().await;
    let _ = world.lead.client.get("/desk/programme").await.expect(200).says("No assessment yet");
    let model =
        "insert into strategy_model (id, series, title, source, document, digest, questions, added_at, added_by)
        values ('00000000-0000-7000-8000-000000000001', 'samm-1.5', 'Questions', 'built_in', '', '', 1, 0, '')";
    world.run(model, Vec::new()).await;
    for (number, day, score, product) in
        [(2, "2025-06-01", 1, None), (3, "2026-01-15", 2, None), (4, "2026-02-01", 3, Some(world.phone))]
    {
        let id = format!("00000000-0000-7000-8000-00000000000{number}");
        world
            .run(
                "insert into strategy_assessment (id, model_id, series, name, product_id, state, assessed_on, created_at,
                   created_by, created_name, finished_at)
                 values ($1, '00000000-0000-7000-8000-000000000001', 'samm-1.5', $2, $3, 'finished', $4, $5, '', '', $5)",
                vec![
                    id.as_str().into(),
                    format!("Assessment {number}").into(),
                    product.into(),
                    day.into(),
                    at(day).into(),
                ],
            )
            .await;
        let sql =
            "insert into strategy_score (assessment_id, position, function, function_title, practice, practice_title,
                     numerator, denominator)
                   values ($1, 1, 'governance', 'Governance', 'strategy_metrics', 'Strategy and metrics', $2, 2)";
        world.run(sql, vec![id.into(), score.into()]).await;
    }
    let page = world.lead.client.get("/desk/programme").await.expect(200).says("Assessment 3: score by practice");
    let _ = page.says("Assessment 4").says("/desk/assessments/00000000-0000-7000-8000-000000000004").says("1.50");
    let past = world.lead.client.get("/desk/programme?as_of=2025-12-31").await.expect(200);
    let _ = past.says("Assessment 2: score by practice").keeps_quiet_about("Assessment 3");
    let mut of_gates = world.of_gates("Gil Gates", Role::ProductManager).await;
    let _ = of_gates.client.get("/desk/programme").await.expect(200).says("No assessment yet");
}
