//! A case that is ready to be published, with people, products and a key, for the tests of advisories, portal and notices.

use db::{Tx, Value};
use kernel::{Id, Role, kinds};
use mail::openpgp::SecretKey;
use platform::jobs::Jobs;
use platform::{profile, vault};
use testbed::{TestPerson, Testbed};

/// A word that stands in the case and nowhere else.
pub(crate) const SECRET: &str = "Quetzalcode";
/// The first vector of the case.
pub(crate) const VECTOR: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";

/// Everything that a test needs.
pub(crate) struct World {
    /// The program.
    pub(crate) bed: Testbed,
    /// An analyst, a member of the case.
    pub(crate) ann: TestPerson,
    /// A lead.
    pub(crate) lea: TestPerson,
    /// Another lead.
    pub(crate) kim: TestPerson,
    /// The case.
    pub(crate) case: Id<kinds::Case>,
    /// The affected product.
    pub(crate) gate: Id<kinds::Product>,
    /// A product that has nothing to do with it.
    pub(crate) phone: Id<kinds::Product>,
}

async fn run(tx: &mut Tx, sql: &'static str, parameters: Vec<Value>) {
    tx.execute(sql, &parameters).await.unwrap();
}

/// A key pair that signs, sealed as the program seals it.
async fn add_key(bed: &Testbed, tx: &mut Tx) {
    let ctx = bed.program();
    let at = jiff::Timestamp::from_microsecond(ctx.now.micros()).unwrap();
    let mut rng = rand::thread_rng();
    let key = SecretKey::generate(&mut rng, "Halden PSIRT <psirt@halden.example>", at, None).unwrap();
    let sealed = vault::key(tx, &ctx.platform.master_key, vault::PROGRAM, ctx.now)
        .await
        .unwrap()
        .seal(key.armored(&mut rng, None).unwrap().as_bytes())
        .unwrap();
    run(
        tx,
        "insert into issue_key (id, address, family_id, fingerprint, public_key, sealed_secret, state, created_at)
         values ($1, 'psirt@halden.example', '', $2, $3, $4, 'active', $5)",
        vec![
            ctx.id::<World>().into(),
            key.public().fingerprint().into(),
            key.public().armored().unwrap().into(),
            sealed.into(),
            ctx.now.into(),
        ],
    )
    .await;
}

/// A world with a confirmed case of critical severity whose fix is released.
pub(crate) async fn world() -> World {
    let mut jobs = Jobs::default();
    crate::jobs(&mut jobs);
    let mut cards = platform::cards::Cards::default();
    crate::cards(&mut cards);
    register::products::cards(&mut cards);
    let bed = Testbed::with(crate::routes(), jobs, cards, |_| {}).await;
    let ann = bed.person("Ann Analyst", Role::Analyst).await;
    let lea = bed.person("Lea Lead", Role::Lead).await;
    let kim = bed.person("Kim Lead", Role::Lead).await;
    let ctx = bed.program();
    let (family, gate, phone): (Id<kinds::Family>, Id<kinds::Product>, Id<kinds::Product>) =
        (ctx.id(), ctx.id(), ctx.id());
    let (affected, fixed, old): (Id<kinds::Release>, Id<kinds::Release>, Id<kinds::Release>) =
        (ctx.id(), ctx.id(), ctx.id());
    let (case, flaw): (Id<kinds::Case>, Id<kinds::Vulnerability>) = (ctx.id(), ctx.id());
    let now = ctx.now;
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    add_key(&bed, &mut tx).await;
    let mut vendor = profile::load(&mut tx).await.unwrap();
    vendor.name = "Halden Systems".to_owned();
    vendor.namespace = "https://halden.example".to_owned();
    vendor.contact_details = "psirt@halden.example".to_owned();
    profile::set(&mut tx, &vendor).await.unwrap();
    run(
        &mut tx,
        "insert into register_family (id, name, slug, created_at) values ($1, 'Gates', 'gates', $2)",
        vec![family.into(), now.into()],
    )
    .await;
    for (id, name, slug, cpe) in [
        (gate, "Gate 300", "gate-300", Some("cpe:2.3:h:halden:gate_300:*:*:*:*:*:*:*:*")),
        (phone, "Phone 10", "phone-10", None),
    ] {
        run(
            &mut tx,
            "insert into register_product (id, family_id, name, slug, cpe, created_at) values ($1, $2, $3, $4, $5, $6)",
            vec![id.into(), family.into(), name.into(), slug.into(), cpe.into(), now.into()],
        )
        .await;
    }
    for (position, (id, version)) in [(old, "6.0"), (affected, "7.1"), (fixed, "7.2")].into_iter().enumerate() {
        run(
            &mut tx,
            "insert into register_release (id, product_id, version, position, state, released_on, created_at)
             values ($1, $2, $3, $4, 'released', '2026-01-05', $5)",
            vec![id.into(), gate.into(), version.into(), position.into(), now.into()],
        )
        .await;
    }
    run(
        &mut tx,
        "insert into issue_case (id, number, title, state, family_id, product_id, assignee_id, severity, score, route,
           received_at, opened_at, acknowledged_at, triaged_at, confirmed_at, mitigated_at, fixed_at)
         values ($1, 'PSIRT-2026-0001', $2, 'ready', $3, $4, $5, 'critical', 98, 'advisory', $6, $6, $6, $6, $6, $6, $6)",
        vec![case.into(), format!("{SECRET} overflow in the dialler").into(), family.into(), gate.into(), ann.id.into(), now.into()],
    )
    .await;
    run(
        &mut tx,
        "insert into issue_member (case_id, person_id, added_at, added_by) values ($1, $2, $3, 'test')",
        vec![case.into(), ann.id.into(), now.into()],
    )
    .await;
    run(
        &mut tx,
        "insert into issue_vulnerability (id, case_id, position, title, description, cwe, cve, cvss31, cvss40, score, severity, created_at)
         values ($1, $2, 1, $3, $4, 'CWE-787', 'CVE-1900-0042', $5, $6, 98, 'critical', $7)",
        vec![
            flaw.into(),
            case.into(),
            format!("{SECRET} overflow").into(),
            format!("A long {SECRET} name writes past the end of a buffer.").into(),
            VECTOR.into(),
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N".into(),
            now.into(),
        ],
    )
    .await;
    for (release, status, justification) in
        [(old, "not_affected", Some("component_not_present")), (affected, "affected", None), (fixed, "fixed", None)]
    {
        run(
            &mut tx,
            "insert into issue_exposure (vulnerability_id, release_id, status, justification, changed_at, changed_by)
             values ($1, $2, $3, $4, $5, 'test')",
            vec![flaw.into(), release.into(), status.into(), justification.into(), now.into()],
        )
        .await;
    }
    run(
        &mut tx,
        "insert into issue_remediation (id, vulnerability_id, category, details, url, release_id, created_at)
         values ($1, $2, 'vendor_fix', 'Update to release 7.2.', 'https://halden.example/gate/7.2', $3, $4)",
        vec![ctx.id::<World>().into(), flaw.into(), fixed.into(), now.into()],
    )
    .await;
    run(
        &mut tx,
        "insert into issue_report (id, number, channel, state, classification, case_id, subject, body, sender_name,
           sender_address, credit, credit_name, received_at)
         values ($1, 'R-2026-0001', 'form', 'in_case', 'vulnerability', $2, 'A crash', 'It crashes.', 'Vera', 'vera@finder.example',
           'wanted', 'Vera Lindqvist', $3)",
        vec![ctx.id::<World>().into(), case.into(), now.into()],
    )
    .await;
    tx.commit().await.unwrap();
    World { bed, ann, lea, kim, case, gate, phone }
}

impl World {
    /// Runs a statement on the side, as if a colleague had changed the case.
    pub(crate) async fn change(&self, sql: &'static str, parameters: Vec<Value>) {
        let mut tx = self.bed.platform.db.begin().await.unwrap();
        tx.is_housekeeping();
        run(&mut tx, sql, parameters).await;
        tx.commit().await.unwrap();
    }

    /// The figure in the first column of the first row.
    pub(crate) async fn figure(&self, sql: &'static str) -> i64 {
        let mut tx = self.bed.platform.db.read().await.unwrap();
        tx.fetch_one(sql, &[]).await.unwrap().get("n").unwrap()
    }

    /// The revision of the advisory now.
    pub(crate) async fn revision(&self) -> String {
        self.figure("select revision as n from issue_advisory order by created_at desc, id desc limit 1")
            .await
            .to_string()
    }

    /// The state of the advisory now.
    pub(crate) async fn state(&self) -> String {
        let mut tx = self.bed.platform.db.read().await.unwrap();
        let sql = "select state from issue_advisory order by created_at desc, id desc limit 1";
        tx.fetch_one(sql, &[]).await.unwrap().get("state").unwrap()
    }

    /// Ann begins an advisory; its address.
    pub(crate) async fn begin(&mut self) -> String {
        let case = self.case.to_string();
        let answer =
            self.ann.client.post("/desk/advisories/new", &[("case", &case), ("kind", "advisory")]).await.expect(303);
        answer.location().trim_end_matches("/edit").to_owned()
    }

    /// Ann writes and submits.
    pub(crate) async fn write(&mut self) -> String {
        let at = self.begin().await;
        let revision = self.revision().await;
        let fields = [
            ("title", "Gate 300 stops when called with a long name"),
            ("summary", "Whoever can reach the gate can stop it and may run code on it. Update to 7.2."),
            ("details", "The dialler copies the name without looking at its length."),
            ("acknowledgements", "Vera Lindqvist | reporting this"),
            ("links", "Release notes https://halden.example/notes"),
            ("change_note", ""),
            ("revision", revision.as_str()),
        ];
        self.ann.client.post(&format!("{at}/edit"), &fields).await.expect(303);
        self.act_as_ann(&at, "submit").await;
        at
    }

    /// Ann presses a button.
    pub(crate) async fn act_as_ann(&mut self, at: &str, verb: &str) {
        let revision = self.revision().await;
        self.ann.client.post(&format!("{at}/{verb}"), &[("revision", &revision)]).await.expect(303);
    }

    /// Lea presses a button.
    pub(crate) async fn act_as_lea(&mut self, at: &str, verb: &str) {
        let revision = self.revision().await;
        self.lea.client.post(&format!("{at}/{verb}"), &[("revision", &revision)]).await.expect(303);
    }

    /// Written, approved, published.
    pub(crate) async fn published(&mut self) -> String {
        let at = self.write().await;
        self.act_as_lea(&at, "approve").await;
        self.act_as_lea(&at, "publish").await;
        at
    }
}
