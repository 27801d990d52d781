//! Benchmarks, run by hand; see README.md beside this file.

use std::time::{Duration, Instant};

/// A small deterministic generator, so that every run measures the same input.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// A generator with its own sequence.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from zero to `sides - 1`; zero when there are no sides.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0).checked_rem(sides).unwrap_or(0)
    }
}

/// How long one measurement goes on.
const SPAN: Duration = Duration::from_secs(1);

/// The best of three measurements of how many items a second one core gets through.
///
/// `work` handles all items once and returns a number that depends on the results, so that none is left out.
pub fn rate(items: usize, mut work: impl FnMut() -> u64) -> f64 {
    let mut best = 0.0_f64;
    for _ in 0..3 {
        let start = Instant::now();
        let mut rounds = 0_u32;
        while start.elapsed() < SPAN {
            std::hint::black_box(work());
            rounds += 1;
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
        let done = items as f64 * f64::from(rounds);
        best = best.max(done / start.elapsed().as_secs_f64());
    }
    best
}

/// One line: what, how many a second, and whether that reaches the goal.
pub fn report(what: &str, rate: f64, goal: f64) -> String {
    let verdict = if rate >= goal { "reached" } else { "MISSED" };
    format!("{what:<44} {rate:>14.0} /s   goal {goal:>10.0}   {verdict}")
}

/// Processor time of this process in seconds: what other programs do meanwhile does not count.
pub fn processor_time() -> f64 {
    time_of("self")
}

/// The same with that of the PostgreSQL processes that serve this database, where they run on this machine.
///
/// # Errors
/// When the database does not answer.
pub async fn processor_time_with(db: &db::Db) -> kernel::Result<f64> {
    let mut total = processor_time();
    if db.dialect() == db::Dialect::Postgres {
        let mut tx = db.read().await?;
        let sql = "select cast(pid as text) as pid from pg_stat_activity where datname = current_database()";
        for row in tx.fetch_all(sql, &[]).await? {
            total += time_of(&row.get::<String>("pid")?);
        }
    }
    Ok(total)
}

/// What the threads of a process have spent on processors, as Linux counts it.
fn time_of(process: &str) -> f64 {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let spent = threads.map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        text.split_whitespace().next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or(0.0)
    });
    spent.sum::<f64>() / 1e9
}

/// One line: what, how long, and whether that reaches the goal.
pub fn line(what: &str, took: Duration, goal_ms: u32) -> String {
    let verdict = if took <= Duration::from_millis(u64::from(goal_ms)) { "reached" } else { "MISSED" };
    format!("{what:<68} {:>8.1} ms   goal {goal_ms:>5} ms   {verdict}", took.as_secs_f64() * 1_000.0)
}

/// The most memory that this process has held so far, in megabytes, as Linux counts it; nought where nobody counts.
pub fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|text| text.parse::<u64>().ok()).unwrap_or(0) / 1_024
}

/// [`peak_megabytes`] in words.
pub fn peak() -> String {
    match peak_megabytes() {
        0 => "an unknown amount".to_owned(),
        megabytes => format!("{megabytes} MiB"),
    }
}
