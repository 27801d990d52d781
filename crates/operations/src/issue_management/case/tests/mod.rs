//! The case desk through its routes, on a real database.

mod access;
mod clocks;
mod facts;
mod flaws;
mod life;
mod moving;
mod root_cause;
mod work;

use kernel::{Id, Role, Timestamp, kinds};
use platform::audit::{self, Entry};
use platform::cards::Cards;
use platform::jobs::Jobs;
use testbed::{Answer, Client, TestPerson, Testbed};

use super::mark_published;
use super::model::CaseId;

pub(super) const V31_HIGH: &str = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H";
pub(super) const V31_LOW: &str = "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";

/// A program with a family, a product and three releases: one old, one supported, one coming.
pub(super) struct Desk {
    pub(super) bed: Testbed,
    pub(super) lead: TestPerson,
    pub(super) family: Id<kinds::Family>,
    pub(super) product: Id<kinds::Product>,
    pub(super) old: Id<kinds::Release>,
    pub(super) current: Id<kinds::Release>,
    pub(super) coming: Id<kinds::Release>,
}

impl Desk {
    pub(super) async fn new() -> Self {
        let mut jobs = Jobs::default();
        super::jobs(&mut jobs);
        let mut cards = Cards::default();
        super::cards(&mut cards);
        let routes = super::routes();
        let bed = Testbed::with(routes, jobs, cards, |settings| {
            settings.mail_from = "psirt@halden.example".to_owned();
        })
        .await;
        let ctx = bed.program();
        let (family, product) = (ctx.id(), ctx.id());
        let (old, current, coming) = (ctx.id(), ctx.id(), ctx.id());
        let mut tx = ctx.begin().await.unwrap();
        tx.is_housekeeping();
        tx.execute(
            "insert into register_family (id, name, slug, created_at) values ($1, 'Gates', 'gates', $2)",
            &[family.into(), ctx.now.into()],
        )
        .await
        .unwrap();
        tx.execute(
            "insert into register_product (id, family_id, name, slug, created_at) values ($1, $2, 'Halden Gate', 'gate', $3)",
            &[Id::<kinds::Product>::into(product), Id::<kinds::Family>::into(family), ctx.now.into()],
        )
        .await
        .unwrap();
        for (position, (id, version, state, ends)) in [
            (old, "1.0", "released", Some("2025-12-31")),
            (current, "2.0", "released", Some("2028-12-31")),
            (coming, "2.1", "in_development", None),
        ]
        .into_iter()
        .enumerate()
        {
            tx.execute(
                "insert into register_release (id, product_id, version, position, state, support_ends_on, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7)",
                &[
                    Id::<kinds::Release>::into(id),
                    product.into(),
                    version.into(),
                    position.into(),
                    state.into(),
                    ends.into(),
                    ctx.now.into(),
                ],
            )
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        let lead = bed.person("Lea Lead", Role::Lead).await;
        Self { bed, lead, family, product, old, current, coming }
    }

    /// A case with one flaw that is out in the open, and not closed yet.
    pub(super) async fn published(&mut self) -> CaseId {
        let case = self.open("Overflow in the dialler").await;
        let flaw = self.flaw(case, "Heap overflow", Some(V31_HIGH)).await;
        let _ = self.step(case, "confirm", "").await.expect(303);
        self.mitigate(case, &flaw).await;
        let _ = self.step(case, "ready", "").await.expect(303);
        let ctx = self.bed.acting(&self.lead);
        let mut tx = ctx.begin().await.unwrap();
        mark_published(&mut tx, &ctx, case).await.unwrap();
        let entry = Entry::new("advisory.published", kernel::RecordRef::new("case", case));
        audit::record(&mut tx, &ctx, entry).await.unwrap();
        tx.commit().await.unwrap();
        case
    }

    /// Opens a case for the product.
    pub(super) async fn open(&mut self, title: &str) -> CaseId {
        let product = self.product.to_string();
        open_as(&mut self.lead.client, title, &product).await
    }

    /// Adds a vulnerability and scores it; its identifier.
    pub(super) async fn flaw(&mut self, case: CaseId, title: &str, vector: Option<&str>) -> String {
        let path = format!("/desk/cases/{case}/vulnerabilities/new");
        let answer = self.lead.client.post(&path, &[("title", title), ("cwe", "787")]).await.expect(303);
        let flaw = answer.location().rsplit('/').next().unwrap().to_owned();
        if let Some(vector) = vector {
            let path = format!("/desk/cases/{case}/vulnerabilities/{flaw}/score");
            let fields =
                [("cvss", "3.1"), ("pasted31", vector), ("reason31", "Measured in the lab."), ("revision", "1")];
            let _ = self.lead.client.post(&path, &fields).await.expect(303);
        }
        flaw
    }

    /// Records a mitigation that is available.
    pub(super) async fn mitigate(&mut self, case: CaseId, flaw: &str) {
        let path = format!("/desk/cases/{case}/vulnerabilities/{flaw}/remediation");
        let fields = [("category", "workaround"), ("details", "Turn the web interface off.")];
        let _ = self.lead.client.post(&path, &fields).await.expect(303);
    }

    /// The revision of a case, as its page would carry it.
    pub(super) async fn revision(&self, case: CaseId) -> String {
        self.value(&format!("select cast(revision as text) as found from issue_case where id = '{case}'")).await
    }

    /// The one text that a query finds.
    pub(super) async fn value(&self, sql: &str) -> String {
        let mut tx = self.bed.platform.db.read().await.unwrap();
        let row = tx.fetch_optional(sql.to_owned(), &[]).await.unwrap();
        row.and_then(|row| row.get::<Option<String>>("found").unwrap()).unwrap_or_default()
    }

    /// Makes a move.
    pub(super) async fn step(&mut self, case: CaseId, name: &str, reason: &str) -> Answer {
        let revision = self.revision(case).await;
        let field = format!("reason_{}", name.replace('-', "_"));
        let path = format!("/desk/cases/{case}/move");
        self.lead.client.post(&path, &[("move", name), ("revision", &revision), (&field, reason)]).await
    }

    /// Records a root cause of the ordinary kind.
    pub(super) async fn explain(&mut self, case: CaseId) {
        let revision = self.revision(case).await;
        let fields = root_cause_fields(&revision, "0");
        let _ = self.lead.client.post(&format!("/desk/cases/{case}/root-cause"), &fields).await.expect(303);
    }

    /// The state of a case.
    pub(super) async fn state(&self, case: CaseId) -> String {
        self.value(&format!("select state as found from issue_case where id = '{case}'")).await
    }

    /// When a step is due.
    pub(super) async fn due(&self, case: CaseId, step: &str) -> Option<Timestamp> {
        let sql = format!(
            "select cast(due_at as text) as found from issue_clock where case_id = '{case}' and step = '{step}'"
        );
        self.value(&sql).await.parse().ok().map(Timestamp::from_micros)
    }
}

/// A root cause that needs no process pack.
pub(super) fn root_cause_fields<'a>(revision: &'a str, writes: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("revision", revision),
        ("writes", writes),
        ("cause", "coding_mistake"),
        ("explanation", "A length was not checked."),
        ("introduced", "before_records"),
        ("caught", "gap"),
        ("suggestion", "Fuzz every parser before release."),
        ("detected", "finder"),
    ]
}

/// Opens a case as somebody.
pub(super) async fn open_as(client: &mut Client, title: &str, product: &str) -> CaseId {
    let fields = [("title", title), ("product", product), ("received", "2026-03-02T08:00")];
    let answer = client.post("/desk/cases/new", &fields).await.expect(303);
    answer.location().rsplit('/').next().unwrap().parse().unwrap()
}
