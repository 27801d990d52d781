//! Cases as other slices show them.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use db::Tx;
use kernel::{Actor, Result};
use platform::cards::Card;

use super::store;

/// Cards on their way from the database.
type Loading<'a> = Pin<Box<dyn Future<Output = Result<HashMap<String, Card>>> + Send + 'a>>;

/// The cards of the cases that `actor` may see.
pub(super) fn load<'a>(tx: &'a mut Tx, actor: &'a Actor, ids: &'a [String]) -> Loading<'a> {
    Box::pin(async move {
        let titles = store::list_titles(tx, actor, ids).await?;
        Ok(titles
            .into_iter()
            .map(|(id, (number, title))| {
                let link = format!("/desk/cases/{id}");
                (id, Card { title: format!("{number} {title}"), link })
            })
            .collect())
    })
}
