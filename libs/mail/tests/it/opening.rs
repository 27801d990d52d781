//! Protected mail through the whole way: built, opened, changed, with the wrong key, taken apart by servers.

use limits::Limits;
use mail::openpgp::{self, DecryptFailure, Keys, Verdict, sign_cleartext};
use mail::{Address, Attachment, Draft, Opened, Protection, attached_keys, build, build_encrypted, build_signed, open};

use crate::building::draft;
use crate::{key, now, other_key, rng};

const US: &str = "Halden PSIRT <psirt@halden.example>";
const FINDER: &str = "Ada <ada@finder.example>";

/// Mail from the finder to us.
fn report() -> Draft {
    Draft {
        from: Address::new("Ada", "ada@finder.example"),
        to: vec![Address::new("", "psirt@halden.example")],
        attachments: vec![Attachment {
            name: Some("poc.c".into()),
            content_type: "text/x-c".into(),
            bytes: b"int main;\n".to_vec(),
            inline: false,
        }],
        ..draft()
    }
}

fn keys() -> Keys {
    Keys { secret: vec![key(US)], public: vec![other_key(FINDER).public()] }
}

fn opened(bytes: &[u8]) -> Opened {
    open(bytes, &keys(), now(), &Limits::MAIL).unwrap()
}

#[test]
fn encrypted_mail_opens_with_its_real_subject() {
    let bytes = build_encrypted(&report(), &[&key(US).public()], Some(&other_key(FINDER)), &mut rng()).unwrap();
    let outside = String::from_utf8(bytes.clone()).unwrap();
    assert!(outside.contains("\r\nSubject: ...\r\n") && !outside.contains("HS-2026-014"), "{outside}");
    let opened = opened(&bytes);
    assert_eq!(opened.failure, None);
    assert!(opened.encrypted && opened.bound_to_sender, "{opened:?}");
    assert!(matches!(opened.signature, Some(Verdict::Valid(_))));
    assert_eq!(opened.message.subject.as_deref(), Some("HS-2026-014: Überlauf"));
    assert_eq!(opened.message.message_id.as_deref(), Some("case-14.2@halden.example"));
    assert_eq!(opened.message.text.trim_end(), report().text.trim_end());
    assert_eq!(opened.message.attachments.len(), 1);
    assert_eq!(opened.message.attachments[0].bytes, b"int main;\n");
    assert_eq!(opened.message.warnings, Vec::<String>::new());
}

#[test]
fn encrypted_mail_without_our_key_is_kept_and_says_why() {
    let bytes = build_encrypted(&report(), &[&other_key("x <x@x.example>").public()], None, &mut rng()).unwrap();
    let opened = opened(&bytes);
    assert!(opened.encrypted);
    assert!(matches!(&opened.failure, Some(DecryptFailure::NoKey(ids)) if ids.len() == 1), "{:?}", opened.failure);
    assert_eq!(opened.message.from[0].address, "ada@finder.example");
    assert_eq!(opened.signature, None);
}

#[test]
fn signed_mail_is_verified_over_its_exact_bytes() {
    let finder = other_key(FINDER);
    let bytes = build_signed(&report(), &finder).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let valid = opened(&bytes);
    assert!(matches!(valid.signature, Some(Verdict::Valid(_))), "{:?}", valid.signature);
    assert!(valid.bound_to_sender && !valid.encrypted);
    // A file that lost its CR still verifies; a changed word, header or attachment does not.
    assert!(opened(text.replace("\r\n", "\n").as_bytes()).bound_to_sender);
    let envelope = format!("From ada@finder.example Mon Nov  2 10:00:00 2026\r\n{text}");
    assert!(opened(envelope.as_bytes()).bound_to_sender);
    for (from, to) in [("poc.c", "pox.c"), ("text/x-c", "text/x-d")] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        let changed = opened(changed.as_bytes());
        assert!(matches!(changed.signature, Some(Verdict::Invalid { .. })), "{from}");
        assert!(!changed.bound_to_sender);
    }
    // The name outside is not signed: a key of somebody else is not bound to it.
    let stolen = opened(text.replace("ada@finder.example", "eve@finder.example").as_bytes());
    assert!(matches!(stolen.signature, Some(Verdict::Valid(_))));
    assert!(!stolen.bound_to_sender);
    let unknown = open(&bytes, &Keys::default(), now(), &Limits::MAIL).unwrap();
    assert!(matches!(unknown.signature, Some(Verdict::UnknownKey { .. })));
}

#[test]
fn a_signed_part_within_a_list_mail_says_so() {
    let signed = String::from_utf8(build_signed(&report(), &other_key(FINDER)).unwrap()).unwrap();
    let at = signed.find("Content-Type: multipart/signed").unwrap();
    let (headers, body) = signed.split_at(at);
    let list = format!(
        "{headers}Content-Type: multipart/mixed; boundary=list\r\n\r\n--list\r\n{body}\r\n--list\r\n\
         Content-Type: text/plain\r\n\r\nfooter of the list\r\n--list--\r\n"
    );
    let opened = opened(list.as_bytes());
    assert!(matches!(opened.signature, Some(Verdict::Valid(_))), "{:?}", opened.signature);
    assert!(opened.message.warnings.iter().any(|warning| warning.contains("only a part")));
}

#[test]
fn armoured_text_and_files_are_opened() {
    let finder = other_key(FINDER);
    let armored =
        openpgp::encrypt("geheim: Zähler\n".as_bytes(), &[&key(US).public()], Some(&finder), now(), &mut rng())
            .unwrap();
    let file = openpgp::encrypt(b"int main;\n", &[&key(US).public()], None, now(), &mut rng()).unwrap();
    let mail = Draft {
        text: format!("Hello,\n\n{armored}\n"),
        attachments: vec![Attachment {
            name: Some("poc.c.asc".into()),
            content_type: "text/plain".into(),
            bytes: file.into(),
            inline: false,
        }],
        ..report()
    };
    let inline = opened(&build(&mail).unwrap());
    assert_eq!(inline.message.protection, Protection::InlineEncrypted);
    assert!(inline.encrypted && inline.bound_to_sender, "{inline:?}");
    assert_eq!(inline.message.text.trim_end(), "Hello,\n\ngeheim: Zähler");
    assert_eq!(inline.message.attachments[0].name.as_deref(), Some("poc.c"));
    assert_eq!(inline.message.attachments[0].bytes, b"int main;\n");
    assert!(inline.partly_protected);
    assert!(inline.message.warnings.iter().any(|warning| warning.contains("only a part")));

    let clear =
        Draft { text: sign_cleartext("signed words", &finder, now()).unwrap(), attachments: vec![], ..report() };
    let clear = opened(&build(&clear).unwrap());
    assert_eq!(clear.message.text.trim_end(), "signed words");
    assert!(clear.bound_to_sender && !clear.encrypted && !clear.partly_protected);
    assert_eq!(clear.message.warnings, Vec::<String>::new());
}

#[test]
fn pgp_mime_taken_apart_by_a_server_is_put_together() {
    let bytes = build_encrypted(&report(), &[&key(US).public()], Some(&other_key(FINDER)), &mut rng()).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let start = text.find("Content-Type: multipart/encrypted").unwrap();
    let end = text[start..].find("\r\n\r\n").unwrap() + start;
    let boundary = text[start..end].split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
    let apart = format!("{}Content-Type: multipart/mixed; boundary=\"{boundary}\"{}", &text[..start], &text[end..]);
    let opened = opened(apart.as_bytes());
    assert!(opened.encrypted && opened.bound_to_sender && !opened.partly_protected, "{opened:?}");
    assert_eq!(opened.message.subject.as_deref(), Some("HS-2026-014: Überlauf"));
}

#[test]
fn keys_that_a_mail_brings_along_are_found() {
    let finder = other_key(FINDER).public();
    let armored = finder.armored().unwrap();
    let mail = Draft {
        text: format!("my key:\n{armored}"),
        attachments: vec![Attachment {
            name: Some("key.asc".into()),
            content_type: "application/pgp-keys".into(),
            bytes: armored.into(),
            inline: false,
        }],
        ..report()
    };
    let opened = opened(&build(&mail).unwrap());
    assert_eq!(opened.message.protection, Protection::None);
    assert_eq!(attached_keys(&opened.message), [finder.clone(), finder]);
}

#[test]
fn the_key_in_the_header_counts_only_for_the_author() {
    let finder = other_key(FINDER).public();
    let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, finder.to_bytes().unwrap());
    let header =
        |address: &str| ("Autocrypt".to_owned(), format!("addr={address}; prefer-encrypt=mutual; keydata={data}"));
    let keys = |headers: Vec<(String, String)>| {
        let bytes = build(&Draft { headers, attachments: vec![], ..report() }).unwrap();
        attached_keys(&opened(&bytes).message)
    };
    assert_eq!(keys(vec![header("Ada@finder.example")]), [finder]);
    assert_eq!(keys(vec![header("eve@finder.example")]), []);
    assert_eq!(keys(vec![header("ada@finder.example"), header("ada@finder.example")]), []);
}
