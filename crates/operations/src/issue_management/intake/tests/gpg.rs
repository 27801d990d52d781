//! Encrypted mail in and out, with gpg on the other side.

use kernel::Role;

use super::super::{Imported, import};
use super::{Gpg, PSIRT, bed, encrypted, one, outbox, plain};

const FINDER: &str = "finder@example.org";

/// A finder's gpg that knows the key that we publish.
async fn finder(bed: &testbed::Testbed) -> Gpg {
    let gpg = Gpg::new();
    gpg.make_key("Fin Der <finder@example.org>");
    let fingerprint = one(bed, "select fingerprint from issue_key where state = 'active'").await;
    let key = bed.visitor().get(&format!("/keys/{fingerprint}.asc")).await.expect(200);
    gpg.must(&["--import"], &key.bytes);
    gpg
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn encrypted_both_ways() {
    let bed = bed().await;
    let gpg = finder(&bed).await;
    let ctx = bed.program();
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    // The desk compared the finder's key before.
    let _entered =
        lead.client.post("/desk/contact-keys", &[("address", ""), ("key", &gpg.public(FINDER))]).await.expect(303);
    let _listed = lead.client.get("/desk/contact-keys").await.expect(200).says(FINDER).says("Checked by us");
    let mail = encrypted(&gpg, FINDER, "enc@example.org", "...", "", "The dialler restarts after 300 digits.", true);
    assert_eq!(import(&ctx, &mail, "test").await.unwrap(), Imported::Report("R-2026-0001".to_owned()));
    let id = one(&bed, "select id from issue_report").await;
    let _page = lead
        .client
        .get(&format!("/desk/reports/{id}"))
        .await
        .expect(200)
        .says("The dialler restarts after 300 digits.")
        .says("Signature verified")
        .says("Encrypted only");

    let _answered = lead
        .client
        .post(
            &format!("/desk/reports/{id}/answer"),
            &[("subject", "A delicate subject"), ("text", "We can see it. A fix comes in May."), ("by", "mail")],
        )
        .await
        .expect(303);
    let mails = outbox(&bed).await;
    assert_eq!(mails.len(), 2);
    for mail in &mails {
        assert_eq!(mail.recipient, FINDER);
        assert!(!mail.text().contains("comes in May"), "{}", mail.text());
        assert!(!mail.text().contains("delicate"));
        assert!(!mail.text().contains("/report/"));
    }
    let answer = mails[1].read();
    assert_eq!(answer.protection, mail::Protection::PgpEncrypted);
    assert!(answer.references.contains(&"enc@example.org".to_owned()));
    let armored = mails[1].text();
    let start = armored.find("-----BEGIN PGP MESSAGE").unwrap();
    let end = armored.find("-----END PGP MESSAGE-----").unwrap() + 25;
    let (success, text, said) =
        gpg.run(&["--faked-system-time", "20260302T100000", "--decrypt"], &armored.as_bytes()[start..end]);
    assert!(success, "{said}");
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("We can see it. A fix comes in May."), "{text}");
    assert!(text.contains("A delicate subject"));
    assert!(said.contains("Good signature"), "{said}");

    // A reply to our answer, encrypted again, finds the report.
    let more = format!("In-Reply-To: <{}>\r\n", answer.message_id.unwrap());
    let reply = encrypted(&gpg, FINDER, "enc2@example.org", "Re", &more, "May is fine.", true);
    assert_eq!(import(&ctx, &reply, "test").await.unwrap(), Imported::Reply("R-2026-0001".to_owned()));
    let _page = lead.client.get(&format!("/desk/reports/{id}")).await.expect(200).says("May is fine.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn encrypted_only_never_leaves_in_clear() {
    let bed = bed().await;
    let gpg = finder(&bed).await;
    let ctx = bed.program();
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let mail = encrypted(&gpg, FINDER, "enc@example.org", "Hidden", "", "A secret of the dialler.", false);
    assert_eq!(import(&ctx, &mail, "test").await.unwrap(), Imported::Report("R-2026-0001".to_owned()));
    // The receipt has no link and no content: there is no key to encrypt with.
    let receipt = outbox(&bed).await.remove(0).read();
    assert!(!receipt.text.contains("/report/") && !receipt.text.contains("dialler"), "{}", receipt.text);
    let id = one(&bed, "select id from issue_report").await;
    let fields = [("subject", "Re: Hidden"), ("text", "Thank you for the secret."), ("by", "mail")];
    let _refused = lead
        .client
        .post(&format!("/desk/reports/{id}/answer"), &fields)
        .await
        .expect(422)
        .says("encrypted only")
        .says("Keys of people")
        .says("Thank you for the secret.");
    assert_eq!(outbox(&bed).await.len(), 1);
    // In its case it stays so.
    let opened =
        lead.client.post(&format!("/desk/reports/{id}/case"), &[("revision", "1"), ("title", "Dialler")]).await;
    let case = opened.expect(303).location().rsplit('/').next().unwrap().to_owned();
    assert_eq!(one(&bed, "select encrypted_only from issue_case").await, "1");
    let fields = [("report", id.as_str()), ("subject", "Re: Hidden"), ("text", "Thank you."), ("by", "mail")];
    let _refused =
        lead.client.post(&format!("/desk/conversations/{case}"), &fields).await.expect(422).says("encrypted only");
    assert_eq!(outbox(&bed).await.len(), 1);
    // On the page it may stand.
    let fields = [("report", id.as_str()), ("subject", "Re: Hidden"), ("text", "Only on the page."), ("by", "page")];
    let _page = lead.client.post(&format!("/desk/conversations/{case}"), &fields).await.expect(303);
    assert_eq!(outbox(&bed).await.len(), 1);
    // With the finder's key, attached to a reply, mail goes out again.
    let key = gpg.public(FINDER).replace('\n', "\r\n");
    let with_key = encrypted(&gpg, FINDER, "enc2@example.org", "R-2026-0001", "", &format!("My key:\r\n{key}"), false);
    assert_eq!(import(&ctx, &with_key, "test").await.unwrap(), Imported::Reply("R-2026-0001".to_owned()));
    let fields = [("report", id.as_str()), ("subject", "Re: Hidden"), ("text", "Now by mail."), ("by", "mail")];
    let _sent = lead.client.post(&format!("/desk/conversations/{case}"), &fields).await.expect(303);
    let mails = outbox(&bed).await;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].read().protection, mail::Protection::PgpEncrypted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_decrypted_is_kept_with_the_reason() {
    let bed = bed().await;
    let gpg = Gpg::new();
    gpg.make_key("Fin Der <finder@example.org>");
    gpg.make_key(&format!("Somebody else <{PSIRT}>"));
    let mail = encrypted(&gpg, FINDER, "wrong@example.org", "Wrong key", "", "Unread.", false);
    let done = import(&bed.program(), &mail, "test").await.unwrap();
    let Imported::Unreadable(number, why) = &done else { panic!("{done}") };
    assert_eq!(number, "R-2026-0001");
    assert!(why.contains("encrypted to other keys than ours"), "{why}");
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let _list = lead.client.get("/desk/reports").await.expect(200).says("Wrong key").says("Problem");
    let receipt = outbox(&bed).await.remove(0).read();
    assert!(receipt.text.contains("we cannot read it") && receipt.text.contains("/keys"), "{}", receipt.text);
    // A retired key of ours still decrypts.
    let good = finder(&bed).await;
    let late = encrypted(&good, FINDER, "late@example.org", "Late", "", "Sent to the old key.", false);
    let mut admin = bed.person("Ada Admin", Role::Administrator).await;
    let _rotated = admin.client.post("/desk/settings/keys", &[("family", "")]).await.expect(303);
    assert_eq!(import(&bed.program(), &late, "test").await.unwrap(), Imported::Report("R-2026-0002".to_owned()));
    assert_eq!(one(&bed, "select body from issue_report where number = 'R-2026-0002'").await, "Sent to the old key.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_is_not_believed_without_a_signature() {
    let bed = bed().await;
    let gpg = finder(&bed).await;
    let ctx = bed.program();
    // Signed by a key that we do not know: said so, and the key that came along is an offer.
    let key = gpg.public(FINDER).replace('\n', "\r\n");
    let mail = encrypted(&gpg, FINDER, "a@example.org", "One", "", &format!("Hello\r\n{key}"), true);
    let _done = import(&ctx, &mail, "test").await.unwrap();
    assert_eq!(one(&bed, "select signature from issue_report").await, "unknown_key");
    assert_eq!(one(&bed, "select origin from issue_contact_key").await, "report");
    // Somebody else attaches another key under the same sender: the first stays the one of the conversation.
    let other = Gpg::new();
    other.make_key("Fake <finder@example.org>");
    let forged = plain(FINDER, "b@example.org", "R-2026-0001", "", &other.public(FINDER).replace('\n', "\r\n"));
    assert_eq!(import(&ctx, &forged, "test").await.unwrap(), Imported::Reply("R-2026-0001".to_owned()));
    assert_eq!(one(&bed, "select count(*) from issue_contact_key").await, "2");
    let first = one(&bed, "select sender_key from issue_report").await;
    let own = gpg.must(&["--with-colons", "--list-keys", FINDER], b"");
    assert!(String::from_utf8(own).unwrap().contains(&first));
}
