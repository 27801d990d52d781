//! Need to know: who sees a case, and that nobody else learns that it is there.

use kernel::{Grant, Role, Scope};

use super::super::pages::load_list;
use super::{Desk, open_as};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_gets_the_answer_of_a_missing_case() {
    let mut desk = Desk::new().await;
    let case = desk.open("Secret overflow").await;
    let flaw = desk.flaw(case, "Secret flaw", None).await;
    let missing = "00000000-0000-7000-8000-00000000dead";
    let mut stranger = desk.bed.person("Stan Stranger", Role::Analyst).await;
    for rest in [
        "",
        "/edit",
        "/split",
        "/vulnerabilities",
        "/exposure",
        "/people",
        "/timeline",
        "/work",
        "/conversation",
        "/advisories",
    ] {
        let real = stranger.client.get(&format!("/desk/cases/{case}{rest}")).await.expect(404);
        let none = stranger.client.get(&format!("/desk/cases/{missing}{rest}")).await.expect(404);
        assert_eq!(real.text(), none.text(), "{rest}");
    }
    for rest in [
        "/move",
        "/duplicate",
        "/merge",
        "/route",
        "/exploited",
        "/assign",
        "/people/add",
        "/people/remove",
        "/watch",
        "/notes",
        "/tasks",
    ] {
        let fields = [
            ("revision", "1"),
            ("move", "confirm"),
            ("body", "x"),
            ("task_title", "x"),
            ("other", "PSIRT-2026-0001"),
            ("into", "PSIRT-2026-0001"),
            ("route", "advisory"),
            ("exploited", "on"),
            ("aware_at", "2026-03-02T08:30"),
            ("person", missing),
            ("watches", "on"),
        ];
        let answer = stranger.client.post(&format!("/desk/cases/{case}{rest}"), &fields).await;
        let none = stranger.client.post(&format!("/desk/cases/{missing}{rest}"), &fields).await;
        assert_eq!(answer.status.as_u16(), 404, "{rest}: {}", answer.text());
        assert_eq!(answer.text(), none.text(), "{rest}");
    }
    let score = format!("/desk/cases/{case}/vulnerabilities/{flaw}/score");
    let fields = [("cvss", "3.1"), ("pasted31", super::V31_LOW), ("reason31", "x"), ("revision", "1")];
    let _ = stranger.client.post(&score, &fields).await.expect(404);
    let _ = stranger.client.get("/desk/cases?state=any").await.expect(200).keeps_quiet_about("Secret");
    let _ = stranger.client.get("/desk/cases?state=any&format=csv").await.expect(200).keeps_quiet_about("Secret");
    let _ = stranger
        .client
        .get("/desk/cases?q=secret")
        .await
        .expect(200)
        .says("No case fits these filters")
        .says("Clear the filters");
    let _ = stranger.client.get("/desk/cases/not-an-id").await.expect(404);
    let mut visitor = desk.bed.visitor();
    assert!(visitor.get(&format!("/desk/cases/{case}")).await.expect(303).location().starts_with("/desk/sign-in"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn membership_opens_and_closes_the_case() {
    let mut desk = Desk::new().await;
    let case = desk.open("Secret overflow").await;
    let page = format!("/desk/cases/{case}");
    let mut dev = desk.bed.person("Dora Developer", Role::Developer).await;
    let id = dev.id.to_string();
    let _ = dev.client.get(&page).await.expect(404);
    let _ = desk
        .lead
        .client
        .post(&format!("{page}/people/add"), &[("person", "")])
        .await
        .expect(422)
        .says("Choose somebody");
    let _ = desk.lead.client.post(&format!("{page}/people/add"), &[("person", &id)]).await.expect(303);
    let _ = desk
        .lead
        .client
        .post(&format!("{page}/people/add"), &[("person", &id)])
        .await
        .expect(422)
        .says("is a member already");
    let _ = dev.client.get(&page).await.expect(200).says("Secret overflow").says("You read this case");
    let _ = dev.client.get("/desk/cases").await.expect(200).says("Secret overflow");
    let _ = dev.client.post(&format!("{page}/notes"), &[("body", "The parser trusts the length.")]).await.expect(303);
    let revision = desk.revision(case).await;
    let tries = [("move", "out-of-scope"), ("revision", revision.as_str()), ("reason_out_of_scope", "no")];
    let _ = dev.client.post(&format!("{page}/move"), &tries).await.expect(404);
    let _ = dev.client.post(&format!("{page}/watch"), &[("watches", "")]).await.expect(303);
    let _ = desk.lead.client.get(&format!("{page}/people")).await.expect(200).says("no mail");
    let _ = dev.client.post(&format!("{page}/people/remove"), &[("person", &id)]).await.expect(303);
    let _ = dev.client.get(&page).await.expect(404);
    let mut auditor = desk.bed.person("Aldo Auditor", Role::Auditor).await;
    let auditor_id = auditor.id.to_string();
    let _ = desk.lead.client.post(&format!("{page}/people/add"), &[("person", &auditor_id)]).await.expect(422);
    let _ = auditor.client.get(&page).await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leads_see_their_place_only() {
    let mut desk = Desk::new().await;
    let case = desk.open("Gate overflow").await;
    let nowhere = open_as(&mut desk.lead.client, "No product yet", "").await;
    let here = Grant { role: Role::Lead, scope: Scope::Family(desk.family) };
    let product = Scope::Product { product: desk.product, family: desk.family };
    let elsewhere = Grant { role: Role::Lead, scope: Scope::Family(desk.bed.program().id()) };
    let mut family_lead = desk.bed.person_with("Fay Family", &[here]).await;
    let mut product_lead = desk.bed.person_with("Pia Product", &[Grant { role: Role::Lead, scope: product }]).await;
    let mut other_lead = desk.bed.person_with("Otto Other", &[elsewhere]).await;
    for lead in [&mut family_lead, &mut product_lead] {
        let _ = lead.client.get(&format!("/desk/cases/{case}")).await.expect(200);
        let _ = lead.client.get(&format!("/desk/cases/{nowhere}")).await.expect(404);
        let _ =
            lead.client.get("/desk/cases").await.expect(200).says("Gate overflow").keeps_quiet_about("No product yet");
    }
    let _ = other_lead.client.get(&format!("/desk/cases/{case}")).await.expect(404);
    let _ = other_lead.client.get("/desk/cases").await.expect(200).keeps_quiet_about("Gate overflow");
    let fields = [("title", "x"), ("product", &desk.product.to_string()), ("received", "2026-03-02T08:00")];
    let _ = other_lead
        .client
        .post("/desk/cases/new", &fields)
        .await
        .expect(422)
        .says("You do not work on cases of this product");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_of_embargoed_cases_are_logged_once_an_hour() {
    let mut desk = Desk::new().await;
    let case = desk.open("Secret").await;
    let page = format!("/desk/cases/{case}");
    let reads = async |desk: &Desk| desk.bed.actions().await.iter().filter(|action| *action == "case.read").count();
    let _ = desk.lead.client.get(&page).await.expect(200);
    let _ = desk.lead.client.get(&format!("{page}/work")).await.expect(200);
    assert_eq!(reads(&desk).await, 1);
    desk.bed.pass(std::time::Duration::from_secs(3_601));
    let _ = desk.lead.client.get(&page).await.expect(200);
    assert_eq!(reads(&desk).await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cards_respect_access() {
    let mut desk = Desk::new().await;
    let case = desk.open("Secret").await;
    let stranger = desk.bed.person("Stan Stranger", Role::Analyst).await;
    let reference = [kernel::RecordRef::new("case", case)];
    let mut tx = desk.bed.platform.db.read().await.unwrap();
    let cards = &desk.bed.platform.cards;
    let seen = cards.load(&mut tx, &desk.lead.actor, &reference).await.unwrap();
    assert_eq!(seen[&reference[0]].title, "PSIRT-2026-0001 Secret");
    assert!(cards.load(&mut tx, &stranger.actor, &reference).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_takes_the_same_statements_for_any_number_of_rows() {
    let mut desk = Desk::new().await;
    let ctx = desk.bed.acting(&desk.lead);
    let count = async |query: &str| {
        let mut tx = ctx.read().await.unwrap();
        let shown = load_list(&mut tx, &ctx, &web::Query::of("/desk/cases", query)).await.unwrap();
        (tx.statements(), shown.rows.len())
    };
    desk.open("First").await;
    assert_eq!(count("").await, (4, 1));
    for number in 0..12 {
        desk.open(&format!("Case {number}")).await;
    }
    assert_eq!(count("").await, (4, 13));
    for (query, rows) in [
        ("state=triage", 13),
        ("state=closed", 0),
        ("severity=unrated", 13),
        ("severity=high", 0),
        ("assignee=nobody", 0),
        ("overdue=1", 0),
        ("mine=1", 13),
        ("q=Case%203", 1),
        ("sort=-number", 13),
        ("sort=title", 13),
        ("sort=severity", 13),
        ("sort=state", 13),
        ("sort=-assignee", 13),
        ("sort=received", 13),
        ("sort=-due", 13),
    ] {
        assert_eq!(count(query).await, (4, rows), "{query}");
    }
    let mut client = desk.lead.client.clone();
    let (product, family) = (desk.product, desk.family);
    let filtered = format!("/desk/cases?product={product}&family={family}&state=any&page=2");
    let _ = client.get(&filtered).await.expect(200);
    let _ = client.get("/desk/cases?q=Case%203").await.expect(200).says("Case 3").keeps_quiet_about("Case 4");
    let csv = client.get("/desk/cases?format=csv").await.expect(200);
    assert_eq!(csv.text().lines().count(), 14);
}
