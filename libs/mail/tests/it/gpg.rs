//! Both ways against the real gpg: what it writes we read, what we write it reads.

use std::path::Path;
use std::process::{Command, Stdio};

use jiff::Timestamp;
use limits::Limits;
use mail::openpgp::{
    DecryptFailure, Keys, PublicKey, SecretKey, Unusable, Verdict, decrypt, encrypt, sign_cleartext, sign_detached,
    verify_cleartext, verify_detached,
};

use crate::{other_key, rng};

/// A key ring of its own in a temporary folder.
struct Gpg {
    home: tempfile::TempDir,
}

struct Answer {
    good: bool,
    out: Vec<u8>,
    status: String,
}

const FINDER: &str = "Ada Reed <ada@finder.example>";

impl Gpg {
    fn new() -> Option<Self> {
        if !Command::new("gpg").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success()) {
            println!("skipped: gpg is not installed");
            return None;
        }
        let gpg = Self { home: tempfile::Builder::new().prefix("gpg").tempdir_in("/tmp").unwrap() };
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(gpg.home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        }
        Some(gpg)
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        let output = Command::new("gpg")
            .args(["--homedir", self.home.path().to_str().unwrap()])
            .args(["--batch", "--yes", "--no-tty", "--status-fd", "2", "--trust-model", "always"])
            .args(["--pinentry-mode", "loopback", "--passphrase", ""])
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Answer {
            good: output.status.success(),
            out: output.stdout,
            status: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Makes the finder's key.
    fn finder(&self, algorithm: &str, expire: &str) -> PublicKey {
        let made = self.run(&["--quick-generate-key", FINDER, algorithm, "default", expire]);
        assert!(made.good, "{}", made.status);
        let print = self.exported().fingerprint();
        let subkey = if algorithm == "ed25519" { "cv25519" } else { algorithm };
        let added = self.run(&["--quick-add-key", &print, subkey, "encr", expire]);
        assert!(added.good, "{}", added.status);
        self.exported()
    }

    fn exported(&self) -> PublicKey {
        PublicKey::read(&self.run(&["--armor", "--export", "ada@finder.example"]).out).unwrap()
    }

    fn import(&self, key: &PublicKey) {
        let file = self.file("ours.asc", key.armored().unwrap().as_bytes());
        let imported = self.run(&["--import", &file]);
        assert!(imported.good, "{}", imported.status);
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let home: &Path = self.home.path();
        let _ = Command::new("gpgconf").args(["--homedir", home.to_str().unwrap(), "--kill", "all"]).output();
    }
}

/// gpg knows only the real time.
#[expect(clippy::disallowed_methods, reason = "gpg checks keys and signatures against the clock of the machine")]
fn today() -> Timestamp {
    Timestamp::now()
}

fn ours() -> SecretKey {
    let (made, end) =
        (today() - jiff::SignedDuration::from_hours(24), today() + jiff::SignedDuration::from_hours(24 * 365));
    SecretKey::generate(&mut rng(), "Halden PSIRT <psirt@halden.example>", made, Some(end)).unwrap()
}

#[test]
fn gpg_encrypts_and_signs_and_we_open_it() {
    for algorithm in ["ed25519", "rsa2048"] {
        let Some(gpg) = Gpg::new() else { return };
        let finder = gpg.finder(algorithm, "1y");
        let ours = ours();
        gpg.import(&ours.public());
        let file = gpg.file("report.txt", "Überlauf im Zähler\n".repeat(500).as_bytes());
        for compression in ["zip", "zlib", "bzip2", "none"] {
            let answer = gpg.run(&[
                "--armor",
                "--sign",
                "--encrypt",
                "--compress-algo",
                compression,
                "-r",
                "psirt@halden.example",
                "-o",
                "-",
                &file,
            ]);
            assert!(answer.good, "{}", answer.status);
            let keys = Keys { secret: vec![ours.clone()], public: vec![finder.clone()] };
            let opened = decrypt(&answer.out, &keys, today(), &Limits::MAIL).unwrap();
            assert!(opened.encrypted);
            assert_eq!(opened.bytes, "Überlauf im Zähler\n".repeat(500).as_bytes());
            let Some(Verdict::Valid(signer)) = opened.verdict else { panic!("{:?}", opened.verdict) };
            assert_eq!(signer.fingerprint, finder.fingerprint());
            assert_eq!(signer.user_ids, [FINDER]);

            let strangers = Keys { secret: vec![other_key("x <x@x.example>")], public: vec![] };
            let failure = decrypt(&answer.out, &strangers, today(), &Limits::MAIL).unwrap_err();
            assert!(matches!(failure, DecryptFailure::NoKey(ids) if ids.len() == 1));
            let unknown = Keys { secret: vec![ours.clone()], public: vec![] };
            let opened = decrypt(&answer.out, &unknown, today(), &Limits::MAIL).unwrap();
            assert!(matches!(opened.verdict, Some(Verdict::UnknownKey { .. })));
        }
    }
}

#[test]
fn we_encrypt_and_sign_and_gpg_opens_it() {
    for algorithm in ["ed25519", "rsa2048"] {
        let Some(gpg) = Gpg::new() else { return };
        let finder = gpg.finder(algorithm, "1y");
        let ours = ours();
        gpg.import(&ours.public());
        let text =
            encrypt("Grüße\r\n".as_bytes(), &[&finder, &ours.public()], Some(&ours), today(), &mut rng()).unwrap();
        let answer = gpg.run(&["--decrypt", &gpg.file("mail.asc", text.as_bytes())]);
        assert!(answer.good, "{}", answer.status);
        assert_eq!(answer.out, "Grüße\r\n".as_bytes());
        assert!(answer.status.contains(&format!("VALIDSIG {}", ours.public().fingerprint())), "{}", answer.status);
        assert!(answer.status.contains("DECRYPTION_OKAY") && answer.status.contains("GOODMDC"));
    }
}

/// The MIME forms as a foreign program takes them apart: at the boundaries, nothing else.
#[test]
fn our_pgp_mime_holds_before_gpg() {
    let Some(gpg) = Gpg::new() else { return };
    let (finder, ours) = (gpg.finder("ed25519", "1y"), ours());
    gpg.import(&ours.public());
    let draft = mail::Draft { date: today(), ..crate::building::draft() };
    let valid = format!("VALIDSIG {}", ours.public().fingerprint());

    let mail = String::from_utf8(mail::build_signed(&draft, &ours).unwrap()).unwrap();
    let boundary = mail.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
    let parts: Vec<&str> = mail.split(&format!("\r\n--{boundary}")).collect();
    let content = gpg.file("content", parts[1].strip_prefix("\r\n").unwrap().as_bytes());
    let signature = gpg.file("content.asc", &parts[2].as_bytes()[parts[2].find("-----BEGIN").unwrap()..]);
    let answer = gpg.run(&["--verify", &signature, &content]);
    assert!(answer.good && answer.status.contains(&valid), "{}\n{mail}", answer.status);

    let bytes = mail::build_encrypted(&draft, &[&finder], Some(&ours), &mut rng()).unwrap();
    let mail = String::from_utf8(bytes).unwrap();
    let block = &mail[mail.find("-----BEGIN PGP MESSAGE").unwrap()..];
    let answer = gpg.run(&["--decrypt", &gpg.file("encrypted.asc", block.as_bytes())]);
    assert!(answer.good && answer.status.contains(&valid), "{}", answer.status);
    let inside = mail::read(&answer.out, &Limits::MAIL).unwrap();
    assert_eq!(inside.subject.as_deref(), Some("HS-2026-014: Überlauf"));
    assert_eq!(inside.text.trim_end(), draft.text.trim_end());
}

#[test]
fn our_signatures_hold_before_gpg() {
    let Some(gpg) = Gpg::new() else { return };
    let ours = ours();
    gpg.import(&ours.public());
    let valid = format!("VALIDSIG {}", ours.public().fingerprint());
    let file = gpg.file("advisory.json", b"{}\n");
    let signature = gpg.file("advisory.json.asc", sign_detached(b"{}\n", &ours, today()).unwrap().as_bytes());
    let answer = gpg.run(&["--verify", &signature, &file]);
    assert!(answer.good && answer.status.contains(&valid), "{}", answer.status);

    let text = "Contact: mailto:psirt@halden.example\n- a line with a dash\nspaces at the end   \n\n\nlast";
    let signed = sign_cleartext(text, &ours, today()).unwrap();
    let answer = gpg.run(&["--verify", &gpg.file("security.txt", signed.as_bytes())]);
    assert!(answer.good && answer.status.contains(&valid), "{}", answer.status);
    let read = verify_cleartext(&signed, &[ours.public()], today()).unwrap();
    assert!(matches!(read.verdict, Verdict::Valid(_)), "{:?}", read.verdict);
    assert_eq!(read.text, text.replace("   ", ""));
}

#[test]
fn signatures_of_gpg_hold_before_us() {
    let Some(gpg) = Gpg::new() else { return };
    let finder = gpg.finder("ed25519", "1y");
    let file = gpg.file("text.txt", "- dash\nFrom here\nÄ  \n".as_bytes());
    let detached = gpg.run(&["--armor", "--detach-sign", "-o", "-", &file]);
    let keys = [finder];
    let verdict = verify_detached("- dash\nFrom here\nÄ  \n".as_bytes(), &detached.out, &keys, today()).unwrap();
    assert!(matches!(verdict, Verdict::Valid(_)), "{verdict:?}");
    let clear = gpg.run(&["--clear-sign", "-o", "-", &file]);
    let clear = String::from_utf8(clear.out).unwrap();
    for text in [clear.clone(), clear.replace('\n', "\r\n")] {
        let read = verify_cleartext(&text, &keys, today()).unwrap();
        assert!(matches!(read.verdict, Verdict::Valid(_)), "{:?}", read.verdict);
        assert_eq!(read.text.trim_end(), "- dash\nFrom here\nÄ");
    }
    let forged = clear.replace("From here", "From there");
    let read = verify_cleartext(&forged, &keys, today()).unwrap();
    assert!(matches!(read.verdict, Verdict::Invalid { .. }));
}

#[test]
fn changed_and_cut_messages_of_gpg_give_nothing_out() {
    let Some(gpg) = Gpg::new() else { return };
    let ours = ours();
    gpg.import(&ours.public());
    let file = gpg.file("report.txt", &b"secret ".repeat(1_000));
    let answer = gpg.run(&["--encrypt", "--compress-algo", "none", "-r", "psirt@halden.example", "-o", "-", &file]);
    let keys = Keys { secret: vec![ours], public: vec![] };
    decrypt(&answer.out, &keys, today(), &Limits::MAIL).unwrap();
    for position in [200, 1_000, answer.out.len() - 3] {
        let mut changed = answer.out.clone();
        changed[position] ^= 1;
        assert!(decrypt(&changed, &keys, today(), &Limits::MAIL).is_err(), "changed at {position}");
    }
    for length in [10, 300, answer.out.len() - 1] {
        assert!(decrypt(&answer.out[..length], &keys, today(), &Limits::MAIL).is_err(), "cut at {length}");
    }
    // Without integrity protection an attacker could change the text unseen.
    let old = gpg.run(&[
        "--rfc2440",
        "--disable-mdc",
        "--cipher-algo",
        "AES256",
        "--encrypt",
        "-r",
        "psirt@halden.example",
        "-o",
        "-",
        &file,
    ]);
    if old.good {
        let result = decrypt(&old.out, &keys, today(), &Limits::MAIL);
        assert!(matches!(result, Err(DecryptFailure::NoIntegrity)) || result.is_ok_and(|opened| opened.encrypted));
    }
}

#[test]
fn a_bomb_is_refused() {
    let Some(gpg) = Gpg::new() else { return };
    let ours = ours();
    gpg.import(&ours.public());
    let file = gpg.file("zeros", &vec![0; 8 << 20]);
    let answer =
        gpg.run(&["--encrypt", "--compress-algo", "zlib", "-z", "9", "-r", "psirt@halden.example", "-o", "-", &file]);
    assert!(answer.out.len() < 1 << 20);
    let keys = Keys { secret: vec![ours], public: vec![] };
    let limits = Limits { expanded: 1 << 20, ..Limits::MAIL };
    assert!(matches!(decrypt(&answer.out, &keys, today(), &limits), Err(DecryptFailure::TooLarge(_))));
    assert_eq!(decrypt(&answer.out, &keys, today(), &Limits::MAIL).unwrap().bytes.len(), 8 << 20);
}

#[test]
fn revoked_and_expired_keys_of_gpg_are_refused() {
    let Some(gpg) = Gpg::new() else { return };
    let finder = gpg.finder("ed25519", "1d");
    let file = gpg.file("text.txt", b"text");
    let signature = gpg.run(&["--armor", "--detach-sign", "-o", "-", &file]).out;
    assert_eq!(finder.can_encrypt(today()), Ok(()));
    let later = today() + jiff::SignedDuration::from_hours(48);
    assert!(matches!(finder.can_encrypt(later), Err(Unusable::Expired(_))));
    assert!(matches!(
        verify_detached(b"text", &signature, std::slice::from_ref(&finder), later).unwrap(),
        Verdict::Invalid { .. }
    ));

    let folder = gpg.home.path().join("openpgp-revocs.d").join(format!("{}.rev", finder.fingerprint()));
    let revocation = std::fs::read_to_string(folder).unwrap().replace(":-----BEGIN", "-----BEGIN");
    let imported = gpg.run(&["--import", &gpg.file("revocation.asc", revocation.as_bytes())]);
    assert!(imported.good, "{}", imported.status);
    let revoked = gpg.exported();
    assert!(matches!(revoked.can_encrypt(today()), Err(Unusable::Revoked(_))));
    assert!(encrypt(b"x", &[&revoked], None, today(), &mut rng()).unwrap_err().is_key());
    let verdict = verify_detached(b"text", &signature, &[revoked], today()).unwrap();
    assert!(matches!(verdict, Verdict::Invalid { why, .. } if why.contains("revoked")));
}

#[test]
fn gpg_takes_our_secret_key_locked_and_opens_mail_with_it() {
    let Some(gpg) = Gpg::new() else { return };
    let ours = ours();
    let locked = ours.armored(&mut rng(), Some("correct horse")).unwrap();
    let file = gpg.file("secret.asc", locked.as_bytes());
    let imported = gpg.run(&["--passphrase", "correct horse", "--import", &file]);
    assert!(imported.status.contains("IMPORT_OK 17"), "{}", imported.status);
    let text = encrypt(b"to ourselves", &[&ours.public()], Some(&ours), today(), &mut rng()).unwrap();
    let answer = gpg.run(&["--passphrase", "correct horse", "--decrypt", &gpg.file("mail.asc", text.as_bytes())]);
    assert!(answer.good, "{}", answer.status);
    assert_eq!(answer.out, b"to ourselves");
    let made_by_gpg = gpg.run(&["--passphrase", "correct horse", "--armor", "--export-secret-keys"]).out;
    assert_eq!(SecretKey::read(&made_by_gpg, "correct horse").unwrap().public().fingerprint(), key_print(&ours));
    assert!(SecretKey::read(&made_by_gpg, "wrong").unwrap_err().is_passphrase());
}

fn key_print(key: &SecretKey) -> String {
    key.public().fingerprint()
}
