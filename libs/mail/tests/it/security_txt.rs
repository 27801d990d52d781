//! RFC 9116: what we build passes our own checks, and each rule finds what it is for.

use limits::Limits;
use mail::openpgp::{Verdict, sign_cleartext};
use mail::security_txt::{Checked, SecurityTxt, Severity, read};

use crate::{at, key, now};

fn check(text: &str) -> Checked {
    read(text.as_bytes(), None, &[], now(), &Limits::DOCUMENT).unwrap()
}

fn rules(text: &str) -> Vec<&'static str> {
    let checked = check(text);
    checked.findings.iter().filter(|f| f.severity != Severity::Hint).map(|f| f.rule).collect()
}

fn document() -> SecurityTxt {
    SecurityTxt {
        contact: vec!["mailto:psirt@halden.example".into(), "https://psirt.halden.example/report".into()],
        expires: at("2027-05-01T00:00:00.5Z"),
        encryption: vec!["https://psirt.halden.example/keys".into()],
        preferred_languages: vec!["en".into(), "nb-NO".into()],
        canonical: vec!["https://halden.example/.well-known/security.txt".into()],
        csaf: vec!["https://halden.example/.well-known/csaf/provider-metadata.json".into()],
        ..SecurityTxt::default()
    }
}

#[test]
fn what_is_built_and_signed_is_valid() {
    let text = document().build().unwrap();
    assert!(text.contains("\nExpires: 2027-05-01T00:00:00Z\n"), "{text}");
    let key = key("Halden PSIRT <psirt@halden.example>");
    let signed = sign_cleartext(&text, &key, now()).unwrap();
    let url = "https://halden.example/.well-known/security.txt";
    let checked = read(signed.as_bytes(), Some(url), &[key.public()], now(), &Limits::DOCUMENT).unwrap();
    assert_eq!(checked.findings, []);
    assert!(matches!(checked.signature, Some(Verdict::Valid(_))));
    assert_eq!(checked.document, SecurityTxt { expires: at("2027-05-01T00:00:00Z"), ..document() });
}

#[test]
fn a_changed_line_breaks_the_signature() {
    let key = key("Halden PSIRT <psirt@halden.example>");
    let signed = sign_cleartext(&document().build().unwrap(), &key, now()).unwrap();
    let changed = signed.replace("psirt.halden.example/report", "psirt.evil.example/report");
    assert_ne!(changed, signed);
    let checked = read(changed.as_bytes(), None, &[key.public()], now(), &Limits::DOCUMENT).unwrap();
    assert!(!checked.is_valid());
    assert!(matches!(checked.signature, Some(Verdict::Invalid { .. })));
}

#[test]
fn each_rule_finds_what_it_is_for() {
    let good = "Contact: mailto:a@halden.example\nExpires: 2027-01-01T00:00:00Z\n";
    assert_eq!(rules(good), Vec::<&str>::new());
    assert_eq!(rules(&format!("# a comment\r\n\r\n{good}")), Vec::<&str>::new());
    assert_eq!(rules("Expires: 2027-01-01T00:00:00Z\n"), ["no_contact"]);
    assert_eq!(rules("Contact: mailto:a@halden.example\n"), ["no_expires"]);
    assert_eq!(rules(&format!("{good}Expires: 2027-01-01T00:00:00Z\n")), ["multiple_expires"]);
    assert_eq!(rules("Contact: https://a.example/\nExpires: 2026-01-01T00:00:00Z\n"), ["expired"]);
    assert_eq!(rules("Contact: https://a.example/\nExpires: 2029-01-01T00:00:00Z\n"), ["long_expiry"]);
    assert_eq!(rules("Contact: https://a.example/\nExpires: tomorrow\n"), ["expires_format"]);
    assert_eq!(rules(&format!("{good}Policy: http://a.example/\n")), ["uri"]);
    assert_eq!(rules(&format!("{good}Policy: our policy\n")), ["uri"]);
    assert_eq!(rules(&format!("{good}CSAF: ftp://a.example/\n")), ["uri"]);
    assert_eq!(rules(&format!("{good}Preferred-Languages: en\nPreferred-Languages: de\n")), ["multiple_languages"]);
    assert_eq!(rules(&format!("{good}Preferred-Languages: en, all of them\n")), ["language"]);
    assert_eq!(rules(&format!("{good}Policy:https://a.example/\n")), ["separator"]);
    assert_eq!(rules(&format!("{good}hello\n")), ["line"]);
    let elsewhere = read(
        format!("{good}Canonical: https://a.example/.well-known/security.txt\n").as_bytes(),
        Some("https://b.example/.well-known/security.txt"),
        &[],
        now(),
        &Limits::DOCUMENT,
    );
    assert!(elsewhere.unwrap().findings.iter().any(|finding| finding.rule == "canonical"));
    let latin = read(b"Contact: https://a.example/\xe9\n", None, &[], now(), &Limits::DOCUMENT).unwrap();
    assert!(latin.findings.iter().any(|finding| finding.rule == "utf8"));
}

#[test]
fn what_is_against_the_standard_is_not_built() {
    for broken in [
        SecurityTxt { contact: vec![], ..document() },
        SecurityTxt { contact: vec!["psirt@halden.example".into()], ..document() },
        SecurityTxt { policy: vec!["http://halden.example/".into()], ..document() },
        SecurityTxt { policy: vec!["https://halden.example/\nContact: mailto:x@evil.example".into()], ..document() },
        SecurityTxt { preferred_languages: vec!["en, de".into()], ..document() },
    ] {
        assert!(broken.build().unwrap_err().is_invalid(), "{broken:?}");
    }
}
