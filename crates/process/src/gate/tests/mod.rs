//! Releases carried from plan to passed gate through the routes, in each way of working; and all that must stop them.

mod removal;

use base64::Engine;
use ed25519_dalek::Verifier;
use ed25519_dalek::pkcs8::DecodePublicKey;
use kernel::Permission;

use super::model::Outcome;
use super::rules;
use crate::testing::{Vendor, pieces, set_fact};
use crate::{place, plan};

/// From nothing to a recorded decision.
async fn carried_through(models: &[&str]) -> Vendor {
    let mut vendor = Vendor::new().await;
    let release = vendor.release;
    let at = format!("/desk/releases/{release}");
    vendor.dev.client.get(&at).await.expect(200).says("No plan yet");
    vendor.answer(models).await;
    vendor.fill_team().await;
    vendor.plan(release, models, &[]).await;
    vendor.dev.client.get(&at).await.expect(200).says("Due next").says("Progress by practice");
    vendor.lead.client.get(&format!("{at}/gate")).await.expect(200).says("hold the gate");
    let decide = format!("{at}/gate/decide");
    vendor
        .lead
        .client
        .post(&decide, &[("gate", "release_gate"), ("outcome", "passed")])
        .await
        .expect(422)
        .says("cannot pass");
    vendor.settle(release, "1.0").await;
    let sheet = vendor.sheet(release).await;
    let lacking: Vec<_> = sheet
        .lines
        .iter()
        .filter(|line| !line.status.state.is_settled())
        .map(|line| (&line.task.activity, &line.status.lacks))
        .collect();
    assert!(lacking.is_empty(), "{lacking:?}");
    vendor.lead.client.get(&format!("{at}/gate")).await.expect(200).says("The gate lets this release pass");
    vendor.dev.client.post(&decide, &[("gate", "release_gate"), ("outcome", "passed")]).await.expect(404);
    vendor
        .lead
        .client
        .post(&decide, &[("gate", "release_gate"), ("outcome", "passed_with_exceptions"), ("reason", "x")])
        .await
        .expect(422)
        .says("no exceptions");
    vendor.lead.client.post(&decide, &[("gate", "release_gate"), ("outcome", "passed")]).await.expect(303);
    vendor.lead.client.get(&format!("{at}/gate")).await.expect(200).says("Petra Lead").says("state sha256");
    assert!(vendor.bed.actions().await.contains(&"gate.decided".to_owned()));
    vendor
}

/// Takes away each piece of evidence, lets each lapse, and turns each fact, one at a time: the gate must say so each time.
async fn nothing_is_superfluous(vendor: &Vendor) {
    let ctx = vendor.bed.program();
    let sheet = vendor.sheet(vendor.release).await;
    let ids = pieces(&sheet);
    assert!(!ids.is_empty());
    let changes = [
        "update process_evidence set ended_at = $1 where id = $2",
        "update process_evidence set valid_until = $1 where id = $2",
    ];
    for id in ids {
        for sql in changes {
            // Never committed, so that the next piece starts from a gate that passes.
            let mut tx = ctx.begin().await.unwrap();
            tx.execute(sql, &[ctx.now.into(), id.into()]).await.unwrap();
            let place = place::release(&ctx, &mut tx, vendor.release, Permission::ReadPlans).await.unwrap();
            let changed = plan::load_sheet(&mut tx, place, ctx.now).await.unwrap();
            let verdict = rules::judge(&changed, "", &[]).unwrap();
            assert_eq!(verdict.outcome, Outcome::Lacking, "without {id}");
            assert!(verdict.lacking().all(|item| !item.lacks.is_empty()));
        }
    }
    let mut tx = ctx.read().await.unwrap();
    let facts = tx.fetch_all("select fact from test_fact where holds = true", &[]).await.unwrap();
    drop(tx);
    for row in facts {
        let fact: String = row.get("fact").unwrap();
        set_fact(&vendor.bed, vendor.release, &fact, false).await;
        assert_eq!(vendor.outcome(vendor.release).await, Outcome::Lacking, "without {fact}");
        set_fact(&vendor.bed, vendor.release, &fact, true).await;
    }
    assert_eq!(vendor.outcome(vendor.release).await, Outcome::Passed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waterfall_release_goes_from_plan_to_passed_gate() {
    let mut vendor = carried_through(&["waterfall"]).await;
    nothing_is_superfluous(&vendor).await;
    let at = format!("/desk/releases/{}/gate?gate=design_gate", vendor.release);
    vendor.lead.client.get(&at).await.expect(200).says("Design agreed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agile_release_goes_from_plan_to_passed_gate() {
    let vendor = carried_through(&["agile"]).await;
    nothing_is_superfluous(&vendor).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_devops_release_goes_from_plan_to_passed_gate() {
    let vendor = carried_through(&["devops"]).await;
    nothing_is_superfluous(&vendor).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mixed_release_lapses_with_time_and_the_next_one_starts_from_it() {
    let mut vendor = carried_through(&["waterfall", "agile", "devops"]).await;
    let first = vendor.release;
    let next = vendor.add_release("2.0").await;
    vendor.plan(next, &["waterfall", "agile", "devops"], &["interface"]).await;
    let sheet = vendor.sheet(next).await;
    let by = |id: &str| sheet.lines.iter().find(|line| line.task.activity == id).unwrap();
    let surface = by("threat_assessment.attack_surface");
    assert!(surface.task.carried_words.contains("an interface"), "{}", surface.task.carried_words);
    assert!(!surface.status.state.is_settled());
    let carried: Vec<_> =
        sheet.lines.iter().filter(|line| line.task.carried_words.starts_with("Carried over from 1.0")).collect();
    assert!(carried.len() > 5, "{}", carried.len());
    let some = carried.iter().find(|line| line.status.state.is_settled()).unwrap();
    let page = format!("/desk/releases/{next}/tasks/{}", some.task.id);
    vendor.dev.client.get(&page).await.expect(200).says("Carried over from 1.0").says("of another release");
    // What the next release stands on is taken away in the first: both know.
    let id = some.status.pieces.iter().find_map(|piece| piece.by).unwrap();
    let end = format!("/desk/releases/{first}/evidence/{id}/end");
    vendor.dev.client.post(&end, &[("reason", "It was the wrong file.")]).await.expect(303);
    let task = some.task.id;
    assert!(!vendor.sheet(next).await.line(task).unwrap().status.state.is_settled());
    assert_eq!(vendor.outcome(first).await, Outcome::Lacking);
    // As of the evening before it was taken away the first release had passed.
    vendor.bed.pass(std::time::Duration::from_secs(400 * 86_400));
    let past = format!("/desk/releases/{first}/gate?asof=2026-03-01");
    vendor.lead.client.get(&past).await.expect(422).says("no plan for this release on 2026-03-01");
    let lapsed = vendor.sheet(first).await;
    assert!(lapsed.lines.iter().any(|line| line.status.state == plan::TaskState::Lapsed));
    vendor.bed.run_jobs().await;
    vendor.lead.client.get("/desk/releases").await.expect(200).says("lacking");
    vendor.lead.client.get("/desk/practices/heatmap?what=lapsed").await.expect(200).says("Gate 300 2.0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_get_json_junit_sarif_and_a_signed_statement() {
    let mut vendor = Vendor::new().await;
    vendor.answer(&["agile"]).await;
    vendor.plan(vendor.release, &["agile"], &[]).await;
    let gate = format!("/api/v1/products/{}/releases/1.0/gate", vendor.slug);
    let said = vendor.pipeline.get(&gate).await.expect(200).json();
    assert_eq!(said["data"]["outcome"], "lacking");
    let lacking = said["data"]["lacking"].as_array().unwrap();
    let all: Vec<&str> = lacking.iter().map(|item| item["activity"].as_str().unwrap()).collect();
    let what_if = vendor.pipeline.get(&format!("{gate}?assume={}", all.join("&assume="))).await.expect(200).json();
    assert_eq!(what_if["data"]["passed"], true);
    assert_eq!(what_if["data"]["assumed"].as_array().unwrap().len(), all.len());
    vendor.pipeline.get(&format!("{gate}?assume=no.such")).await.expect(422).says("unknown-task");
    vendor.pipeline.get(&format!("{gate}?gate=nowhere")).await.expect(422).says("unknown-gate");
    vendor.pipeline.get(&format!("{gate}?format=pdf")).await.expect(422).says("unknown-format");
    vendor.pipeline.get(&format!("{gate}?format=junit")).await.expect(200).says("<testsuites").says("<failure");
    let sarif = vendor.pipeline.get(&format!("{gate}?format=sarif")).await.expect(200).json();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), all.len());
    vendor.pipeline.get(&format!("{gate}?format=dsse&assume={}", all[0])).await.expect(422).says("what-if");
    vendor.bed.pass(std::time::Duration::from_secs(2 * 86_400));
    vendor.pipeline.get(&format!("{gate}?format=dsse&asof=2026-03-03")).await.expect(422).says("proves nothing today");
    let hash = "ab".repeat(32);
    let signed =
        vendor.pipeline.get(&format!("{gate}?format=dsse&sha256={hash}&name=gate.bin")).await.expect(200).json();
    let pem = vendor.bed.visitor().get("/api/v1/gate-key.pem").await.expect(200).text();
    let key = ed25519_dalek::VerifyingKey::from_public_key_pem(&pem).unwrap();
    let decode =
        |text: &serde_json::Value| base64::engine::general_purpose::STANDARD.decode(text.as_str().unwrap()).unwrap();
    let payload = decode(&signed["payload"]);
    let kind = signed["payloadType"].as_str().unwrap();
    let mut message = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    message.extend_from_slice(&payload);
    let signature = ed25519_dalek::Signature::from_slice(&decode(&signed["signatures"][0]["sig"])).unwrap();
    key.verify(&message, &signature).unwrap();
    let statement: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["subject"][0]["digest"]["sha256"], hash);
    assert_eq!(statement["predicate"]["outcome"], "lacking");
    message.push(b' ');
    key.verify(&message, &signature).unwrap_err();
    let api = vendor.bed.visitor().get("/api/v1/openapi.json").await.expect(200).json();
    assert!(api["paths"]["/api/v1/products/{slug}/releases/{version}/gate"]["get"].is_object());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exceptions_pass_the_gate_only_as_exceptions_and_while_they_last() {
    let mut vendor = Vendor::new().await;
    vendor.answer(&["agile"]).await;
    vendor.fill_team().await;
    let release = vendor.release;
    vendor.plan(release, &["agile"], &[]).await;
    let open = vendor.lacking(release).await;
    let bulk = format!("/desk/releases/{release}/tasks");
    vendor
        .dev
        .client
        .post(&bulk, &[("do", "waiver"), ("task", &open[0]), ("reason", "short"), ("expires_on", "2026-04-01")])
        .await
        .expect(422);
    vendor.ask_exceptions(release, "waiver", &open).await;
    vendor.approve_exceptions(release).await;
    assert_eq!(vendor.outcome(release).await, Outcome::PassedWithExceptions);
    let decide = format!("/desk/releases/{release}/gate/decide");
    vendor.lead.client.post(&decide, &[("outcome", "passed")]).await.expect(422).says("pass with exceptions");
    vendor.lead.client.post(&decide, &[("outcome", "passed_with_exceptions")]).await.expect(422).says("Say why");
    vendor
        .lead
        .client
        .post(&decide, &[("outcome", "passed_with_exceptions"), ("reason", "Agreed with sales.")])
        .await
        .expect(303);
    vendor.bed.pass(std::time::Duration::from_secs(31 * 86_400));
    assert_eq!(vendor.outcome(release).await, Outcome::Lacking);
    vendor
        .lead
        .client
        .get(&format!("/desk/releases/{release}?state=lapsed"))
        .await
        .expect(200)
        .says("The exception ended on 2026-04-01");
    let past = vendor.lead.client.get(&format!("/desk/releases/{release}/gate?asof=2026-03-20")).await.expect(200);
    past.says("would have said").says("Passed with exceptions");
}
