//! `portcullis verify`: checks signed gate verdicts offline, with the public key (DSSE v1.0.2, in-toto Statement v1, Ed25519).

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use ed25519_dalek::pkcs8::{DecodePublicKey, EncodePublicKey};
use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{Outcome, input};

/// Longest envelope or key.
const FILE_BYTES: u64 = 16 << 20;
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const PREDICATE: &str = "urn:portcullis:gate-verdict:v1";

/// Arguments of `portcullis verify`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The public key as PEM, from /api/v1/gate-key.pem.
    #[arg(long, value_name = "KEY.pem")]
    key: String,
    /// Also end with 1 when the verdict is genuine but says that something lacks, or is that of a phase and not of the
    /// release.
    #[arg(long)]
    require_pass: bool,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
    /// Signed verdicts; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "payloadType")]
    payload_type: String,
    payload: String,
    signatures: Vec<EnvelopeSignature>,
}

#[derive(Deserialize)]
struct EnvelopeSignature {
    sig: String,
}

/// What is said about a file, whether or not it is genuine.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    valid: bool,
    keyid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<&'a Value>,
}

pub(crate) fn run(args: Args) -> Outcome {
    let (key, keyid) = match key(&args.key) {
        Ok(found) => found,
        Err(words) => {
            input::complain(&format!("{}: {words}", args.key));
            return Outcome::Failed;
        }
    };
    let mut out = std::io::stdout().lock();
    let mut worst = Outcome::Good;
    for file in &args.files {
        worst = worst.max(one(&mut out, file, &key, &keyid, &args));
    }
    worst
}

fn key(path: &str) -> Result<(VerifyingKey, String), String> {
    let bytes = input::read(path, FILE_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    let key = VerifyingKey::from_public_key_pem(text.trim())
        .map_err(|_| "is no Ed25519 public key in PEM; fetch it from /api/v1/gate-key.pem".to_owned())?;
    let der = key.to_public_key_der().map_err(|error| error.to_string())?;
    Ok((key, Sha256::digest(der.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()))
}

fn one(out: &mut impl Write, file: &str, key: &VerifyingKey, keyid: &str, args: &Args) -> Outcome {
    let read = input::read(file, FILE_BYTES).and_then(|bytes| {
        serde_json::from_slice::<Envelope>(&bytes)
            .map_err(|error| format!("is no signed verdict (DSSE envelope): {error}"))
    });
    let envelope = match read {
        Ok(envelope) => envelope,
        Err(words) => {
            if args.json {
                input::line(out, &input::Unreadable { file, error: &words });
            }
            input::complain(&format!("{file}: {words}"));
            return Outcome::Failed;
        }
    };
    let checked = check(&envelope, key);
    if args.json {
        let (valid, error) = (checked.is_ok(), checked.as_ref().err().map(String::as_str));
        input::line(out, &Line { file, valid, keyid, error, statement: checked.as_ref().ok() });
    }
    match checked {
        Ok(statement) => {
            if !args.json {
                let _closed_pipe = out.write_all(words(file, keyid, &statement).as_bytes());
            }
            if args.require_pass && !lets_release_pass(&statement) { Outcome::Bad } else { Outcome::Good }
        }
        Err(words) => {
            if !args.json {
                let _closed_pipe = writeln!(out, "{file}: NOT genuine: {words}");
            }
            Outcome::Bad
        }
    }
}

/// Whether it is the release gate that speaks, and lets the release pass. The gate of a phase counts only what is due by then.
fn lets_release_pass(statement: &Value) -> bool {
    let passed = statement.pointer("/predicate/passed").and_then(Value::as_bool).unwrap_or(false);
    passed && !statement.pointer("/predicate/gate/phase").is_some_and(Value::is_string)
}

/// DSSE allows both alphabets of base64.
fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()
}

/// The statement, when one of the signatures is by this key; nothing of an unsigned body is looked at.
fn check(envelope: &Envelope, key: &VerifyingKey) -> Result<Value, String> {
    let payload = decode(&envelope.payload).ok_or("the payload is not base64")?;
    let kind = &envelope.payload_type;
    let mut message = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    message.extend_from_slice(&payload);
    let good = envelope.signatures.iter().any(|signature| {
        decode(&signature.sig)
            .and_then(|bytes| Signature::from_slice(&bytes).ok())
            .is_some_and(|signature| key.verify_strict(&message, &signature).is_ok())
    });
    if !good {
        return Err("no signature in it is by this key; it was changed, or another key signed it".to_owned());
    }
    if kind != PAYLOAD_TYPE {
        return Err(format!("it is signed, but it holds {kind} and no in-toto statement"));
    }
    let statement: Value =
        serde_json::from_slice(&payload).map_err(|error| format!("it is signed, but no JSON: {error}"))?;
    let is = |name: &str, wanted: &str| statement.get(name).and_then(Value::as_str) == Some(wanted);
    if !is("_type", STATEMENT) || !is("predicateType", PREDICATE) {
        return Err("it is signed, but it is no gate verdict".to_owned());
    }
    Ok(statement)
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("–")
}

fn words(file: &str, keyid: &str, statement: &Value) -> String {
    let predicate = statement.get("predicate").unwrap_or(&Value::Null);
    let mut lines = vec![
        format!("{file}: genuine, signed by key {}", keyid.get(..16).unwrap_or(keyid)),
        format!("  release   {} {}", text(predicate, "/product_name"), text(predicate, "/release")),
        format!("  gate      {}", text(predicate, "/gate/title")),
        format!("  outcome   {}", text(predicate, "/outcome").replace('_', " ")),
        format!("  asked at  {}", text(predicate, "/at")),
    ];
    if predicate.get("holds_until").is_some_and(Value::is_string) {
        lines.push(format!("  holds     until {}", text(predicate, "/holds_until")));
    }
    if predicate.get("decision").is_some_and(Value::is_object) {
        let decision = text(predicate, "/decision/outcome").replace('_', " ");
        lines.push(format!(
            "  decision  {decision}, by {} at {}",
            text(predicate, "/decision/by"),
            text(predicate, "/decision/at")
        ));
    }
    for subject in statement.get("subject").and_then(Value::as_array).into_iter().flatten() {
        lines.push(format!("  about     {} sha256:{}", text(subject, "/name"), text(subject, "/digest/sha256")));
    }
    for item in predicate.get("lacking").and_then(Value::as_array).into_iter().flatten() {
        lines.push(format!("  lacking   {} ({})", text(item, "/title"), text(item, "/state").replace('_', " ")));
    }
    for item in predicate.get("exceptions").and_then(Value::as_array).into_iter().flatten() {
        lines.push(format!(
            "  exception {} ({}): {}",
            text(item, "/title"),
            text(item, "/state").replace('_', " "),
            text(item, "/reason")
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};
    use serde_json::json;

    use super::*;

    fn signed(kind: &str, statement: &Value) -> Envelope {
        let payload = serde_json::to_vec(statement).unwrap();
        let mut message = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
        message.extend_from_slice(&payload);
        let signature = SigningKey::from_bytes(&[7; 32]).sign(&message);
        Envelope {
            payload_type: kind.to_owned(),
            payload: STANDARD.encode(&payload),
            signatures: vec![EnvelopeSignature { sig: STANDARD.encode(signature.to_bytes()) }],
        }
    }

    fn verdict() -> Value {
        json!({"_type": STATEMENT, "predicateType": PREDICATE, "subject": [], "predicate": {"passed": true, "outcome": "passed"}})
    }

    #[test]
    fn a_genuine_verdict_is_read_and_a_changed_one_refused() {
        let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
        assert_eq!(check(&signed(PAYLOAD_TYPE, &verdict()), &key).unwrap(), verdict());
        let mut changed = signed(PAYLOAD_TYPE, &verdict());
        changed.payload = STANDARD.encode(verdict().to_string().replace("passed", "broken"));
        check(&changed, &key).unwrap_err();
        let mut retyped = signed(PAYLOAD_TYPE, &verdict());
        retyped.payload_type = "text/plain".to_owned();
        check(&retyped, &key).unwrap_err();
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
        check(&signed(PAYLOAD_TYPE, &verdict()), &other).unwrap_err();
    }

    #[test]
    fn the_gate_of_a_phase_does_not_let_the_release_pass() {
        let mut statement = verdict();
        assert!(lets_release_pass(&statement));
        statement["predicate"]["gate"] = json!({"id": "release_gate", "phase": null});
        assert!(lets_release_pass(&statement));
        statement["predicate"]["gate"]["phase"] = json!("design");
        assert!(!lets_release_pass(&statement));
    }

    #[test]
    fn something_else_that_is_signed_is_no_verdict() {
        let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
        check(&signed("text/plain", &verdict()), &key).unwrap_err();
        check(&signed(PAYLOAD_TYPE, &json!({"_type": STATEMENT, "predicateType": "other"})), &key).unwrap_err();
    }
}
