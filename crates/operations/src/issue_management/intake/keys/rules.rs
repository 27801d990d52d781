//! When a key's end is near, which key of a person is used, and how fingerprints are written.

use std::time::Duration;

use kernel::Timestamp;
use mail::openpgp::PublicKey;

use super::super::shared::jiff;
use super::model::{ContactKey, Origin};

const DAY: u64 = 86_400;
/// How long a key pair of ours holds.
pub(super) const LIFETIME: Duration = Duration::from_secs(3 * 365 * DAY);
/// So many days before its end a key's owner is reminded, each once.
const REMINDERS: [u64; 5] = [60, 30, 14, 7, 1];

/// How a key stands with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing to do.
    Fine,
    /// It ends in so many days.
    EndsIn(u64),
    /// Its time is over.
    Over,
}

/// How a key that ends at `expires` stands.
pub(super) fn standing(expires: Option<Timestamp>, now: Timestamp) -> Standing {
    let Some(expires) = expires else { return Standing::Fine };
    if expires <= now {
        return Standing::Over;
    }
    let days = expires.since(now).as_secs() / DAY;
    if days < 60 { Standing::EndsIn(days) } else { Standing::Fine }
}

/// The reminder that is due, named by its days; `None` far from the end.
pub(super) fn reminder(expires: Option<Timestamp>, now: Timestamp) -> Option<u64> {
    match standing(expires, now) {
        Standing::Fine => None,
        Standing::Over => Some(0),
        Standing::EndsIn(days) => REMINDERS.into_iter().rev().find(|reminder| days < *reminder),
    }
}

/// Whether the program makes a key for `address` by itself: the first one, and the first for a real address.
pub(super) fn needs_default(before: Option<&str>, address: &str) -> bool {
    let placeholder = |address: &str| address.ends_with("@localhost");
    before.is_none_or(|before| placeholder(before) && !placeholder(address))
}

/// A fingerprint in groups of four, as people compare it.
pub(super) fn grouped(fingerprint: &str) -> String {
    let characters: Vec<char> = fingerprint.chars().collect();
    characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The key that mail to somebody is encrypted with: the newest that one of us checked, else the one that belongs to
/// the report (`own`). What others attached under the same address is never used: anybody can write a sender.
pub(super) fn choose<'a>(keys: &'a [ContactKey], own: &str, now: Timestamp) -> Option<(&'a ContactKey, PublicKey)> {
    let usable = |key: &'a ContactKey| {
        let read = key.read()?;
        read.can_encrypt(jiff(now)).ok()?;
        Some((key, read))
    };
    let checked = keys.iter().filter(|key| key.origin == Origin::Desk).filter_map(usable);
    let newest = checked.max_by_key(|(key, _)| (key.created_at, key.fingerprint.clone()));
    newest.or_else(|| keys.iter().filter(|key| !own.is_empty() && key.fingerprint == own).find_map(usable))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_micros(day * 86_400 * 1_000_000)
    }

    #[track_caller]
    fn check(expires: i64, now: i64, due: Option<u64>) {
        assert_eq!(reminder(Some(at(expires)), at(now)), due);
    }

    #[test]
    fn reminders_come_closer_to_the_end() {
        check(1_000, 900, None);
        check(1_000, 941, Some(60));
        check(1_000, 971, Some(30));
        check(1_000, 999, Some(7));
        check(1_000, 1_000, Some(0));
        assert_eq!(reminder(None, at(5)), None);
    }

    #[test]
    fn a_real_address_replaces_the_placeholder_once() {
        assert!(needs_default(None, "portcullis@localhost"));
        assert!(!needs_default(Some("portcullis@localhost"), "portcullis@localhost"));
        assert!(needs_default(Some("portcullis@localhost"), "psirt@halden.example"));
        assert!(!needs_default(Some("psirt@halden.example"), "other@halden.example"));
    }

    #[test]
    fn fingerprints_read_in_groups() {
        assert_eq!(grouped("0123456789AB"), "0123 4567 89AB");
    }
}
