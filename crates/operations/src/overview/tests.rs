//! The overview and the search through their routes.

use kernel::Role;
use platform::jobs::Jobs;
use testbed::Testbed;

use crate::issue_management::advisory::tests::fixture::{SECRET, world};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_of_a_new_installation_sees_what_to_do_first() {
    let bed = Testbed::new(crate::routes(), Jobs::default()).await;
    let mut admin = bed.person("Max Admin", Role::Administrator).await;
    admin.client.get("/desk").await.expect(200).says("First steps").says("/desk/people").keeps_quiet_about("My cases");
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    lead.client.get("/desk").await.expect(200).says("No case is yours").says("Add your products");
    bed.visitor().get("/desk").await.expect(303);
    bed.visitor().get("/desk/search?q=x").await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_search_finds_what_one_may_see() {
    let mut world = world().await;
    world.lea.client.get("/desk/search?q=quetzal").await.expect(200).says("PSIRT-2026-0001");
    world.lea.client.get("/desk/search?q=gate+300").await.expect(200).says("/desk/products/");
    world.lea.client.get("/desk/search?q=r-2026").await.expect(200).says("A crash");
    world.lea.client.get("/desk/search?q=q").await.expect(200).says("at least two letters");
    world.lea.client.get("/desk/search?q=%25%25").await.expect(200).says("PSIRT-2026-0001");
    let mut agent = world.bed.person("Sam Agent", Role::SupportAgent).await;
    let page = agent.client.get("/desk/search?q=crash").await.expect(200);
    page.says("Nothing found").keeps_quiet_about(SECRET);
    let mut executive = world.bed.person("Eve Executive", Role::Executive).await;
    executive.client.get("/desk/search?q=quetzal").await.expect(200).says("Nothing found");
    executive.client.get("/desk").await.expect(200).keeps_quiet_about(SECRET);
}
