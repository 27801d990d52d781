//! Signing and encrypting what we send.

use jiff::Timestamp;
use pgp::composed::{CleartextSignedMessage, MessageBuilder, SubpacketConfig};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{PacketTrait as _, SignatureConfig, SignatureType};
use pgp::types::Password;
use rand::{CryptoRng, Rng};

use super::armor::{self, Kind};
use super::key::encrypt_to;
use super::secret::stamps;
use super::{PublicKey, SecretKey, seconds};
use crate::Error;

/// The hash of our signatures; MIME names it `pgp-sha512`.
const HASH: HashAlgorithm = HashAlgorithm::Sha512;

fn config(key: &SecretKey, kind: SignatureType, at: Timestamp) -> Result<SignatureConfig, Error> {
    let signer = key.signer(at)?;
    let mut config = SignatureConfig::v4(kind, signer.algorithm(), HASH);
    (config.hashed_subpackets, config.unhashed_subpackets) = stamps(signer, at)?;
    Ok(config)
}

/// Signs bytes as they are and gives the detached signature, armoured (RFC 9580 §10.4).
///
/// # Errors
/// The key may not sign at this time: expired, revoked, or its secret part is not at hand.
pub fn sign_detached(bytes: &[u8], key: &SecretKey, at: Timestamp) -> Result<String, Error> {
    let config = config(key, SignatureType::Binary, at)?;
    let signature = config.sign(&Box::new(key.signer(at)?), &Password::empty(), bytes)?;
    let mut packet = Vec::new();
    signature.to_writer_with_header(&mut packet)?;
    Ok(armor::put_on(Kind::Signature, &packet))
}

/// Signs a text in clear (RFC 9580 §7), as `security.txt` wants it (RFC 9116 §2.3). Spaces at line ends are dropped,
/// because they are not signed.
///
/// # Errors
/// As [`sign_detached`].
pub fn sign_cleartext(text: &str, key: &SecretKey, at: Timestamp) -> Result<String, Error> {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    let config = config(key, SignatureType::Text, at)?;
    let message =
        CleartextSignedMessage::new(&lines.join("\n"), config, &Box::new(key.signer(at)?), &Password::empty())?;
    let mut packets = Vec::new();
    for signature in message.signatures() {
        signature.to_writer_with_header(&mut packets)?;
    }
    Ok(format!(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{}\n{}",
        message.text(),
        armor::put_on(Kind::Signature, &packets)
    ))
}

/// Encrypts bytes to all recipients (and to nobody else), signed inside by `signer`; armoured.
///
/// AES-256 with integrity protection (SEIPD version 1), which every current program reads; not compressed, so that
/// the length of the message tells nothing about its content.
///
/// # Errors
/// A recipient's key may not be used at this time (named in the error), there is no recipient, or the signer's key may
/// not sign.
pub fn encrypt<R: Rng + CryptoRng>(
    bytes: &[u8],
    recipients: &[&PublicKey],
    signer: Option<&SecretKey>,
    at: Timestamp,
    rng: &mut R,
) -> Result<String, Error> {
    if recipients.is_empty() {
        return Err(Error::key("there is nobody to encrypt to"));
    }
    let mut builder = MessageBuilder::from_bytes("", bytes.to_vec()).seipd_v1(&mut *rng, SymmetricKeyAlgorithm::AES256);
    for recipient in recipients {
        let part = recipient.encryption_part(seconds(at)).map_err(|why| {
            Error::key(format!("mail cannot be encrypted to the key {}: {why}", recipient.fingerprint()))
        })?;
        encrypt_to(&part, &mut *rng, &mut builder)?;
    }
    if let Some(signer) = signer {
        let key = signer.signer(at)?;
        let (hashed, unhashed) = stamps(key, at)?;
        builder.sign_with_subpackets(key, Password::empty(), HASH, SubpacketConfig::UserDefined { hashed, unhashed });
    }
    Ok(armor::put_on(Kind::Message, &builder.to_vec(&mut *rng)?))
}
