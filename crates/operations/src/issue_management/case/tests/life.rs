//! The life of a case from opening to the end, and every refusal on the way.

use super::super::mark_published;
use super::{Desk, V31_HIGH, V31_LOW};
use platform::audit::{self, Entry};

async fn publish(desk: &Desk, case: super::CaseId) -> kernel::Result<()> {
    let ctx = desk.bed.acting(&desk.lead);
    let mut tx = ctx.begin().await?;
    mark_published(&mut tx, &ctx, case).await?;
    let subject = kernel::RecordRef::new("case", case);
    audit::record(&mut tx, &ctx, Entry::new("advisory.published", subject)).await?;
    tx.commit().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_high_risk_goes_to_an_advisory() {
    let mut desk = Desk::new().await;
    let case = desk.open("Overflow in the dialler").await;
    let page = format!("/desk/cases/{case}");
    let _ = desk
        .lead
        .client
        .get(&page)
        .await
        .expect(200)
        .says("PSIRT-2026-0001")
        .says("provisional")
        .says("Add a vulnerability with its CVSS v3.1 score first");
    let _ = desk.step(case, "confirm", "").await.expect(422).says("CVSS v3.1 score first");
    let flaw = desk.flaw(case, "Heap overflow", None).await;
    let _ = desk.step(case, "confirm", "").await.expect(422).says("have no CVSS v3.1 score");
    let score = format!("{page}/vulnerabilities/{flaw}/score");
    let fields = [("cvss", "3.1"), ("pasted31", V31_HIGH), ("reason31", "Lab."), ("revision", "1")];
    let _ = desk.lead.client.post(&score, &fields).await.expect(303);
    let _ = desk.step(case, "confirm", "").await.expect(303);
    let _ = desk.lead.client.get(&page).await.expect(200).says("To an advisory").says("No public details yet");
    assert_eq!(desk.value(&format!("select route as found from issue_case where id = '{case}'")).await, "advisory");
    let _ = desk.step(case, "start-fixing", "").await.expect(303);
    let _ = desk.step(case, "ready", "").await.expect(422).says("no mitigation, workaround or fix");
    assert!(publish(&desk, case).await.is_err(), "nothing goes public before a mitigation (P6)");
    desk.mitigate(case, &flaw).await;
    let _ = desk.step(case, "ready", "").await.expect(303);
    let _ = desk.step(case, "close-released", "").await.expect(422).says("goes to an advisory");
    let _ = desk.step(case, "publish", "").await.expect(422).says("when an advisory of the case is published");
    publish(&desk, case).await.unwrap();
    publish(&desk, case).await.unwrap();
    assert_eq!(desk.state(case).await, "published");
    let _ = desk.lead.client.get(&page).await.expect(200).keeps_quiet_about("Under embargo");
    let _ = desk.step(case, "close", "").await.expect(422).says("Record the root cause first");
    desk.explain(case).await;
    let _ = desk.step(case, "close", "").await.expect(303);
    assert_eq!(desk.state(case).await, "closed");
    let _ = desk.step(case, "reopen", "").await.expect(422).says("Say why");
    let _ = desk.step(case, "reopen", "The fix is incomplete.").await.expect(303);
    assert_eq!(desk.state(case).await, "triage");
    let _ = desk
        .lead
        .client
        .get(&format!("{page}/timeline"))
        .await
        .expect(200)
        .says("Confirmed the vulnerability")
        .says("Moved from Confirmed to Fixing")
        .says("The fix is incomplete.")
        .keeps_quiet_about("Read the case");
    let _ = desk.lead.client.get(&format!("{page}/timeline?reads=1")).await.expect(200).says("Read the case");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_low_risk_goes_to_a_release() {
    let mut desk = Desk::new().await;
    let case = desk.open("Banner tells the version").await;
    let page = format!("/desk/cases/{case}");
    let flaw = desk.flaw(case, "Version in the banner", Some(V31_LOW)).await;
    let _ = desk.step(case, "confirm", "").await.expect(303);
    let _ = desk.lead.client.get(&page).await.expect(200).says("Annex I, Part II (4)");
    assert!(desk.due(case, "disclose").await.is_none(), "a release has no disclosure target");
    desk.mitigate(case, &flaw).await;
    let _ = desk.step(case, "ready", "").await.expect(303);
    let _ = desk.step(case, "close-released", "").await.expect(422).says("Name the release");
    let (product, coming) = (desk.product.to_string(), desk.coming.to_string());
    let revision = desk.revision(case).await;
    let edit = [
        ("title", "Banner tells the version"),
        ("product", product.as_str()),
        ("target_release", coming.as_str()),
        ("tlp", "green"),
        ("revision", &revision),
    ];
    let _ = desk.lead.client.post(&format!("{page}/edit"), &edit).await.expect(303);
    let report = report(&desk, case).await;
    let _ = desk.step(case, "close-released", "").await.expect(422).says("1 of the reporters had no answer");
    answer(&desk, case, &report).await;
    desk.explain(case).await;
    let _ = desk.step(case, "close-released", "").await.expect(303);
    assert_eq!(desk.state(case).await, "closed");
    assert_eq!(desk.value(&format!("select outcome as found from issue_case where id = '{case}'")).await, "fixed");
}

async fn report(desk: &Desk, case: super::CaseId) -> String {
    let ctx = desk.bed.program();
    let id: kernel::Id<kernel::kinds::Report> = ctx.id();
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    tx.execute(
        "insert into issue_report (id, number, channel, state, classification, case_id, subject, body, received_at)
         values ($1, $1, 'form', 'in_case', 'vulnerability', $2, 'A banner', 'text', $3)",
        &[id.into(), case.into(), ctx.now.into()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

async fn answer(desk: &Desk, case: super::CaseId, report: &str) {
    let ctx = desk.bed.program();
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    tx.execute(
        "insert into issue_message (id, report_id, case_id, direction, channel, person_id, author, subject, body, at)
         values ('m', $1, $2, 'out', 'page', $3, 'Lea', 'Re', 'Thank you', $4)",
        &[report.into(), case.into(), desk.lead.id.into(), ctx.now.into()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_lead_makes_an_exception_from_the_route() {
    let mut desk = Desk::new().await;
    let case = desk.open("Small thing").await;
    desk.flaw(case, "Small flaw", Some(V31_LOW)).await;
    let _ = desk.step(case, "confirm", "").await.expect(303);
    let path = format!("/desk/cases/{case}/route");
    let revision = desk.revision(case).await;
    let mut analyst = desk.bed.person("Ana Analyst", kernel::Role::Analyst).await;
    let id = analyst.id.to_string();
    let _ = desk.lead.client.post(&format!("/desk/cases/{case}/people/add"), &[("person", &id)]).await.expect(303);
    let wish = [("route", "advisory"), ("revision", &revision), ("route_reason", "Customers ask.")];
    let _ = analyst.client.post(&path, &wish).await.expect(422).says("Only a lead can make an exception");
    let silent = [("route", "advisory"), ("revision", revision.as_str())];
    let _ = desk.lead.client.post(&path, &silent).await.expect(422).says("An exception needs a reason");
    let _ = desk.lead.client.post(&path, &wish).await.expect(303);
    let _ = desk
        .lead
        .client
        .get(&format!("/desk/cases/{case}"))
        .await
        .expect(200)
        .says("exception by a lead: Customers ask.");
    assert!(desk.due(case, "disclose").await.is_some());
    assert!(desk.bed.actions().await.contains(&"case.route-exception".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn triage_ends_in_the_ways_of_the_table() {
    let mut desk = Desk::new().await;
    for (name, outcome) in [
        ("not-a-vulnerability", "not_a_vulnerability"),
        ("out-of-scope", "out_of_scope"),
        ("not-reproducible", "not_reproducible"),
    ] {
        let case = desk.open(name).await;
        let _ = desk.step(case, name, " ").await.expect(422).says("Say why");
        let _ = desk.step(case, name, "It is how it should be.").await.expect(303);
        assert_eq!(desk.value(&format!("select outcome as found from issue_case where id = '{case}'")).await, outcome);
        let clocks = format!(
            "select cast(count(*) as text) as found from issue_clock where case_id = '{case}' and met_at is null"
        );
        assert_eq!(desk.value(&clocks).await, "0", "no clock of a closed case runs");
    }
    let case = desk.open("Nonsense").await;
    let _ = desk.step(case, "fly", "").await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn support_decides_and_can_be_overridden() {
    let mut desk = Desk::new().await;
    let case = desk.open("Old bug").await;
    let page = format!("/desk/cases/{case}");
    let flaw = desk.flaw(case, "Old flaw", Some(V31_HIGH)).await;
    let _ =
        desk.step(case, "unsupported", "Ended.").await.expect(422).says("1 of the affected releases are in support");
    let old = desk.old.to_string();
    let assess = [("vulnerability", flaw.as_str()), ("release", &old), ("status", "affected"), ("writes", "0")];
    let _ = desk.lead.client.post(&format!("{page}/exposure"), &assess).await.expect(303);
    let _ = desk.lead.client.get(&page).await.expect(200).says("Every affected release is out of support");
    let _ = desk.step(case, "confirm", "").await.expect(422).says("out of support");
    let revision = desk.revision(case).await;
    let exploited = [("exploited", "on"), ("aware_at", "2026-03-02T08:30"), ("revision", revision.as_str())];
    let _ = desk.lead.client.post(&format!("{page}/exploited"), &exploited).await.expect(303);
    let _ = desk.step(case, "unsupported", "Ended.").await.expect(422).says("It is raised");
    let _ = desk.lead.client.get(&format!("{page}/timeline")).await.expect(200).says("2026-03-02T08:30:00Z");
    let revision = desk.revision(case).await;
    let not = [("exploited", ""), ("not_exploited_reason", "A mistake."), ("revision", revision.as_str())];
    let _ = desk.lead.client.post(&format!("{page}/exploited"), &not).await.expect(303);
    let revision = desk.revision(case).await;
    let product = desk.product.to_string();
    let edit = [
        ("title", "Old bug"),
        ("product", product.as_str()),
        ("support_override", "A hospital runs it."),
        ("revision", &revision),
    ];
    let _ = desk.lead.client.post(&format!("{page}/edit"), &edit).await.expect(303);
    let _ = desk.step(case, "confirm", "").await.expect(303);
    let second = desk.open("Old bug two").await;
    let flaw = desk.flaw(second, "Old flaw", None).await;
    let assess = [("vulnerability", flaw.as_str()), ("release", &old), ("status", "affected"), ("writes", "0")];
    let _ = desk.lead.client.post(&format!("/desk/cases/{second}/exposure"), &assess).await.expect(303);
    let _ = desk.step(second, "unsupported", "Ended in 2025.").await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_editors_see_each_other() {
    let mut desk = Desk::new().await;
    let case = desk.open("Overflow").await;
    let edit = format!("/desk/cases/{case}/edit");
    let product = desk.product.to_string();
    let revision = desk.revision(case).await;
    let first = [("title", "Overflow in the parser"), ("product", &product), ("revision", &revision)];
    let _ = desk.lead.client.post(&edit, &first).await.expect(303);
    let late = [("title", "My careful title"), ("product", &product), ("revision", &revision)];
    let _ = desk
        .lead
        .client
        .post(&edit, &late)
        .await
        .expect(422)
        .says("Somebody else saved this")
        .says("My careful title")
        .says("Overflow in the parser");
    let _ =
        desk.lead.client.post(&edit, &[("title", ""), ("revision", "2")]).await.expect(422).says("Please fill this in");
    let wrong = [("title", "T"), ("agreed_disclosure", "soon"), ("revision", "2")];
    let _ = desk.lead.client.post(&edit, &wrong).await.expect(422).says("not a date");
    let _ = desk.lead.client.post(&edit, &[("title", "T")]).await.expect(422).says("The form is incomplete");
    let stale = [("move", "not-a-vulnerability"), ("revision", "1"), ("reason_not_a_vulnerability", "My long reason")];
    let _ = desk
        .lead
        .client
        .post(&format!("/desk/cases/{case}/move"), &stale)
        .await
        .expect(422)
        .says("Somebody else changed this case")
        .says("My long reason");
}
