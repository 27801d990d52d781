//! How releases stood at the end of past days, kept day by day, so that a past day of a big portfolio is read and not
//! computed from all evidence.

use std::collections::HashMap;

use db::Tx;
use kernel::{Date, Result, Timestamp};
use platform::Ctx;
use register::products::ReleaseId;

use super::store;
use super::summary::{self, Counts, Summary};

/// So many days are kept in one run of the job; the next one goes on.
const AT_ONCE: usize = 24;
/// Days longer ago than this are computed when somebody asks for one.
const FURTHEST: i32 = 400;

/// The last moment of a day.
fn end_of(day: Date) -> Timestamp {
    day.plus_days(1).start() - std::time::Duration::from_micros(1)
}

/// How every release stood in each practice at a moment: as it was kept, when the moment is the end of a day that is, else
/// computed from what was recorded until then; what the spine itself observes of profiles and teams is then as it is now.
/// For the present, read the summary instead.
///
/// # Errors
/// When the database does not answer.
pub async fn figures_at(tx: &mut Tx, at: Timestamp) -> Result<Vec<Summary>> {
    let day = at.date();
    if at == end_of(day)
        && let Some((first, last)) = store::day::load_kept(tx).await?
        && (first..=last).contains(&day)
    {
        return store::day::list(tx, day).await;
    }
    summary::compute_all(tx, at).await
}

/// The job: keeps the figures of days that are over, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn keep_days(ctx: &Ctx) -> Result<()> {
    let yesterday = ctx.now.date().plus_days(-1);
    for _ in 0..AT_ONCE {
        let mut look = ctx.read().await?;
        let kept = store::day::load_kept(&mut look).await?;
        let next = match kept {
            Some((_, last)) => last.plus_days(1),
            None => match store::load_first_day(&mut look).await? {
                Some(first) => first.max(yesterday.plus_days(-FURTHEST)),
                None => return Ok(()),
            },
        };
        if next > yesterday {
            return Ok(());
        }
        let figures = summary::compute_all(&mut look, end_of(next)).await?;
        drop(look);
        keep(ctx, next, kept, &figures).await?;
    }
    Ok(())
}

/// Writes what differs from the day before.
async fn keep(ctx: &Ctx, day: Date, kept: Option<(Date, Date)>, figures: &[Summary]) -> Result<()> {
    let mut tx = ctx.begin().await?;
    tx.is_housekeeping();
    if !store::day::set_kept(&mut tx, day, kept).await? {
        // Another node kept this day meanwhile.
        return Ok(());
    }
    let mut before: HashMap<(ReleaseId, String), Counts> = HashMap::new();
    for (release, practice, counts) in store::day::list_last(&mut tx).await? {
        before.insert((release, practice), counts);
    }
    let mut ended = Vec::new();
    let mut new = Vec::new();
    for (release, practice, counts) in figures {
        match before.remove(&(*release, practice.clone())) {
            Some(known) if known == *counts => {}
            Some(_) => {
                ended.push((*release, practice.clone()));
                new.push((*release, practice.clone(), *counts));
            }
            None => new.push((*release, practice.clone(), *counts)),
        }
    }
    ended.extend(before.into_keys());
    store::day::set_ended(&mut tx, &ended, day).await?;
    store::day::insert(&mut tx, &new, day).await?;
    tx.commit().await
}
