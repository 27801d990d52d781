//! How a verb ended, as the shell sees it.

/// Exit status: 0 all good, 1 something was judged bad, 2 could not do it.
///
/// Ordered by gravity, so that the worst of several files is `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Everything was read and judged good.
    Good,
    /// Everything was read; something was judged bad.
    Bad,
    /// Something could not be done: usage, an unreadable file, no connection.
    Failed,
}

impl From<Outcome> for std::process::ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Good => Self::from(0),
            Outcome::Bad => Self::from(1),
            Outcome::Failed => Self::from(2),
        }
    }
}
