//! Any bytes as OpenPGP messages, keys and signatures: read or refused within the limits.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use limits::Limits;
use mail::openpgp::{Keys, PublicKey, decrypt, verify_detached};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { expanded: 1 << 20, ..Limits::MAIL };
    if let Ok(decrypted) = decrypt(bytes, &Keys::default(), Timestamp::UNIX_EPOCH, &limits) {
        assert!(decrypted.bytes.len() <= 1 << 20 && !decrypted.encrypted);
    }
    let keys = PublicKey::read_all(bytes).unwrap_or_default();
    for key in &keys {
        let _usable = key.can_encrypt(Timestamp::UNIX_EPOCH);
    }
    let _verdict = verify_detached(b"text", bytes, &keys, Timestamp::UNIX_EPOCH);
});
