//! Mail without encryption: reports, replies, repeats, automatic and unreadable mail.

use kernel::Role;

use super::super::{Imported, import, import_path};
use super::{PSIRT, bed, one, outbox, plain};

const FINDER: &str = "Fin Der <finder@example.org>";

fn report(number: &str) -> Imported {
    Imported::Report(number.to_owned())
}

fn reply(number: &str) -> Imported {
    Imported::Reply(number.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replies_find_their_report_and_repeats_do_nothing() {
    let bed = bed().await;
    let ctx = bed.program();
    let first = plain(FINDER, "one@example.org", "Overflow", "", "The dialler restarts.");
    assert_eq!(import(&ctx, &first, "test").await.unwrap(), report("R-2026-0001"));
    assert_eq!(import(&ctx, &first, "test").await.unwrap(), Imported::Known("R-2026-0001".to_owned()));
    let mails = outbox(&bed).await;
    assert_eq!(mails.len(), 1);
    let receipt = mails[0].read();
    assert!(receipt.text.contains("https://security.halden.example/report/"));
    assert_eq!(receipt.in_reply_to, ["one@example.org"]);
    assert_eq!(receipt.origin.auto_submitted.as_deref(), Some("auto-replied"));
    assert_eq!(receipt.protection, mail::Protection::PgpSigned);

    let id = receipt.message_id.unwrap();
    let answers = plain(FINDER, "two@example.org", "Re: something", &format!("References: <x@y> <{id}>\r\n"), "More.");
    assert_eq!(import(&ctx, &answers, "test").await.unwrap(), reply("R-2026-0001"));
    assert_eq!(import(&ctx, &answers, "test").await.unwrap(), Imported::Known("R-2026-0001".to_owned()));
    // A number in the subject counts only when we know the sender.
    let numbered = plain(FINDER, "three@example.org", "About [R-2026-0001]", "", "Still.");
    assert_eq!(import(&ctx, &numbered, "test").await.unwrap(), reply("R-2026-0001"));
    let stranger = plain("x@elsewhere.example", "four@elsewhere.example", "About [R-2026-0001]", "", "Mine.");
    assert_eq!(import(&ctx, &stranger, "test").await.unwrap(), report("R-2026-0002"));
    // Without a Message-ID the bytes decide.
    let bare = plain("y@elsewhere.example", "", "No id", "", "Text.");
    assert_eq!(import(&ctx, &bare, "test").await.unwrap(), report("R-2026-0003"));
    assert_eq!(import(&ctx, &bare, "test").await.unwrap(), Imported::Known("R-2026-0003".to_owned()));
    // A token behind a plus.
    let token = one(&bed, "select id from issue_report where number = 'R-2026-0002'").await.replace('-', "");
    let plus = String::from_utf8(plain("z@other.example", "five@other.example", "Hi", "", "Plus."))
        .unwrap()
        .replace(PSIRT, &format!("psirt+{token}@halden.example"));
    assert_eq!(import(&ctx, plus.as_bytes(), "test").await.unwrap(), reply("R-2026-0002"));
    // Replies get no receipt.
    assert_eq!(outbox(&bed).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_are_never_answered() {
    let bed = bed().await;
    let ctx = bed.program();
    let automatic = plain(FINDER, "auto@example.org", "Out of office", "Auto-Submitted: auto-replied\r\n", "Away.");
    assert_eq!(import(&ctx, &automatic, "test").await.unwrap(), report("R-2026-0001"));
    assert_eq!(one(&bed, "select classification from issue_report").await, "automatic");
    let ourselves = plain(PSIRT, "self@halden.example", "Loop", "", "Echo.");
    assert_eq!(import(&ctx, &ourselves, "test").await.unwrap(), report("R-2026-0002"));
    assert!(outbox(&bed).await.is_empty());
    // A flood from one address gets five receipts a day.
    for number in 0..8 {
        let mail = plain(FINDER, &format!("flood{number}@example.org"), "Flood", "", "Again.");
        let _done = import(&ctx, &mail, "test").await.unwrap();
    }
    let mails = outbox(&bed).await;
    assert_eq!(mails.len(), 5);

    let bounce = format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: {PSIRT}\r\nSubject: Undelivered\r\nMessage-ID: <bounce@mx.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; finder@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{}>\r\nSubject: x\r\n\r\n--b--\r\n",
        mails[0].read().message_id.unwrap()
    );
    assert!(matches!(import(&ctx, bounce.as_bytes(), "test").await.unwrap(), Imported::Reply(_)));
    assert!(
        one(&bed, "select problem from issue_message where problem <> ''")
            .await
            .contains("could not be delivered to finder@example.org (5.1.1)")
    );
    assert_eq!(outbox(&bed).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unreadable_mail_is_kept_and_shown() {
    let bed = bed().await;
    let ctx = bed.program();
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    // 10,000 parts within each other.
    let mut nested =
        format!("From: {FINDER}\r\nSubject: Nested\r\nMessage-ID: <n@example.org>\r\nMIME-Version: 1.0\r\n")
            .into_bytes();
    for number in 0..10_000 {
        nested.extend_from_slice(
            format!("Content-Type: multipart/mixed; boundary=\"b{number}\"\r\n\r\n--b{number}\r\n").as_bytes(),
        );
    }
    let done = import(&ctx, &nested, "test").await.unwrap();
    assert!(matches!(&done, Imported::Unreadable(number, _) if number == "R-2026-0001"), "{done}");
    let mut large = plain(FINDER, "large@example.org", "Large", "", "x");
    large.resize(70 << 20, b'x');
    let done = import(&ctx, &large, "test").await.unwrap();
    assert!(matches!(&done, Imported::Unreadable(number, _) if number == "R-2026-0002"), "{done}");
    let empty = import(&ctx, b"", "test").await.unwrap();
    assert!(matches!(empty, Imported::Unreadable(..)), "{empty}");
    // The same again does nothing, also without an id.
    assert_eq!(import(&ctx, b"", "test").await.unwrap(), Imported::Known("R-2026-0003".to_owned()));
    let _list =
        lead.client.get("/desk/reports?problem=yes").await.expect(200).says("Nested").says("Large").says("Problem");
    let id = one(&bed, "select id from issue_report where number = 'R-2026-0001'").await;
    let _page = lead
        .client
        .get(&format!("/desk/reports/{id}"))
        .await
        .expect(200)
        .says("A person has to look at this")
        .says("As it came");
    let raw = lead.client.get(&format!("/desk/reports/{id}/raw")).await.expect(200);
    assert_eq!(raw.bytes, nested);
    assert_eq!(raw.headers.get("content-type").unwrap(), "application/octet-stream");
    assert!(raw.headers.get("content-disposition").unwrap().to_str().unwrap().starts_with("attachment"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn boxes_and_folders_are_imported_whole() {
    let bed = bed().await;
    let ctx = bed.program();
    let one_mail = String::from_utf8(plain(FINDER, "m1@example.org", "One", "", "First.")).unwrap();
    let two_mail = String::from_utf8(plain(FINDER, "m2@example.org", "Two", "", "Second.")).unwrap();
    let mbox =
        format!("From finder Mon Mar  2 08:00:00 2026\n{one_mail}\nFrom finder Mon Mar  2 08:00:00 2026\n{two_mail}\n");
    let file = bed.folder().join("box.mbox");
    std::fs::write(&file, mbox).unwrap();
    let done: Vec<_> = import_path(&ctx, &file).await.unwrap().into_iter().map(|(_, imported)| imported).collect();
    assert_eq!(done, [report("R-2026-0001"), report("R-2026-0002")]);
    let maildir = bed.folder().join("Maildir");
    for folder in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(maildir.join(folder)).unwrap();
    }
    std::fs::write(maildir.join("cur/1:2,S"), one_mail).unwrap();
    std::fs::write(maildir.join("new/2"), plain(FINDER, "m3@example.org", "Three", "", "Third.")).unwrap();
    std::fs::write(maildir.join("tmp/3"), "half").unwrap();
    let done: Vec<_> = import_path(&ctx, &maildir).await.unwrap().into_iter().map(|(_, imported)| imported).collect();
    assert_eq!(done, [Imported::Known("R-2026-0001".to_owned()), report("R-2026-0003")]);
    let missing = import_path(&ctx, &bed.folder().join("none")).await.unwrap_err();
    assert!(missing.to_string().contains("Check the path"));
}
