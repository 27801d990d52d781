//! Vulnerabilities, scores, exposure, remediation through their pages.

use super::{Desk, V31_HIGH};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flaw_is_scored_by_calculator_and_keeps_its_reasoning() {
    let mut desk = Desk::new().await;
    let case = desk.open("Overflow").await;
    let new = format!("/desk/cases/{case}/vulnerabilities/new");
    let wrong = [("title", "Flaw"), ("cwe", "CWE-x"), ("cve", "CVE-26-1")];
    let _ = desk
        .lead
        .client
        .post(&new, &wrong)
        .await
        .expect(422)
        .says("not a CWE id")
        .says("not a CVE id")
        .says("CVE-26-1");
    let flaw = desk.flaw(case, "Flaw", None).await;
    let page = format!("/desk/cases/{case}/vulnerabilities/{flaw}");
    let _ = desk.lead.client.get(&page).await.expect(200).says("data-cvss=\"3.1\"").says("data-cvss=\"4.0\"");
    let mut metrics: Vec<(&str, &str)> = V31_HIGH.split('/').skip(1).filter_map(|pair| pair.split_once(':')).collect();
    metrics.extend([("cvss", "3.1"), ("revision", "1"), ("E", "X")]);
    let score = format!("{page}/score");
    let _ = desk.lead.client.post(&score, &metrics).await.expect(422).says("Say why the metrics");
    metrics.push(("reason31", "Measured in the lab."));
    let _ = desk.lead.client.post(&score, &metrics[1..]).await.expect(422).says("The score is not complete");
    let _ = desk.lead.client.post(&score, &metrics).await.expect(303);
    let _ = desk.lead.client.get(&page).await.expect(200).says("8.8").says("Measured in the lab.").says(V31_HIGH);
    let v4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
    let beside = [("cvss", "4.0"), ("pasted40", v4), ("reason40", "The same."), ("revision", "2")];
    let _ = desk.lead.client.post(&score, &beside).await.expect(303);
    let found = desk.value(&format!("select severity as found from issue_case where id = '{case}'")).await;
    assert_eq!(found, "high", "v3.1 rates, v4.0 stands beside it");
    let old = [("cvss", "3.1"), ("pasted31", v4), ("reason31", "x"), ("revision", "3")];
    let _ = desk.lead.client.post(&score, &old).await.expect(422).says("a vector of CVSS 4.0");
    let stale = [("cvss", "3.1"), ("pasted31", V31_HIGH), ("reason31", "My long thought"), ("revision", "1")];
    let _ = desk.lead.client.post(&score, &stale).await.expect(422).says("Somebody else").says("My long thought");
    let text = [("title", "Mine"), ("description", "My words"), ("revision", "1")];
    let _ = desk.lead.client.post(&page, &text).await.expect(422).says("Somebody else saved this").says("My words");
    let _ = desk
        .lead
        .client
        .get(&format!("/desk/cases/{case}/timeline"))
        .await
        .expect(200)
        .says("Scored a vulnerability with CVSS 3.1: 8.8");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exposure_is_set_for_many_at_once_and_justified() {
    let mut desk = Desk::new().await;
    let case = desk.open("Overflow").await;
    let path = format!("/desk/cases/{case}/exposure");
    let _ = desk.lead.client.get(&path).await.expect(200).says("Add the first one");
    let (first, second) = (desk.flaw(case, "First", None).await, desk.flaw(case, "Second", None).await);
    let _ = desk
        .lead
        .client
        .get(&path)
        .await
        .expect(200)
        .says("out of support since 2025-12-31")
        .says("in support until 2028-12-31");
    let (old, current) = (desk.old.to_string(), desk.current.to_string());
    let both =
        [("vulnerability", first.as_str()), ("vulnerability", &second), ("release", &old), ("release", &current)];
    let with = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        both.iter().copied().chain(more.iter().copied()).collect()
    };
    let post = async |desk: &mut Desk, fields: Vec<(&str, &str)>| desk.lead.client.post(&path, &fields).await;
    let _ = post(&mut desk, with(&[("status", "not_affected"), ("writes", "0")]))
        .await
        .expect(422)
        .says("needs a justification or a statement");
    let _ =
        post(&mut desk, with(&[("status", "affected"), ("justification", "component_not_present"), ("writes", "0")]))
            .await
            .expect(422)
            .says("only goes with");
    let _ = post(&mut desk, with(&[("writes", "0")])).await.expect(422).says("Choose a status");
    let _ = post(&mut desk, vec![("status", "affected"), ("vulnerability", &first), ("writes", "0")])
        .await
        .expect(422)
        .says("at least one release");
    let _ = post(&mut desk, with(&[("status", "affected"), ("writes", "0")])).await.expect(303);
    let _ = post(&mut desk, with(&[("status", "fixed"), ("statement", "My statement"), ("writes", "0")]))
        .await
        .expect(422)
        .says("Somebody else assessed")
        .says("My statement");
    let justified = [("status", "not_affected"), ("justification", "component_not_present"), ("writes", "4")];
    let _ = post(&mut desk, with(&justified)).await.expect(303);
    let _ = desk.lead.client.get(&format!("{path}?v={first}&r={old}")).await.expect(200).says("Component not present");
    let _ = desk.lead.client.get(&format!("{path}?v={first}")).await.expect(200);
    let foreign = desk.bed.program().id::<kernel::kinds::Release>().to_string();
    let elsewhere =
        vec![("status", "affected"), ("vulnerability", first.as_str()), ("release", &foreign), ("writes", "8")];
    let _ = post(&mut desk, elsewhere).await.expect(422).says("Somebody else assessed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn remediation_decides_what_is_available() {
    let mut desk = Desk::new().await;
    let case = desk.open("Overflow").await;
    let flaw = desk.flaw(case, "Flaw", Some(V31_HIGH)).await;
    let page = format!("/desk/cases/{case}/vulnerabilities/{flaw}");
    let path = format!("{page}/remediation");
    let _ = desk
        .lead
        .client
        .post(&path, &[("category", "vendor_fix"), ("details", "x")])
        .await
        .expect(422)
        .says("names the release");
    let _ = desk
        .lead
        .client
        .post(&path, &[("category", "other"), ("details", "x")])
        .await
        .expect(422)
        .says("Choose what users can do");
    let script = [("category", "workaround"), ("details", "x"), ("url", "javascript:alert(1)")];
    let _ = desk.lead.client.post(&path, &script).await.expect(422).says("begins with https://");
    let coming = desk.coming.to_string();
    let fix = [("category", "vendor_fix"), ("details", "Update."), ("release", coming.as_str())];
    let _ = desk.lead.client.post(&path, &fix).await.expect(303);
    let _ = desk.lead.client.get(&page).await.expect(200).says("when the release is out");
    let _ = desk.step(case, "confirm", "").await.expect(303);
    let _ = desk.step(case, "ready", "").await.expect(422);
    let _ =
        desk.lead.client.post(&path, &[("category", "none_available"), ("details", "Nothing yet.")]).await.expect(303);
    let _ = desk.step(case, "ready", "").await.expect(422);
    desk.mitigate(case, &flaw).await;
    let _ = desk.step(case, "ready", "").await.expect(303);
    let entry = desk.value("select id as found from issue_remediation where category = 'workaround'").await;
    let gone = [("remediation", entry.as_str()), ("revision", "1")];
    let _ = desk.lead.client.post(&format!("{path}/remove"), &gone).await.expect(303);
    let met = format!("select cast(mitigated_at as text) as found from issue_case where id = '{case}'");
    assert_eq!(desk.value(&met).await, "");
    let last = [("revision", "2")];
    let _ = desk
        .lead
        .client
        .post(&format!("{page}/remove"), &last)
        .await
        .expect(422)
        .says("keeps at least one vulnerability");
}
