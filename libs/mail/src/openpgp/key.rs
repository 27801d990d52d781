//! Public keys and whether they may be used: self-signatures, bindings, flags, expiry, revocation (RFC 9580 §5.2, §10.1).

use jiff::Timestamp;
use pgp::composed::{PublicOrSecret, SignedPublicKey, SignedPublicSubKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{KeyFlags, RevocationCode, Signature, SignatureType, SubpacketData};
use pgp::ser::Serialize as _;
use pgp::types::{EncryptionKey, Fingerprint, KeyDetails as _, KeyId, Tag, VerifyingKey};

use super::armor::{self, Kind};
use super::{guarded, seconds, timestamp};
use crate::{Error, address};

/// How far a clock elsewhere may be ahead before what it signed counts as made in the future.
pub(super) const SKEW: u32 = 15 * 60;

/// Why a key may not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Its time is over.
    #[error("the key expired on {0}")]
    Expired(Timestamp),
    /// Its owner revoked it.
    #[error("the key was revoked on {0}")]
    Revoked(Timestamp),
    /// It carries no valid signature by itself, so nothing in it can be believed.
    #[error("the key has no valid signature by itself")]
    Unbound,
    /// No part of it may be used for this purpose.
    #[error("no part of the key is meant for {0}")]
    Purpose(&'static str),
}

/// A public key (transferable public key, RFC 9580 §10.1) of ourselves or of somebody else.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicKey {
    pub(super) inner: SignedPublicKey,
}

/// One part of a key: the primary key or a subkey, with what its newest binding says.
pub(super) struct Part<'a> {
    pub(super) key: PartKey<'a>,
    flags: Option<KeyFlags>,
    expires: Option<u32>,
    revoked: Option<Revocation>,
    /// A subkey that signs must itself have signed that it belongs here (RFC 9580 §10.1.5).
    cross_signed: bool,
}

pub(super) enum PartKey<'a> {
    Primary(&'a pgp::packet::PublicKey),
    Sub(&'a pgp::packet::PublicSubkey),
}

#[derive(Clone, Copy)]
struct Revocation {
    at: u32,
    /// The key may be in wrong hands: nothing that it ever signed counts.
    hard: bool,
}

impl PartKey<'_> {
    pub(super) fn verifying(&self) -> &dyn VerifyingKey {
        match self {
            Self::Primary(key) => *key,
            Self::Sub(key) => *key,
        }
    }

    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.verifying().fingerprint()
    }

    pub(super) fn key_id(&self) -> KeyId {
        self.verifying().legacy_key_id()
    }
}

impl Part<'_> {
    pub(super) fn alive(&self, at: u32) -> Result<(), Unusable> {
        if let Some(revocation) = self.revoked
            && (revocation.hard || revocation.at <= at)
        {
            return Err(Unusable::Revoked(timestamp(revocation.at)));
        }
        match self.expires {
            Some(end) if end <= at => Err(Unusable::Expired(timestamp(end))),
            _ => Ok(()),
        }
    }

    pub(super) fn may_sign(&self, at: u32) -> Result<(), Unusable> {
        self.alive(at)?;
        let meant = self.flags.as_ref().is_none_or(KeyFlags::sign);
        if meant && self.cross_signed && self.key.verifying().algorithm().can_sign() {
            Ok(())
        } else {
            Err(Unusable::Purpose("signing"))
        }
    }

    pub(super) fn may_encrypt(&self, at: u32) -> Result<(), Unusable> {
        self.alive(at)?;
        let meant = self.flags.as_ref().is_none_or(|flags| flags.encrypt_comms() || flags.encrypt_storage());
        if meant && self.key.verifying().algorithm().can_encrypt() {
            Ok(())
        } else {
            Err(Unusable::Purpose("encryption"))
        }
    }
}

/// Broken hash functions prove nothing about a key (RFC 9580 §9.5); SHA-1 still does here because the library detects
/// its known collisions and old keys carry it.
fn strong(signature: &Signature) -> bool {
    !matches!(signature.hash_alg(), None | Some(HashAlgorithm::Md5 | HashAlgorithm::Ripemd160))
}

fn made(signature: &Signature) -> u32 {
    signature.created().map_or(0, pgp::types::Timestamp::as_secs)
}

fn in_force(signature: &Signature, at: u32) -> bool {
    let made = made(signature);
    let ends = signature.signature_expiration_time().map(pgp::types::Duration::as_secs).filter(|length| *length > 0);
    strong(signature) && made <= at.saturating_add(SKEW) && ends.is_none_or(|length| made.saturating_add(length) > at)
}

fn newest(signatures: &[Signature], at: u32, holds: impl Fn(&Signature) -> bool) -> Option<&Signature> {
    signatures.iter().filter(|signature| in_force(signature, at) && holds(signature)).max_by_key(|s| made(s))
}

fn flags(signature: &Signature) -> Option<KeyFlags> {
    signature.config()?.hashed_subpackets().find_map(|subpacket| {
        if let SubpacketData::KeyFlags(flags) = &subpacket.data { Some(flags.clone()) } else { None }
    })
}

fn end(created: u32, signature: &Signature) -> Option<u32> {
    let length = signature.key_expiration_time()?.as_secs();
    (length > 0).then(|| created.saturating_add(length))
}

fn revocation<'a>(signatures: impl Iterator<Item = &'a Signature>) -> Option<Revocation> {
    signatures
        .map(|signature| {
            let soft = matches!(
                signature.revocation_reason_code(),
                Some(RevocationCode::KeySuperseded | RevocationCode::KeyRetired)
            );
            Revocation { at: made(signature), hard: !soft }
        })
        .max_by_key(|revocation| (revocation.hard, std::cmp::Reverse(revocation.at)))
}

impl PublicKey {
    /// Reads all public keys of a file or an attachment: armoured (one or more blocks) or binary. From a secret key
    /// only the public half is taken.
    ///
    /// # Errors
    /// There is no key in the input, or a key is damaged.
    pub fn read_all(bytes: &[u8]) -> Result<Vec<Self>, Error> {
        let mut keys = Vec::new();
        for binary in armor::binaries(bytes, &[Kind::PublicKey, Kind::PrivateKey]) {
            let read = guarded(|| {
                PublicOrSecret::from_bytes_many(binary.as_slice())?.collect::<Result<Vec<_>, pgp::errors::Error>>()
            });
            for key in read.ok_or_else(|| Error::damaged("the OpenPGP key cannot be read"))?? {
                keys.push(Self {
                    inner: match key {
                        PublicOrSecret::Public(key) => key,
                        PublicOrSecret::Secret(key) => key.to_public_key(),
                    },
                });
            }
        }
        if keys.is_empty() {
            return Err(Error::damaged("there is no OpenPGP key here; give an armoured or a binary public key"));
        }
        Ok(keys)
    }

    /// Reads the first key of the input.
    ///
    /// # Errors
    /// As [`PublicKey::read_all`].
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut keys = Self::read_all(bytes)?;
        Ok(keys.swap_remove(0))
    }

    /// Fingerprint of the primary key in upper-case hex.
    pub fn fingerprint(&self) -> String {
        hex::encode_upper(self.inner.primary_key.fingerprint().as_bytes())
    }

    /// Key ids of the primary key and all subkeys in upper-case hex, bound or not.
    pub fn key_ids(&self) -> Vec<String> {
        let subkeys = self.inner.public_subkeys.iter().map(|subkey| subkey.key.legacy_key_id());
        std::iter::once(self.inner.primary_key.legacy_key_id())
            .chain(subkeys)
            .map(|id| hex::encode_upper(id.as_ref()))
            .collect()
    }

    /// Whether one of these names, fingerprints or key ids, is that of a part of the key, bound or not.
    pub(super) fn has_part(&self, names: &[Vec<u8>]) -> bool {
        let named = |print: Fingerprint, id: KeyId| names.iter().any(|n| n == print.as_bytes() || n == id.as_ref());
        let primary = &self.inner.primary_key;
        named(primary.fingerprint(), primary.legacy_key_id())
            || self.inner.public_subkeys.iter().any(|s| named(s.key.fingerprint(), s.key.legacy_key_id()))
    }

    /// When the primary key was made.
    pub fn created(&self) -> Timestamp {
        timestamp(self.inner.primary_key.created_at().as_secs())
    }

    /// When the primary key expires, by its newest self-signature; `None`: never, or no valid self-signature.
    pub fn expires(&self, at: Timestamp) -> Option<Timestamp> {
        self.primary(seconds(at)).ok()?.expires.map(timestamp)
    }

    /// The user ids that the key itself confirms and has not revoked, the primary one first.
    pub fn user_ids(&self, at: Timestamp) -> Vec<String> {
        let mut ids: Vec<(bool, u32, String)> = self
            .users(seconds(at))
            .map(|(user, signature)| {
                let id = String::from_utf8_lossy(user.id.id()).into_owned();
                (signature.is_primary(), made(signature), id)
            })
            .collect();
        ids.sort_by_key(|(primary, made, _)| std::cmp::Reverse((*primary, *made)));
        ids.into_iter().map(|(_, _, id)| id).collect()
    }

    /// Whether one of the confirmed user ids names this mail address (compared without regard to case).
    pub fn belongs_to(&self, mail_address: &str, at: Timestamp) -> bool {
        self.user_ids(at).iter().any(|id| address::same(address::of_user_id(id), mail_address))
    }

    /// Whether the key as a whole is in force: bound, not revoked, not expired.
    ///
    /// # Errors
    /// [`Unusable`] says why not.
    pub fn in_force(&self, at: Timestamp) -> Result<(), Unusable> {
        let at = seconds(at);
        self.primary(at)?.alive(at)
    }

    /// Whether mail can be encrypted to the key.
    ///
    /// # Errors
    /// [`Unusable`] says why not.
    pub fn can_encrypt(&self, at: Timestamp) -> Result<(), Unusable> {
        self.encryption_part(seconds(at)).map(|_| ())
    }

    /// The key, armoured.
    ///
    /// # Errors
    /// The key cannot be written out.
    pub fn armored(&self) -> Result<String, Error> {
        Ok(armor::put_on(Kind::PublicKey, &self.to_bytes()?))
    }

    /// The key in binary form.
    ///
    /// # Errors
    /// The key cannot be written out.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        Ok(self.inner.to_bytes()?)
    }

    /// The key in binary form with only the user ids of this address, for a Web Key Directory, which must not show
    /// other addresses (draft-koch-openpgp-webkey-service §5).
    ///
    /// # Errors
    /// The key has no such user id, or cannot be written out.
    pub fn minimal(&self, mail_address: &str, at: Timestamp) -> Result<Vec<u8>, Error> {
        if !self.belongs_to(mail_address, at) {
            return Err(Error::key(format!("the key {} has no user id for {mail_address}", self.fingerprint())));
        }
        let mut key = self.inner.clone();
        key.details
            .users
            .retain(|user| address::same(address::of_user_id(&String::from_utf8_lossy(user.id.id())), mail_address));
        for user in &mut key.details.users {
            user.signatures.retain(|s| s.verify_certification(&self.inner.primary_key, Tag::UserId, &user.id).is_ok());
        }
        key.details.user_attributes.clear();
        Ok(key.to_bytes()?)
    }

    /// User ids with their newest certification by the key itself.
    fn users(&self, at: u32) -> impl Iterator<Item = (&pgp::types::SignedUser, &Signature)> {
        let primary = &self.inner.primary_key;
        self.inner.details.users.iter().filter_map(move |user| {
            let own = |s: &Signature| s.verify_certification(primary, Tag::UserId, &user.id).is_ok();
            let revoked = |s: &Signature| s.typ() == Some(SignatureType::CertRevocation);
            let certificate = newest(&user.signatures, at, |s| !revoked(s) && own(s))?;
            let withdrawn = newest(&user.signatures, at, |s| revoked(s) && own(s));
            withdrawn.is_none_or(|w| made(w) < made(certificate)).then_some((user, certificate))
        })
    }

    /// The primary key with what its self-signatures say, whether or not it is still in force.
    pub(super) fn primary(&self, at: u32) -> Result<Part<'_>, Unusable> {
        let primary = &self.inner.primary_key;
        let details = &self.inner.details;
        let direct = newest(&details.direct_signatures, at, |s| {
            s.typ() == Some(SignatureType::Key) && s.verify_key(primary).is_ok()
        });
        let user = self.users(at).max_by_key(|(_, s)| (s.is_primary(), made(s))).map(|(_, signature)| signature);
        let says = [user, direct];
        if says.iter().all(Option::is_none) {
            return Err(Unusable::Unbound);
        }
        let created = primary.created_at().as_secs();
        let revocations = details
            .revocation_signatures
            .iter()
            .filter(|s| s.typ() == Some(SignatureType::KeyRevocation) && strong(s) && s.verify_key(primary).is_ok());
        Ok(Part {
            key: PartKey::Primary(primary),
            flags: says.iter().flatten().find_map(|signature| flags(signature)),
            expires: says.iter().flatten().find_map(|signature| end(created, signature)),
            revoked: revocation(revocations),
            cross_signed: true,
        })
    }

    fn subkey<'a>(&'a self, subkey: &'a SignedPublicSubKey, at: u32) -> Option<Part<'a>> {
        let primary = &self.inner.primary_key;
        let holds = |s: &Signature| s.verify_subkey_binding(primary, &subkey.key).is_ok();
        let binding = newest(&subkey.signatures, at, |s| s.typ() == Some(SignatureType::SubkeyBinding) && holds(s))?;
        let revocations = subkey
            .signatures
            .iter()
            .filter(|s| s.typ() == Some(SignatureType::SubkeyRevocation) && strong(s) && holds(s));
        let cross_signed = binding
            .embedded_signature()
            .is_some_and(|s| strong(s) && s.verify_primary_key_binding(&subkey.key, primary).is_ok());
        Some(Part {
            key: PartKey::Sub(&subkey.key),
            flags: flags(binding),
            expires: end(subkey.key.created_at().as_secs(), binding),
            revoked: revocation(revocations),
            cross_signed,
        })
    }

    /// All bound parts.
    pub(super) fn parts(&self, at: u32) -> Vec<Part<'_>> {
        let subkeys = self.inner.public_subkeys.iter().filter_map(|subkey| self.subkey(subkey, at));
        self.primary(at).into_iter().chain(subkeys).collect()
    }

    /// The newest part that may encrypt, of a key that is in force.
    pub(super) fn encryption_part(&self, at: u32) -> Result<PartKey<'_>, Unusable> {
        self.primary(at)?.alive(at)?;
        self.best(at, |part| part.may_encrypt(at), "encryption")
    }

    /// The newest part that may sign, of a key that is in force.
    pub(super) fn signing_part(&self, at: u32) -> Result<PartKey<'_>, Unusable> {
        self.primary(at)?.alive(at)?;
        self.best(at, |part| part.may_sign(at), "signing")
    }

    fn best(
        &self,
        at: u32,
        may: impl Fn(&Part<'_>) -> Result<(), Unusable>,
        purpose: &'static str,
    ) -> Result<PartKey<'_>, Unusable> {
        let mut why = Unusable::Purpose(purpose);
        let mut fit = Vec::new();
        for part in self.parts(at) {
            match may(&part) {
                Ok(()) => fit.push(part.key),
                Err(Unusable::Purpose(_)) => {}
                Err(reason) => why = reason,
            }
        }
        fit.into_iter().max_by_key(|key| key.verifying().created_at().as_secs()).ok_or(why)
    }
}

/// Encrypts a session key to whichever part it is.
pub(super) fn encrypt_to<R, K>(
    part: &PartKey<'_>,
    rng: R,
    builder: &mut pgp::composed::MessageBuilder<'_, K, pgp::composed::EncryptionSeipdV1>,
) -> Result<(), pgp::errors::Error>
where
    R: rand::Rng + rand::CryptoRng,
    K: std::io::Read,
{
    fn add<R, K, E>(
        key: &E,
        rng: R,
        builder: &mut pgp::composed::MessageBuilder<'_, K, pgp::composed::EncryptionSeipdV1>,
    ) -> Result<(), pgp::errors::Error>
    where
        R: rand::Rng + rand::CryptoRng,
        K: std::io::Read,
        E: EncryptionKey,
    {
        builder.encrypt_to_key(rng, key).map(|_| ())
    }
    match part {
        PartKey::Primary(key) => add(*key, rng, builder),
        PartKey::Sub(key) => add(*key, rng, builder),
    }
}
