//! Packs that build on another.

use crate::content::standard;

const HEADER: &str = r#"format = 1
id = "halden"
version = "2.0.0"
title = "Halden Systems"
extends = "standard"
extends_version = 1
roles = [{ id = "safety_officer", title = "Safety officer" }]
remove = [
  { id = "strategy_metrics.cost_of_security", reason = "Controlling does this." },
  { id = "environment_hardening", reason = "We ship appliances only." },
]
"#;

const FILE: &str = r#"practice = "threat_assessment"

[[activities]]
id = "threat_assessment.safety_hazards"
level = 2
title = "Look at hazards and threats together"
purpose = "An attack can cause a hazard."
steps = ["Sit down with the safety officer.", "Go through the hazards."]
does = ["safety_officer"]
decides = "architect"
classes = ["high", "critical"]
evidence = [{ kind = "review", what = "Signed off.", valid_days = 365 }]
due.waterfall = { phase = "design", criterion = "exit", approver = "safety_officer" }
due.agile = { rule = "bucket", sprints = 6 }
due.devops = { fresh_days = 365 }
carry = { until = ["architecture"] }

[[activities]]
id = "threat_assessment.threat_model"
replace = true
level = 1
title = "Model the threats our way"
purpose = "As before, with our own list."
steps = ["Use our list."]
does = ["architect"]
decides = "product_security_lead"
classes = ["low", "moderate", "high", "critical"]
evidence = [{ kind = "threat_model", what = "Approved.", valid_days = 180 }]
due.waterfall = { phase = "design", criterion = "exit", approver = "architect" }
due.agile = { rule = "setup" }
due.devops = { fresh_days = 180 }
carry = { days = 180 }
"#;

fn read(header: &str, file: &str) -> pack::Reading {
    pack::read(&[("pack.toml", header.as_bytes()), ("ours.toml", file.as_bytes())], Some(&standard()))
}

#[test]
fn an_extension_adds_replaces_and_removes() {
    let reading = read(HEADER, FILE);
    assert_eq!(reading.findings.iter().filter(|f| f.severity == pack::Severity::Error).count(), 0);
    let pack = reading.pack.unwrap();
    let base = standard();
    assert_eq!(pack.extends, Some(("standard".to_owned(), base.version)));
    assert_eq!(pack.practices.len(), 11);
    assert!(pack.activity("strategy_metrics.cost_of_security").is_none());
    assert!(pack.activities.iter().all(|a| a.practice != "environment_hardening"));
    assert_eq!(pack.activity("threat_assessment.threat_model").unwrap().title, "Model the threats our way");
    assert!(pack.activity("threat_assessment.safety_hazards").is_some());
    assert!(pack.role("safety_officer").is_some() && pack.role("architect").is_some());
    assert_eq!(pack.removed.len(), 2);
    assert_eq!(pack.activities.len(), base.activities.len() - 7 - 1 + 1);
}

#[test]
fn an_extension_that_misses_its_mark_is_told() {
    let rules = |header: &str, file: &str| -> Vec<&'static str> {
        let reading = read(header, file);
        reading.findings.iter().filter(|f| f.severity == pack::Severity::Error).map(|f| f.rule).collect()
    };
    assert_eq!(rules(HEADER, &FILE.replace("replace = true\n", "")), ["duplicate-id"]);
    let renamed = FILE.replace("threat_assessment.threat_model", "threat_assessment.threat_picture");
    assert_eq!(rules(HEADER, &renamed), ["nothing-to-replace"]);
    assert_eq!(rules(&HEADER.replace("cost_of_security", "cost_of_nothing"), FILE), ["nothing-to-remove"]);
    assert_eq!(rules(&HEADER.replace("extends_version = 1", "extends_version = 2"), FILE), ["unknown-base"]);
}

#[test]
fn the_header_says_which_pack_to_read_first() {
    let header = pack::header(&[("x/pack.toml", HEADER.as_bytes())]).unwrap();
    assert_eq!((header.id.as_str(), header.extends.as_deref()), ("halden", Some("standard")));
    assert_eq!(pack::header(&[("pack.toml", b"= broken")]), None);
}
