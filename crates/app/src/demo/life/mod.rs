//! The life cycle of the example vendor: profiles, plans, evidence, scans and SBOMs, along with the cases of the story.
//!
//! Three families, three ways of working: the gates are built by phases, the phones in sprints, the meeting service is
//! delivered by pipelines, and two products mix two ways. What happens when stands in [`EVENTS`].

mod calendar;
mod products;
mod programme;
mod proof;
mod reports;
mod sboms;
mod scans;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use kernel::{Date, Permission, Role};
use platform::Platform;
use process::plan::Sheet;
use register::products::ReleaseId;

use self::calendar::{EVENTS, Event};
use super::client::Site;
use super::store;
use super::vendor::Cast;
use crate::start::words;

/// What the life cycle needs to know.
pub(super) struct Life<'a> {
    platform: &'a Arc<Platform>,
    cast: &'a Cast,
    site: Site,
    /// Product by name: its identifier and short name.
    products: HashMap<String, (String, String)>,
    /// Release by product and version.
    releases: HashMap<(String, String), ReleaseId>,
    /// The pipeline's token, by product.
    tokens: RefCell<HashMap<String, String>>,
    /// The improvement actions that were written down, by their number.
    actions: RefCell<HashMap<usize, String>>,
    next: Cell<usize>,
}

impl<'a> Life<'a> {
    pub(super) async fn new(platform: &'a Arc<Platform>, cast: &'a Cast, site: Site) -> anyhow::Result<Self> {
        let ctx = platform.program("demo");
        let mut tx = ctx.read().await.map_err(words)?;
        let list = register::products::list_products(&mut tx).await.map_err(words)?;
        let releases = register::products::list_releases_of(&mut tx, None).await.map_err(words)?;
        let named = |id| list.iter().find(|product| product.id == id).map(|product| product.name.clone());
        Ok(Self {
            platform,
            cast,
            site,
            releases: releases
                .into_iter()
                .filter_map(|release| Some(((named(release.product)?, release.version), release.id)))
                .collect(),
            products: list.into_iter().map(|product| (product.name, (product.id.to_string(), product.slug))).collect(),
            tokens: RefCell::default(),
            actions: RefCell::default(),
            next: Cell::new(0),
        })
    }

    /// The next event, when it is due at the latest so many days before the present.
    pub(super) fn next(&self, days: u64) -> Option<(u64, Event)> {
        let (due, event) = EVENTS.get(self.next.get())?;
        if *due < days {
            return None;
        }
        self.next.set(self.next.get() + 1);
        Some((*due, *event))
    }

    /// Lets an event happen.
    pub(super) async fn happen(&self, event: &Event) -> anyhow::Result<()> {
        match event {
            Event::Begin => self.begin().await,
            Event::Profile(product, number) => self.profile(product, *number).await,
            Event::Champions => self.champions().await,
            Event::Token(product, name) => self.token(product, name).await,
            Event::Plan(plan) => self.plan(plan).await,
            Event::Settle(settling) => self.settle(settling).await,
            Event::Sbom(product, version, sbom) => self.sbom(product, version, sbom).await,
            Event::Scan(product, version, report) => self.scan(product, version, report).await,
            Event::BranchScan(product, branch, report) => self.branch_scan(product, branch, report).await,
            Event::Triage(product, version, step) => self.triage(product, version, *step).await,
            Event::Post(product, version) => self.post_run(product, version).await,
            Event::Assess(number) => self.assess(*number).await,
            Event::Target => self.target().await,
            Event::Improve(number) => self.improve(*number).await,
            Event::Improved(number) => self.improved(*number).await,
            Event::Decide(product, version, outcome, reason) => self.decide(product, version, outcome, reason).await,
        }
    }

    fn product(&self, name: &str) -> anyhow::Result<&(String, String)> {
        self.products.get(name).with_context(|| format!("no product {name}"))
    }

    fn release(&self, product: &str, version: &str) -> anyhow::Result<ReleaseId> {
        let key = (product.to_owned(), version.to_owned());
        self.releases.get(&key).copied().with_context(|| format!("no release {product} {version}"))
    }

    fn cookie(&self, role: Role) -> &str {
        self.cast.cookie(role)
    }

    fn today(&self) -> Date {
        self.platform.clock.now().date()
    }

    async fn post(&self, role: Role, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<()> {
        self.site.post(self.cookie(role), path, fields).await.map(|_| ())
    }

    async fn sheet(&self, release: ReleaseId) -> anyhow::Result<Sheet> {
        let ctx = self.platform.program("demo");
        let mut tx = ctx.read().await.map_err(words)?;
        let place = process::place::release(&ctx, &mut tx, release, Permission::ReadPlans).await.map_err(words)?;
        process::plan::load_sheet(&mut tx, place, ctx.now).await.map_err(words)
    }

    /// Who holds which part for all products, and which components may be used.
    async fn begin(&self) -> anyhow::Result<()> {
        let (first, _) = self.product("Gate 300")?;
        let team = format!("/desk/products/{first}/team");
        for (part, role) in [
            ("product_manager", Role::ProductManager),
            ("architect", Role::Developer),
            ("developer", Role::Developer),
            ("tester", Role::Tester),
            ("release_manager", Role::ReleaseManager),
            ("product_security_lead", Role::SecurityLead),
            ("operations", Role::Developer),
        ] {
            let fields = [("person", self.cast.id(role)), ("role", part), ("for_all", "on")];
            self.post(Role::SecurityLead, &team, &fields).await?;
        }
        let lead = self.cast.lead_id.to_string();
        let fields = [("person", lead.as_str()), ("role", "psirt_lead"), ("for_all", "on")];
        self.post(Role::SecurityLead, &team, &fields).await?;
        for rule in products::RULES {
            let fields = [
                ("verdict", rule.verdict),
                ("package", rule.package),
                ("versions", rule.versions),
                ("licence", rule.licence),
                ("reason", rule.reason),
                ("family", ""),
                ("expires_on", ""),
            ];
            self.post(Role::SecurityLead, "/desk/components/rules/new", &fields).await?;
        }
        let stricter = [
            ("practice", "security_testing"),
            ("class", "critical"),
            ("revision", "0"),
            ("critical", "0"),
            ("high", "0"),
            ("medium", "30"),
            ("low", "180"),
            ("fresh", "45"),
        ];
        self.post(Role::SecurityLead, "/desk/findings/thresholds", &stricter).await
    }

    /// Answers the questions about a product; the second time some answers are graver.
    async fn profile(&self, product: &str, number: usize) -> anyhow::Result<()> {
        let (id, _) = self.product(product)?;
        let answers = products::answers(product, number).with_context(|| format!("no profile of {product}"))?;
        let seen = store::profile(self.platform, id).await?;
        let mut fields = vec![("seen", seen.as_str())];
        fields.extend(answers.questions());
        fields.extend(answers.models.iter().map(|model| ("models", *model)));
        fields.push(("r-exposure", answers.reason));
        self.post(Role::ProductManager, &format!("/desk/products/{id}/profile/answer"), &fields).await
    }

    /// A champion for each product but one.
    async fn champions(&self) -> anyhow::Result<()> {
        for (index, (product, _)) in products::WORK.iter().enumerate() {
            if *product == "Conference Unit" {
                continue;
            }
            let (id, _) = self.product(product)?;
            let who = if index % 3 == 0 { Role::Tester } else { Role::Champion };
            let fields = [("person", self.cast.id(who)), ("role", "security_champion")];
            self.post(Role::SecurityLead, &format!("/desk/products/{id}/team"), &fields).await?;
        }
        Ok(())
    }

    async fn token(&self, product: &str, name: &str) -> anyhow::Result<()> {
        let (id, _) = self.product(product)?;
        let until = self.today().plus_days(365).to_string();
        let fields = [("name", name), ("expires_on", until.as_str())];
        let at = format!("/desk/products/{id}/tokens");
        let page = self.site.page(self.cookie(Role::ReleaseManager), &at, &fields).await?;
        let token = page
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))
            .find(|word| word.starts_with("pcl_"))
            .context("the page shows no token")?;
        self.tokens.borrow_mut().insert(product.to_owned(), token.to_owned());
        Ok(())
    }

    fn token_of(&self, product: &str) -> anyhow::Result<String> {
        self.tokens.borrow().get(product).cloned().with_context(|| format!("no token for {product}"))
    }

    async fn plan(&self, plan: &calendar::Plan) -> anyhow::Result<()> {
        let release = self.release(plan.product, plan.version)?;
        let day = |days: i32| self.today().plus_days(days).to_string();
        let (starts, target) = (day(0), day(plan.days));
        let mut fields = vec![
            ("seen", "0"),
            ("starts_on", starts.as_str()),
            ("target_on", target.as_str()),
            ("sprint_days", "14"),
            ("up_to_level", plan.level),
        ];
        let (_, models) = products::WORK
            .iter()
            .find(|(product, _)| *product == plan.product)
            .with_context(|| format!("{} has no way of working", plan.product))?;
        fields.extend(models.iter().map(|model| ("models", *model)));
        fields.extend(plan.changes.iter().map(|change| ("changes", *change)));
        self.post(Role::ReleaseManager, &format!("/desk/releases/{release}/plan"), &fields).await?;
        self.in_development(plan, release).await?;
        // Every task has somebody, but for those that come with the second level and nobody took yet.
        let sheet = self.sheet(release).await?;
        for (role, practices) in products::OWNERS {
            let tasks: Vec<String> = sheet
                .lines
                .iter()
                .filter(|line| practices.contains(&line.task.practice.as_str()))
                .map(|line| line.task.id.to_string())
                .collect();
            if tasks.is_empty() {
                continue;
            }
            let mut fields = vec![("do", "assign"), ("owner", self.cast.id(*role))];
            fields.extend(tasks.iter().map(|task| ("task", task.as_str())));
            self.post(Role::ReleaseManager, &format!("/desk/releases/{release}/tasks"), &fields).await?;
        }
        Ok(())
    }

    /// A release that is planned is in development, unless it is one that is out by now.
    async fn in_development(&self, plan: &calendar::Plan, release: ReleaseId) -> anyhow::Result<()> {
        if !plan.version.ends_with(".0") {
            return Ok(());
        }
        let (product, _) = self.product(plan.product)?;
        let (revision, support) = store::release(self.platform, &release.to_string()).await?;
        let fields = [
            ("version", plan.version),
            ("state", "in_development"),
            ("released_on", ""),
            ("support_ends_on", support.as_str()),
            ("support_note", ""),
            ("revision", revision.as_str()),
        ];
        self.post(Role::ReleaseManager, &format!("/desk/products/{product}/releases/{release}/edit"), &fields).await
    }

    async fn decide(&self, product: &str, version: &str, outcome: &str, reason: &str) -> anyhow::Result<()> {
        let release = self.release(product, version)?;
        let fields = [("gate", "release_gate"), ("outcome", outcome), ("reason", reason)];
        self.post(Role::ReleaseManager, &format!("/desk/releases/{release}/gate/decide"), &fields).await
    }
}
