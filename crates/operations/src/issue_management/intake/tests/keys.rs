//! Our key pairs: made, published, rotated, watched.

use std::time::Duration;

use kernel::Role;
use mail::security_txt;

use super::{Gpg, PSIRT, bed, one, outbox};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_is_published_in_four_ways() {
    let bed = bed().await;
    assert!(!super::super::keys::ensure_default(&bed.program()).await.unwrap());
    let mut visitor = bed.visitor();
    let fingerprint = one(&bed, "select fingerprint from issue_key").await;
    let _page =
        visitor.get("/keys").await.expect(200).says(&fingerprint[..4]).says(PSIRT).says("BEGIN PGP PUBLIC KEY BLOCK");
    let armored = visitor.get(&format!("/keys/{}.asc", fingerprint.to_lowercase())).await.expect(200);
    assert_eq!(armored.headers.get("content-type").unwrap(), "application/pgp-keys");
    let _none = visitor.get("/keys/00.asc").await.expect(404);

    let names = mail::wkd::names(PSIRT).unwrap();
    for path in [&names.direct, &names.advanced] {
        let answer = visitor.get(&format!("{path}?l=psirt")).await.expect(200);
        assert_eq!(answer.headers.get("content-type").unwrap(), "application/octet-stream");
        assert_eq!(answer.headers.get("access-control-allow-origin").unwrap(), "*");
        let gpg = Gpg::new();
        gpg.must(&["--import"], &answer.bytes);
        let listed = String::from_utf8(gpg.must(&["--with-colons", "--list-keys"], b"")).unwrap();
        assert!(listed.contains(&fingerprint) && listed.contains(PSIRT), "{listed}");
    }
    for path in [&names.direct_policy, &names.advanced_policy] {
        let _policy = visitor.get(path).await.expect(200);
    }
    let _unknown = visitor.get("/.well-known/openpgpkey/hu/ybndrfg8ejkmcpqxot1uwisza345h769").await.expect(404);
    let _elsewhere = visitor.get(&names.advanced.replace("halden.example", "other.example")).await.expect(404);

    let answer = visitor.get("/.well-known/security.txt").await.expect(200);
    let text = answer.text();
    let again = visitor.get("/.well-known/security.txt").await.expect(200);
    assert_eq!(answer.bytes, again.bytes);
    let gpg = Gpg::new();
    gpg.must(&["--import"], &armored.bytes);
    let (success, _, said) = gpg.run(&["--faked-system-time", "20260302T120000", "--verify"], &answer.bytes);
    assert!(success && said.contains("Good signature"), "{said}");
    let now = "2026-03-02T12:00:00Z".parse().unwrap();
    let canonical = "https://security.halden.example/.well-known/security.txt";
    let public = mail::openpgp::PublicKey::read(&armored.bytes).unwrap();
    let checked =
        security_txt::read(answer.bytes.as_slice(), Some(canonical), &[public], now, &limits::Limits::DOCUMENT)
            .unwrap();
    assert!(checked.findings.is_empty(), "{:?}\n{text}", checked.findings);
    assert!(matches!(checked.signature, Some(mail::openpgp::Verdict::Valid(_))));
    assert_eq!(checked.document.contact, ["https://security.halden.example/report", "mailto:psirt@halden.example"]);
    assert_eq!(checked.document.csaf, ["https://security.halden.example/.well-known/csaf/provider-metadata.json"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_key_retires_the_one_before() {
    let bed = bed().await;
    let mut admin = bed.person("Ada Admin", Role::Administrator).await;
    let before = one(&bed, "select fingerprint from issue_key").await;
    let _page = admin.client.get("/desk/settings/keys").await.expect(200).says("Active");
    let _made = admin.client.post("/desk/settings/keys", &[("family", "")]).await.expect(303);
    let _page = admin.client.get("/desk/settings/keys").await.expect(200).says("Retired, still decrypts");
    let after = one(&bed, "select fingerprint from issue_key where state = 'active'").await;
    assert_ne!(before, after);
    let key = bed.visitor().get(&mail::wkd::names(PSIRT).unwrap().direct).await.expect(200);
    assert_eq!(mail::openpgp::PublicKey::read(&key.bytes).unwrap().fingerprint(), after);
    let _old = bed.visitor().get(&format!("/keys/{before}.asc")).await.expect(200);
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let _hidden = lead.client.get("/desk/settings/keys").await.expect(404);
    assert_eq!(bed.actions().await, ["key.made", "key.made"]);
    // At rest it is sealed: the stored bytes are no key.
    let mut tx = bed.program().read().await.unwrap();
    let row = tx.fetch_one("select sealed_secret from issue_key limit 1", &[]).await.unwrap();
    let sealed: Vec<u8> = row.get("sealed_secret").unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("PGP"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn administrators_hear_of_the_end_once_for_each_step() {
    let bed = bed().await;
    let mut admin = bed.person("Ada Admin", Role::Administrator).await;
    bed.run_jobs().await;
    assert!(outbox(&bed).await.is_empty());
    let day = Duration::from_secs(86_400);
    bed.pass(day * (3 * 365 - 50));
    bed.run_jobs().await;
    bed.pass(day);
    bed.run_jobs().await;
    let count = one(&bed, "select count(*) from mail_out where recipient = 'ada.admin@halden.example'").await;
    assert_eq!(count, "1");
    let _page = admin.client.get("/desk/settings/keys").await.expect(200).says("Make a new one now");
    bed.pass(day * 30);
    bed.run_jobs().await;
    assert_eq!(one(&bed, "select count(*) from mail_out").await, "2");
    bed.pass(day * 30);
    let _page = admin.client.get("/desk/settings/keys").await.expect(200).says("has ended");
}
