//! What we build is read back as it was meant, by our own reader and in the forms that the standards ask for.

use limits::Limits;
use mail::{Address, Attachment, Draft, Protection, build, build_signed, read};

use crate::{key, now};

pub(crate) fn draft() -> Draft {
    Draft {
        from: Address::new("Halden PSIRT", "psirt@halden.example"),
        to: vec![Address::new("Ada Réed, finder", "ada@finder.example")],
        subject: "HS-2026-014: Überlauf".into(),
        date: now(),
        message_id: "case-14.2@halden.example".into(),
        in_reply_to: Some("one@finder.example".into()),
        references: vec!["zero@halden.example".into(), "one@finder.example".into()],
        text: "Hello Ada,\n\nGrüße\nFrom us\nspaces  \n.\n-- \nPSIRT\n".into(),
        ..Draft::default()
    }
}

fn whole() -> Draft {
    Draft {
        html: Some("<p>Grüße</p>".into()),
        attachments: vec![
            Attachment {
                name: Some("Prüfung.pdf".into()),
                content_type: "application/pdf".into(),
                bytes: vec![0, 255, 10, 13],
                inline: false,
            },
            Attachment {
                name: Some("a.eml".into()),
                content_type: "message/rfc822".into(),
                bytes: b"Subject: x\n\ny".to_vec(),
                inline: false,
            },
        ],
        headers: vec![
            ("Auto-Submitted".into(), "auto-generated".into()),
            ("List-Unsubscribe".into(), "<https://psirt.halden.example/unsubscribe/abc>".into()),
            ("List-Unsubscribe-Post".into(), "List-Unsubscribe=One-Click".into()),
        ],
        ..draft()
    }
}

#[test]
fn what_is_built_is_read_back() {
    let bytes = build(&whole()).unwrap();
    assert_eq!(bytes, build(&whole()).unwrap(), "the same draft gives the same bytes");
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{text}");
    assert!(text.contains("<https://psirt.halden.example/unsubscribe/abc>"));
    assert!(text.lines().all(|line| line.len() <= 998) && !text.replace("\r\n", "").contains(['\r', '\n']));
    let message = read(&bytes, &Limits::MAIL).unwrap();
    assert_eq!(message.from, [whole().from]);
    assert_eq!(message.to, whole().to);
    assert_eq!(message.subject.as_deref(), Some("HS-2026-014: Überlauf"));
    assert_eq!(message.date, Some(now()));
    assert_eq!(message.message_id.as_deref(), Some("case-14.2@halden.example"));
    assert_eq!(message.references, whole().references);
    assert_eq!(message.text.trim_end(), whole().text.trim_end());
    assert!(message.has_html && message.is_automatic());
    assert_eq!(message.attachments.len(), 2);
    assert_eq!(message.attachments[0].name.as_deref(), Some("Prüfung.pdf"));
    assert_eq!(message.attachments[0].bytes, [0, 255, 10, 13]);
    assert_eq!(message.attachments[1].bytes, b"Subject: x\n\ny");
    assert_eq!(message.warnings, Vec::<String>::new());
}

#[test]
fn header_fields_cannot_be_smuggled_in() {
    let forged = Draft { subject: "hello\r\nBcc: everybody@evil.example".into(), ..draft() };
    let message = read(&build(&forged).unwrap(), &Limits::MAIL).unwrap();
    assert!(message.subject.unwrap().starts_with("hello"));
    assert!(!String::from_utf8(build(&forged).unwrap()).unwrap().contains("\nBcc:"));
    let name = Draft { to: vec![Address::new("x\r\nBcc: y@evil.example", "a@b.example")], ..draft() };
    assert!(!String::from_utf8(build(&name).unwrap()).unwrap().contains("\nBcc:"));
    for broken in [
        Draft { to: vec![], ..draft() },
        Draft { to: vec![Address::new("", "a@b.example>\r\nBcc: <c@d.example")], ..draft() },
        Draft { message_id: "x y".into(), ..draft() },
        Draft { message_id: String::new(), ..draft() },
        Draft { references: vec!["a>\r\nX: <b".into()], ..draft() },
        Draft { headers: vec![("X-A".into(), "b\r\nBcc: c@d.example".into())], ..draft() },
        Draft { headers: vec![("X A:".into(), "b".into())], ..draft() },
    ] {
        assert!(build(&broken).unwrap_err().is_invalid(), "{broken:?}");
    }
}

#[test]
fn signed_mail_can_be_read_by_everybody() {
    let key = key("Halden PSIRT <psirt@halden.example>");
    let bytes = build_signed(&whole(), &key).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains("micalg=\"pgp-sha512\"") || text.contains("micalg=pgp-sha512"), "{text}");
    // No line of the signed part ends in a space, which servers may drop (RFC 3156 §5).
    assert!(text.split("\r\n").all(|line| !line.ends_with(' ')), "{text}");
    let message = read(&bytes, &Limits::MAIL).unwrap();
    assert_eq!(message.protection, Protection::PgpSigned);
    assert_eq!(message.text.trim_end(), whole().text.trim_end());
}
