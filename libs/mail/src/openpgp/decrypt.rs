//! Decryption of messages (RFC 9580 §10.3): layers taken off one by one, within limits, refusing what is not protected.

use std::io::Read as _;

use jiff::Timestamp;
use limits::Limits;
use pgp::composed::{DecryptionOptions, Edata, Esk, Message, PlainSessionKey};
use pgp::packet::PublicKeyEncryptedSessionKey;
use pgp::types::{DecryptionKey, EskType, Password, PkeskVersion, SecretParams, Seipdv1ReadMode, VerifyingKey};

use super::armor::{self, Kind};
use super::verify::{self, Borrowed};
use super::{Keys, SecretKey, Verdict, guarded};

/// Layers of encryption, compression and signature that one message may have; honest ones have three.
const LAYERS: usize = 8;
/// Recipients and signatures that one layer may have.
const PACKETS: usize = 1_000;

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

/// What a layer held: another one, or the content.
enum Layer {
    Inside(Vec<u8>),
    Content(Decrypted),
}

/// Takes off layer by layer into memory, so that each is within the limits and looked over before it is parsed.
fn open(binary: &[u8], keys: &Keys, now: Timestamp, limits: &Limits) -> Result<Decrypted, DecryptFailure> {
    let mut encrypted = false;
    let mut layer = peel(binary, keys, now, limits, &mut encrypted)?;
    for _ in 1..LAYERS {
        layer = match layer {
            Layer::Content(content) => return Ok(content),
            Layer::Inside(bytes) => peel(&bytes, keys, now, limits, &mut encrypted)?,
        };
    }
    match layer {
        Layer::Content(content) => Ok(content),
        Layer::Inside(_) => Err(corrupted("it has too many layers")),
    }
}

fn peel(
    bytes: &[u8],
    keys: &Keys,
    now: Timestamp,
    limits: &Limits,
    encrypted: &mut bool,
) -> Result<Layer, DecryptFailure> {
    if leading_packets(bytes) > PACKETS {
        return Err(corrupted("it has too many recipients or signatures"));
    }
    let message =
        Message::from_bytes(bytes).map_err(|e| if *encrypted { corrupted(e) } else { DecryptFailure::NotOpenPgp })?;
    match message {
        Message::Encrypted { esk, edata, .. } => {
            *encrypted = true;
            Ok(Layer::Inside(unlock(&esk, edata, keys, limits)?))
        }
        Message::Compressed { reader, .. } => Ok(Layer::Inside(read(reader.decompress().map_err(corrupted)?, limits)?)),
        Message::Signed { .. } => Ok(Layer::Content(read_signed(message, keys, now, limits, *encrypted)?)),
        Message::Literal { .. } => {
            Ok(Layer::Content(Decrypted { bytes: read(message, limits)?, encrypted: *encrypted, verdict: None }))
        }
    }
}

/// How many packets for recipients and signatures stand in front of the content: each costs memory and time, and a
/// compressed message can hold millions in little space.
fn leading_packets(bytes: &[u8]) -> usize {
    let mut count = 0;
    let mut rest = bytes;
    while let Some((tag, length, header)) = packet_header(rest) {
        if !matches!(tag, 1..=4 | 10 | 21 | 40..=63) {
            break;
        }
        count += 1;
        rest = rest.get(header.saturating_add(length)..).unwrap_or_default();
    }
    count
}

/// Tag, length of the body and length of the header (RFC 9580 §4.2); `None` for lengths in pieces, which such small
/// packets do not have.
fn packet_header(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let number = |range: std::ops::Range<usize>| {
        bytes.get(range).map(|bytes| bytes.iter().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte)))
    };
    let first = *bytes.first()?;
    if first & 0x80 == 0 {
        return None;
    }
    if first & 0x40 == 0 {
        let octets = match first & 3 {
            0 => 1,
            1 => 2,
            2 => 4,
            _ => return None,
        };
        return Some(((first & 0x3C) >> 2, number(1..1 + octets)?, 1 + octets));
    }
    match number(1..2)? {
        length @ 0..192 => Some((first & 0x3F, length, 2)),
        192..224 => Some((first & 0x3F, number(1..3)?.saturating_sub(0xC000) + 192, 3)),
        255 => Some((first & 0x3F, number(2..6)?, 6)),
        _ => None,
    }
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

/// Decrypts a layer with the first of our keys that fits, and checks its integrity before anything of it is used.
fn unlock(esk: &[Esk], mut edata: Edata<'_>, keys: &Keys, limits: &Limits) -> Result<Vec<u8>, DecryptFailure> {
    if matches!(edata, Edata::SymEncryptedData { .. }) {
        return Err(DecryptFailure::NoIntegrity);
    }
    let mut ours = false;
    let session_key = esk.iter().find_map(|esk| match esk {
        Esk::PublicKeyEncryptedSessionKey(esk) => keys.secret.iter().find_map(|key| session_key(esk, key, &mut ours)),
        Esk::SymKeyEncryptedSessionKey(_) => None,
    });
    let recipients = recipients(esk);
    let session_key = session_key.ok_or(match (recipients.is_empty(), ours) {
        (true, _) => DecryptFailure::Passphrase,
        (false, true) => corrupted("the session key does not open"),
        (false, false) => DecryptFailure::NoKey(recipients),
    })?;
    let room = usize::try_from(limits.expanded).unwrap_or(usize::MAX);
    let options = DecryptionOptions::new()
        .enable_gnupg_aead()
        .set_seipdv1_read_mode(Seipdv1ReadMode::CheckFirst { max_message_size: room });
    edata.decrypt_with_options(&session_key, options).map_err(corrupted)?;
    read(edata, limits)
}

/// Tries the parts of one key that the packet names; a packet may hide its recipient, then all parts.
fn session_key(esk: &PublicKeyEncryptedSessionKey, key: &SecretKey, ours: &mut bool) -> Option<PlainSessionKey> {
    let kind = match esk.version() {
        PkeskVersion::V3 => EskType::V3_4,
        PkeskVersion::V6 => EskType::V6,
        PkeskVersion::Other(_) => return None,
    };
    let values = esk.values().ok()?;
    let hidden = esk.id().is_ok_and(pgp::types::KeyId::is_wildcard);
    let mut attempt = |part: &dyn DecryptionKey, locked: bool| {
        if locked {
            return None;
        }
        *ours |= !hidden;
        part.decrypt(&Password::empty(), values, kind).ok()?.ok()
    };
    let locked = |secret: &SecretParams| matches!(secret, SecretParams::Encrypted(_));
    let primary = &key.inner.primary_key;
    if esk.match_identity(primary.public_key())
        && let Some(found) = attempt(primary, locked(primary.secret_params()))
    {
        return Some(found);
    }
    key.inner
        .secret_subkeys
        .iter()
        .filter(|subkey| esk.match_identity(subkey.key.public_key()))
        .find_map(|subkey| attempt(&subkey.key, locked(subkey.key.secret_params())))
}

/// Reads all of the content, so that the checks at its end are made; one byte over the limit is an error.
fn read(content: impl std::io::Read, limits: &Limits) -> Result<Vec<u8>, DecryptFailure> {
    let mut bytes = Vec::new();
    content.take(limits.expanded.saturating_add(1)).read_to_end(&mut bytes).map_err(corrupted)?;
    limits.check_expanded(bytes.len() as u64).map_err(|over| DecryptFailure::TooLarge(over.limit))?;
    Ok(bytes)
}

fn read_signed(
    mut message: Message<'_>,
    keys: &Keys,
    now: Timestamp,
    limits: &Limits,
    encrypted: bool,
) -> Result<Decrypted, DecryptFailure> {
    if let Message::Signed { reader, .. } = &message
        && !reader.get_ref().is_literal()
    {
        return Err(corrupted("what is signed is not plain content"));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_in_front_are_counted() {
        assert_eq!(leading_packets(&[]), 0);
        // Old format, one octet; new format with one, two and five octets; then a literal packet.
        let mut bytes = vec![0x88, 2, 0, 0, 0xC4, 1, 0, 0xC2, 192, 8];
        bytes.extend([0; 200]);
        bytes.extend([0xC2, 255, 0, 0, 0, 1, 9, 0xCB, 1, 0]);
        assert_eq!(leading_packets(&bytes), 4);
        assert_eq!(leading_packets(&[0xC4, 0].repeat(5_000)), 5_000);
    }

    #[test]
    fn a_message_of_signatures_alone_is_refused() {
        let packet = [0xC4, 13, 3, 0, 8, 1, 1, 2, 3, 4, 5, 6, 7, 8, 1];
        let bytes = packet.repeat(100_000);
        let failure = decrypt(&bytes, &Keys::default(), Timestamp::UNIX_EPOCH, &Limits::MAIL).unwrap_err();
        assert!(matches!(failure, DecryptFailure::Corrupted(_)), "{failure}");
    }
}
