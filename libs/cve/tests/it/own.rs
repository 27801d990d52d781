//! Records of our own: built, checked, damaged.

use cve::{Affected, Builder, CreditType, Occasion, Severity, Status, Version};
use proptest::prelude::*;

use crate::corpus::{folder, schema};

const ORG: &str = "11111111-1111-4111-8111-111111111111";

fn product() -> Affected {
    let version = Version {
        version: "0".to_owned(),
        status: Some(Status::Affected),
        version_type: Some("semver".to_owned()),
        less_than: Some("9.2".to_owned()),
        ..Version::default()
    };
    Affected {
        vendor: Some("Halden Systems".to_owned()),
        product: Some("Portico".to_owned()),
        default_status: Some(Status::Unaffected),
        versions: vec![version],
        ..Affected::default()
    }
}

fn built() -> cve::Record {
    Builder::new("CVE-1900-1234", ORG, "halden")
        .title("Gate opens for everybody")
        .date_public("2024-05-31T12:00:00Z")
        .description("The gate of Portico before 9.2 opens without a key.")
        .affected(product())
        .cwe("CWE-287", "Improper Authentication")
        .reference("https://halden.example/advisories/1", &["vendor-advisory"])
        .cvss("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, "CRITICAL")
        .cvss("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3, "CRITICAL")
        .solution("Install 9.2.")
        .workaround("Lock it by hand.")
        .credit("Ada Example", CreditType::Finder)
        .event("2024-05-01T08:00:00Z", "Reported.")
        .build()
}

#[test]
fn what_is_built_keeps_format_and_rules() {
    let record = built();
    let (again, findings) = cve::read(record.to_text().as_bytes(), &limits::Limits::DOCUMENT).unwrap();
    assert_eq!((again, findings), (record.clone(), vec![]));
    assert_eq!(cve::rules(&record, None, true), vec![]);
    let rejected = Builder::rejected("CVE-1900-1234", ORG, "halden", "Not a vulnerability.", &["CVE-1900-1235"]);
    assert_eq!(cve::read_value(&rejected.write()).1, vec![]);
    if let Some(folder) = folder() {
        let schema = schema(&folder);
        for value in [record.write(), rejected.write()] {
            let errors: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
    }
}

#[track_caller]
fn breaks(rule: &str, change: impl FnOnce(&mut cve::Record)) {
    let mut record = built();
    change(&mut record);
    let found = cve::rules(&record, None, true);
    assert_eq!(found.iter().map(|finding| finding.rule).collect::<Vec<_>>(), [rule]);
}

#[test]
fn rules_for_cnas_are_checked() {
    breaks("5.1.8", |record| record.containers.cna.affected[0].versions.clear());
    breaks("5.1.3", |record| record.containers.cna.affected.clear());
    breaks("5.1.7", |record| record.containers.cna.problem_types.clear());
    breaks("5.1.7", |record| record.containers.cna.problem_types[0].descriptions[0].cwe_id = None);
    breaks("5.1.9", |record| record.containers.cna.descriptions[0].lang = "de".to_owned());
    breaks("5.2.4", |record| record.containers.cna.descriptions[0].value.push_str(" It was discovered by Ada."));
    breaks("5.1.10", |record| record.containers.cna.references.clear());
    breaks("5.1.10", |record| {
        record.containers.cna.references[0].url = "https://nvd.nist.gov/vuln/detail/CVE-1900-1234".to_owned();
    });
    breaks("4.5.2.3", |record| record.containers.cna.references[0].tags.push("permissions-required".to_owned()));
}

#[test]
fn time_limits_run_until_publication() {
    let rule = |hours: i64, published| {
        let occasion = Occasion { disclosed: Some(0), disclosed_by_others: None, now: hours * 3_600 };
        cve::rules(&built(), Some(occasion), published).first().map(|finding| (finding.rule, finding.severity))
    };
    assert_eq!(rule(24, false), None);
    assert_eq!(rule(25, false), Some(("4.5.1.3", Severity::Warning)));
    assert_eq!(rule(73, false), Some(("4.5.1.4", Severity::Error)));
    assert_eq!(rule(73, true), None);
}

#[test]
fn what_is_wrong_is_found_and_the_rest_is_read() {
    let mut value = built().write();
    value["cveMetadata"]["cveId"] = "CVE-24-1".into();
    value["containers"]["cna"]["title"] = 7.into();
    value["containers"]["cna"]["references"][0]["url"] = "halden".into();
    value["containers"]["cna"]["affected"][0]["versions"][0]["status"] = "perhaps".into();
    value["containers"]["cna"]["credits"] = serde_json::json!([1, {"lang": "en", "value": "Ada"}]);
    let (record, findings) = cve::read_value(&value);
    let paths: Vec<&str> = findings.iter().map(|finding| finding.path.as_str()).collect();
    for path in [
        "/cveMetadata/cveId",
        "/containers/cna/title",
        "/containers/cna/references/0/url",
        "/containers/cna/affected/0/versions/0/status",
        "/containers/cna/credits/0",
    ] {
        assert!(paths.contains(&path), "{path} not in {paths:?}");
    }
    assert_eq!(record.containers.cna.credits.len(), 1);
    assert_eq!(record.write()["containers"]["cna"]["title"], 7, "what could not be read is kept");
}

/// Found by fuzzing: an object that is a text was written as an empty object.
#[test]
fn a_part_of_the_wrong_type_is_kept_whole() {
    let bytes = br#"{"dataType":"CVE_RECORD","cveMetadata":"5.1","containers":{}}"#;
    let (record, _) = cve::read(bytes, &limits::Limits::DOCUMENT).unwrap();
    assert_eq!(record.write()["cveMetadata"], "5.1");
    assert_eq!(cve::read_value(&record.write()).0, record);
}

#[test]
fn identifiers_have_a_form() {
    assert!(cve::is_id("CVE-1900-1234") && cve::is_id("CVE-2024-1234567890"));
    for bad in ["CVE-1900-123", "cve-1900-1234", "CVE-190-1234", "CVE-1900-12345678901234567890", "CVE-1900-1234-1", ""]
    {
        assert!(!cve::is_id(bad), "{bad}");
    }
}

proptest! {
    #[test]
    fn damage_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = built().to_text().into_bytes();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at); } else { bytes[at] = byte; }
        if let Ok((record, _)) = cve::read(&bytes, &limits::Limits::DOCUMENT) {
            let _ = cve::rules(&record, None, false);
            prop_assert_eq!(cve::read_value(&record.write()).0, record);
        }
    }
}
