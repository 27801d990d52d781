//! The program filled with the example vendor: what the search finds, what numbers open, what empty lists say.

mod lists;
mod numbers;
mod search;

use kernel::{Grant, Role, Scope};
use testbed::Testbed;

use crate::{demo, slices};

/// The example vendor's two years, told to a program for tests.
async fn filled() -> Testbed {
    let bed = Testbed::with(slices::routes(), slices::jobs(), slices::cards(), |_| {}).await;
    demo::fill(&bed.platform).await.unwrap();
    bed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_room_says_what_to_do_and_never_blames_a_filter() {
    let bed = Testbed::with(slices::routes(), slices::jobs(), slices::cards(), |_| {}).await;
    slices::ensure_ready(&bed.program()).await.unwrap();
    let roles = [Role::Lead, Role::SecurityLead, Role::Administrator];
    let mut lead = bed.person_with("Lea Empty", &roles.map(|role| Grant { role, scope: Scope::All })).await;
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
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_vendor_shows_what_it_should() {
    let bed = filled().await;
    search::finds_what_one_may_see(&bed).await;
    lists::say_when_a_filter_leaves_nothing(&bed).await;
    numbers::open_their_rows(&bed).await;
}
