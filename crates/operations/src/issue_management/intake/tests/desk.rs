//! The inbox and what the desk does with reports.

use kernel::{Actor, Grant, Role, Scope};
use web::Page;

use super::super::report::tests_only::{Filter, list};
use super::super::{conversation_panel, import, tell_reporters};
use super::{bed, one, outbox, plain, product};

const FINDER: &str = "Fin Der <finder@example.org>";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_inbox_takes_two_statements_and_filters() {
    let bed = bed().await;
    let ctx = bed.program();
    for number in 0..60 {
        let mail = plain(
            &format!("f{number}@example.org"),
            &format!("{number}@example.org"),
            &format!("Report about {number}"),
            "",
            "Text.",
        );
        let _done = import(&ctx, &mail, "test").await.unwrap();
    }
    let mut tx = ctx.read().await.unwrap();
    let page = Page { number: 2, size: 50 };
    let (rows, total) = list(&mut tx, &Actor::Program { part: "test" }, &Filter::default(), page).await.unwrap();
    assert_eq!((rows.len(), total, tx.statements()), (10, 60, 2));
    drop(tx);
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let _found = lead
        .client
        .get("/desk/reports?q=f17%40&sort=subject")
        .await
        .expect(200)
        .says("Report about 17")
        .keeps_quiet_about("Report about 18");
    let _none = lead.client.get("/desk/reports?channel=form").await.expect(200).says("No report fits these filters");
    let csv = lead.client.get("/desk/reports?format=csv&sort=number").await.expect(200);
    assert_eq!(csv.text().lines().count(), 61);
    let _page = lead
        .client
        .get("/desk/reports?page=2&sort=number")
        .await
        .expect(200)
        .says("Report about 59")
        .keeps_quiet_about("Report about 17");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_those_who_may_see_a_report() {
    let bed = bed().await;
    let ctx = bed.program();
    let (family, known) = product(&bed, "Gatehouse").await;
    let (other, _) = product(&bed, "Drawbridge").await;
    let _done = import(&ctx, &plain(FINDER, "a@example.org", "Overflow", "", "Text."), "test").await.unwrap();
    let id = one(&bed, "select id from issue_report").await;
    let path = format!("/desk/reports/{id}");
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let mut near = bed.person_with("Nia Near", &[Grant { role: Role::Analyst, scope: Scope::Family(family) }]).await;
    let mut far = bed.person_with("Fay Far", &[Grant { role: Role::Analyst, scope: Scope::Family(other) }]).await;
    let mut developer = bed.person("Dev Eloper", Role::Developer).await;
    // Nobody knows the product yet, so only those for everything see it.
    let _near = near.client.get(&path).await.expect(404);
    let facts = [
        ("revision", "1"),
        ("product", &known.to_string()),
        ("version", "3.2"),
        ("sender_name", "Fin"),
        ("sender_address", "finder@example.org"),
    ];
    let _wrong = lead
        .client
        .post(&format!("{path}/facts"), &[("revision", "1"), ("sender_address", "no")])
        .await
        .expect(422)
        .says("not a mail address");
    let _set = lead.client.post(&format!("{path}/facts"), &facts).await.expect(303);
    let _stale = lead.client.post(&format!("{path}/facts"), &facts).await.expect(422).says("Somebody else changed");
    let _near = near.client.get(&path).await.expect(200).says("Gatehouse");
    let _far = far.client.get(&path).await.expect(404);
    let _list = far.client.get("/desk/reports").await.expect(200).keeps_quiet_about("Overflow");
    let _developer = developer.client.get(&path).await.expect(404);
    // In a case only its members and leads see it.
    let revision = one(&bed, "select revision from issue_report").await;
    let _opened = lead
        .client
        .post(&format!("{path}/case"), &[("revision", &revision), ("title", "Overflow in the dialler")])
        .await
        .expect(303);
    let _near = near.client.get(&path).await.expect(404);
    let _list = near.client.get("/desk/reports").await.expect(200).keeps_quiet_about("Overflow");
    let _lead = lead.client.get(&path).await.expect(200).says("PSIRT-2026-0001");
    let _again = lead
        .client
        .post(&format!("{path}/classify"), &[("revision", "9"), ("class", "spam")])
        .await
        .expect(422)
        .says("belongs to PSIRT-2026-0001");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enquiries_are_told_where_to_go_and_stay_findable() {
    let bed = bed().await;
    let _done = import(&bed.program(), &plain(FINDER, "a@example.org", "A licence", "", "Where do I get one?"), "test")
        .await
        .unwrap();
    let id = one(&bed, "select id from issue_report").await;
    let revision = one(&bed, "select revision from issue_report").await;
    let mut analyst = bed.person("Ana Lyst", Role::Analyst).await;
    let _page = analyst
        .client
        .get(&format!("/desk/reports/{id}"))
        .await
        .expect(200)
        .says("your partner or our customer support");
    let fields =
        [("revision", revision.as_str()), ("class", "enquiry"), ("tell", "on"), ("answer", "Please ask your partner.")];
    let _told = analyst.client.post(&format!("/desk/reports/{id}/classify"), &fields).await.expect(303);
    let mails = outbox(&bed).await;
    assert_eq!(mails.len(), 2);
    assert!(mails[1].read().text.contains("Please ask your partner."));
    let _found = analyst
        .client
        .get("/desk/reports?classification=enquiry&q=licence")
        .await
        .expect(200)
        .says("A licence")
        .says("Answered");
    assert_eq!(one(&bed, "select count(*) from issue_case").await, "0");
    assert_eq!(bed.actions().await, ["key.made", "report.received", "report.classified"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_join_cases_and_reporters_hear_of_them() {
    let bed = bed().await;
    let ctx = bed.program();
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    for number in 1..=2 {
        let mail = plain(
            &format!("Fin {number} <f{number}@example.org>"),
            &format!("{number}@example.org"),
            "Overflow",
            "",
            "Text of it.",
        );
        let _done = import(&ctx, &mail, "test").await.unwrap();
    }
    let first = one(&bed, "select id from issue_report where number = 'R-2026-0001'").await;
    let second = one(&bed, "select id from issue_report where number = 'R-2026-0002'").await;
    let opened = lead
        .client
        .post(&format!("/desk/reports/{first}/case"), &[("revision", "1"), ("title", "Overflow")])
        .await
        .expect(303);
    let case: kernel::Id<kernel::kinds::Case> = opened.location().rsplit('/').next().unwrap().parse().unwrap();
    let _none = lead
        .client
        .post(&format!("/desk/reports/{second}/link"), &[("revision", "1"), ("case", "PSIRT-2026-0077")])
        .await
        .expect(422)
        .says("There is no case with this number");
    let _linked = lead
        .client
        .post(&format!("/desk/reports/{second}/link"), &[("revision", "1"), ("case", "psirt-2026-0001")])
        .await
        .expect(303);

    let acting = bed.acting(&lead);
    let mut tx = acting.read().await.unwrap();
    let panel = conversation_panel(&mut tx, &acting, case).await.unwrap().into_string();
    assert!(panel.contains("All reporters of this case") && panel.contains("Text of it.") && panel.contains("Fin 2"));
    drop(tx);
    let before = outbox(&bed).await.len();
    let fields = [("report", "all"), ("subject", "News"), ("text", "It is confirmed."), ("by", "mail")];
    let _sent = lead.client.post(&format!("/desk/conversations/{case}"), &fields).await.expect(303);
    assert_eq!(outbox(&bed).await.len(), before + 2);

    let mut tx = acting.begin().await.unwrap();
    tx.is_housekeeping();
    assert_eq!(tell_reporters(&mut tx, &acting, case, "Fixed", "Fixed in 3.3.").await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert_eq!(outbox(&bed).await.len(), before + 4);

    // A second case takes the reports of the first.
    let told = [
        ("subject", "By phone"),
        ("body", "Somebody called."),
        ("received_at", "2026-03-01T10:00"),
        ("product_text", "Gatehouse"),
    ];
    let entered =
        lead.client.post_files("/desk/reports/new", &told, &[("file", "notes.txt", b"notes")]).await.expect(303);
    let _page = lead.client.get(entered.location()).await.expect(200).says("By hand").says("notes.txt");
    let third = entered.location().rsplit('/').next().unwrap().to_owned();
    let _opened = lead
        .client
        .post(&format!("/desk/reports/{third}/case"), &[("revision", "1"), ("title", "Other")])
        .await
        .expect(303);
    let _future = lead
        .client
        .post("/desk/reports/new", &[("subject", "x"), ("body", "y"), ("received_at", "2030-01-01T00:00")])
        .await
        .expect(422)
        .says("lies in the future");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_link_ends_the_old_one() {
    let bed = bed().await;
    let _done = import(&bed.program(), &plain(FINDER, "a@example.org", "Overflow", "", "Text."), "test").await.unwrap();
    let link = |text: String| {
        let at = text.find("/report/").unwrap();
        text[at..].split_whitespace().next().unwrap().to_owned()
    };
    let old = link(outbox(&bed).await[0].read().text);
    let id = one(&bed, "select id from issue_report").await;
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let _sent = lead.client.post(&format!("/desk/reports/{id}/secret-link"), &[]).await.expect(303);
    let new = link(outbox(&bed).await[1].read().text);
    let _old = bed.visitor().get(&old).await.expect(404);
    let _new = bed.visitor().get(&new).await.expect(200).says("Overflow");
}
