//! Whatever arrives, nothing panics.

use limits::Limits;
use mail::openpgp::{Keys, PublicKey, decrypt, verify_cleartext, verify_detached};
use mail::{build_encrypted, build_signed, mbox, open, read, security_txt, wkd};
use proptest::prelude::*;

use crate::building::draft;
use crate::{key, now, rng};

const US: &str = "Halden PSIRT <psirt@halden.example>";

/// Text made of what mail is made of.
fn mailish() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "From: a@b.example",
        "Subject: =?utf-8?b?w6k=?=",
        "Subject: =?x?q?",
        "Date: Mon, 99 Foo 2026 25:61:00 +9999",
        "\r\n",
        "\n",
        "\r\n\r\n",
        "Content-Type: multipart/mixed; boundary=b",
        "Content-Type: multipart/signed; boundary=\"b\"",
        "Content-Type: multipart/encrypted; boundary=b",
        "Content-Type: message/rfc822",
        "Content-Type: text/html; charset=utf-7",
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: quoted-printable",
        "--b",
        "--b--",
        "=",
        "=\r\n",
        "=C3",
        "<p>",
        "&#x41;",
        "-----BEGIN PGP MESSAGE-----",
        "-----END PGP MESSAGE-----",
        "-----BEGIN PGP SIGNED MESSAGE-----",
        "Hash: SHA512",
        "-----BEGIN PGP SIGNATURE-----",
        "-----END PGP SIGNATURE-----",
        "wV4D",
        "name*0*=utf-8''%",
        ";",
        "\"",
        "(",
        "<",
        "é",
        "\0",
        " ",
    ]);
    prop::collection::vec(
        prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)],
        0..80,
    )
    .prop_map(|pieces| pieces.concat())
}

fn everything(bytes: &[u8]) {
    let keys = Keys { secret: vec![], public: vec![] };
    let _ = read(bytes, &Limits::MAIL);
    let _ = open(bytes, &keys, now(), &Limits::MAIL);
    let _ = decrypt(bytes, &keys, now(), &Limits::MAIL);
    let _ = PublicKey::read_all(bytes);
    let _ = verify_detached(b"x", bytes, &[], now());
    let _ = verify_cleartext(&String::from_utf8_lossy(bytes), &[], now());
    let _ = security_txt::read(bytes, None, &[], now(), &Limits::DOCUMENT);
    let _ = mbox::split(bytes).count();
    let _ = wkd::names(&String::from_utf8_lossy(bytes));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        everything(&bytes);
    }

    #[test]
    fn text_like_mail_never_panics(text in mailish()) {
        everything(text.as_bytes());
    }

    /// All of an mbox file is in its mails, whatever it holds.
    #[test]
    fn mailboxes_lose_no_line(text in mailish()) {
        let joined: usize = mbox::split(text.as_bytes()).map(|mail| mail.len()).sum();
        let separators: usize = text.split_inclusive('\n').filter(|line| line.starts_with("From ")).map(str::len).sum();
        let mails = mbox::split(text.as_bytes()).count();
        let quotes = text.matches(">From ").count();
        prop_assert!(joined + separators + 2 * mails + quotes >= text.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Protected mail with a byte changed is refused or says that a part is not protected, and never panics.
    #[test]
    fn changed_protected_mail_never_passes(position in 0.0..1.0_f64, byte in any::<u8>(), encrypted in any::<bool>()) {
        let ours = key(US);
        let keys = Keys { public: vec![ours.public()], secret: vec![ours.clone()] };
        let bytes = if encrypted {
            build_encrypted(&draft(), &[&ours.public()], Some(&ours), &mut rng()).unwrap()
        } else {
            build_signed(&draft(), &ours).unwrap()
        };
        let good = open(&bytes, &keys, now(), &Limits::MAIL).unwrap();
        let mut changed = bytes.clone();
        let index = ((bytes.len() - 1) as f64 * position) as usize;
        changed[index] = byte;
        if let Ok(opened) = open(&changed, &keys, now(), &Limits::MAIL)
            && opened.bound_to_sender
            && !opened.partly_protected
        {
            prop_assert_eq!(opened.message.text, good.message.text);
        }
    }
}
