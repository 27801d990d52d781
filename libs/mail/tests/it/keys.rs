//! Keys: made, renewed, locked; the real ones of the corpus read and judged.

use limits::Limits;
use mail::openpgp::{Keys, PublicKey, SecretKey, Unusable, Verdict, decrypt, encrypt, sign_detached, verify_detached};

use crate::{at, corpus, key, now, other_key, rng};

const ID: &str = "Halden PSIRT <psirt@halden.example>";

#[test]
fn a_new_key_says_what_it_is() {
    let key = key(ID);
    let public = key.public();
    assert_eq!(public.user_ids(now()), [ID]);
    assert_eq!(public.expires(now()), Some(at("2028-11-01T10:00:00Z")));
    assert_eq!(public.fingerprint().len(), 40);
    assert!(public.belongs_to("PSIRT@halden.example", now()));
    assert!(!public.belongs_to("other@halden.example", now()));
    assert_eq!(public.can_encrypt(now()), Ok(()));
    let again = PublicKey::read(public.armored().unwrap().as_bytes()).unwrap();
    assert_eq!(again, public);
    assert_eq!(PublicKey::read(&public.to_bytes().unwrap()).unwrap(), public);
}

#[test]
fn a_key_of_nobody_is_not_made() {
    for id in ["", "  ", "a\nb <a@b.example>"] {
        assert!(SecretKey::generate(&mut rng(), id, now(), None).unwrap_err().is_key());
    }
    assert!(SecretKey::generate(&mut rng(), ID, now(), Some(now())).is_err());
}

#[test]
fn a_locked_key_opens_only_with_its_passphrase() {
    let key = key(ID);
    let locked = key.armored(&mut rng(), Some("correct horse")).unwrap();
    assert!(locked.starts_with("-----BEGIN PGP PRIVATE KEY BLOCK-----"));
    assert!(SecretKey::read(locked.as_bytes(), "wrong").unwrap_err().is_passphrase());
    let opened = SecretKey::read(locked.as_bytes(), "correct horse").unwrap();
    assert_eq!(opened.public(), key.public());
    let open = key.armored(&mut rng(), None).unwrap();
    assert_eq!(SecretKey::read(open.as_bytes(), "").unwrap(), key);
    assert!(SecretKey::read(b"nothing", "").unwrap_err().is_damaged());
}

#[test]
fn an_expired_key_is_refused_until_it_is_renewed() {
    let key = key(ID);
    let late = at("2029-01-01T00:00:00Z");
    assert!(matches!(key.public().can_encrypt(late), Err(Unusable::Expired(_))));
    assert!(encrypt(b"x", &[&key.public()], None, late, &mut rng()).unwrap_err().is_key());
    assert!(sign_detached(b"x", &key, late).unwrap_err().is_key());
    let renewed = key.renewed(at("2028-10-01T00:00:00Z"), Some(at("2030-01-01T00:00:00Z"))).unwrap();
    assert_eq!(renewed.public().fingerprint(), key.public().fingerprint());
    let text = encrypt(b"x", &[&renewed.public()], Some(&renewed), late, &mut rng()).unwrap();
    let keys = Keys { public: vec![renewed.public()], secret: vec![renewed] };
    let opened = decrypt(text.as_bytes(), &keys, late, &Limits::MAIL).unwrap();
    assert!(matches!(opened.verdict, Some(Verdict::Valid(_))));
    // The old public key does not vouch for what was signed after its end.
    let old = Keys { public: vec![key.public()], secret: keys.secret };
    let opened = decrypt(text.as_bytes(), &old, late, &Limits::MAIL).unwrap();
    assert!(matches!(opened.verdict, Some(Verdict::Invalid { .. })));
}

#[test]
fn signatures_of_the_future_and_of_strangers_do_not_count() {
    let key = key(ID);
    let signature = sign_detached(b"text", &key, at("2026-11-05T00:00:00Z")).unwrap();
    let verify =
        |bytes: &[u8], keys: &[PublicKey], now| verify_detached(bytes, signature.as_bytes(), keys, now).unwrap();
    assert!(matches!(verify(b"text", &[key.public()], at("2026-11-06T00:00:00Z")), Verdict::Valid(_)));
    assert!(matches!(verify(b"text", &[key.public()], now()), Verdict::Invalid { .. }));
    assert!(matches!(verify(b"Text", &[key.public()], at("2026-11-06T00:00:00Z")), Verdict::Invalid { .. }));
    assert!(matches!(verify(b"text", &[other_key(ID).public()], now()), Verdict::UnknownKey { .. }));
    assert!(verify_detached(b"text", b"no signature", &[], now()).unwrap_err().is_damaged());
}

#[test]
fn the_key_for_a_directory_shows_one_address() {
    let key = key(ID);
    let bytes = key.public().minimal("psirt@halden.example", now()).unwrap();
    assert_eq!(PublicKey::read(&bytes).unwrap().user_ids(now()), [ID]);
    assert!(key.public().minimal("ada@halden.example", now()).unwrap_err().is_key());
}

/// Keys of the corpus by what their makers built into them.
#[test]
fn forged_expired_and_revoked_keys_of_the_corpus_are_refused() {
    let Some(folder) = corpus("openpgp/rnp") else { return };
    let now = at("2026-11-22T00:00:00Z");
    let judged = |name: &str| {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        PublicKey::read(&bytes).map_err(|error| error.to_string()).map(|key| (key.in_force(now), key.can_encrypt(now)))
    };
    for good in
        ["test_forged_keys/ecc-25519-pub.pgp", "test_forged_keys/ecc-p256-pub.pgp", "test_forged_keys/rsa-rsa-pub.pgp"]
    {
        let (in_force, _) = judged(good).unwrap();
        assert_eq!(in_force, Ok(()), "{good}");
    }
    for bad in [
        "test_forged_keys/ecc-25519-pub-forged-key.pgp",
        "test_forged_keys/ecc-25519-pub-forged-material.pgp",
        "test_forged_keys/ecc-25519-pub-future-cert.pgp",
        "test_forged_keys/ecc-p256-pub-forged-key.pgp",
        "test_forged_keys/ecc-p256-pub-forged-material.pgp",
        "test_forged_keys/ecc-p256-pub-no-certification.pgp",
        "test_forged_keys/rsa-rsa-pub-forged-key.pgp",
        "test_forged_keys/rsa-rsa-pub-forged-material.pgp",
    ] {
        let refused = judged(bad).is_err_and(|_| true) || judged(bad).is_ok_and(|(in_force, _)| in_force.is_err());
        assert!(refused, "{bad}: {:?}", judged(bad));
    }
    assert!(matches!(judged("test_forged_keys/ecc-p256-pub-expired-key.pgp").unwrap().0, Err(Unusable::Expired(_))));
    assert!(matches!(judged("test_stream_key_load/ecc-p256-revoked-key.asc").unwrap().0, Err(Unusable::Revoked(_))));
    for no_encryption in [
        "test_forged_keys/ecc-p256-pub-expired-subkey.pgp",
        "test_forged_keys/ecc-p256-pub-forged-subkey.pgp",
        "test_forged_keys/ecc-p256-pub-no-binding.pgp",
        "test_forged_keys/rsa-rsa-pub-forged-subkey.pgp",
        "test_stream_key_load/ecc-p256-revoked-sub.asc",
    ] {
        let (_, can_encrypt) = judged(no_encryption).unwrap();
        assert!(can_encrypt.is_err(), "{no_encryption}: {can_encrypt:?}");
    }
}

#[test]
fn interoperability_cases_of_the_corpus() {
    let Some(folder) = corpus("openpgp") else { return };
    let cases: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("expected-interop.json")).unwrap()).unwrap();
    let (mut opened, mut skipped) = (0, Vec::new());
    for case in cases["cases"].as_array().unwrap() {
        let text = |name: &str| case[name].as_str();
        let read = |name: &str| text(name).and_then(|file| std::fs::read(folder.join(file)).ok());
        if text("type") != Some("decrypt") {
            continue;
        }
        let (Some(message), Some(key)) = (read("file"), read("key")) else {
            skipped.push(text("case").unwrap().to_owned());
            continue;
        };
        let keys = Keys {
            secret: vec![SecretKey::read(&key, text("passphrase").unwrap_or("")).unwrap()],
            public: PublicKey::read_all(&key).unwrap(),
        };
        let decrypted = decrypt(&message, &keys, now(), &Limits::MAIL)
            .unwrap_or_else(|error| panic!("{}: {error}", text("case").unwrap()));
        assert_eq!(
            String::from_utf8_lossy(&decrypted.bytes),
            text("expect_text").unwrap(),
            "{}",
            text("case").unwrap()
        );
        opened += 1;
    }
    println!("{opened} messages opened; not in the data: {skipped:?}");
    assert!(opened >= 3);
}

#[test]
fn every_file_of_the_corpus_is_read_without_a_crash() {
    let Some(folder) = corpus("openpgp") else { return };
    let mut folders = vec![folder];
    let (mut keys, mut refused) = (0, 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            match PublicKey::read_all(&bytes) {
                Ok(read) => {
                    for key in &read {
                        let _ = (key.in_force(now()), key.can_encrypt(now()), key.user_ids(now()));
                    }
                    keys += read.len();
                }
                Err(_) => refused += 1,
            }
            let _ = decrypt(&bytes, &Keys::default(), now(), &Limits::MAIL);
            let _ = verify_detached(b"", &bytes, &[], now());
        }
    }
    println!("{keys} keys read, {refused} files without one");
    assert!(keys > 100);
}
