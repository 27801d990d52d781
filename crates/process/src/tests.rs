//! Two instances, two pipelines or two people at the same moment; on PostgreSQL they really meet.

use kernel::{Error, Permission};
use platform::jobs::Jobs;
use testbed::Testbed;
use tokio::task::JoinSet;

use crate::evidence::PostDraft;
use crate::plan::{Counts, PlanDraft};
use crate::profile::Answers;
use crate::testing::Vendor;
use crate::{evidence, place, plan, profile};

async fn count(bed: &Testbed, table: &str) -> i64 {
    let mut tx = bed.platform.db.read().await.unwrap();
    tx.fetch_one(format!("select count(*) as rows from {table}"), &[]).await.unwrap().get("rows").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_that_start_at_once_make_one_key_and_one_pack() {
    let bed = Testbed::new(crate::routes(), Jobs::default()).await;
    let mut starts = JoinSet::new();
    for _ in 0..4 {
        let ctx = bed.program();
        starts.spawn(async move { crate::ensure_ready(&ctx).await });
    }
    for started in starts.join_all().await {
        started.unwrap();
    }
    assert_eq!((count(&bed, "process_key").await, count(&bed, "process_pack").await), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pipelines_that_post_at_once_are_all_answered() {
    let mut vendor = Vendor::new().await;
    vendor.answer(&["devops"]).await;
    let release = vendor.release;
    vendor.plan(release, &["devops"], &[]).await;
    let ctx = vendor.bed.acting(&vendor.dev);
    let mut tx = ctx.read().await.unwrap();
    let place = place::release(&ctx, &mut tx, release, Permission::WorkPlans).await.unwrap();
    let document = plan::load_pack(&mut tx, release).await.unwrap();
    drop(tx);
    let mut posts = JoinSet::new();
    for post in &document.pack.posts {
        for _ in 0..3 {
            let measures = post.measures.iter().map(|measure| (measure.clone(), 0)).collect();
            let draft = PostDraft {
                kind: post.id.clone(),
                producer: "ci".to_owned(),
                digest: post.id.clone(),
                measures,
                ..PostDraft::default()
            };
            let (ctx, place) = (ctx.clone(), place.clone());
            posts.spawn(async move { evidence::post(&ctx, &place, draft).await });
        }
    }
    let answers: Vec<_> = posts.join_all().await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|(_, new)| *new).count(), document.pack.posts.len());
    let mut expected = Counts::default();
    let today = ctx.now.date();
    vendor.sheet(release).await.lines.iter().for_each(|line| expected.add(line, today));
    let mut tx = ctx.read().await.unwrap();
    let mut kept = Counts::default();
    plan::list_summaries(&mut tx).await.unwrap().iter().for_each(|(_, _, counts)| kept.join(counts));
    assert_eq!(kept, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_save_at_once_one_is_told() {
    let mut vendor = Vendor::new().await;
    let (product, release) = (vendor.product, vendor.release);
    let contexts = [vendor.bed.acting(&vendor.dev), vendor.bed.acting(&vendor.lead)];
    let mut answers = JoinSet::new();
    for ctx in contexts.clone() {
        let draft = Answers { models: vec![pack::Model::Agile], ..Answers::default() };
        answers.spawn(async move { profile::answer(&ctx, product, draft).await.map(|_| ()) });
    }
    one_is_told(answers.join_all().await);
    vendor.answer(&["agile"]).await;
    let mut plans = JoinSet::new();
    for ctx in contexts {
        let draft = PlanDraft {
            models: vec![pack::Model::Agile],
            starts_on: "2026-03-02".to_owned(),
            target_on: "2026-06-01".to_owned(),
            sprint_days: "14".to_owned(),
            ..PlanDraft::default()
        };
        plans.spawn(async move { plan::make(&ctx, release, &draft).await });
    }
    one_is_told(plans.join_all().await);
}

#[track_caller]
fn one_is_told(outcomes: Vec<kernel::Result<()>>) {
    let stale = outcomes.iter().filter(|outcome| matches!(outcome, Err(Error::Stale { .. }))).count();
    let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!((done, stale), (1, 1), "{outcomes:?}");
}
