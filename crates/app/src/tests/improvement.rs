//! The loop over two functions: a case of the response team, counted by the programme, without telling which one it was.

use kernel::{Id, Role, kinds};
use testbed::Testbed;

use crate::slices;

const SECRET: &str = "Overflow that nobody may hear of";

/// A release that is out, in a product of a family.
async fn product(bed: &Testbed) -> String {
    let ctx = bed.program();
    let (family, product): (Id<kinds::Family>, Id<kinds::Product>) = (ctx.id(), ctx.id());
    let release: Id<kinds::Release> = ctx.id();
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    for sql in [
        format!("insert into register_family (id, name, slug, created_at) values ('{family}', 'Gates', 'gates', 0)"),
        format!(
            "insert into register_product (id, family_id, name, slug, created_at)
             values ('{product}', '{family}', 'Halden Gate', 'gate', 0)"
        ),
        format!(
            "insert into register_release (id, product_id, version, position, state, created_at)
             values ('{release}', '{product}', '2.0', 1, 'released', 0)"
        ),
    ] {
        tx.execute(sql, &[]).await.unwrap();
    }
    tx.commit().await.unwrap();
    product.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_counts_for_everybody_and_shows_to_its_members_only() {
    let bed = Testbed::with(slices::routes(), slices::jobs(), slices::cards(), |_| {}).await;
    slices::ensure_ready(&bed.program()).await.unwrap();
    let product = product(&bed).await;
    let mut lead = bed.person("Lea Lead", Role::Lead).await;
    let mut security = bed.person("Sam Security", Role::SecurityLead).await;
    let mut analyst = bed.person("Ana Analyst", Role::Analyst).await;
    let opened = [("title", SECRET), ("product", product.as_str()), ("received", "2026-03-02T08:00")];
    let case = lead.client.post("/desk/cases/new", &opened).await.expect(303).location().to_owned();
    let flaw = [("title", SECRET), ("cwe", "787")];
    let flaw = lead.client.post(&format!("{case}/vulnerabilities/new"), &flaw).await.expect(303).location().to_owned();
    let vector = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H";
    let score = [("cvss", "3.1"), ("pasted31", vector), ("reason31", "Measured."), ("revision", "1")];
    let _ = lead.client.post(&format!("{flaw}/score"), &score).await.expect(303);
    let page = lead.client.get(&format!("{case}/root-cause")).await.expect(200).says("security_testing.fuzzing").text();
    let hidden = |name: &str| {
        let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (revision, writes) = (hidden("revision"), hidden("writes"));
    let fields = [
        ("revision", revision.as_str()),
        ("writes", writes.as_str()),
        ("cause", "coding_mistake"),
        ("explanation", "A length was trusted."),
        ("introduced", "before_records"),
        ("caught", "security_testing.fuzzing"),
        ("detected", "finder"),
    ];
    let _ = lead.client.post(&format!("{case}/root-cause"), &fields).await.expect(303);
    let escapes = "/desk/programme/improvement/escapes?practice=security_testing";
    let csv = |csv: String| csv.lines().count() - 1;
    for person in [&mut security, &mut analyst] {
        let page = person.client.get(&format!("{escapes}&format=csv")).await.expect(200);
        assert_eq!(csv(page.keeps_quiet_about(SECRET).keeps_quiet_about("PSIRT-").text()), 1);
        let _ =
            person.client.get(escapes).await.expect(200).says("A case that you cannot see").keeps_quiet_about(SECRET);
        let _ = person.client.get("/desk/programme").await.expect(200).keeps_quiet_about(SECRET);
    }
    let _ = lead.client.get(escapes).await.expect(200).says(SECRET).says("PSIRT-2026-0001");
    // Whoever joins the case sees which one it is.
    let analyst_id = analyst.id.to_string();
    let _ = lead.client.post(&format!("{case}/people/add"), &[("person", &analyst_id)]).await.expect(303);
    let _ = analyst.client.get(escapes).await.expect(200).says(SECRET);
}
