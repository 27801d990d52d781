//! Settling tasks: files and links with their review, posts of pipelines, exceptions with their approval.

use std::fmt::Write;

use kernel::Role;
use pack::{Activity, EvidenceKind, EvidenceRule};
use process::plan::{Line, PieceState, Sheet, TaskState, is_shown_by_document};
use register::products::ReleaseId;

use super::Life;
use super::calendar::Settling;
use crate::demo::client::Attached;

/// Evidence that was made so many days before it was added, and so lapses sooner than the rest.
const AGED: &[(&str, &str, &str, i32)] = &[
    ("Gate 300", "8.0", "design_review.mechanisms", 335),
    ("Voice Manager", "10.0", "environment_hardening.patch_watch", 50),
    ("Meet Server", "9.0", "education_guidance.champions", 100),
];

/// What a release owes at a time, sorted by how it is settled.
#[derive(Default)]
struct Owed {
    /// Task, position of the evidence, activity.
    papers: Vec<(String, usize, String)>,
    posts: Vec<String>,
    /// Tasks that may wait, with the reason.
    waived: Vec<(String, &'static str)>,
    not_applicable: Vec<String>,
}

impl Owed {
    fn of(sheet: &Sheet, settling: &Settling, horizon: kernel::Date) -> Self {
        let mut owed = Self::default();
        for line in sheet.lines.iter().filter(|line| !line.status.state.is_settled()) {
            let name = line.task.activity.as_str();
            let in_time = settling.due_within.is_none() || line.task.due_on <= horizon;
            let Some(activity) = sheet.pack.activity(name) else { continue };
            if let Some((_, reason)) = settling.waived.iter().find(|(activity, _)| *activity == name) {
                owed.waived.push((line.task.id.to_string(), reason));
                continue;
            }
            if !in_time || settling.but.contains(&name) {
                continue;
            }
            if settling.not_applicable.contains(&name) {
                owed.not_applicable.push(line.task.id.to_string());
                continue;
            }
            owed.line(line, activity);
        }
        owed.posts.sort();
        owed.posts.dedup();
        owed
    }

    fn line(&mut self, line: &Line, activity: &Activity) {
        for piece in line.status.pieces.iter().filter(|piece| piece.state != PieceState::Met) {
            let Some(slot) = piece.slot else {
                self.posts.extend(activity.due.devops.as_ref().and_then(|due| due.post.clone()));
                continue;
            };
            let Some(wanted) = activity.evidence.get(slot) else { continue };
            match wanted.kind {
                EvidenceKind::Fact if !is_shown_by_document(wanted.fact) => {}
                EvidenceKind::PipelinePost | EvidenceKind::ScanReport => self.posts.extend(wanted.post.clone()),
                EvidenceKind::Sbom => {}
                EvidenceKind::Document
                | EvidenceKind::Link
                | EvidenceKind::File
                | EvidenceKind::ThreatModel
                | EvidenceKind::Review
                | EvidenceKind::TrainingCoverage
                | EvidenceKind::TestReport
                | EvidenceKind::Fact => {
                    self.papers.push((line.task.id.to_string(), slot, activity.id.clone()));
                }
            }
            if activity.evidence_rule == EvidenceRule::Any {
                break;
            }
        }
    }
}

impl Life<'_> {
    /// Settles tasks of a release as its team would.
    pub(super) async fn settle(&self, settling: &Settling) -> anyhow::Result<()> {
        let release = self.release(settling.product, settling.version)?;
        let sheet = self.sheet(release).await?;
        let horizon = self.today().plus_days(settling.due_within.unwrap_or(0));
        let owed = Owed::of(&sheet, settling, horizon);
        for (task, slot, activity) in &owed.papers {
            self.paper(&sheet, settling, task, *slot, activity).await?;
        }
        if let Ok(token) = self.token_of(settling.product) {
            for kind in &owed.posts {
                self.post_kind(&token, &sheet, kind).await?;
            }
        }
        self.review(release, settling).await?;
        self.except(release, settling, &owed).await
    }

    async fn paper(
        &self,
        sheet: &Sheet,
        settling: &Settling,
        task: &str,
        slot: usize,
        activity: &str,
    ) -> anyhow::Result<()> {
        let release = sheet.place.release.id;
        let Some(activity) = sheet.pack.activity(activity) else { return Ok(()) };
        let Some(wanted) = activity.evidence.get(slot) else { return Ok(()) };
        let title = format!("{}, {}", activity.title, sheet.place.release.version);
        let name = activity.id.rsplit('.').next().unwrap_or_default().replace('_', "-");
        let number = slot.to_string();
        let aged = AGED.iter().find(|(product, version, id, _)| {
            *product == settling.product && *version == settling.version && *id == activity.id
        });
        let made_on = aged.map_or_else(String::new, |(.., days)| self.today().plus_days(-days).to_string());
        let measures: Vec<String> = wanted.max.keys().map(|measure| format!("m-{measure}")).collect();
        let mut fields = vec![("slot", number.as_str()), ("title", title.as_str()), ("produced_on", made_on.as_str())];
        fields.extend(measures.iter().map(|measure| (measure.as_str(), "0")));
        fields.push(("percent", if wanted.min_percent == Some(100) { "100" } else { "93" }));
        let at = format!("/desk/releases/{release}/tasks/{task}/evidence");
        let who = match wanted.kind {
            EvidenceKind::TestReport | EvidenceKind::TrainingCoverage => Role::Tester,
            EvidenceKind::Document
            | EvidenceKind::Link
            | EvidenceKind::File
            | EvidenceKind::ThreatModel
            | EvidenceKind::Review
            | EvidenceKind::ScanReport
            | EvidenceKind::PipelinePost
            | EvidenceKind::Sbom
            | EvidenceKind::Fact => Role::Developer,
        };
        // What belongs to one release is a file; what is kept up to date for all of them is a page of the wiki.
        if activity.scope == pack::Scope::Release && wanted.kind != EvidenceKind::Link {
            let mut content = format!("{title}\n{}\n\n", sheet.place.product.name);
            for step in &activity.steps {
                let _infallible = writeln!(content, "[x] {step}");
            }
            let name = format!("{name}-{}.txt", sheet.place.release.version);
            let file = Attached { name: &name, content: &content };
            self.site.upload(self.cookie(who), &at, &fields, &file).await?;
        } else {
            let url = format!("https://wiki.halden.example/security/{name}");
            fields.push(("url", url.as_str()));
            self.post(who, &at, &fields).await?;
        }
        Ok(())
    }

    /// One post of a pipeline, with nothing found.
    async fn post_kind(&self, token: &str, sheet: &Sheet, kind: &str) -> anyhow::Result<()> {
        let Some(post) = sheet.pack.posts.iter().find(|post| post.id == kind) else { return Ok(()) };
        let place = &sheet.place;
        let measures: serde_json::Map<String, serde_json::Value> = post
            .measures
            .iter()
            .map(|measure| {
                let count = match measure.as_str() {
                    "medium" => 3,
                    "low" => 11,
                    _ => 0,
                };
                (measure.clone(), count.into())
            })
            .collect();
        let run = self.platform.clock.now().micros() / 3_600_000_000 % 100_000;
        let body = serde_json::json!({
            "kind": kind, "producer": format!("build {run}"), "measures": measures,
            "url": format!("https://build.halden.example/{}/runs/{run}", place.product.slug),
        });
        let at = format!("/api/v1/products/{}/releases/{}/evidence", place.product.slug, place.release.version);
        self.site.api(token, &at, body.to_string()).await
    }

    /// A whole run of a pipeline: all that the release's tasks want posted.
    pub(super) async fn post_run(&self, product: &str, version: &str) -> anyhow::Result<()> {
        let release = self.release(product, version)?;
        let token = self.token_of(product)?;
        let sheet = self.sheet(release).await?;
        let mut kinds: Vec<&str> = sheet
            .lines
            .iter()
            .filter(|line| line.status.state != TaskState::NotApplicable)
            .filter_map(|line| sheet.pack.activity(&line.task.activity)?.due.devops.as_ref()?.post.as_deref())
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            self.post_kind(&token, &sheet, kind).await?;
        }
        Ok(())
    }

    /// A second person looks at what was added.
    async fn review(&self, release: ReleaseId, settling: &Settling) -> anyhow::Result<()> {
        let sheet = self.sheet(release).await?;
        let waiting = sheet
            .evidence
            .iter()
            .filter(|one| one.release == release && one.source.needs_review() && one.reviews.is_empty());
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for one in waiting {
            let line = one.task.and_then(|task| sheet.line(task));
            let activity = line.map_or("", |line| line.task.activity.as_str());
            if settling.unreviewed.contains(&activity) {
                continue;
            }
            if settling.rejected.contains(&activity) { &mut bad } else { &mut good }.push(one.id.to_string());
        }
        let at = format!("/desk/releases/{release}/reviews");
        for (ids, verdict) in [(good, "accept"), (bad, "reject")] {
            if ids.is_empty() {
                continue;
            }
            let mut fields = vec![("do", verdict), ("note", "It speaks of the release before; bring it up to date.")];
            fields.extend(ids.iter().map(|id| ("evidence", id.as_str())));
            self.post(Role::Champion, &at, &fields).await?;
        }
        Ok(())
    }

    /// Exceptions for what does not apply, and for what may wait.
    async fn except(&self, release: ReleaseId, settling: &Settling, owed: &Owed) -> anyhow::Result<()> {
        let until = |days: i32| self.today().plus_days(days).to_string();
        let (year, soon) = (until(365), until(settling.waived_days));
        let data = "The gate keeps no data about people besides the accounts of its administrators.";
        let not_applicable = owed.not_applicable.iter().map(|task| (task, "not_applicable", &year, data));
        let waived = owed.waived.iter().map(|(task, reason)| (task, "waiver", &soon, *reason));
        for (task, kind, ends, reason) in not_applicable.chain(waived) {
            let fields = [("do", kind), ("reason", reason), ("expires_on", ends.as_str()), ("task", task.as_str())];
            self.post(Role::ReleaseManager, &format!("/desk/releases/{release}/tasks"), &fields).await?;
        }
        let sheet = self.sheet(release).await?;
        let mut asked: Vec<String> =
            sheet.waivers.iter().filter(|one| one.is_pending_at(sheet.at)).map(|one| one.id.to_string()).collect();
        if settling.one_waits {
            asked.pop();
        }
        if asked.is_empty() {
            return Ok(());
        }
        let mut fields = vec![("do", "approve"), ("decision_note", "Agreed in the meeting of the programme.")];
        fields.extend(asked.iter().map(|id| ("waiver", id.as_str())));
        self.post(Role::SecurityLead, &format!("/desk/releases/{release}/reviews"), &fields).await
    }
}
