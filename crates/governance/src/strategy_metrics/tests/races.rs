//! Two instances or two people at the same moment; on PostgreSQL they really meet.

use std::collections::BTreeMap;

use kernel::{Error, Scope};
use maturity::Given;
use platform::jobs::Jobs;
use testbed::Testbed;
use tokio::task::JoinSet;

use super::Vendor;
use crate::strategy_metrics::assessment::{self, Content, Draft, Saved, Typed};
use crate::strategy_metrics::target::{self, TargetDraft, Wanted};
use crate::strategy_metrics::{catalogue, ensure_ready};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_that_start_at_once_keep_each_model_once() {
    let bed = Testbed::new(super::super::routes(), Jobs::default()).await;
    let mut starts = JoinSet::new();
    for _ in 0..4 {
        let ctx = bed.program();
        starts.spawn(async move { ensure_ready(&ctx).await });
    }
    for started in starts.join_all().await {
        started.unwrap();
    }
    let mut tx = bed.platform.db.read().await.unwrap();
    assert_eq!(catalogue::list(&mut tx).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_answer_one_question_at_once_one_is_told() {
    let vendor = Vendor::new().await;
    let contexts = [vendor.bed.acting(&vendor.lead), vendor.bed.acting(&vendor.champion)];
    let ctx = contexts.first().unwrap();
    let mut tx = ctx.read().await.unwrap();
    let model = catalogue::list(&mut tx).await.unwrap().first().unwrap().id;
    let document = catalogue::load(&mut tx, model).await.unwrap();
    drop(tx);
    let draft =
        Draft { model, scope: Scope::All, name: "Spring".to_owned(), assessed_on: ctx.now.date(), carry: false };
    let id = assessment::create(ctx, &draft).await.unwrap();
    let questions: Vec<String> = document.model.questions().take(3).map(|(_, _, _, one)| one.id.clone()).collect();
    let typed = |question: &str, choice| Typed {
        question: question.to_owned(),
        seen: 0,
        content: Content { given: Some(Given::Choice(choice)), ..Content::default() },
        file: None,
    };
    let save = async |questions: [&str; 2]| {
        let mut saves = JoinSet::new();
        for (choice, (ctx, question)) in contexts.iter().zip(questions).enumerate() {
            let (ctx, sent) = (ctx.clone(), vec![typed(question, choice)]);
            saves.spawn(async move { assessment::save(&ctx, id, 0, sent).await.unwrap() });
        }
        let saved = saves.join_all().await;
        saved.iter().filter(|saved| matches!(saved, Saved::Written(1))).count()
    };
    assert_eq!(save([&questions[0], &questions[0]]).await, 1, "the same question");
    assert_eq!(save([&questions[1], &questions[2]]).await, 2, "two questions");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_set_a_target_at_once_one_is_told() {
    let vendor = Vendor::new().await;
    let ctx = vendor.bed.acting(&vendor.lead);
    let mut tx = ctx.read().await.unwrap();
    let model = catalogue::list(&mut tx).await.unwrap().first().unwrap().id;
    let document = catalogue::load(&mut tx, model).await.unwrap();
    drop(tx);
    let practice = document.model.functions.first().unwrap().practices.first().unwrap().id.clone();
    let mut targets = JoinSet::new();
    for _ in 0..2 {
        let (ctx, document) = (ctx.clone(), document.clone());
        let wanted = BTreeMap::from([(practice.clone(), Wanted { hundredths: 150, due_on: None })]);
        let draft = TargetDraft { scope: Scope::All, wanted, note: String::new(), seen: 0 };
        targets.spawn(async move { target::set(&ctx, &document, draft).await });
    }
    let outcomes = targets.join_all().await;
    let stale = outcomes.iter().filter(|outcome| matches!(outcome, Err(Error::Stale { .. }))).count();
    assert_eq!((outcomes.iter().filter(|outcome| outcome.is_ok()).count(), stale), (1, 1), "{outcomes:?}");
}
