//! The administration through its routes.

use db::Value;
use kernel::Role;
use platform::audit::{self, Verdict};
use platform::jobs::Jobs;
use testbed::Testbed;

async fn bed() -> Testbed {
    Testbed::new(super::routes(), Jobs::default()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_vendor_profile_is_changed_once_for_two_editors() {
    let bed = bed().await;
    let mut admin = bed.person("Ada Admin", Role::Administrator).await;
    let fields = |name: &'static str, revision: &'static str| {
        vec![
            ("name", name),
            ("namespace", "https://halden.example"),
            ("contact_email", "psirt@halden.example"),
            ("legal_notice", "As is."),
            ("revision", revision),
        ]
    };
    admin
        .client
        .post("/desk/settings/vendor", &[("revision", "0"), ("namespace", "ftp://x")])
        .await
        .expect(422)
        .says("https://");
    admin.client.post("/desk/settings/vendor", &fields("Halden Systems", "0")).await.expect(303);
    admin.client.post("/desk/settings/vendor", &fields("Halden", "0")).await.expect(409).says("Somebody else changed");
    admin.client.get("/desk/settings").await.expect(200).says("Halden Systems");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_audit_entry_is_found() {
    let bed = bed().await;
    let mut admin = bed.person("Ada Admin", Role::Administrator).await;
    for _ in 0..3 {
        admin.client.post("/desk/audit/verify", &[]).await.expect(303);
    }
    admin.client.get("/desk/audit?action=audit").await.expect(200).says("audit.verified").says("unbroken");
    let ctx = bed.program();
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    tx.execute("update audit_entry set actor_name = $1 where seq = 2", &[Value::from("Eve")]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = ctx.read().await.unwrap();
    assert!(matches!(audit::verify(&mut tx).await.unwrap(), Verdict::Broken { seq: 2, .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_those_who_may_see_the_log() {
    let bed = bed().await;
    let mut analyst = bed.person("Ana Analyst", Role::Analyst).await;
    for path in ["/desk/audit", "/desk/settings", "/desk/jobs"] {
        analyst.client.get(path).await.expect(404);
        bed.visitor().get(path).await.expect(303);
    }
    let mut admin = bed.person("Ada Admin", Role::Administrator).await;
    admin.client.get("/desk/jobs?format=csv").await.expect(200).says("kind,state,tries");
    admin.client.get("/desk/jobs?show=mail&format=csv").await.expect(200).says("to,subject,state");
    let mut auditor = bed.person("Olu Auditor", Role::Auditor).await;
    auditor.client.get("/desk/audit").await.expect(200);
    auditor.client.get("/desk/audit?format=csv").await.expect(200).says("seq,at,actor_kind");
}
