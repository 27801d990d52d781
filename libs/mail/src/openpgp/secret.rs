//! Our own key pairs: made, read, renewed, written out with and without a passphrase.

use jiff::Timestamp;
use pgp::composed::{KeyType, PublicOrSecret, SignedKeyDetails, SignedSecretKey, SignedSecretSubKey};
use pgp::crypto::ecc_curve::ECCCurve;
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{
    Features, KeyFlags, PubKeyInner, Signature, SignatureConfig, SignatureType, Subpacket, SubpacketData, UserId,
};
use pgp::ser::Serialize as _;
use pgp::types::{
    CompressionAlgorithm, Duration, KeyDetails as _, KeyVersion, Password, SecretParams, SignedUser, SigningKey, Tag,
};
use rand::{CryptoRng, Rng};

use super::armor::{self, Kind};
use super::{PublicKey, Unusable, guarded, seconds};
use crate::Error;

/// A key pair of ours, unlocked. It stays in memory; written out it should have a passphrase or be encrypted around.
#[derive(Clone, PartialEq)]
pub struct SecretKey {
    pub(super) inner: SignedSecretKey,
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey({})", self.public().fingerprint())
    }
}

fn time(at: Timestamp) -> pgp::types::Timestamp {
    pgp::types::Timestamp::from_secs(seconds(at))
}

/// Subpackets that each of our signatures carries: when, and by which key (RFC 9580 §5.2.3).
pub(super) fn stamps(
    key: &dyn SigningKey,
    at: Timestamp,
) -> Result<(Vec<Subpacket>, Vec<Subpacket>), pgp::errors::Error> {
    Ok((
        vec![
            Subpacket::critical(SubpacketData::SignatureCreationTime(time(at)))?,
            Subpacket::regular(SubpacketData::IssuerFingerprint(key.fingerprint()))?,
        ],
        vec![Subpacket::regular(SubpacketData::IssuerKeyId(key.legacy_key_id()))?],
    ))
}

/// What the binding signatures of a key say.
struct Terms {
    signed: Timestamp,
    expires: Option<Timestamp>,
}

impl Terms {
    fn lifetime(&self, created: pgp::types::Timestamp) -> Result<Option<Subpacket>, Error> {
        let Some(end) = self.expires else { return Ok(None) };
        let length = seconds(end).saturating_sub(created.as_secs());
        if length == 0 {
            return Err(Error::key("the expiry of the key must lie after the time it was made"));
        }
        Ok(Some(Subpacket::regular(SubpacketData::KeyExpirationTime(Duration::from_secs(length)))?))
    }

    /// Certifies the user id: what the primary key may do, what its owner's programs understand, until when.
    fn certify(&self, primary: &pgp::packet::SecretKey, id: &UserId) -> Result<Signature, Error> {
        let mut may = KeyFlags::default();
        may.set_certify(true);
        may.set_sign(true);
        let mut features = Features::new();
        features.set_seipd_v1(true);
        let mut config = SignatureConfig::v4(SignatureType::CertPositive, primary.algorithm(), HashAlgorithm::Sha512);
        (config.hashed_subpackets, config.unhashed_subpackets) = stamps(primary, self.signed)?;
        let ciphers = [SymmetricKeyAlgorithm::AES256, SymmetricKeyAlgorithm::AES192, SymmetricKeyAlgorithm::AES128];
        let hashes = [HashAlgorithm::Sha512, HashAlgorithm::Sha384, HashAlgorithm::Sha256];
        let compressions = [CompressionAlgorithm::ZLIB, CompressionAlgorithm::ZIP, CompressionAlgorithm::Uncompressed];
        for data in [
            SubpacketData::KeyFlags(may),
            SubpacketData::IsPrimary(true),
            SubpacketData::PreferredSymmetricAlgorithms(ciphers.into_iter().collect()),
            SubpacketData::PreferredHashAlgorithms(hashes.into_iter().collect()),
            SubpacketData::PreferredCompressionAlgorithms(compressions.into_iter().collect()),
            SubpacketData::Features(features),
        ] {
            config.hashed_subpackets.push(Subpacket::regular(data)?);
        }
        config.hashed_subpackets.extend(self.lifetime(primary.created_at())?);
        Ok(config.sign_certification(primary, primary.public_key(), &Password::empty(), Tag::UserId, id)?)
    }

    /// Binds the encryption subkey.
    fn bind(&self, primary: &pgp::packet::SecretKey, subkey: &pgp::packet::PublicSubkey) -> Result<Signature, Error> {
        let mut may = KeyFlags::default();
        may.set_encrypt_comms(true);
        may.set_encrypt_storage(true);
        let mut config = SignatureConfig::v4(SignatureType::SubkeyBinding, primary.algorithm(), HashAlgorithm::Sha512);
        (config.hashed_subpackets, config.unhashed_subpackets) = stamps(primary, self.signed)?;
        config.hashed_subpackets.push(Subpacket::regular(SubpacketData::KeyFlags(may))?);
        config.hashed_subpackets.extend(self.lifetime(subkey.created_at())?);
        Ok(config.sign_subkey_binding(primary, primary.public_key(), &Password::empty(), subkey)?)
    }
}

impl SecretKey {
    /// Makes a key pair: Ed25519 to sign, Curve25519 to encrypt, version 4, which every current program reads.
    ///
    /// `user_id` is `Name <address>`.
    ///
    /// # Errors
    /// The user id is empty or has line breaks; the expiry does not lie after `created`.
    pub fn generate<R: Rng + CryptoRng>(
        rng: &mut R,
        user_id: &str,
        created: Timestamp,
        expires: Option<Timestamp>,
    ) -> Result<Self, Error> {
        if user_id.trim().is_empty() || user_id.chars().any(char::is_control) {
            return Err(Error::key("the user id of a key is one line, as in `Product Security <psirt@example.com>`"));
        }
        let sign = KeyType::Ed25519Legacy;
        let (public, secret) = sign.generate(&mut *rng)?;
        let inner = PubKeyInner::new(KeyVersion::V4, sign.to_alg(), time(created), None, public)?;
        let primary = pgp::packet::SecretKey::new(pgp::packet::PublicKey::from_inner(inner)?, secret)?;
        let crypt = KeyType::ECDH(ECCCurve::Curve25519Legacy);
        let (public, secret) = crypt.generate(&mut *rng)?;
        let inner = PubKeyInner::new(KeyVersion::V4, crypt.to_alg(), time(created), None, public)?;
        let subkey = pgp::packet::SecretSubkey::new(pgp::packet::PublicSubkey::from_inner(inner)?, secret)?;

        let terms = Terms { signed: created, expires };
        let id = UserId::from_str(pgp::types::PacketHeaderVersion::default(), user_id)?;
        let certificate = terms.certify(&primary, &id)?;
        let binding = terms.bind(&primary, subkey.public_key())?;
        let details = SignedKeyDetails::new(vec![], vec![], vec![SignedUser::new(id, vec![certificate])], vec![]);
        Ok(Self {
            inner: SignedSecretKey::new(primary, details, vec![], vec![SignedSecretSubKey::new(subkey, vec![binding])]),
        })
    }

    /// The same key pair with a new expiry, signed at `at`; fingerprint and old mail stay as they are.
    ///
    /// # Errors
    /// The expiry lies before the key was made, or the primary key is not at hand (kept on a card or offline).
    pub fn renewed(&self, at: Timestamp, expires: Option<Timestamp>) -> Result<Self, Error> {
        let terms = Terms { signed: at, expires };
        let mut key = self.inner.clone();
        for user in &mut key.details.users {
            user.signatures.push(terms.certify(&self.inner.primary_key, &user.id)?);
        }
        let public = self.public();
        for subkey in &mut key.secret_subkeys {
            let ours = public.encryption_part(seconds(self.public().created()).max(subkey.created_at().as_secs()));
            if ours.is_ok_and(|part| part.fingerprint() == subkey.fingerprint()) {
                subkey.signatures.push(terms.bind(&self.inner.primary_key, subkey.key.public_key())?);
            }
        }
        Ok(Self { inner: key })
    }

    /// Reads the first secret key of a file, armoured or binary, and unlocks it (`passphrase` may be empty).
    ///
    /// # Errors
    /// There is no secret key; or the passphrase is wrong ([`Error::is_passphrase`]).
    pub fn read(bytes: &[u8], passphrase: &str) -> Result<Self, Error> {
        for binary in armor::binaries(bytes, &[Kind::PrivateKey]) {
            let read = guarded(|| {
                PublicOrSecret::from_bytes_many(binary.as_slice())?.collect::<Result<Vec<_>, pgp::errors::Error>>()
            });
            for key in read.ok_or_else(|| Error::damaged("the OpenPGP key cannot be read"))?? {
                if let PublicOrSecret::Secret(key) = key {
                    return guarded(|| unlocked(key, passphrase))
                        .unwrap_or_else(|| Err(Error::damaged("the OpenPGP key cannot be unlocked")));
                }
            }
        }
        Err(Error::damaged("there is no OpenPGP secret key here"))
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey { inner: self.inner.to_public_key() }
    }

    /// The key pair, armoured, locked with a passphrase or (`None`) open.
    ///
    /// # Errors
    /// The key cannot be written out.
    pub fn armored<R: Rng + CryptoRng>(&self, rng: &mut R, passphrase: Option<&str>) -> Result<String, Error> {
        let mut key = self.inner.clone();
        if let Some(passphrase) = passphrase {
            let password = Password::from(passphrase);
            if matches!(key.primary_key.secret_params(), SecretParams::Plain(_)) {
                key.primary_key.set_password(&mut *rng, &password)?;
            }
            for subkey in &mut key.secret_subkeys {
                if matches!(subkey.key.secret_params(), SecretParams::Plain(_)) {
                    subkey.key.set_password(&mut *rng, &password)?;
                }
            }
        }
        Ok(armor::put_on(Kind::PrivateKey, &key.to_bytes()?))
    }

    /// The part that signs at this time.
    pub(super) fn signer(&self, at: Timestamp) -> Result<&dyn SigningKey, Error> {
        let public = self.public();
        let print = public.signing_part(seconds(at))?.fingerprint();
        let missing = || Error::from(Unusable::Purpose("signing"));
        if self.inner.primary_key.fingerprint() == print {
            return match self.inner.primary_key.secret_params() {
                SecretParams::Plain(_) => Ok(&self.inner.primary_key),
                SecretParams::Encrypted(_) => Err(missing()),
            };
        }
        let subkey = self.inner.secret_subkeys.iter().find(|subkey| subkey.key.fingerprint() == print);
        subkey.map(|subkey| &subkey.key as &dyn SigningKey).ok_or_else(missing)
    }
}

/// Unlocks all parts that can be; a part kept on a card or offline stays as it is.
fn unlocked(mut key: SignedSecretKey, passphrase: &str) -> Result<SecretKey, Error> {
    let password = Password::from(passphrase);
    let mut open = key.primary_key.remove_password(&password).is_ok();
    for subkey in &mut key.secret_subkeys {
        open |= subkey.key.remove_password(&password).is_ok();
    }
    if open { Ok(SecretKey { inner: key }) } else { Err(Error::passphrase()) }
}
