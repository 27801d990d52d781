//! What the search over everything finds of the process: tasks of releases in work, activities, packs.

use db::{Tx, Value};
use kernel::{Actor, Date, Permission, Result};
use platform::finders::{Found, MOST, visible};

use super::store;
use crate::pack as packs;

/// How many activities of one search are looked up among the tasks.
const ACTIVITIES: usize = 30;

/// The activities of the pack in force whose title or identifier has the words in it: identifier, title, practice.
async fn activities(tx: &mut Tx, words: &str) -> Result<Vec<(String, String, String)>> {
    let words = words.trim().to_lowercase();
    let document = match packs::load_active(tx).await {
        Ok(document) => document,
        // Without a pack there is nothing to find.
        Err(kernel::Error::Refused { .. } | kernel::Error::NotFound { .. }) => return Ok(Vec::new()),
        Err(other) => return Err(other),
    };
    let fits = |activity: &&pack::Activity| {
        activity.title.to_lowercase().contains(&words) || activity.id.to_lowercase().contains(&words)
    };
    let found = document.pack.activities.iter().filter(fits).take(ACTIVITIES);
    Ok(found.map(|one| (one.id.clone(), one.title.clone(), one.practice.clone())).collect())
}

/// Tasks of releases in work, by the title of their activity, what is due first at the top.
pub(crate) async fn tasks(tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<Found>> {
    if !actor.may_somewhere(Permission::ReadPlans) {
        return Ok(Vec::new());
    }
    let known = activities(tx, words).await?;
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let mut parameters: Vec<Value> = known.iter().map(|(id, ..)| id.as_str().into()).collect();
    let places: Vec<String> = (1..=parameters.len()).map(|place| format!("${place}")).collect();
    let visible = visible(actor, Permission::ReadPlans, ("p.family_id", "p.id"), &mut parameters);
    let rows = store::find_tasks(tx, &places.join(", "), &visible, &parameters, MOST).await?;
    let title =
        |id: &str| known.iter().find(|(known, ..)| known == id).map_or_else(|| id.to_owned(), |one| one.1.clone());
    Ok(rows
        .into_iter()
        .map(|row: TaskFound| Found {
            link: format!("/desk/releases/{}/tasks/{}", row.release, row.task),
            number: format!("{} {}, due {}", row.product, row.version, row.due_on),
            title: title(&row.activity),
        })
        .collect())
}

/// A task as the search finds it.
pub(super) struct TaskFound {
    pub(super) task: String,
    pub(super) release: String,
    pub(super) activity: String,
    pub(super) product: String,
    pub(super) version: String,
    pub(super) due_on: Date,
}

/// Practices and activities of the pack in force, and packs by name.
pub(crate) async fn process(tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<Found>> {
    if !actor.may_somewhere(Permission::ReadPlans) {
        return Ok(Vec::new());
    }
    let lower = words.trim().to_lowercase();
    let mut found: Vec<Found> = packs::list(tx)
        .await?
        .into_iter()
        .filter(|row| format!("{} {} {}", row.title, row.pack_id, row.version).to_lowercase().contains(&lower))
        .map(|row| Found {
            link: format!("/desk/practices/packs/{}", row.id),
            number: "Process pack".to_owned(),
            title: format!("{} {}", row.title, row.version),
        })
        .collect();
    found.extend(activities(tx, words).await?.into_iter().map(|(id, title, practice)| Found {
        link: format!("/desk/practices/{practice}"),
        number: id,
        title,
    }));
    found.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    Ok(found)
}
