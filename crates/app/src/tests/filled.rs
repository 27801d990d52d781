//! The program filled with the example vendor: what the search finds, what numbers open, what empty lists say.

mod lists;
mod numbers;
mod search;

use kernel::{Grant, Role, Scope};
use testbed::{TestPerson, Testbed};

use crate::{demo, slices};

/// A program with every slice.
async fn program() -> Testbed {
    Testbed::with(slices::routes(), slices::jobs(), slices::cards(), |_| {}).await
}

/// Somebody who may see everything.
async fn lead(bed: &Testbed) -> TestPerson {
    let roles = [Role::Lead, Role::SecurityLead, Role::Administrator];
    bed.person_with("Lea Everything", &roles.map(|role| Grant { role, scope: Scope::All })).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_room_says_what_to_do_and_never_blames_a_filter() {
    let bed = program().await;
    slices::ensure_ready(&bed.program()).await.unwrap();
    let mut lead = lead(&bed).await;
    let mut empty = 0;
    for entry in slices::routes().table() {
        if entry.method != http::Method::GET || !entry.path.starts_with("/desk") || entry.path.contains('{') {
            continue;
        }
        let page = lead.client.get(entry.path).await.text();
        let main = page.split("<main").nth(1).unwrap_or_default();
        for state in main.split("class=\"empty\"").skip(1) {
            empty += 1;
            let state = state.split("</div>").next().unwrap_or_default();
            assert!(!state.contains("fit") && !state.contains("filter"), "{}: {state}", entry.path);
            let words = state.split("class=\"muted\">").nth(1).and_then(|rest| rest.split('<').next());
            assert!(words.is_some_and(|words| words.split(' ').count() > 3), "{} says nothing: {state}", entry.path);
        }
    }
    assert!(empty > 15, "{empty} empty rooms");
    // What is asked of the database by searches and by what the dashboard opens, on whichever database this is.
    for words in ["zqxjk", "cve-1900-1", "attack+surface"] {
        lead.client.get(&format!("/desk/search?q={words}")).await.expect(200);
    }
    let family = bed.program().id::<kernel::kinds::Family>();
    for filter in
        [format!("family={family}"), "newer=30&older=7&severity=high".to_owned(), "as_of=2026-02-01".to_owned()]
    {
        lead.client.get(&format!("/desk/findings?{filter}")).await.expect(200).says("Clear the filters");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_vendor_shows_what_it_should() {
    let bed = program().await;
    if bed.platform.db.dialect() != db::Dialect::Sqlite {
        eprintln!("the example vendor's two years are thousands of requests, so they are told on SQLite only");
        return;
    }
    demo::fill(&bed.platform).await.unwrap();
    search::finds_what_one_may_see(&bed).await;
    lists::say_when_a_filter_leaves_nothing(&bed).await;
    numbers::open_their_rows(&bed).await;
}
