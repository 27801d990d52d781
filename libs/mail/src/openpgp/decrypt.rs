//! Decryption of messages (RFC 9580 §10.3): layers taken off one by one, within limits, refusing what is not protected.

use std::io::Read as _;

use jiff::Timestamp;
use limits::Limits;
use pgp::composed::{DecryptionOptions, Edata, Esk, InnerRingResult, Message, TheRing};
use pgp::types::{Seipdv1ReadMode, VerifyingKey};

use super::armor::{self, Kind};
use super::verify::{self, Borrowed};
use super::{Keys, Verdict, guarded};

/// Layers of encryption, compression and signature that one message may have; honest ones have three.
const LAYERS: usize = 8;

/// What came out of an OpenPGP message.
#[derive(Clone, Debug)]
pub struct Decrypted {
    /// The content.
    pub bytes: Vec<u8>,
    /// Whether a layer of encryption was taken off (a message may also be only signed or compressed).
    pub encrypted: bool,
    /// What the signature inside is worth; `None`: it is not signed.
    pub verdict: Option<Verdict>,
}

/// Why a message could not be decrypted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptFailure {
    /// It is encrypted to keys that are not ours (upper-case hex; all zeros: hidden on purpose).
    #[error("it is encrypted to other keys than ours: {}", .0.join(", "))]
    NoKey(Vec<String>),
    /// It is encrypted with a passphrase alone, which we do not have.
    #[error("it is encrypted with a passphrase instead of our key")]
    Passphrase,
    /// It was damaged or changed on the way.
    #[error("it is damaged or was changed on the way ({0})")]
    Corrupted(String),
    /// It has no protection against change, so its content could be forged (RFC 9580 §13.7).
    #[error(
        "it has no integrity protection, so its content could have been forged; ask the sender to use a current program"
    )]
    NoIntegrity,
    /// It expands to more than we take.
    #[error("it expands to more than {0} bytes")]
    TooLarge(u64),
    /// It is not an OpenPGP message.
    #[error("it is not an OpenPGP message")]
    NotOpenPgp,
}

fn corrupted(error: impl std::fmt::Display) -> DecryptFailure {
    DecryptFailure::Corrupted(error.to_string())
}

/// Whether these bytes, armoured or binary, are an OpenPGP message (rather than a key or a detached signature).
pub fn is_encrypted_message(bytes: &[u8]) -> bool {
    armor::binaries(bytes, &[Kind::Message]).first().and_then(|binary| binary.first()).is_some_and(|first| {
        let tag = if first & 0x40 != 0 { first & 0x3F } else { (first & 0x3C) >> 2 };
        // PKESK, SKESK, SED, SEIPD, GnuPG AEAD
        first & 0x80 != 0 && matches!(tag, 1 | 3 | 9 | 18 | 20)
    })
}

/// Decrypts a message, armoured or binary, and verifies the signature inside. `now` is when it was received.
///
/// # Errors
/// [`DecryptFailure`] says why it cannot be opened; nothing of a message that fails its integrity check is given out.
pub fn decrypt(bytes: &[u8], keys: &Keys, now: Timestamp, limits: &Limits) -> Result<Decrypted, DecryptFailure> {
    let Some(binary) = armor::binaries(bytes, &[Kind::Message]).into_iter().next() else {
        return Err(DecryptFailure::NotOpenPgp);
    };
    guarded(|| open(&binary, keys, now, limits)).unwrap_or_else(|| Err(corrupted("the OpenPGP reader gave up")))
}

fn open(binary: &[u8], keys: &Keys, now: Timestamp, limits: &Limits) -> Result<Decrypted, DecryptFailure> {
    let mut message = Message::from_bytes(binary).map_err(|_| DecryptFailure::NotOpenPgp)?;
    let mut encrypted = false;
    for _ in 0..LAYERS {
        message = match message {
            Message::Encrypted { ref esk, ref edata, .. } => {
                if matches!(edata, Edata::SymEncryptedData { .. }) {
                    return Err(DecryptFailure::NoIntegrity);
                }
                let recipients = recipients(esk);
                encrypted = true;
                unlock(message, keys, recipients, limits)?
            }
            Message::Compressed { .. } => message.decompress().map_err(corrupted)?,
            Message::Signed { .. } => return read_signed(message, keys, now, limits, encrypted),
            Message::Literal { .. } => {
                let bytes = read(&mut message, limits)?;
                return Ok(Decrypted { bytes, encrypted, verdict: None });
            }
        };
    }
    Err(corrupted("it has too many layers"))
}

fn recipients(esk: &[Esk]) -> Vec<String> {
    esk.iter()
        .filter_map(|esk| match esk {
            Esk::PublicKeyEncryptedSessionKey(esk) => esk
                .id()
                .map(|id| hex::encode_upper(id.as_ref()))
                .or_else(|_| {
                    esk.fingerprint().map(|print| print.map_or_else(String::new, |p| hex::encode_upper(p.as_bytes())))
                })
                .ok(),
            Esk::SymKeyEncryptedSessionKey(_) => None,
        })
        .collect()
}

fn unlock<'a>(
    message: Message<'a>,
    keys: &Keys,
    recipients: Vec<String>,
    limits: &Limits,
) -> Result<Message<'a>, DecryptFailure> {
    let room = usize::try_from(limits.expanded).unwrap_or(usize::MAX);
    let empty = pgp::types::Password::empty();
    let ring = TheRing {
        secret_keys: keys.secret.iter().map(|key| &key.inner).collect(),
        key_passwords: vec![&empty],
        decrypt_options: DecryptionOptions::new()
            .enable_gnupg_aead()
            .set_seipdv1_read_mode(Seipdv1ReadMode::CheckFirst { max_message_size: room }),
        ..TheRing::default()
    };
    match message.decrypt_the_ring(ring, true) {
        Ok((message, result)) => {
            debug_assert!(result.secret_keys.contains(&InnerRingResult::Ok));
            Ok(message)
        }
        Err(pgp::errors::Error::MissingKey) if recipients.is_empty() => Err(DecryptFailure::Passphrase),
        Err(pgp::errors::Error::MissingKey) => {
            let ours = |id: &String| keys.secret.iter().any(|key| key.public().key_ids().contains(id));
            if recipients.iter().any(ours) {
                Err(corrupted("the session key does not open"))
            } else {
                Err(DecryptFailure::NoKey(recipients))
            }
        }
        Err(error) => Err(corrupted(error)),
    }
}

/// Reads all of the content, so that the checks at its end are made; one byte over the limit is an error.
fn read(message: &mut Message<'_>, limits: &Limits) -> Result<Vec<u8>, DecryptFailure> {
    let mut bytes = Vec::new();
    message.take(limits.expanded.saturating_add(1)).read_to_end(&mut bytes).map_err(corrupted)?;
    limits.check_expanded(bytes.len() as u64).map_err(|over| DecryptFailure::TooLarge(over.limit))?;
    Ok(bytes)
}

fn read_signed(
    message: Message<'_>,
    keys: &Keys,
    now: Timestamp,
    limits: &Limits,
    encrypted: bool,
) -> Result<Decrypted, DecryptFailure> {
    let mut message = message.decompress().map_err(corrupted)?;
    let bytes = read(&mut message, limits)?;
    let mut verdicts = Vec::new();
    if let Message::Signed { reader, .. } = &message {
        for index in 0..reader.num_signatures().min(100) {
            if let Some(signature) = reader.signature(index) {
                verdicts.push(verify::judge(signature, &keys.public, now, |key: &dyn VerifyingKey| {
                    message.verify_nested_explicit(index, &Borrowed(key)).is_ok()
                }));
            }
        }
    }
    let verdict = Verdict::best(verdicts)
        .unwrap_or_else(|| Verdict::Invalid { key_id: None, why: "the signature at its end is missing".into() });
    Ok(Decrypted { bytes, encrypted, verdict: Some(verdict) })
}
