//! The job that keeps how many findings were open at the end of each day, so that a past day of a big portfolio is read
//! and not counted from all findings.

use std::future::Future;
use std::pin::Pin;

use kernel::Result;
use platform::Ctx;

use super::store;

/// So many days are kept in one run; the next one goes on.
const AT_ONCE: usize = 24;
/// Days longer ago than this are counted when somebody asks for one.
const FURTHEST: i32 = 400;

/// Keeps the counts of days that are over, the oldest first.
#[must_use]
pub(super) fn keep(ctx: Ctx, _: serde_json::Value) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move { keep_days(&ctx).await })
}

/// Keeps the counts of days that are over, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn keep_days(ctx: &Ctx) -> Result<()> {
    let yesterday = ctx.now.date().plus_days(-1);
    for _ in 0..AT_ONCE {
        let mut look = ctx.read().await?;
        let kept = store::load_kept_days(&mut look).await?;
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
        let counts = store::count_day(&mut look, next).await?;
        drop(look);
        let mut tx = ctx.begin().await?;
        tx.is_housekeeping();
        // Another node may have kept this day meanwhile.
        if store::set_kept_days(&mut tx, next, kept).await? {
            store::insert_day(&mut tx, next, counts).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}
