//! The program filled with the example vendor: what the search finds, what numbers open, what empty lists say.

mod numbers;
mod search;

use testbed::Testbed;

use crate::{demo, slices};

/// The example vendor's two years, told to a program for tests.
async fn filled() -> Testbed {
    let bed = Testbed::with(slices::routes(), slices::jobs(), slices::cards(), |_| {}).await;
    demo::fill(&bed.platform).await.unwrap();
    bed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_vendor_shows_what_it_should() {
    let bed = filled().await;
    search::finds_what_one_may_see(&bed).await;
    numbers::open_their_rows(&bed).await;
}
