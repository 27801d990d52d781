//! A small vendor for the tests of the programme: two families, two products, releases, cases with root causes.

use kernel::{Grant, Id, Permission, Role, Scope, Timestamp, kinds};
use platform::cards::{Card, Cards};
use platform::jobs::Jobs;
use testbed::{TestPerson, Testbed};

/// The title that no page may show to who does not see the case.
pub(crate) const SECRET: &str = "Overflow that nobody may hear of";

pub(crate) struct World {
    pub(crate) bed: Testbed,
    pub(crate) lead: TestPerson,
    pub(crate) gates: Id<kinds::Family>,
    pub(crate) gate: Id<kinds::Product>,
    pub(crate) phone: Id<kinds::Product>,
    pub(crate) release: Id<kinds::Release>,
}

/// A case with its root cause.
pub(crate) struct Escape<'a> {
    pub(crate) product: Id<kinds::Product>,
    pub(crate) found: &'a str,
    pub(crate) closed: Option<&'a str>,
    pub(crate) cause: &'a str,
    pub(crate) activity: &'a str,
    pub(crate) practice: &'a str,
    pub(crate) release: Option<Id<kinds::Release>>,
}

pub(crate) fn at(text: &str) -> Timestamp {
    format!("{text}T12:00:00Z").parse().unwrap()
}

impl World {
    pub(crate) async fn new() -> Self {
        let mut cards = Cards::default();
        // The cards of cases as the response team's slice gives them: only leads of cases see one here.
        cards.add("case", |_, actor, ids| {
            let sees = actor.may_somewhere(Permission::LeadCases);
            let found = ids
                .iter()
                .filter(|_| sees)
                .map(|id| (id.clone(), Card { title: SECRET.to_owned(), link: format!("/desk/cases/{id}") }));
            let found = found.collect();
            Box::pin(async move { Ok(found) })
        });
        let bed = Testbed::with(crate::routes(), Jobs::default(), cards, |_| {}).await;
        let ctx = bed.program();
        process::pack::load_built_in(&ctx).await.unwrap();
        let lead = bed.person("Sam Security", Role::SecurityLead).await;
        let (gates, phones) = (ctx.id(), ctx.id());
        let (gate, phone, release) = (ctx.id(), ctx.id(), ctx.id());
        let world = Self { bed, lead, gates, gate, phone, release };
        for (family, name) in [(gates, "Gates"), (phones, "Phones")] {
            let family: Id<kinds::Family> = family;
            let sql = "insert into register_family (id, name, slug, created_at) values ($1, $2, $2, 0)";
            world.run(sql, vec![family.into(), name.into()]).await;
        }
        for (product, family, name) in [(gate, gates, "Halden Gate"), (phone, phones, "Halden Phone")] {
            let sql = "insert into register_product (id, family_id, name, slug, created_at) values ($1, $2, $3, $3, 0)";
            world.run(sql, vec![product.into(), family.into(), name.into()]).await;
        }
        let sql = "insert into register_release (id, product_id, version, position, state, released_on, created_at)
                   values ($1, $2, '2.0', 1, 'released', '2025-01-15', 0)";
        world.run(sql, vec![release.into(), gate.into()]).await;
        world
    }

    pub(crate) async fn run(&self, sql: &str, values: Vec<db::Value>) {
        let mut tx = self.bed.program().begin().await.unwrap();
        tx.is_housekeeping();
        tx.execute(sql.to_owned(), &values).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Writes a case with a vulnerability and its root cause.
    pub(crate) async fn escape(&self, escape: &Escape<'_>) -> Id<kinds::Case> {
        let case: Id<kinds::Case> = self.bed.program().id();
        let (found, closed) = (at(escape.found), escape.closed.map(at));
        let (state, outcome) = if closed.is_some() { ("closed", Some("fixed")) } else { ("fixing", None) };
        let family = if escape.product == self.gate { Some(self.gates) } else { None };
        self.run(
            "insert into issue_case (id, number, title, state, outcome, family_id, product_id, severity, score,
               received_at, opened_at, confirmed_at, closed_at)
             values ($1, $1, $2, $3, $4, $5, $6, 'high', 88, $7, $7, $7, $8)",
            vec![
                case.into(),
                SECRET.into(),
                state.into(),
                outcome.into(),
                family.into(),
                escape.product.into(),
                found.into(),
                closed.into(),
            ],
        )
        .await;
        let sql =
            "insert into issue_vulnerability (id, case_id, position, title, created_at) values ($1, $1, 1, $2, $3)";
        self.run(sql, vec![case.into(), SECRET.into(), found.into()]).await;
        if escape.cause.is_empty() {
            return case;
        }
        let caught = if escape.activity.is_empty() { "gap" } else { "activity" };
        self.run(
            "insert into issue_root_cause (id, case_id, cause, explanation, introduced, introduced_release_id, caught,
               activity, activity_title, practice, suggestion, detected, revision, made_at, made_by)
             values ($1, $1, $2, $3, $4, $5, $6, $7, $7, $8, 'Fuzz parsers.', 'finder', 1, $9, 'Lea')",
            vec![
                case.into(),
                escape.cause.into(),
                SECRET.into(),
                if escape.release.is_some() { "release" } else { "before_records" }.into(),
                escape.release.into(),
                caught.into(),
                escape.activity.into(),
                escape.practice.into(),
                closed.unwrap_or(found).into(),
            ],
        )
        .await;
        case
    }

    /// A person with a role for the family of gates only.
    pub(crate) async fn of_gates(&self, name: &str, role: Role) -> TestPerson {
        self.bed.person_with(name, &[Grant { role, scope: Scope::Family(self.gates) }]).await
    }

    /// How a small vendor's two years went: three escapes of one practice, one of another, one gap.
    pub(crate) async fn history(&self) {
        let fuzzing = ("security_testing.fuzzing", "security_testing");
        for (found, closed, product) in [
            ("2025-02-10", "2025-03-01", self.gate),
            ("2025-05-10", "2025-06-01", self.gate),
            ("2025-08-10", "2025-09-01", self.phone),
        ] {
            let (activity, practice) = fuzzing;
            let release = (product == self.gate).then_some(self.release);
            let escape =
                Escape { product, found, closed: Some(closed), cause: "coding_mistake", activity, practice, release };
            self.escape(&escape).await;
        }
        let model = ("threat_assessment.threat_model", "threat_assessment");
        let escape = Escape {
            product: self.gate,
            found: "2026-02-01",
            closed: None,
            cause: "design_flaw",
            activity: model.0,
            practice: model.1,
            release: None,
        };
        self.escape(&escape).await;
        let gap = Escape {
            product: self.phone,
            found: "2026-01-05",
            closed: Some("2026-02-20"),
            cause: "missing_requirement",
            activity: "",
            practice: "",
            release: None,
        };
        self.escape(&gap).await;
    }
}
