//! OpenPGP (RFC 9580, and what RFC 4880 programs write): keys and their validity, decryption, signatures, encryption.
//!
//! Nothing here trusts a key because it parses: expiry, revocation, flags and bindings are judged for a given time.

pub(crate) mod armor;
mod decrypt;
mod key;
mod secret;
mod sign;
mod verify;

pub use decrypt::{DecryptFailure, Decrypted, decrypt, is_encrypted_message};
pub use key::{PublicKey, Unusable};
pub use secret::SecretKey;
pub use sign::{encrypt, sign_cleartext, sign_detached};
pub use verify::{Cleartext, Signer, Verdict, verify_cleartext, verify_detached};

/// The keys at hand while mail is opened: our own, and those known of the people who write to us.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// Our own keys, which decrypt.
    pub secret: Vec<SecretKey>,
    /// Keys of others, which verify signatures.
    pub public: Vec<PublicKey>,
}

/// Times in OpenPGP are seconds in 32 bits (RFC 9580 §3.5); what lies outside is moved to the nearest end.
pub(crate) fn seconds(time: jiff::Timestamp) -> u32 {
    u32::try_from(time.as_second().max(0)).unwrap_or(u32::MAX)
}

pub(crate) fn timestamp(seconds: u32) -> jiff::Timestamp {
    jiff::Timestamp::from_second(i64::from(seconds)).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// Runs code of the OpenPGP library over a stranger's bytes: should it panic on input that its authors did not think
/// of, the caller gets `None` and treats the input as damaged.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).ok()
}
