//! The gate cannot be talked round: from releases that pass, every single thing they stand on is taken away, one at a time.

use std::collections::BTreeSet;

use db::Value;
use kernel::{Permission, Timestamp};
use pack::{EvidenceKind, Fact};

use super::super::model::{Outcome, Verdict};
use super::super::rules;
use super::carried_through;
use crate::evidence::{self, EvidenceId};
use crate::place;
use crate::plan::{self, Sheet, TaskState};
use crate::testing::{Vendor, pieces};

const ALL_MODELS: &[&str] = &["waterfall", "agile", "devops"];

/// What the release gate would say after these statements, which are never committed.
async fn after(vendor: &Vendor, release: register::products::ReleaseId, changes: &[(&str, Vec<Value>)]) -> Verdict {
    let ctx = vendor.bed.program();
    let mut tx = ctx.begin().await.unwrap();
    for (sql, parameters) in changes {
        let changed = tx.execute((*sql).to_owned(), parameters).await.unwrap();
        assert!(changed > 0, "nothing was taken away by {sql} with {parameters:?}");
    }
    let place = place::release(&ctx, &mut tx, release, Permission::ReadPlans).await.unwrap();
    let sheet = plan::load_sheet(&mut tx, place, ctx.now).await.unwrap();
    rules::judge(&sheet, "", &[]).unwrap()
}

/// Fails unless the gate holds the release back and says what to do.
async fn fails(vendor: &Vendor, release: register::products::ReleaseId, what: &str, sql: &str, parameters: Vec<Value>) {
    let verdict = after(vendor, release, &[(sql, parameters)]).await;
    assert_eq!(verdict.outcome, Outcome::Lacking, "the gate lets the release pass although {what}");
    assert!(verdict.lacking().all(|item| !item.lacks.is_empty()), "{what}");
}

/// Takes a piece of evidence away in one way. Where an older one then does as well, that goes too, until nothing is left:
/// each time a task must stand on something else than what is gone.
async fn fails_without(vendor: &Vendor, sheet: &Sheet, id: EvidenceId, what: &str, sql: &str, first: Option<Value>) {
    let release = sheet.place.release.id;
    let ctx = vendor.bed.program();
    let mut gone = vec![id];
    loop {
        let mut tx = ctx.begin().await.unwrap();
        for id in &gone {
            let parameters: Vec<Value> = first.clone().into_iter().chain([(*id).into()]).collect();
            tx.execute(sql.to_owned(), &parameters).await.unwrap();
        }
        let place = place::release(&ctx, &mut tx, release, Permission::ReadPlans).await.unwrap();
        let changed = plan::load_sheet(&mut tx, place, ctx.now).await.unwrap();
        drop(tx);
        let verdict = rules::judge(&changed, "", &[]).unwrap();
        if verdict.outcome == Outcome::Lacking {
            assert!(verdict.lacking().all(|item| !item.lacks.is_empty()), "{what}");
            return;
        }
        let stood = |line: &&plan::Line| line.status.pieces.iter().any(|piece| piece.by == Some(id));
        let mut instead: Vec<EvidenceId> = Vec::new();
        for line in sheet.lines.iter().filter(stood) {
            let now = &changed.line(line.task.id).unwrap().status.pieces;
            let replaced = line.status.pieces.iter().zip(now).filter(|(before, _)| before.by == Some(id));
            for (_, piece) in replaced {
                match piece.by {
                    Some(other) => instead.push(other),
                    // One of several is enough for this task, and another one is there.
                    None => instead.extend(now.iter().filter_map(|piece| piece.by)),
                }
            }
        }
        assert!(instead.iter().all(|other| !gone.contains(other)), "the gate passes although {what}");
        assert!(!instead.is_empty(), "the gate passes although {what}");
        gone.extend(instead);
    }
}

/// Every piece of evidence: taken away, over, rejected, not looked at, with bad figures.
async fn without_evidence(vendor: &Vendor, sheet: &Sheet) {
    let release = sheet.place.release.id;
    let now = vendor.bed.platform.clock.now();
    for id in pieces(sheet) {
        let one = sheet.evidence.iter().find(|one| one.id == id).unwrap();
        let what = |words: &str| format!("{} ({:?}) {words}", one.title, one.kind);
        let later = now + std::time::Duration::from_secs(1);
        for (words, sql, first) in [
            ("was taken away", "update process_evidence set ended_at = $1 where id = $2", Some(now.into())),
            ("is over", "update process_evidence set valid_until = $1 where id = $2", Some(now.into())),
            ("came later", "update process_evidence set made_at = $1 where id = $2", Some(later.into())),
            ("was not reviewed", "delete from process_review where evidence_id = $1", None),
        ] {
            if first.is_some() || one.source.needs_review() {
                fails_without(vendor, sheet, id, &what(words), sql, first).await;
            }
        }
        if one.source.needs_review() {
            let sql =
                "insert into process_review (id, evidence_id, accepted, note, reviewer_id, reviewer_name, made_at)
                       values ('zz' || cast($2 as text), $2, false, 'Wrong file.', $1, 'Petra Lead', 9000000000000000)";
            let sql = sql.replace("9000000000000000", &now.micros().to_string());
            fails_without(vendor, sheet, id, &what("was rejected"), &sql, Some(vendor.lead.id.into())).await;
        }
        if !one.measures.is_empty() {
            let bad: Vec<String> = one.measures.keys().map(|name| format!("{name}=1000000")).collect();
            let sql = "update process_evidence set measures = $1 where id = $2";
            fails(vendor, release, &what("counts a million"), sql, vec![bad.join(" ").into(), id.into()]).await;
            fails(vendor, release, &what("does not say how many"), sql, vec!["".into(), id.into()]).await;
        }
        if one.percent.is_some() {
            let sql = "update process_evidence set percent = 0 where id = $1";
            fails(vendor, release, &what("covers nothing"), sql, vec![id.into()]).await;
        }
    }
}

/// A newer measurement that is bad counts against an older one that is good, of whatever kind.
async fn with_worse_news(vendor: &Vendor, sheet: &Sheet) {
    let release = sheet.place.release.id;
    let now = vendor.bed.platform.clock.now();
    let measured: Vec<&evidence::Evidence> = sheet
        .evidence
        .iter()
        .filter(|one| one.kind == EvidenceKind::PipelinePost && !one.measures.is_empty())
        .collect();
    assert!(!measured.is_empty());
    for one in measured {
        let bad: Vec<String> = one.measures.keys().map(|name| format!("{name}=1000000")).collect();
        let sql = "insert into process_evidence (id, release_id, kind, post, source, title, measures, producer, author_id,
                     author_name, produced_at, made_at)
                   values ('ffffffff-ffff-7fff-bfff-ffffffffffff', $1, 'pipeline_post', $2, 'post', 'Later run', $3, 'ci', '', 'ci', $4, $4)";
        let parameters = vec![release.into(), one.post.clone().into(), bad.join(" ").into(), now.into()];
        fails(vendor, release, &format!("a later {:?} is bad", one.post), sql, parameters).await;
    }
}

/// Everything that holds for a time: settled until that moment, and not from then on.
async fn when_time_passes(vendor: &Vendor, sheet: &Sheet) {
    let ctx = vendor.bed.program();
    let mut tx = ctx.read().await.unwrap();
    let ends: BTreeSet<Timestamp> = sheet.lines.iter().filter_map(|line| line.status.until).collect();
    assert!(!ends.is_empty());
    for end in ends {
        let before = Timestamp::from_micros(end.micros() - 1);
        let at = |sheet: Sheet| {
            let verdict = rules::judge(&sheet, "", &[]).unwrap();
            (sheet, verdict)
        };
        let (early, _) = at(plan::load_sheet(&mut tx, sheet.place.clone(), before).await.unwrap());
        let (late, verdict) = at(plan::load_sheet(&mut tx, sheet.place.clone(), end).await.unwrap());
        assert_eq!(verdict.outcome, Outcome::Lacking, "at {end:?}");
        for line in sheet.lines.iter().filter(|line| line.status.until == Some(end)) {
            let state = |sheet: &Sheet| sheet.line(line.task.id).unwrap().status.state;
            assert_eq!(state(&early), line.status.state, "{} before its end", line.task.activity);
            assert_eq!(state(&late), TaskState::Lapsed, "{} at its end", line.task.activity);
        }
    }
}

/// Every fact that the program observes.
async fn without_facts(vendor: &Vendor, sheet: &Sheet) {
    let release = sheet.place.release.id;
    let now: Value = vendor.bed.platform.clock.now().into();
    let asked: BTreeSet<Fact> = sheet
        .lines
        .iter()
        .filter_map(|line| sheet.pack.activity(&line.task.activity))
        .flat_map(|activity| activity.evidence.iter().filter_map(|wanted| wanted.fact))
        .collect();
    let product: Value = vendor.product.into();
    for fact in asked {
        #[expect(clippy::wildcard_enum_match_arm, reason = "what other practices observe is set by tests alike")]
        let ways: Vec<(&str, Vec<Value>)> = match fact {
            Fact::ProfileCurrent => vec![
                ("update process_profile set ended_at = made_at where product_id = $1", vec![product.clone()]),
                ("update process_profile set review_on = '2026-03-01' where product_id = $1", vec![product.clone()]),
                ("update process_profile set open_questions = 1 where product_id = $1", vec![product.clone()]),
                ("update process_profile set class = 'critical' where product_id = $1", vec![product.clone()]),
            ],
            Fact::ChampionNamed => vec![
                (
                    "update process_team set ended_at = $1 where product_id = $2 and role = 'security_champion'",
                    vec![now.clone(), product.clone()],
                ),
                ("update person set state = 'disabled' where id = $1", vec![vendor.dev.id.into()]),
            ],
            Fact::TeamFilled => {
                let mut ways = vec![("update person set state = 'disabled' where id = $1", vec![vendor.dev.id.into()])];
                let sql = "update process_team set ended_at = $1 where product_id = $2 and role = $3";
                let roles = sheet.pack.roles.iter();
                ways.extend(roles.map(|role| (sql, vec![now.clone(), product.clone(), role.id.as_str().into()])));
                ways
            }
            Fact::SupportPeriodSet => {
                vec![("update register_release set support_ends_on = null where id = $1", vec![release.into()])]
            }
            // What lapsed exceptions do is a test of its own.
            Fact::ExceptionsCurrent => Vec::new(),
            other => vec![
                (
                    "update test_fact set holds = false where release_id = $1 and fact = $2",
                    vec![release.into(), other.id().into()],
                ),
                ("delete from test_fact where release_id = $1 and fact = $2", vec![release.into(), other.id().into()]),
            ],
        };
        for (sql, parameters) in ways {
            fails(vendor, release, &format!("{} is not so", fact.id()), sql, parameters).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_passes_only_with_every_single_thing_it_stands_on() {
    let vendor = carried_through(ALL_MODELS).await;
    let sheet = vendor.sheet(vendor.release).await;
    without_evidence(&vendor, &sheet).await;
    with_worse_news(&vendor, &sheet).await;
    when_time_passes(&vendor, &sheet).await;
    without_facts(&vendor, &sheet).await;
    assert_eq!(vendor.outcome(vendor.release).await, Outcome::Passed, "all that was undone again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_starts_from_another_stands_on_its_evidence_too() {
    let mut vendor = carried_through(ALL_MODELS).await;
    let next = vendor.add_release("2.0").await;
    vendor.plan(next, ALL_MODELS, &["interface"]).await;
    vendor.settle(next, "2.0").await;
    assert_eq!(vendor.outcome(next).await, Outcome::Passed);
    let sheet = vendor.sheet(next).await;
    without_evidence(&vendor, &sheet).await;
    let now: Value = vendor.bed.platform.clock.now().into();
    let mut carried = 0;
    for line in sheet.lines.iter().filter(|line| line.status.pieces.iter().any(|piece| piece.carried)) {
        for id in line.status.pieces.iter().filter(|piece| piece.carried).filter_map(|piece| piece.by) {
            let is_shared = sheet.evidence.iter().any(|one| one.id == id && one.shared_activity.is_some());
            if is_shared {
                continue;
            }
            carried += 1;
            for sql in [
                "update process_carried set ended_at = $1 where task_id = $2 and evidence_id = $3",
                "update process_carried set holds_until = $1 where task_id = $2 and evidence_id = $3",
            ] {
                let parameters = vec![now.clone(), line.task.id.into(), id.into()];
                fails(&vendor, next, &format!("{} carries nothing over", line.task.activity), sql, parameters).await;
            }
        }
    }
    assert!(carried > 5, "{carried}");
    // A change that is told later opens what it touches.
    let fields = [
        ("seen", "1"),
        ("starts_on", "2026-03-02"),
        ("target_on", "2026-06-01"),
        ("sprint_days", "14"),
        ("models", "waterfall"),
        ("models", "agile"),
        ("models", "devops"),
        ("changes", "interface"),
        ("changes", "data"),
        ("changes", "code"),
        ("changes", "component"),
    ];
    vendor.dev.client.post(&format!("/desk/releases/{next}/plan"), &fields).await.expect(303);
    assert_eq!(vendor.outcome(next).await, Outcome::Lacking);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exceptions_pass_only_while_each_of_them_holds() {
    let mut vendor = Vendor::new().await;
    vendor.answer(&["agile"]).await;
    vendor.fill_team().await;
    let release = vendor.release;
    vendor.plan(release, &["agile"], &[]).await;
    let open = vendor.lacking(release).await;
    vendor.ask_exceptions(release, "waiver", &open[..3]).await;
    vendor.ask_exceptions(release, "not_applicable", &open[3..]).await;
    vendor.approve_exceptions(release).await;
    assert_eq!(vendor.outcome(release).await, Outcome::PassedWithExceptions);
    let sheet = vendor.sheet(release).await;
    let now: Value = vendor.bed.platform.clock.now().into();
    for waiver in &sheet.waivers {
        for (what, sql, parameters) in [
            ("ended", "update process_waiver set ended_at = $1 where id = $2", vec![now.clone()]),
            ("over", "update process_waiver set expires_on = $1 where id = $2", vec!["2026-03-01".into()]),
            ("refused", "update process_waiver set approved = $1 where id = $2", vec![false.into()]),
            (
                "not decided",
                "update process_waiver set approved = null, decided_at = $1 where id = $2",
                vec![Value::Null],
            ),
        ] {
            let parameters = parameters.into_iter().chain([waiver.id.into()]).collect();
            fails(&vendor, release, &format!("an exception is {what}"), sql, parameters).await;
        }
    }
    // An exception whose time is over holds the release back until its task is settled, and no longer.
    vendor.bed.pass(std::time::Duration::from_secs(31 * 86_400));
    assert_eq!(vendor.outcome(release).await, Outcome::Lacking);
    vendor.settle(release, "1.0").await;
    let sheet = vendor.sheet(release).await;
    let lacking: Vec<_> = sheet.lines.iter().filter(|line| !line.status.state.is_settled()).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
    assert_eq!(vendor.outcome(release).await, Outcome::Passed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn to_owe_less_takes_somebody_who_may_approve() {
    let mut vendor = Vendor::new().await;
    vendor.answer(&["agile"]).await;
    let release = vendor.release;
    let ctx = vendor.bed.program();
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    tx.execute("update process_profile set class = 'critical'", &[]).await.unwrap();
    tx.commit().await.unwrap();
    let at = format!("/desk/releases/{release}/plan");
    let mut fields = vec![
        ("seen", "0"),
        ("starts_on", "2026-03-02"),
        ("target_on", "2026-06-01"),
        ("sprint_days", "14"),
        ("models", "agile"),
        ("up_to_level", "1"),
    ];
    vendor.dev.client.post(&at, &fields).await.expect(422).says("leaves the tasks above it out");
    vendor.plan(release, &["agile"], &[]).await;
    let before = vendor.sheet(release).await.lines.len();
    fields[0] = ("seen", "1");
    vendor.dev.client.post(&at, &fields).await.expect(422).says("would go out of the plan");
    assert_eq!(vendor.sheet(release).await.lines.len(), before);
    vendor.lead.client.post(&at, &fields).await.expect(303);
    assert!(vendor.sheet(release).await.lines.len() < before);
    // To owe more is everybody's.
    fields[0] = ("seen", "2");
    fields.pop();
    vendor.dev.client.post(&at, &fields).await.expect(303);
}
