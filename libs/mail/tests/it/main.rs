//! Tests of the mail library: real mail, OpenPGP against gpg, building, limits, `security.txt`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say when gpg or the corpus is absent"
)]

mod building;
mod corpus;
mod gpg;
mod keys;
mod opening;
mod properties;
mod reading;
mod security_txt;

use std::path::PathBuf;

use jiff::Timestamp;
use mail::openpgp::SecretKey;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

/// The folder of real data, when it is there.
fn corpus(kind: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PORTCULLIS_CORPUS")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let folder = root.join(kind);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no data at {}; set PORTCULLIS_CORPUS", folder.display());
    None
}

fn rng() -> StdRng {
    StdRng::seed_from_u64(7)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The time of the tests that need none in particular.
fn now() -> Timestamp {
    at("2026-11-02T10:00:00Z")
}

/// A key pair of ours, made a day before [`now`].
fn key(user_id: &str) -> SecretKey {
    SecretKey::generate(&mut rng(), user_id, at("2026-11-01T10:00:00Z"), Some(at("2028-11-01T10:00:00Z"))).unwrap()
}

fn other_key(user_id: &str) -> SecretKey {
    let mut rng = StdRng::seed_from_u64(8);
    SecretKey::generate(&mut rng, user_id, at("2026-11-01T10:00:00Z"), None).unwrap()
}
