//! Any bytes as protected mail, with our key at hand: nothing that strangers write is bound to a sender.
#![no_main]

use std::sync::LazyLock;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use limits::Limits;
use mail::openpgp::{Keys, SecretKey};
use rand::SeedableRng;

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let mut rng = rand::rngs::StdRng::seed_from_u64(1);
    let id = "Halden PSIRT <psirt@halden.example>";
    let key = SecretKey::generate(&mut rng, id, Timestamp::UNIX_EPOCH, None).expect("a key is made");
    Keys { public: vec![key.public()], secret: vec![key] }
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(opened) = mail::open(bytes, &KEYS, Timestamp::UNIX_EPOCH, &Limits::MAIL) {
        assert!(!opened.bound_to_sender);
        let _keys = mail::attached_keys(&opened.message);
    }
});
