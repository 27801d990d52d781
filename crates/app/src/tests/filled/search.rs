//! The search over everything.

use kernel::{Grant, Role, Scope};
use testbed::Testbed;

/// What somebody types, under which heading it is found, and the folder of the page that it leads to.
const SOUGHT: &[(&str, &str, &str)] = &[
    ("psirt-", "Cases", "/desk/cases/"),
    ("dialler", "Advisories", "/desk/advisories/"),
    ("r-20", "Reports", "/desk/reports/"),
    ("voice manager", "Products", "/desk/products/"),
    ("gate 300 8.0", "Releases", "/desk/releases/"),
    ("penetration", "Tasks of releases in work", "/tasks/"),
    ("attack surface", "Process", "/desk/practices/threat_assessment"),
    ("pack", "Process", "/desk/practices/packs/"),
    ("cve-1900-20031", "Findings", "/desk/findings/"),
    ("cookie without", "Findings", "/desk/findings/"),
    ("pebble-json", "Components", "/desk/components?q="),
    ("maturity 20", "Assessments", "/desk/assessments/"),
    ("every reader", "Improvement actions", "/desk/programme/improvement/actions/"),
];

pub(super) async fn finds_what_one_may_see(bed: &Testbed) {
    let everywhere = [Role::Lead, Role::SecurityLead].map(|role| Grant { role, scope: Scope::All });
    let mut lead = bed.person_with("Lea Everything", &everywhere).await;
    let mut nobody = bed.person_with("Sam Stranger", &[]).await;
    for (words, heading, folder) in SOUGHT {
        let at = format!("/desk/search?q={}", words.replace(' ', "+"));
        let page = lead.client.get(&at).await.expect(200).text();
        let panel = page.split("<section").find(|panel| panel.contains(&format!("<h2>{heading}</h2>")));
        let panel = panel.unwrap_or_else(|| panic!("{words} finds nothing under {heading}"));
        assert!(panel.contains(folder), "{words} under {heading}: {panel}");
        let link = panel.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let link = link.replace("&amp;", "&");
        let _ = lead.client.get(&link).await.expect(200);
        let _ = nobody.client.get(&at).await.expect(200).says("Nothing found");
    }
    // Who may see one product only finds what is that product's.
    let mut tx = bed.platform.db.read().await.unwrap();
    let row =
        tx.fetch_one("select id, family_id from register_product where name = 'Voice Manager'", &[]).await.unwrap();
    let scope = Scope::Product { product: row.get("id").unwrap(), family: row.get("family_id").unwrap() };
    drop(tx);
    let mut own = bed.person_with("Dev Voice", &[Grant { role: Role::Developer, scope }]).await;
    let page = own.client.get("/desk/search?q=penetration").await.expect(200);
    let _ = page.says("Voice Manager 10.0").keeps_quiet_about("Gate 300 8.0");
    let _ = own.client.get("/desk/search?q=cve-1900-20031").await.expect(200).keeps_quiet_about("/desk/findings/");
    let _ = own.client.get("/desk/search?q=psirt-").await.expect(200).keeps_quiet_about("/desk/cases/");
}
