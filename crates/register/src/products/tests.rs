//! Families, products and releases through their routes.

use kernel::{Grant, Role, Scope};
use platform::jobs::Jobs;
use testbed::Testbed;

use super::model::{FamilyDraft, ProductDraft, ProductState};
use super::{add_family, add_product, store};

async fn bed() -> Testbed {
    Testbed::new(super::routes(), Jobs::default()).await
}

fn product(family: super::FamilyId, name: &str) -> ProductDraft {
    ProductDraft {
        family,
        name: name.to_owned(),
        description: String::new(),
        state: ProductState::Active,
        cpe: String::new(),
        purl: String::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_a_product_and_a_release_are_added_and_changed() {
    let bed = bed().await;
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    lead.client.get("/desk/products").await.expect(200).says("No products yet");
    let next = lead.client.post("/desk/families/new", &[("name", "Gateways")]).await.expect(303).location().to_owned();
    let family = next.split("family=").nth(1).unwrap().to_owned();
    let at = lead
        .client
        .post(
            "/desk/products/new",
            &[("family", &family), ("name", "Gate 300"), ("state", "active"), ("cpe", "nonsense")],
        )
        .await
        .expect(422)
        .says("starts with cpe:2.3:")
        .says("Gate 300");
    drop(at);
    let at = lead
        .client
        .post("/desk/products/new", &[("family", &family), ("name", "Gate 300"), ("state", "active")])
        .await
        .expect(303)
        .location()
        .to_owned();
    let new = format!("{at}/releases/new");
    lead.client.post(&new, &[("version", "4.2"), ("state", "released")]).await.expect(422).says("when it came out");
    let release =
        [("version", "4.2"), ("state", "released"), ("released_on", "2025-01-01"), ("support_ends_on", "2026-03-01")];
    lead.client.post(&new, &release).await.expect(303);
    lead.client.post(&new, &release).await.expect(422).says("has a release 4.2 already");
    // The test's day is 2026-03-02: support ended the day before.
    lead.client.get(&at).await.expect(200).says("Ended").says("2026-03-01");
    lead.client
        .get("/desk/products.csv")
        .await
        .expect(200)
        .says("Gateways,Gate 300,4.2,2025-01-01,2026-03-01,released");
    assert_eq!(bed.actions().await, ["family.added", "product.added", "release.added"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_of_two_editors_is_told() {
    let bed = bed().await;
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let ctx = bed.acting(&lead);
    let family = add_family(&ctx, &FamilyDraft { name: "Phones".to_owned(), ..FamilyDraft::default() }).await.unwrap();
    let id = add_product(&ctx, &product(family, "Phone 1")).await.unwrap();
    let family = family.to_string();
    let edit =
        |name: &'static str| vec![("family", family.as_str()), ("name", name), ("state", "active"), ("revision", "1")];
    let at = format!("/desk/products/{id}/edit");
    lead.client.post(&at, &edit("Phone One")).await.expect(303);
    lead.client.post(&at, &edit("Phone Uno")).await.expect(409).says("Somebody else changed").says("Phone Uno");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_in_one_family_changes_only_that_family() {
    let bed = bed().await;
    let lead = bed.person("Lea Lead", Role::Lead).await;
    let ctx = bed.acting(&lead);
    let draft = |name: &str| FamilyDraft { name: name.to_owned(), ..FamilyDraft::default() };
    let (mine, theirs) =
        (add_family(&ctx, &draft("Mine")).await.unwrap(), add_family(&ctx, &draft("Theirs")).await.unwrap());
    let other = add_product(&ctx, &product(theirs, "Other")).await.unwrap();
    let mut manager =
        bed.person_with("Pia Manager", &[Grant { role: Role::ProductManager, scope: Scope::Family(mine) }]).await;
    manager.client.get(&format!("/desk/products/{other}")).await.expect(200).keeps_quiet_about("Add a release");
    manager.client.get(&format!("/desk/products/{other}/edit")).await.expect(404);
    let fields = [("family", theirs.to_string()), ("name", "Taken".to_owned()), ("revision", "1".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    manager.client.post(&format!("/desk/products/{other}/edit"), &fields).await.expect(404);
    manager.client.get("/desk/families/new").await.expect(404);
    assert!(add_product(&bed.acting(&manager), &product(mine, "Own")).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_is_whole_or_not_at_all() {
    let bed = bed().await;
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let wrong = b"family,product,version,released_on\nGates,G1,1.0,2025-01-01\nGates,,2.0,\nGates,G2,1.0,tomorrow\n";
    lead.client
        .post_files("/desk/products/import", &[], &[("file", "p.csv", wrong)])
        .await
        .expect(422)
        .says("line 3")
        .says("is not a date");
    lead.client.get("/desk/products").await.expect(200).says("No products yet");
    let right = b"\xef\xbb\xbfFamily,Product,Version,Released_on,Support_ends_on\nGates,G1,1.0,2025-01-01,\ngates,g1,1.1,2025-06-01,2027-06-01\nGates,G2,,,\n";
    lead.client.post_files("/desk/products/import", &[], &[("file", "p.csv", right)]).await.expect(303);
    let mut tx = bed.platform.db.read().await.unwrap();
    assert_eq!(store::list_products(&mut tx).await.unwrap().len(), 2);
    assert_eq!(store::list_releases_of(&mut tx, None).await.unwrap().len(), 2);
    drop(tx);
    lead.client.post_files("/desk/products/import", &[], &[("file", "p.csv", right)]).await.expect(303);
    assert_eq!(bed.actions().await, ["products.imported", "products.imported"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_takes_the_same_statements_however_long_it_is() {
    let bed = bed().await;
    let lead = bed.person("Lea Lead", Role::Lead).await;
    let ctx = bed.acting(&lead);
    let family = add_family(&ctx, &FamilyDraft { name: "Gates".to_owned(), ..FamilyDraft::default() }).await.unwrap();
    for count in 0..30 {
        add_product(&ctx, &product(family, &format!("G{count}"))).await.unwrap();
    }
    let mut tx = bed.platform.db.read().await.unwrap();
    store::list_families(&mut tx).await.unwrap();
    store::list_products(&mut tx).await.unwrap();
    store::list_releases_of(&mut tx, None).await.unwrap();
    assert_eq!(tx.statements(), 3);
}
