//! Test support of this crate: a vendor with a product, a team and releases, and ways to settle all of a plan.

use std::collections::BTreeMap;

use kernel::{Actor, Grant, Permission, Role, Scope};
use pack::EvidenceKind;
use platform::jobs::Jobs;
use register::products::{
    FamilyDraft, ProductDraft, ProductId, ProductState, ReleaseDraft, ReleaseId, ReleaseState, add_family, add_product,
    add_release,
};
use testbed::{Client, TestPerson, Testbed};

use crate::plan::{Line, PieceState, Sheet};
use crate::{evidence, gate, place, plan, profile};

/// A vendor in a testbed.
pub(crate) struct Vendor {
    pub(crate) bed: Testbed,
    /// Runs the programme; approves.
    pub(crate) lead: TestPerson,
    /// Does the work.
    pub(crate) dev: TestPerson,
    pub(crate) product: ProductId,
    pub(crate) slug: String,
    pub(crate) release: ReleaseId,
    /// A pipeline of the product.
    pub(crate) pipeline: Client,
    pub(crate) token: String,
}

fn release(version: &str) -> ReleaseDraft {
    ReleaseDraft {
        version: version.to_owned(),
        state: ReleaseState::InDevelopment,
        released_on: None,
        support_ends_on: "2030-12-31".parse().ok(),
        support_note: String::new(),
    }
}

impl Vendor {
    /// A vendor with the built-in pack, a product “Gate 300”, its release 1.0 and a filled team.
    pub(crate) async fn new() -> Self {
        let mut jobs = Jobs::default();
        crate::jobs(&mut jobs);
        let bed = Testbed::new(crate::routes(), jobs).await;
        let ctx = bed.program();
        crate::ensure_ready(&ctx).await.unwrap();
        facts_table(&bed).await;
        let lead = bed.person("Petra Lead", Role::SecurityLead).await;
        let dev = bed.person("Dev Eloper", Role::Developer).await;
        let family =
            add_family(&ctx, &FamilyDraft { name: "Gateways".to_owned(), ..FamilyDraft::default() }).await.unwrap();
        let draft = ProductDraft {
            family,
            name: "Gate 300".to_owned(),
            description: String::new(),
            state: ProductState::Active,
            cpe: String::new(),
            purl: String::new(),
        };
        let product = add_product(&ctx, &draft).await.unwrap();
        let release = add_release(&ctx, product, &release("1.0")).await.unwrap();
        let scope = Scope::Product { product, family };
        let token =
            platform::access::make_token(&bed.acting(&lead), "ci", scope, "2027-01-01".parse().unwrap()).await.unwrap();
        let pipeline = bed.visitor().with_token(&token);
        Self { bed, lead, dev, product, slug: "gate-300".to_owned(), release, pipeline, token }
    }

    /// Another release of the product.
    pub(crate) async fn add_release(&self, version: &str) -> ReleaseId {
        add_release(&self.bed.program(), self.product, &release(version)).await.unwrap()
    }

    /// Answers the profile with the lightest answers, through the page.
    pub(crate) async fn answer(&mut self, models: &[&str]) {
        let mut tx = self.bed.platform.db.read().await.unwrap();
        let document = crate::pack::load_active(&mut tx).await.unwrap();
        let seen = profile::load_profile(&mut tx, self.product, self.bed.platform.clock.now()).await.unwrap();
        drop(tx);
        let mut pairs: Vec<(String, String)> = document
            .pack
            .risk
            .questions
            .iter()
            .map(|question| (format!("q-{}", question.id), question.answers[0].id.clone()))
            .collect();
        pairs.push(("seen".to_owned(), seen.map(|profile| profile.id.to_string()).unwrap_or_default()));
        pairs.extend(models.iter().map(|model| ("models".to_owned(), (*model).to_owned())));
        let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.dev.client.post(&format!("/desk/products/{}/profile/answer", self.product), &fields).await.expect(303);
    }

    /// Fills every part of the team, through the page.
    pub(crate) async fn fill_team(&mut self) {
        let mut tx = self.bed.platform.db.read().await.unwrap();
        let document = crate::pack::load_active(&mut tx).await.unwrap();
        drop(tx);
        let person = self.dev.id.to_string();
        let mut roles: Vec<&str> = document.pack.roles.iter().map(|role| role.id.as_str()).collect();
        if !roles.contains(&profile::CHAMPION) {
            roles.push(profile::CHAMPION);
        }
        for role in roles {
            let fields = [("person", person.as_str()), ("role", role)];
            self.dev.client.post(&format!("/desk/products/{}/team", self.product), &fields).await.expect(303);
        }
    }

    /// Makes the plan of a release, through the page.
    pub(crate) async fn plan(&mut self, release: ReleaseId, models: &[&str], changes: &[&str]) {
        let mut fields =
            vec![("seen", "0"), ("starts_on", "2026-03-02"), ("target_on", "2026-06-01"), ("sprint_days", "14")];
        fields.extend(models.iter().map(|model| ("models", *model)));
        fields.extend(changes.iter().map(|change| ("changes", *change)));
        self.dev.client.post(&format!("/desk/releases/{release}/plan"), &fields).await.expect(303);
    }

    /// The sheet of a release now.
    pub(crate) async fn sheet(&self, release: ReleaseId) -> Sheet {
        let ctx = self.bed.program();
        let mut tx = ctx.read().await.unwrap();
        let place = place::release(&ctx, &mut tx, release, Permission::ReadPlans).await.unwrap();
        plan::load_sheet(&mut tx, place, ctx.now).await.unwrap()
    }

    /// The tasks that hold the gate.
    pub(crate) async fn lacking(&self, release: ReleaseId) -> Vec<String> {
        let sheet = self.sheet(release).await;
        let open = sheet.lines.iter().filter(|line| !line.status.state.is_settled());
        open.map(|line| line.task.id.to_string()).collect()
    }

    /// Asks for exceptions from these tasks until April, through the page.
    pub(crate) async fn ask_exceptions(&mut self, release: ReleaseId, kind: &str, tasks: &[String]) {
        let mut fields =
            vec![("do", kind), ("reason", "The customer cannot wait for this."), ("expires_on", "2026-04-01")];
        fields.extend(tasks.iter().map(|task| ("task", task.as_str())));
        self.dev.client.post(&format!("/desk/releases/{release}/tasks"), &fields).await.expect(303);
    }

    /// Approves every exception of a release; the one who asked may not.
    pub(crate) async fn approve_exceptions(&mut self, release: ReleaseId) {
        for waiver in self.sheet(release).await.waivers {
            let path = format!("/desk/releases/{release}/waivers/{}/decide", waiver.id);
            self.dev.client.post(&path, &[("verdict", "approve")]).await.expect(404);
            self.lead.client.post(&path, &[("verdict", "approve")]).await.expect(303);
        }
    }

    /// What the release gate says now.
    pub(crate) async fn outcome(&self, release: ReleaseId) -> gate::Outcome {
        let ctx = self.bed.program();
        let mut tx = ctx.read().await.unwrap();
        let place = place::release(&ctx, &mut tx, release, Permission::ReadPlans).await.unwrap();
        gate::ask(&mut tx, place, "", &[], ctx.now).await.unwrap().verdict.outcome
    }

    /// Posts a kind as the pipeline, with all of its figures at nought.
    pub(crate) async fn post(&mut self, version: &str, pack: &pack::Pack, kind: &str) {
        let measures: BTreeMap<&str, u32> = pack
            .posts
            .iter()
            .filter(|post| post.id == kind)
            .flat_map(|post| post.measures.iter().map(|measure| (measure.as_str(), 0)))
            .collect();
        let body = serde_json::json!({"kind": kind, "producer": "ci run 1", "measures": measures});
        let path = format!("/api/v1/products/{}/releases/{version}/evidence", self.slug);
        let answer = self.pipeline.post_body(&path, "application/json", body.to_string().as_bytes()).await;
        assert!(answer.status.is_success(), "{}", answer.text());
    }

    /// Settles everything that a release owes, through pages and API: posts, files, reviews; facts are set.
    pub(crate) async fn settle(&mut self, release: ReleaseId, version: &str) {
        let sheet = self.sheet(release).await;
        let mut posts: Vec<String> = Vec::new();
        for line in sheet.lines.iter().filter(|line| !line.status.state.is_settled()) {
            let activity = sheet.pack.activity(&line.task.activity).unwrap();
            for piece in line.status.pieces.iter().filter(|piece| piece.state != PieceState::Met) {
                match piece.slot {
                    None => posts.extend(activity.due.devops.as_ref().and_then(|due| due.post.clone())),
                    Some(slot) => match activity.evidence[slot].kind {
                        EvidenceKind::Fact => {
                            set_fact(&self.bed, release, activity.evidence[slot].fact.unwrap().id(), true).await
                        }
                        EvidenceKind::PipelinePost => posts.extend(activity.evidence[slot].post.clone()),
                        EvidenceKind::Document
                        | EvidenceKind::Link
                        | EvidenceKind::File
                        | EvidenceKind::ScanReport
                        | EvidenceKind::Sbom
                        | EvidenceKind::ThreatModel
                        | EvidenceKind::Review
                        | EvidenceKind::TrainingCoverage
                        | EvidenceKind::TestReport => self.add_file(release, line, slot, activity).await,
                    },
                }
                if activity.evidence_rule == pack::EvidenceRule::Any && piece.slot.is_some() {
                    break;
                }
            }
        }
        posts.sort();
        posts.dedup();
        for kind in posts {
            self.post(version, &sheet.pack, &kind).await;
        }
        let sheet = self.sheet(release).await;
        for one in sheet
            .evidence
            .iter()
            .filter(|one| one.release == release && one.source.needs_review() && one.reviews.is_empty())
        {
            let path = format!("/desk/releases/{release}/evidence/{}/review", one.id);
            self.lead.client.post(&path, &[("verdict", "accept")]).await.expect(303);
        }
        // What an “any” task asks of the pipeline stands behind its other pieces, so it shows only now.
        let again: Vec<String> = self
            .sheet(release)
            .await
            .lines
            .iter()
            .filter(|line| {
                line.status.pieces.iter().any(|piece| piece.slot.is_none() && piece.state != PieceState::Met)
            })
            .filter_map(|line| sheet.pack.activity(&line.task.activity)?.due.devops.as_ref()?.post.clone())
            .collect();
        for kind in again {
            self.post(version, &sheet.pack, &kind).await;
        }
    }

    async fn add_file(&mut self, release: ReleaseId, line: &Line, slot: usize, activity: &pack::Activity) {
        let wanted = &activity.evidence[slot];
        let slot = slot.to_string();
        let measures: Vec<String> = wanted.max.keys().map(|name| format!("m-{name}")).collect();
        let mut fields = vec![("slot", slot.as_str()), ("title", "Proof"), ("percent", "100")];
        fields.extend(measures.iter().map(|name| (name.as_str(), "0")));
        let path = format!("/desk/releases/{release}/tasks/{}/evidence", line.task.id);
        let content = format!("{} {slot}", activity.id);
        self.dev.client.post_files(&path, &fields, &[("file", "proof.txt", content.as_bytes())]).await.expect(303);
    }

    /// Somebody who may do nothing here: a developer of another product.
    pub(crate) async fn stranger(&self) -> TestPerson {
        let ctx = self.bed.program();
        let family =
            add_family(&ctx, &FamilyDraft { name: "Other".to_owned(), ..FamilyDraft::default() }).await.unwrap();
        self.bed.person_with("Stran Ger", &[Grant { role: Role::ReleaseManager, scope: Scope::Family(family) }]).await
    }

    /// The evidence actor as an author would be stored.
    pub(crate) fn id_of(person: &TestPerson) -> String {
        match &person.actor {
            Actor::Person { id, .. } => id.to_string(),
            Actor::Nobody | Actor::Reporter { .. } | Actor::Machine { .. } | Actor::Program { .. } => String::new(),
        }
    }
}

/// Replaces one practice's view by a table that tests fill, and lets the others say nothing.
async fn facts_table(bed: &Testbed) {
    let mut tx = bed.program().begin().await.unwrap();
    tx.is_housekeeping();
    for sql in [
        "create table test_fact (release_id text not null, fact text not null, holds boolean not null, at bigint not null, words text not null, primary key (release_id, fact))",
        "drop view v_security_testing_facts",
        "create view v_security_testing_facts as select release_id, fact, holds, at, cast(null as bigint) as until, words from test_fact",
        "drop view v_issue_management_facts",
        "create view v_issue_management_facts as select * from v_threat_assessment_facts",
    ] {
        tx.execute(sql, &[]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Says whether a fact holds for a release.
pub(crate) async fn set_fact(bed: &Testbed, release: ReleaseId, fact: &str, holds: bool) {
    let ctx = bed.program();
    let mut tx = ctx.begin().await.unwrap();
    tx.is_housekeeping();
    tx.execute(
        "insert into test_fact (release_id, fact, holds, at, words) values ($1, $2, $3, $4, 'It is not so.')
         on conflict (release_id, fact) do update set holds = excluded.holds",
        &[release.into(), fact.into(), holds.into(), ctx.now.into()],
    )
    .await
    .unwrap();
    plan::refresh(&mut tx, &ctx, release).await.unwrap();
    tx.commit().await.unwrap();
}

/// The pieces of evidence of a release, for tests that take them away.
pub(crate) fn pieces(sheet: &Sheet) -> Vec<evidence::EvidenceId> {
    let mut ids: Vec<_> =
        sheet.lines.iter().flat_map(|line| line.status.pieces.iter().filter_map(|piece| piece.by)).collect();
    ids.sort();
    ids.dedup();
    ids
}
