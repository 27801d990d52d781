//! What breaks around the program: a full disk, a lost mail server, a lost database. Nothing is lost or half done, and the
//! person is told.

use std::time::Duration;

use db::Dialect;
use kernel::{EmailAddress, RecordRef, Role};
use platform::audit::{self, Entry};
use platform::outbox::{self, Outgoing};
use testbed::Testbed;

use crate::slices;

async fn bed(smtp: Option<&str>) -> Testbed {
    let smtp = smtp.map(|url| kernel::Secret::new(url.to_owned()));
    let bed =
        Testbed::with(slices::routes(), slices::jobs(), slices::cards(), |settings| settings.smtp_url = smtp).await;
    slices::ensure_ready(&bed.program()).await.unwrap();
    bed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_changes_nothing_and_is_said() {
    let bed = bed(None).await;
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    if bed.platform.db.dialect() == Dialect::Sqlite {
        let mut tx = bed.platform.db.begin().await.unwrap();
        // The database may not grow any more, as on a disk without room.
        tx.fetch_all("pragma max_page_count = 1", &[]).await.unwrap();
        drop(tx);
        let long = "word ".repeat(700);
        let mut refused = 0;
        for count in 0..200 {
            let name = format!("Family {count}");
            let answer = lead.client.post("/desk/families/new", &[("name", &name), ("description", &long)]).await;
            if answer.status.as_u16() == 503 {
                refused += 1;
                answer.says("Nothing was changed");
                lead.client.get("/desk/products").await.expect(200).keeps_quiet_about(&format!("{name}<"));
                break;
            }
            answer.expect(303);
        }
        assert_eq!(refused, 1, "the database never met its bound");
    }
    // Files go elsewhere: their folder cannot be made, since a file has its name.
    let files = bed.folder().join("files");
    if files.exists() {
        std::fs::remove_dir_all(&files).unwrap();
    }
    std::fs::write(&files, "in the way").unwrap();
    let ctx = bed.acting(&lead);
    let mut tx = ctx.begin().await.unwrap();
    let stored = platform::files::store(&ctx, &mut tx, "case x", "a.txt", "text/plain", b"content").await;
    assert!(matches!(stored, Err(kernel::Error::Unavailable { .. } | kernel::Error::Internal(_))), "{stored:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_waits_for_a_lost_server() {
    // Nothing listens on port 1.
    let bed = bed(Some("smtp://127.0.0.1:1")).await;
    let ctx = bed.program();
    let address = EmailAddress::parse("to", "finder@example.org").unwrap();
    let mut tx = ctx.begin().await.unwrap();
    let outgoing = Outgoing {
        recipient: &address,
        sender: &address,
        subject: "Your report",
        message_id: "one@halden.example",
        scope: "case x",
        root: RecordRef { kind: "case".to_owned(), id: "x".to_owned() },
        message: b"Subject: Your report\r\n\r\nThank you.\r\n",
    };
    outbox::queue(&mut tx, &ctx, outgoing).await.unwrap();
    let subject = RecordRef { kind: "case".to_owned(), id: "x".to_owned() };
    audit::record(&mut tx, &ctx, Entry::new("message.sent", subject)).await.unwrap();
    tx.commit().await.unwrap();
    for attempt in 1..=3 {
        bed.run_jobs().await;
        let mut tx = bed.platform.db.read().await.unwrap();
        let rows = outbox::list(&mut tx, "waiting", None, 10).await.unwrap();
        let row = rows.iter().find(|row| row.recipient == "finder@example.org").unwrap();
        assert_eq!(row.attempts, attempt);
        assert!(row.last_error.as_deref().unwrap().contains("did not take the mail"), "{:?}", row.last_error);
        drop(tx);
        bed.pass(Duration::from_secs(3_600));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_comes_back_is_used_again() {
    let bed = bed(None).await;
    if bed.platform.db.dialect() == Dialect::Sqlite {
        // An embedded database cannot be lost without its program.
        return;
    }
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    lead.client.get("/desk/products").await.expect(200);
    let mut tx = bed.platform.db.begin().await.unwrap();
    let others = "select pg_terminate_backend(pid) as ended from pg_stat_activity
                   where datname = current_database() and pid <> pg_backend_pid()";
    tx.fetch_all(others, &[]).await.unwrap();
    drop(tx);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers.push(lead.client.get("/desk/products").await.status.as_u16());
    }
    assert!(answers.iter().all(|status| matches!(status, 200 | 503)), "{answers:?}");
    assert_eq!(answers.last(), Some(&200), "{answers:?}");
}
