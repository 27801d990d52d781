//! Signed verdicts: an in-toto Statement (v1) in a DSSE envelope (v1.0.2), signed with Ed25519 (RFC 8032).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePublicKey, spki};
use ed25519_dalek::{Signer, SigningKey};
use kernel::{Error, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The media type of an in-toto statement.
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// What the predicate of our statements is.
const PREDICATE_TYPE: &str = "urn:portcullis:gate-verdict:v1";

/// What a statement is about: a name and a SHA-256.
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) sha256: String,
}

/// The public half as PEM (SubjectPublicKeyInfo, RFC 8410).
pub(super) fn public_pem(secret: &[u8; 32]) -> Result<String> {
    let key = SigningKey::from_bytes(secret).verifying_key();
    key.to_public_key_pem(LineEnding::LF).map_err(Error::internal)
}

/// SHA-256 of the public key's DER, in hex: what names the key in an envelope.
fn key_id(key: &SigningKey) -> Result<String> {
    let der = key.verifying_key().to_public_key_der().map_err(|error: spki::Error| Error::internal(error))?;
    Ok(hex::encode(Sha256::digest(der.as_bytes())))
}

/// What is signed: DSSE's pre-authentication encoding, so that type and body cannot be confused.
fn encoded(payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {PAYLOAD_TYPE} {} ", PAYLOAD_TYPE.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// The envelope of a statement that says `predicate` about `subject`.
pub(super) fn envelope(secret: &[u8; 32], subject: &Subject, predicate: &Value) -> Result<Value> {
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": subject.name, "digest": {"sha256": subject.sha256}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": predicate,
    });
    let payload = serde_json::to_vec(&statement).map_err(Error::internal)?;
    let key = SigningKey::from_bytes(secret);
    let signature = key.sign(&encoded(&payload));
    Ok(json!({
        "payloadType": PAYLOAD_TYPE,
        "payload": STANDARD.encode(&payload),
        "signatures": [{"keyid": key_id(&key)?, "sig": STANDARD.encode(signature.to_bytes())}],
    }))
}
