//! How often somebody may try: a token bucket for each class and key, in memory.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use kernel::{Error, Result, Timestamp};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Sign-in attempts for one account or from one address: 10, then one every 30 seconds.
    SignIn,
    /// Reports, sign-ups and messages from one address: 20, then one a minute.
    PublicForm,
    /// Guesses of secret links from one address: 30, then one every ten seconds.
    SecretLink,
}

impl Class {
    const fn burst(self) -> u32 {
        match self {
            Self::SignIn => 10,
            Self::PublicForm => 20,
            Self::SecretLink => 30,
        }
    }

    const fn refill(self) -> Duration {
        match self {
            Self::SignIn => Duration::from_secs(30),
            Self::PublicForm => Duration::from_secs(60),
            Self::SecretLink => Duration::from_secs(10),
        }
    }
}

/// The buckets.
#[derive(Default)]
pub struct RateLimits {
    buckets: Mutex<HashMap<(Class, String), (u32, Timestamp)>>,
}

impl RateLimits {
    /// Takes one try of this class for this key.
    ///
    /// # Errors
    /// Refused when there were too many.
    pub fn take(&self, class: Class, key: &str, now: Timestamp) -> Result<()> {
        let mut buckets = self.buckets.lock().map_err(|_| Error::internal("the rate limits are poisoned"))?;
        if buckets.len() > 100_000 {
            // Strangers choose the keys; forgetting the oldest tries is better than growing without end.
            buckets.retain(|_, (_, at)| now.since(*at) < Duration::from_secs(600));
        }
        let (left, at) = buckets.entry((class, key.to_owned())).or_insert((class.burst(), now));
        let refills = now.since(*at).as_secs() / class.refill().as_secs().max(1);
        if refills > 0 {
            *left = left.saturating_add(u32::try_from(refills).unwrap_or(u32::MAX)).min(class.burst());
            *at = now;
        }
        if *left == 0 {
            return Err(Error::Refused {
                code: "too-many-tries",
                words: format!("That was too often. Please wait {} seconds and try again.", class.refill().as_secs()),
            });
        }
        *left -= 1;
        Ok(())
    }
}
