//! Signatures: detached, in clear text, and the judgement whether a good one may count.

use jiff::Timestamp;
use pgp::composed::CleartextSignedMessage;
use pgp::packet::{Packet, PacketParser, Signature, SignatureType};
use pgp::types::VerifyingKey;

use super::armor::{self, Kind};
use super::key::SKEW;
use super::{PublicKey, guarded, seconds, timestamp};
use crate::Error;

/// What a signature is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was made by this key over exactly this text, and the key was in force.
    Valid(Signer),
    /// It must not be believed.
    Invalid {
        /// Key that it names, upper-case hex, when it names one.
        key_id: Option<String>,
        /// Why, in words for a person.
        why: String,
    },
    /// The key is not known, so nothing can be said.
    UnknownKey {
        /// Key that it names, upper-case hex, when it names one.
        key_id: Option<String>,
    },
}

/// Who made a valid signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Fingerprint of the primary key, upper-case hex.
    pub fingerprint: String,
    /// User ids that the key confirms.
    pub user_ids: Vec<String>,
    /// When the signature says it was made.
    pub signed_at: Timestamp,
}

impl Verdict {
    /// Order of what to show when a text has several signatures: the best news first.
    const fn rank(&self) -> u8 {
        match self {
            Self::Valid(_) => 0,
            Self::Invalid { .. } => 1,
            Self::UnknownKey { .. } => 2,
        }
    }

    pub(crate) fn best(verdicts: Vec<Self>) -> Option<Self> {
        verdicts.into_iter().min_by_key(Self::rank)
    }
}

fn names(signature: &Signature) -> Vec<Vec<u8>> {
    let prints = signature.issuer_fingerprint().into_iter().map(|print| print.as_bytes().to_vec());
    prints.chain(signature.issuer_key_id().into_iter().map(|id| id.as_ref().to_vec())).collect()
}

fn named(signature: &Signature) -> Option<String> {
    let id = signature.issuer_key_id().first().map(|id| hex::encode_upper(id.as_ref()));
    id.or_else(|| signature.issuer_fingerprint().first().map(|print| hex::encode_upper(print.as_bytes())))
}

/// Judges one signature: `fits` does the arithmetic with a candidate key.
pub(super) fn judge(
    signature: &Signature,
    keys: &[PublicKey],
    now: Timestamp,
    fits: impl Fn(&dyn VerifyingKey) -> bool,
) -> Verdict {
    let names = names(signature);
    let invalid = |why: String| Verdict::Invalid { key_id: named(signature), why };
    if !matches!(signature.typ(), Some(SignatureType::Binary | SignatureType::Text)) {
        return invalid("it is not a signature over a text or a file".into());
    }
    let mut refusal = None;
    let (made, now) = (signature.created().map_or(0, pgp::types::Timestamp::as_secs), seconds(now));
    for key in keys.iter().filter(|key| key.has_part(&names)) {
        let parts = key.parts(now);
        let part = parts.iter().find(|part| {
            let (print, id) = (part.key.fingerprint(), part.key.key_id());
            names.iter().any(|name| name == print.as_bytes() || name == id.as_ref())
        });
        let Some(part) = part else {
            refusal = Some(invalid("the key that made it is not validly bound to its primary key".into()));
            continue;
        };
        if !fits(part.key.verifying()) {
            refusal =
                Some(invalid("it does not fit: the content was changed after signing, or another key made it".into()));
            continue;
        }
        match admissible(signature, key, part, made, now) {
            Err(why) => refusal = Some(invalid(why)),
            Ok(()) => {
                return Verdict::Valid(Signer {
                    fingerprint: key.fingerprint(),
                    user_ids: key.user_ids(timestamp(now)),
                    signed_at: timestamp(made),
                });
            }
        }
    }
    refusal.unwrap_or_else(|| Verdict::UnknownKey { key_id: named(signature) })
}

/// A signature that fits arithmetically counts only when the key was in force when it was made and still is.
fn admissible(
    signature: &Signature,
    key: &PublicKey,
    part: &super::key::Part<'_>,
    made: u32,
    now: u32,
) -> Result<(), String> {
    if signature.created().is_none() {
        return Err("it does not say when it was made".into());
    }
    if matches!(signature.hash_alg(), Some(pgp::crypto::hash::HashAlgorithm::Md5)) {
        return Err("it uses MD5, which is broken".into());
    }
    if made > now.saturating_add(SKEW) {
        return Err(format!("it says that it was made in the future, on {}", timestamp(made)));
    }
    if let Some(length) = signature.signature_expiration_time()
        && length.as_secs() > 0
        && made.saturating_add(length.as_secs()) <= now
    {
        return Err(format!("it expired on {}", timestamp(made.saturating_add(length.as_secs()))));
    }
    let created = part.key.verifying().created_at().as_secs();
    if made.saturating_add(SKEW) < created {
        return Err("it says that it is older than the key that made it".into());
    }
    for at in [made, now] {
        key.primary(now).and_then(|primary| primary.alive(at)).map_err(|why| why.to_string())?;
        part.may_sign(at).map_err(|why| why.to_string())?;
    }
    Ok(())
}

fn signatures(bytes: &[u8]) -> Result<Vec<Signature>, Error> {
    let mut found = Vec::new();
    for binary in armor::binaries(bytes, &[Kind::Signature]) {
        let packets = guarded(|| PacketParser::new(binary.as_slice()).take(100).collect::<Vec<_>>());
        for packet in packets.unwrap_or_default() {
            match packet {
                Ok(Packet::Signature(signature)) => found.push(signature),
                Ok(_) => {}
                Err(_) => break,
            }
        }
    }
    if found.is_empty() {
        return Err(Error::damaged("there is no OpenPGP signature here"));
    }
    Ok(found)
}

/// Verifies a detached signature (armoured or binary) over exactly these bytes. `now` is when the text was received.
///
/// # Errors
/// There is no readable signature in `signature`.
pub fn verify_detached(bytes: &[u8], signature: &[u8], keys: &[PublicKey], now: Timestamp) -> Result<Verdict, Error> {
    let verdicts = signatures(signature)?
        .iter()
        .map(|signature| {
            judge(signature, keys, now, |key| {
                guarded(|| signature.verify(&Borrowed(key), bytes).is_ok()).unwrap_or(false)
            })
        })
        .collect();
    Verdict::best(verdicts).ok_or_else(|| Error::damaged("there is no OpenPGP signature here"))
}

/// A text signed in clear, and the judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleartext {
    /// The signed text, with `\n` at line ends; only this was signed, nothing around it.
    pub text: String,
    /// What the signature is worth.
    pub verdict: Verdict,
}

/// Verifies a text with a clear-text signature (RFC 9580 §7), as in a signed `security.txt`.
///
/// # Errors
/// The text holds no such signature, or one that is damaged.
pub fn verify_cleartext(text: &str, keys: &[PublicKey], now: Timestamp) -> Result<Cleartext, Error> {
    let blocks = armor::blocks(text);
    let block = blocks
        .iter()
        .find(|block| block.kind == Kind::SignedText)
        .ok_or_else(|| Error::damaged("there is no text signed in clear here"))?;
    let trimmed: String = block.text.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    let (message, _) = guarded(|| CleartextSignedMessage::from_string(&trimmed))
        .ok_or_else(|| Error::damaged("the clear-text signature cannot be read"))??;
    let signed = message.signed_text();
    let verdicts = message
        .signatures()
        .iter()
        .map(|signature| {
            judge(signature, keys, now, |key| {
                guarded(|| signature.verify(&Borrowed(key), signed.as_bytes()).is_ok()).unwrap_or(false)
            })
        })
        .collect();
    Ok(Cleartext {
        text: signed.replace("\r\n", "\n"),
        verdict: Verdict::best(verdicts).ok_or_else(|| Error::damaged("the signed text carries no signature"))?,
    })
}

/// The library wants a sized key; this lends it one behind a pointer.
#[derive(Debug)]
pub(super) struct Borrowed<'a>(pub(super) &'a dyn VerifyingKey);

impl pgp::types::KeyDetails for Borrowed<'_> {
    fn version(&self) -> pgp::types::KeyVersion {
        self.0.version()
    }
    fn legacy_key_id(&self) -> pgp::types::KeyId {
        self.0.legacy_key_id()
    }
    fn fingerprint(&self) -> pgp::types::Fingerprint {
        self.0.fingerprint()
    }
    fn algorithm(&self) -> pgp::crypto::public_key::PublicKeyAlgorithm {
        self.0.algorithm()
    }
    fn created_at(&self) -> pgp::types::Timestamp {
        self.0.created_at()
    }
    fn legacy_v3_expiration_days(&self) -> Option<u16> {
        self.0.legacy_v3_expiration_days()
    }
    fn public_params(&self) -> &pgp::types::PublicParams {
        self.0.public_params()
    }
}

impl VerifyingKey for Borrowed<'_> {
    fn verify(
        &self,
        hash: pgp::crypto::hash::HashAlgorithm,
        data: &[u8],
        signature: &pgp::types::SignatureBytes,
    ) -> pgp::errors::Result<()> {
        self.0.verify(hash, data, signature)
    }
}
