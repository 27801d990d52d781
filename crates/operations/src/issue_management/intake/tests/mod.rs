//! Intake through its routes, with real gpg on the other side.

mod desk;
mod form;
mod gpg;
mod keys;
mod mailbox;

use std::process::{Command, Stdio};

use db::Tx;
use kernel::{Id, kinds};
use platform::jobs::Jobs;
use platform::{profile, vault};
use testbed::Testbed;

/// Where mail to us goes in tests.
const PSIRT: &str = "psirt@halden.example";

/// A program with the vendor's address and its key.
async fn bed() -> Testbed {
    let mut jobs = Jobs::default();
    super::jobs(&mut jobs);
    let bed = Testbed::new(super::routes(), jobs).await;
    let mut tx = bed.program().begin().await.unwrap();
    tx.is_housekeeping();
    let mut vendor = profile::load(&mut tx).await.unwrap();
    vendor.name = "Halden Systems".to_owned();
    vendor.contact_email = PSIRT.to_owned();
    profile::set(&mut tx, &vendor).await.unwrap();
    tx.commit().await.unwrap();
    assert!(super::keys::ensure_default(&bed.program()).await.unwrap());
    bed
}

/// A family with one product.
async fn product(bed: &Testbed, name: &str) -> (Id<kinds::Family>, Id<kinds::Product>) {
    let ctx = bed.program();
    let (family, product): (Id<kinds::Family>, Id<kinds::Product>) = (ctx.id(), ctx.id());
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    tx.execute(
        "insert into register_family (id, name, slug, created_at) values ($1, $2, $3, 0)",
        &[family.into(), format!("{name} family").into(), format!("{name}-family").to_lowercase().into()],
    )
    .await
    .unwrap();
    tx.execute(
        "insert into register_product (id, family_id, name, slug, created_at) values ($1, $2, $3, $4, 0)",
        &[product.into(), family.into(), name.into(), name.to_lowercase().into()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    (family, product)
}

/// A mail in the outbox, opened.
struct Waiting {
    recipient: String,
    subject: String,
    message: Vec<u8>,
}

impl Waiting {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.message).into_owned()
    }

    /// As a mail program without keys shows it.
    fn read(&self) -> mail::Message {
        mail::read(&self.message, &limits::Limits::MAIL).unwrap()
    }
}

/// All mails in the outbox, the oldest first.
async fn outbox(bed: &Testbed) -> Vec<Waiting> {
    let ctx = bed.program();
    let mut tx = ctx.read().await.unwrap();
    let rows = tx.fetch_all("select recipient, subject, scope, sealed from mail_out order by id", &[]).await.unwrap();
    let mut mails = Vec::new();
    for row in rows {
        let scope: String = row.get("scope").unwrap();
        let key = vault::existing_key(&mut tx, &ctx.platform.master_key, &scope).await.unwrap().unwrap();
        mails.push(Waiting {
            recipient: row.get("recipient").unwrap(),
            subject: row.get("subject").unwrap(),
            message: key.open(&row.get::<Vec<u8>>("sealed").unwrap()).unwrap(),
        });
    }
    mails
}

/// The only value of the only row.
async fn one(bed: &Testbed, sql: &'static str) -> String {
    let mut tx: Tx = bed.program().read().await.unwrap();
    let row = tx.fetch_one(sql, &[]).await.unwrap();
    let column = row.columns().first().unwrap().clone();
    row.get::<String>(&column).unwrap_or_else(|_| row.get::<i64>(&column).unwrap().to_string())
}

/// A plain mail.
fn plain(from: &str, id: &str, subject: &str, more: &str, text: &str) -> Vec<u8> {
    let id = if id.is_empty() { String::new() } else { format!("Message-ID: <{id}>\r\n") };
    format!(
        "From: {from}\r\nTo: {PSIRT}\r\nSubject: {subject}\r\nDate: Mon, 02 Mar 2026 08:00:00 +0000\r\n{id}{more}\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}

/// The program gpg with a key ring of its own.
struct Gpg {
    home: tempfile::TempDir,
}

impl Gpg {
    fn new() -> Self {
        let home = tempfile::Builder::new().prefix("g").tempdir().unwrap();
        Self { home }
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> (bool, Vec<u8>, String) {
        use std::io::Write;
        let mut child = Command::new("gpg")
            .args([
                "--batch",
                "--yes",
                "--no-tty",
                "--trust-model",
                "always",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                "",
            ])
            .args(arguments)
            .env("GNUPGHOME", self.home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.success(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
    }

    #[track_caller]
    fn must(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let (success, stdout, stderr) = self.run(arguments, input);
        assert!(success, "gpg {arguments:?}: {stderr}");
        stdout
    }

    /// A key that never ends, made long before tests begin.
    fn make_key(&self, user: &str) {
        self.must(
            &["--faked-system-time", "20260101T000000", "--quick-generate-key", user, "ed25519", "cert,sign", "never"],
            b"",
        );
        let listed = String::from_utf8(self.must(&["--with-colons", "--list-keys", user], b"")).unwrap();
        let fingerprint = listed.lines().find_map(|line| line.strip_prefix("fpr:::::::::")).unwrap();
        let fingerprint = fingerprint.trim_end_matches(':').to_owned();
        self.must(
            &["--faked-system-time", "20260101T000000", "--quick-add-key", &fingerprint, "cv25519", "encr", "never"],
            b"",
        );
    }

    fn public(&self, user: &str) -> String {
        String::from_utf8(self.must(&["--armor", "--export", user], b"")).unwrap()
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        // The agent of this key ring ends with it.
        let _ended = Command::new("gpgconf").args(["--kill", "all"]).env("GNUPGHOME", self.home.path()).status();
    }
}

/// A mail of somebody, encrypted to us by gpg at the time tests begin (PGP/MIME).
fn encrypted(gpg: &Gpg, from: &str, id: &str, subject: &str, more: &str, text: &str, sign: bool) -> Vec<u8> {
    let inner = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n");
    let mut arguments = vec!["--faked-system-time", "20260302T090500", "--armor", "--encrypt", "--recipient", PSIRT];
    if sign {
        arguments.extend(["--sign", "--local-user", from]);
    }
    let armored = String::from_utf8(gpg.must(&arguments, inner.as_bytes())).unwrap().replace('\n', "\r\n");
    format!(
        "From: {from}\r\nTo: {PSIRT}\r\nSubject: {subject}\r\nMessage-ID: <{id}>\r\n{more}MIME-Version: 1.0\r\n\
         Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n\
         --b\r\nContent-Type: application/octet-stream\r\n\r\n{armored}\r\n--b--\r\n"
    )
    .into_bytes()
}
