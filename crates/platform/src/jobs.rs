//! Jobs: queued in the transaction of the action that wants them, run at least once, with idempotent effects.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use db::{Tx, Value};
use kernel::{Error, Id, Result, Timestamp, kinds};

use crate::{Ctx, Platform};

const LEASE: Duration = Duration::from_secs(300);
const MOST_ATTEMPTS: i64 = 12;

/// Runs one job. The payload is what was queued.
pub type Run = fn(Ctx, serde_json::Value) -> Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// The kinds of jobs a program runs, and those that come back by themselves.
#[derive(Clone, Default)]
pub struct Jobs {
    kinds: HashMap<&'static str, Run>,
    recurring: Vec<(&'static str, Duration)>,
}

impl Jobs {
    /// Adds a kind of job.
    pub fn add(&mut self, kind: &'static str, run: Run) {
        self.kinds.insert(kind, run);
    }

    /// Adds a kind of job that is queued again every `every`.
    pub fn add_recurring(&mut self, kind: &'static str, every: Duration, run: Run) {
        self.add(kind, run);
        self.recurring.push((kind, every));
    }

    /// Queues the recurring jobs of this moment; each of them once for each slot of time, on all nodes together.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn queue_recurring(&self, platform: &Arc<Platform>) -> Result<()> {
        let ctx = platform.program("jobs");
        let mut tx = ctx.begin().await?;
        tx.is_housekeeping();
        for (kind, every) in &self.recurring {
            let micros = i64::try_from(every.as_micros()).unwrap_or(i64::MAX).max(1);
            let slot = ctx.now.micros() / micros;
            insert(&mut tx, &ctx, kind, &serde_json::Value::Null, Some(format!("{kind} {slot}")), ctx.now).await?;
        }
        tx.commit().await
    }

    /// Runs jobs that are due, one after the other, until none is left; how many ran.
    ///
    /// # Errors
    /// When the database does not answer; a failing job is recorded with the job and is no error here.
    pub async fn run_due(&self, platform: &Arc<Platform>) -> Result<usize> {
        let mut count = 0;
        while let Some(job) = claim(platform).await? {
            count += 1;
            self.run_one(platform, job).await?;
        }
        Ok(count)
    }

    async fn run_one(&self, platform: &Arc<Platform>, job: Claimed) -> Result<()> {
        let ctx = Ctx { request_id: job.id.to_string(), ..platform.program("jobs") };
        let outcome = match self.kinds.get(job.kind.as_str()) {
            Some(run) => {
                // A panic in one job must not end the worker.
                let task = tokio::spawn(run(ctx.clone(), job.payload));
                task.await.unwrap_or_else(|error| Err(Error::internal(error)))
            }
            None => Err(Error::internal(format!("no job kind {}", job.kind))),
        };
        let now = platform.clock.now();
        let mut tx = ctx.begin().await?;
        tx.is_housekeeping();
        match outcome {
            Ok(()) => {
                tx.execute(
                    "update job set state = 'done', finished_at = $1, leased_until = null, last_error = null where id = $2",
                    &[now.into(), job.id.into()],
                )
                .await?;
            }
            Err(error) => {
                let source = std::error::Error::source(&error).map(|source| format!(" ({source})")).unwrap_or_default();
                let words = format!("{error}{source}");
                tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, error = words, "job failed");
                let wait = Duration::from_secs(10 * (1 << job.attempts.clamp(0, 10)));
                let state = if job.attempts >= MOST_ATTEMPTS { "failed" } else { "waiting" };
                tx.execute(
                    "update job set state = $1, run_at = $2, leased_until = null, last_error = $3 where id = $4",
                    &[state.into(), (now + wait).into(), words.into(), job.id.into()],
                )
                .await?;
            }
        }
        tx.commit().await
    }

    /// Works until the program ends: queues what recurs and runs what is due, once a second.
    pub async fn work(self, platform: Arc<Platform>, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        loop {
            if let Err(error) = self.queue_recurring(&platform).await {
                tracing::error!(error = %error, "recurring jobs could not be queued");
            }
            if let Err(error) = self.run_due(&platform).await {
                tracing::error!(error = %error, "jobs could not be run");
            }
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
    }
}

/// Queues a job with the caller's transaction; it runs when that is committed.
///
/// # Errors
/// When the database does not answer.
pub async fn enqueue(tx: &mut Tx, ctx: &Ctx, kind: &'static str, payload: &serde_json::Value) -> Result<()> {
    insert(tx, ctx, kind, payload, None, ctx.now).await
}

/// Queues a job for later; `unique_key` makes a second one with the same key disappear.
///
/// # Errors
/// When the database does not answer.
pub async fn enqueue_at(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: &'static str,
    payload: &serde_json::Value,
    unique_key: &str,
    run_at: Timestamp,
) -> Result<()> {
    insert(tx, ctx, kind, payload, Some(unique_key.to_owned()), run_at).await
}

async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: &str,
    payload: &serde_json::Value,
    unique_key: Option<String>,
    run_at: Timestamp,
) -> Result<()> {
    tx.execute(
        "insert into job (id, kind, payload, unique_key, state, run_at, created_at)
         values ($1, $2, $3, $4, 'waiting', $5, $6) on conflict (unique_key) do nothing",
        &[
            ctx.id::<kinds::Job>().into(),
            kind.into(),
            payload.to_string().into(),
            unique_key.into(),
            run_at.into(),
            ctx.now.into(),
        ],
    )
    .await?;
    Ok(())
}

struct Claimed {
    id: Id<kinds::Job>,
    kind: String,
    payload: serde_json::Value,
    attempts: i64,
}

async fn claim(platform: &Arc<Platform>) -> Result<Option<Claimed>> {
    let now = platform.clock.now();
    // Looking first keeps an idle worker from taking the one write lock every second.
    let mut look = platform.db.read().await?;
    let due = "select id, kind, payload, attempts from job
                where (state = 'waiting' and run_at <= $1) or (state = 'running' and leased_until < $1)
                order by run_at, id limit 1";
    if look.fetch_optional(due, &[now.into()]).await?.is_none() {
        return Ok(None);
    }
    drop(look);
    let mut tx = platform.db.begin().await?;
    tx.is_housekeeping();
    let sql = format!("{due}{}", tx.dialect().skip_locked());
    let Some(row) = tx.fetch_optional(sql, &[now.into()]).await? else { return Ok(None) };
    let id: Id<kinds::Job> = row.get("id")?;
    let attempts = row.get::<i64>("attempts")? + 1;
    tx.execute(
        "update job set state = 'running', leased_until = $1, attempts = $2 where id = $3",
        &[(now + LEASE).into(), attempts.into(), id.into()],
    )
    .await?;
    tx.commit().await?;
    let payload: String = row.get("payload")?;
    Ok(Some(Claimed {
        id,
        kind: row.get("kind")?,
        payload: serde_json::from_str(&payload).map_err(Error::internal)?,
        attempts,
    }))
}

/// A job as the administrator sees it.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// The job.
    pub id: Id<kinds::Job>,
    /// Its kind.
    pub kind: String,
    /// `waiting`, `running`, `done` or `failed`.
    pub state: String,
    /// When it runs next.
    pub run_at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
}

/// Jobs in a state (empty: all but recurring ones that are done), newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(tx: &mut Tx, state: &str, before: Option<Id<kinds::Job>>, most: u32) -> Result<Vec<JobRow>> {
    let before = before.map_or_else(|| "g".to_owned(), |id| id.to_string());
    let rows = tx
        .fetch_all(
            "select * from job where id < $1 and (state = $2 or ($2 = '' and (state <> 'done' or unique_key is null)))
              order by id desc limit $3",
            &[before.into(), state.into(), most.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(JobRow {
                id: row.get("id")?,
                kind: row.get("kind")?,
                state: row.get("state")?,
                run_at: row.get("run_at")?,
                attempts: row.get("attempts")?,
                last_error: row.get("last_error")?,
                created_at: row.get("created_at")?,
            })
        })
        .collect()
}

/// Puts a failed or waiting job first in the queue again. The caller records the action.
///
/// # Errors
/// Not found when there is no such job that waits or failed.
pub async fn set_due(tx: &mut Tx, id: Id<kinds::Job>, now: Timestamp) -> Result<()> {
    let changed = tx
        .execute(
            "update job set state = 'waiting', run_at = $1, attempts = 0 where id = $2 and state in ('failed', 'waiting')",
            &[now.into(), id.into()],
        )
        .await?;
    if changed == 0 { Err(Error::NotFound { what: "job" }) } else { Ok(()) }
}

/// Removes jobs that were done more than a week ago; a recurring job of the platform.
#[must_use]
pub fn sweep(ctx: Ctx, _: serde_json::Value) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let mut tx = ctx.begin().await?;
        tx.is_housekeeping();
        let before = ctx.now - Duration::from_secs(7 * 86_400);
        tx.execute("delete from job where state = 'done' and finished_at < $1", &[before.into()]).await?;
        tx.execute("delete from session where expires_at < $1", &[Value::from(ctx.now)]).await?;
        tx.commit().await
    })
}
