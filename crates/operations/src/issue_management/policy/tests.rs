//! Policies through their pages.

use kernel::{Id, Role, kinds};
use platform::jobs::Jobs;
use testbed::Testbed;

use super::model::{Policy, RATED, Step};
use super::{load_for, rules};

async fn bed() -> Testbed {
    Testbed::new(super::routes(), Jobs::default()).await
}

async fn family(bed: &Testbed) -> Id<kinds::Family> {
    let ctx = bed.program();
    let id: Id<kinds::Family> = ctx.id();
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    tx.execute(
        "insert into register_family (id, name, slug, created_at) values ($1, 'Gates', 'gates', $2)",
        &[id.into(), ctx.now.into()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

fn filled(change: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = [
        ("revision", "0"),
        ("case_prefix", "PSIRT"),
        ("advisory_prefix", "PSA"),
        ("advisory_threshold", "medium"),
        ("time_zone", "Europe/Berlin"),
        ("working_days", "mon"),
        ("working_days", "tue"),
        ("holidays", "2026-12-25 Christmas"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    let built_in = Policy::built_in();
    for severity in RATED {
        for step in Step::ALL {
            let target = built_in.target(severity, step).unwrap();
            let name = rules::field_name(severity, step);
            fields.push((format!("{name}_unit"), target.unit.as_str().to_owned()));
            fields.push((name, target.amount.to_string()));
        }
    }
    for (name, value) in change {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_is_written_for_all_and_for_a_family() {
    let bed = bed().await;
    let family = family(&bed).await;
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let path = "/desk/settings/policies/edit";
    let _ = lead.client.get("/desk/settings/policies").await.expect(200).says("The built-in policy holds");
    let _ = lead.client.post(path, &borrowed(&filled(&[]))).await.expect(303);
    let _ = lead.client.get("/desk/settings/policies").await.expect(200).says("Europe/Berlin");
    let family_text = family.to_string();
    let own = filled(&[("family", &family_text), ("case_prefix", "gate"), ("critical_fix", "7"), ("revision", "0")]);
    let _ = lead.client.post(path, &borrowed(&own)).await.expect(303);
    let mut tx = bed.platform.db.read().await.unwrap();
    let policy = load_for(&mut tx, Some(family)).await.unwrap();
    assert_eq!(policy.case_prefix, "GATE");
    assert_eq!(policy.target(super::super::case::Severity::Critical, Step::Fix).unwrap().amount, 7);
    assert_eq!(load_for(&mut tx, None).await.unwrap().case_prefix, "PSIRT");
    assert_eq!(load_for(&mut tx, Some(bed.program().id())).await.unwrap().time_zone, "Europe/Berlin");
    drop(tx);
    let gone = [("family", family_text.as_str()), ("revision", "1")];
    let _ = lead.client.post("/desk/settings/policies/remove", &gone).await.expect(303);
    assert_eq!(bed.actions().await, ["policy.saved", "policy.saved", "policy.removed"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_input_is_kept_and_explained() {
    let bed = bed().await;
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let path = "/desk/settings/policies/edit";
    for (field, value, words) in [
        ("time_zone", "Mars/Olympus", "not a time zone"),
        ("holidays", "25.12.2026", "is not a date"),
        ("case_prefix", "x", "Use 2 to 12 letters"),
        ("advisory_prefix", "PSIRT", "different prefixes"),
        ("high_fix", "0", "whole number from 1 to 2000"),
        ("escalation_address", "nobody", "not a mail address"),
        ("low_acknowledge", "900", "due before"),
    ] {
        let _ = lead.client.post(path, &borrowed(&filled(&[(field, value)]))).await.expect(422).says(words).says(value);
    }
    assert_eq!(bed.actions().await, [] as [&str; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_editors_see_each_other() {
    let bed = bed().await;
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let path = "/desk/settings/policies/edit";
    let _ = lead.client.post(path, &borrowed(&filled(&[("time_zone", "Europe/Paris")]))).await.expect(303);
    let late = filled(&[("legal_notice", "My long notice"), ("time_zone", "Europe/Rome")]);
    let _ = lead
        .client
        .post(path, &borrowed(&late))
        .await
        .expect(422)
        .says("Somebody else saved this")
        .says("My long notice")
        .says("Europe/Paris")
        .says("Europe/Rome");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_find_no_policies() {
    let bed = bed().await;
    let mut analyst = bed.person("Ana Analyst", Role::Analyst).await;
    let _ = analyst.client.get("/desk/settings/policies").await.expect(404);
    let _ = analyst.client.get("/desk/settings/policies/edit").await.expect(404);
    let _ = analyst.client.post("/desk/settings/policies/edit", &borrowed(&filled(&[]))).await.expect(404);
    let mut admin = bed.person("Ada Admin", Role::Administrator).await;
    let _ = admin.client.get("/desk/settings/policies/edit").await.expect(200);
    let _ = admin.client.get("/desk/settings/policies/edit?family=nonsense").await.expect(404);
    super::ensure_default(&bed.program()).await.unwrap();
    super::ensure_default(&bed.program()).await.unwrap();
    assert_eq!(bed.actions().await, ["policy.made"]);
}
