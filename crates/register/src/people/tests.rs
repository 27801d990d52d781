//! People through their routes.

use kernel::Role;
use platform::access;
use platform::jobs::Jobs;
use testbed::Testbed;

async fn bed() -> Testbed {
    Testbed::new(super::routes(), Jobs::default()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_start_makes_an_administrator_once() {
    let bed = bed().await;
    let link = access::make_setup_link(&bed.program()).await.unwrap().unwrap();
    let mut visitor = bed.visitor();
    let at = format!("/desk/welcome/{}", link.token);
    visitor.get(&at).await.expect(200).says("Set up Portcullis");
    visitor
        .post(&at, &[("name", "Ada Admin"), ("email", "ada@halden.example"), ("password", "short")])
        .await
        .expect(422)
        .says("at least 12 characters")
        .says("ada@halden.example");
    let good = [("name", "Ada Admin"), ("email", "ada@halden.example"), ("password", "four plain words here")];
    visitor.post(&at, &good).await.expect(303);
    visitor.post(&at, &good).await.expect(404).says("does not work any more");
    visitor
        .post("/desk/sign-in", &[("email", "ada@halden.example"), ("password", "wrong")])
        .await
        .expect(422)
        .says("wrong");
    visitor
        .post("/desk/sign-in", &[("email", "Ada@halden.example"), ("password", "four plain words here")])
        .await
        .expect(303);
    visitor.get("/desk/people").await.expect(200).says("Ada Admin");
    assert!(access::make_setup_link(&bed.program()).await.unwrap().is_none());
    assert_eq!(bed.actions().await, ["installation.setup_link_made", "installation.set_up", "session.begun"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invited_person_sets_a_password_and_is_granted_roles() {
    let bed = bed().await;
    let mut admin = bed.person("Ada Admin", Role::Administrator).await;
    let page = admin
        .client
        .post("/desk/people/invite", &[("name", "Lea Lead"), ("email", "lea@halden.example"), ("role", "lead")])
        .await
        .expect(200)
        .says("shown only this once")
        .text();
    let token = page.split("/desk/welcome/").nth(1).unwrap().split(['<', '"', '\n', ' ']).next().unwrap().to_owned();
    let mut lea = bed.visitor();
    lea.post(&format!("/desk/welcome/{token}"), &[("password", "another few words")]).await.expect(303);
    lea.post("/desk/sign-in", &[("email", "lea@halden.example"), ("password", "another few words")]).await.expect(303);
    lea.get("/desk/account").await.expect(200).says("PSIRT lead");
    // What she may not see answers like what does not exist.
    lea.get("/desk/people").await.expect(404);
    admin
        .client
        .post("/desk/people/invite", &[("name", "Lea"), ("email", "LEA@halden.example")])
        .await
        .expect(422)
        .says("is here already");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_administrator_stays() {
    let bed = bed().await;
    let mut admin = bed.person("Ada Admin", Role::Administrator).await;
    let at = format!("/desk/people/{}", admin.id);
    admin.client.post(&format!("{at}/disable"), &[("revision", "1")]).await.expect(422).says("last administrator");
    bed.person("Ben Backup", Role::Administrator).await;
    admin.client.post(&format!("{at}/disable"), &[("revision", "7")]).await.expect(409);
    admin.client.post(&format!("{at}/disable"), &[("revision", "1")]).await.expect(303);
    admin.client.get("/desk/people").await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_end_and_idle_ones_too() {
    let bed = bed().await;
    let mut ana = bed.person("Ana Analyst", Role::Analyst).await;
    ana.client.get("/desk/account").await.expect(200);
    bed.pass(std::time::Duration::from_secs(3_600));
    ana.client.get("/desk/account").await.expect(200);
    ana.client.post("/desk/sign-out", &[]).await.expect(303);
    ana.client.get("/desk/account").await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_is_slowed_down() {
    let bed = bed().await;
    let mut visitor = bed.visitor();
    for _ in 0..10 {
        visitor.post("/desk/sign-in", &[("email", "x@halden.example"), ("password", "guess")]).await.expect(422);
    }
    visitor.post("/desk/sign-in", &[("email", "x@halden.example"), ("password", "guess")]).await.expect(429);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_of_another_site_is_refused() {
    let bed = bed().await;
    let mut admin = bed.person("Ada Admin", Role::Administrator).await;
    let request = http::Request::post("/desk/people/invite")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body("name=Eve&email=eve@evil.example".into())
        .unwrap();
    admin.client.send(request).await.expect(403).says("another site");
}
