//! Reading mail that we wrote for the purpose: headers, texts, attachments, machines, limits.

use limits::Limits;
use mail::{Address, Protection, mbox, read};

use crate::at;

fn mail(text: &str) -> mail::Message {
    read(text.replace('\n', "\r\n").as_bytes(), &Limits::MAIL).unwrap()
}

#[test]
fn headers_are_decoded() {
    let message = mail(concat!(
        "From: =?utf-8?q?Ada_R=C3=A9ed?= <ada@finder.example>\n",
        "To: \"PSIRT, Halden\" <psirt@halden.example>, Team: a@halden.example, b@halden.example;\n",
        "Cc: c@halden.example\n",
        "Reply-To: <answers@finder.example>\n",
        "Subject: =?iso-8859-1?q?Z=E4hler?= =?iso-8859-1?q?_=FCberlaufen?=\n",
        "Date: Mon, 2 Nov 2026 12:30:00 +0200\n",
        "Message-ID: <one@finder.example>\n",
        "In-Reply-To: <zero@halden.example>\n",
        "References: <minus@halden.example>\n <zero@halden.example>\n",
        "\n",
        "text\n",
    ));
    assert_eq!(message.from, [Address::new("Ada Réed", "ada@finder.example")]);
    assert_eq!(message.author().unwrap().to_string(), "Ada Réed <ada@finder.example>");
    let to: Vec<&str> = message.to.iter().map(|to| to.address.as_str()).collect();
    assert_eq!(to, ["psirt@halden.example", "a@halden.example", "b@halden.example"]);
    assert_eq!(message.to[0].name, "PSIRT, Halden");
    assert_eq!(message.subject.as_deref(), Some("Zähler überlaufen"));
    assert_eq!(message.date, Some(at("2026-11-02T10:30:00Z")));
    assert_eq!(message.message_id.as_deref(), Some("one@finder.example"));
    assert_eq!(message.in_reply_to, ["zero@halden.example"]);
    assert_eq!(message.references, ["minus@halden.example", "zero@halden.example"]);
    assert_eq!((message.text.as_str(), message.is_automatic()), ("text\n", false));
    assert_eq!(message.warnings, Vec::<String>::new());
}

#[test]
fn addresses_of_old_mail_are_those_that_mail_is_sent_to() {
    let message = mail("From: Ada <@relay.example,@b.example:ada@finder.example>\nTo: bo@test   . example\n\nx\n");
    assert_eq!(message.from[0].address, "ada@finder.example");
    assert_eq!(message.to[0].address, "bo@test.example");
}

#[test]
fn a_mail_without_a_plain_body_still_has_a_text() {
    let message = mail("From: a@b.example\nContent-Type: text/enriched\n\n<bold>hello</bold>\n");
    assert!(message.text.contains("hello"), "{message:?}");
    let file =
        mail("From: a@b.example\nContent-Type: text/x-c; name=poc.c\nContent-Disposition: attachment\n\nint main;\n");
    assert_eq!((file.text.as_str(), file.attachments.len()), ("", 1));
}

#[test]
fn parts_become_text_and_attachments() {
    let message = mail(concat!(
        "From: ada@finder.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n",
        "--o\nContent-Type: multipart/alternative; boundary=i\n\n",
        "--i\nContent-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: quoted-printable\n\n=80 5\n",
        "--i\nContent-Type: text/html\n\n<p>5</p>\n--i--\n",
        "--o\nContent-Type: application/pdf;\n name*0*=utf-8''Pr%C3%BC;\n name*1*=f.pdf\nContent-Disposition: attachment\n",
        "Content-Transfer-Encoding: base64\n\naGVsbG8=\n",
        "--o\nContent-Type: message/rfc822\n\nSubject: inside\n\nquoted\n",
        "--o\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx\n--o--\n",
    ));
    assert_eq!(message.text, "€ 5");
    assert!(message.has_html);
    let kinds: Vec<&str> = message.attachments.iter().map(|a| a.content_type.as_str()).collect();
    assert_eq!(kinds, ["application/pdf", "message/rfc822", "application/ms-tnef"]);
    assert_eq!(message.attachments[0].name.as_deref(), Some("Prüf.pdf"));
    assert_eq!(message.attachments[0].bytes, b"hello");
    assert_eq!(message.attachments[1].bytes, b"Subject: inside\r\n\r\nquoted");
    assert_eq!(message.attachments[1].file_name(), "message.eml");
}

#[test]
fn html_becomes_plain_text() {
    let message = mail(concat!(
        "From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n",
        "<html><head><title>T</title><style>p{}</style></head><body><script>alert(1)</script>",
        "<p>one &lt;b&gt;</p><p>tw&ouml;</p></body></html>\n",
    ));
    assert!(message.text.contains("one <b>") && message.text.contains("twö"), "{}", message.text);
    assert!(!message.text.contains("alert") && !message.text.contains("p{}"), "{}", message.text);
}

#[test]
fn control_characters_do_not_reach_the_reader() {
    let message = mail("From: a@b.example\nSubject: a\u{1b}[31mb\n\nx\u{1b}]0;title\u{7}y\u{0}z\n");
    assert_eq!(message.subject.as_deref(), Some("a[31mb"));
    assert_eq!(message.text, "x]0;titleyz\n");
}

#[test]
fn machines_are_told_from_people() {
    assert!(mail("From: a@b.example\nAuto-Submitted: auto-replied; owner-email=a@b.example\n\nx\n").is_automatic());
    assert!(mail("From: a@b.example\nPrecedence: Bulk\n\nx\n").is_automatic());
    assert!(mail("From: a@b.example\nList-Id: <x.b.example>\n\nx\n").is_automatic());
    assert!(mail("Return-Path: <>\nFrom: a@b.example\n\nx\n").is_automatic());
    assert!(!mail("Return-Path: <a@b.example>\nFrom: a@b.example\nAuto-Submitted: no\n\nx\n").is_automatic());
    let bounce = mail(concat!(
        "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n",
        "--b\nContent-Type: text/plain\n\nSorry.\n",
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n",
        "Final-Recipient: rfc822; gone@halden.example\nAction: failed\nStatus: 5.1.1 (no such user)\n",
        "--b\nContent-Type: message/rfc822\n\nMessage-ID: <n1@halden.example>\nSubject: notice\n\nx\n--b--\n",
    ));
    let report = bounce.bounce.as_ref().unwrap();
    assert_eq!(report.recipients, ["gone@halden.example"]);
    assert_eq!(report.status.as_deref(), Some("5.1.1"));
    assert_eq!(report.original_message_id.as_deref(), Some("n1@halden.example"));
    assert!(bounce.is_automatic() && bounce.is_bounce());
}

#[test]
fn broken_mail_is_shown_with_warnings() {
    let nothing = read(b"no header here", &Limits::MAIL).unwrap();
    assert!(nothing.text.contains("no header here") || !nothing.warnings.is_empty());
    assert!(read(b" \r\n ", &Limits::MAIL).unwrap_err().is_damaged());
    let odd = mail("From: a@b.example\nDate: the day after\nContent-Type: text/plain; charset=klingon\n\nx\n");
    assert_eq!(odd.warnings.len(), 2, "{:?}", odd.warnings);
    let two = mail("From: a@b.example\nFrom: c@d.example\n\nx\n");
    assert!(two.author().is_none() || !two.warnings.is_empty());
    let torn = mail(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nleft open",
    );
    assert!(torn.text.contains("left open"), "{torn:?}");
    let smime = mail(
        "From: a@b.example\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx\n",
    );
    assert_eq!(smime.protection, Protection::SmimeEncrypted);
}

#[test]
fn mail_over_the_limits_keeps_its_headers() {
    let mut nested = String::from("Subject: innermost\r\n\r\nx");
    for _ in 0..10_000 {
        nested = format!("Content-Type: message/rfc822\r\n\r\n{nested}");
    }
    let mail = format!("From: Ada <ada@finder.example>\r\nSubject: bomb\r\n{nested}");
    let error = read(mail.as_bytes(), &Limits::MAIL).unwrap_err();
    assert!(error.is_limit(), "{error}");
    assert_eq!(error.partial().unwrap().subject.as_deref(), Some("bomb"));
    assert_eq!(error.partial().unwrap().from[0].address, "ada@finder.example");

    let mut multipart =
        String::from("From: ada@finder.example\r\nSubject: wide\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
    multipart.push_str(&"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n".repeat(10_000));
    assert!(read(multipart.as_bytes(), &Limits::MAIL).unwrap_err().is_limit());

    let long = format!("From: ada@finder.example\r\nSubject: long\r\n\r\n{}", "x".repeat(70 << 20));
    let error = read(long.as_bytes(), &Limits::MAIL).unwrap_err();
    assert_eq!(error.partial().unwrap().subject.as_deref(), Some("long"));
}

#[test]
fn a_mail_of_fifty_megabytes_is_read() {
    let line = format!("{}\r\n", "QUJD".repeat(19));
    let mail = format!(
        "From: ada@finder.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n\
         Content-Type: application/octet-stream; name=core.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--b--\r\n",
        line.repeat((50 << 20) / line.len())
    );
    let message = read(mail.as_bytes(), &Limits::MAIL).unwrap();
    assert_eq!(message.text, "text");
    assert!(message.attachments[0].bytes.len() > 36 << 20);
}

/// The deepest mail that is still read must not need more stack than a thread has.
#[test]
fn the_deepest_mail_taken_in_fits_the_stack() {
    let depth = (Limits::MAIL.depth * 4 - 8) as usize;
    let mut nested = String::from("Subject: innermost\r\n\r\nx");
    for _ in 0..depth {
        nested = format!("Content-Type: message/rfc822\r\n\r\n{nested}");
    }
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &nested);
    let outer = format!(
        "From: a@b.example\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n"
    );
    for mail in [nested, outer] {
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let read = thread.spawn(move || read(mail.as_bytes(), &Limits::MAIL).is_ok()).unwrap();
        assert!(read.join().unwrap());
    }
}

#[test]
fn mailboxes_give_their_mails() {
    let text = "From a@b.example Mon Nov  2 10:00:00 2026\nFrom: a@b.example\nSubject: one\n\nx\n\n\
                From c@d.example Mon Nov  2 10:01:00 2026\nFrom: c@d.example\nSubject: two\n\ny\n";
    let subjects: Vec<String> =
        mbox::split(text.as_bytes()).map(|mail| read(&mail, &Limits::MAIL).unwrap().subject.unwrap()).collect();
    assert_eq!(subjects, ["one", "two"]);
    let single = read(text.as_bytes(), &Limits::MAIL).unwrap();
    assert_eq!(single.subject.as_deref(), Some("one"));
}

/// Found by fuzzing: a message in a message in a digest that ends on three levels at once.
#[test]
fn messages_within_messages_that_end_at_once_are_read() {
    let message = mail(concat!(
        "From: finder@halden.example\nContent-Type: message/rfc822\n\n",
        "From: finder@halden.example\nContent-Type: multipart/digest; boundary=\"foo\"\n\n",
        "--foo\nContent-Type: message/rfc822\n\n",
        "Subject: one\nContent-Type: message/rfc822\n\nSubject: two\n\ntwo\n\n--foo--\n",
    ));
    assert_eq!(message.author().unwrap().address, "finder@halden.example");
    assert!(message.attachments.iter().any(|attachment| String::from_utf8_lossy(&attachment.bytes).contains("two")));
}
