//! Findings through their routes, on a real database.

mod decisions;
mod imports;
mod tally;
mod views;

use std::path::PathBuf;

use kernel::{Role, Scope, kinds};
use platform::jobs::Jobs;
use register::products::{
    self, FamilyDraft, ProductDraft, ProductId, ProductState, ReleaseDraft, ReleaseId, ReleaseState,
};
use testbed::{Answer, Client, TestPerson, Testbed};

/// Where the public corpus of reports lies.
#[expect(clippy::disallowed_methods, reason = "the place of the corpus is told by this variable")]
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var("PORTCULLIS_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").to_owned());
    let folder = PathBuf::from(folder).join("scans/defectdojo");
    folder.is_dir().then_some(folder)
}

/// A product with two releases, and another product.
struct World {
    bed: Testbed,
    lead: TestPerson,
    gate: ProductId,
    other: ProductId,
    releases: [ReleaseId; 2],
    family: kernel::Id<kinds::Family>,
}

impl World {
    async fn new() -> Self {
        let mut jobs = Jobs::default();
        super::jobs(&mut jobs);
        let bed = Testbed::new(super::routes(), jobs).await;
        let lead = bed.person("Lea Lead", Role::SecurityLead).await;
        let ctx = bed.acting(&lead);
        let family = FamilyDraft { name: "Gateways".to_owned(), ..FamilyDraft::default() };
        let family = products::add_family(&ctx, &family).await.unwrap();
        let product = |name: &str| ProductDraft {
            family,
            name: name.to_owned(),
            description: String::new(),
            state: ProductState::Active,
            cpe: String::new(),
            purl: String::new(),
        };
        let gate = products::add_product(&ctx, &product("Gate 300")).await.unwrap();
        let other = products::add_product(&ctx, &product("Phone 7")).await.unwrap();
        let release = |version: &str| ReleaseDraft {
            version: version.to_owned(),
            state: ReleaseState::InDevelopment,
            released_on: None,
            support_ends_on: None,
            support_note: String::new(),
        };
        let first = products::add_release(&ctx, gate, &release("1.0")).await.unwrap();
        let second = products::add_release(&ctx, gate, &release("1.1")).await.unwrap();
        products::add_release(&ctx, other, &release("1.0")).await.unwrap();
        Self { bed, lead, gate, other, releases: [first, second], family }
    }

    /// A client with a token of the gateway.
    async fn pipeline(&self) -> Client {
        let scope = Scope::Product { product: self.gate, family: self.family };
        let ctx = self.bed.acting(&self.lead);
        let token = platform::access::make_token(&ctx, "pipeline", scope, "2026-12-31".parse().unwrap()).await.unwrap();
        self.bed.visitor().with_token(&token)
    }

    /// How many rows stand in every table of this practice, in the audit log and among the files.
    async fn rows(&self) -> Vec<i64> {
        let mut tx = self.bed.platform.db.read().await.unwrap();
        let mut counts = Vec::new();
        for table in
            ["target", "import", "finding", "detail", "mark", "decision", "request", "history", "fact", "tally"]
        {
            let sql = format!("select count(*) as count from verification_{table}");
            counts.push(tx.fetch_one(sql, &[]).await.unwrap().get("count").unwrap());
        }
        for table in ["audit_entry", "file", "data_key", "job"] {
            let sql = format!("select count(*) as count from {table}");
            counts.push(tx.fetch_one(sql, &[]).await.unwrap().get("count").unwrap());
        }
        counts
    }

    /// What the gate reads of a release: holds, words.
    async fn fact(&self, view: &str, release: ReleaseId) -> Option<(bool, String)> {
        let mut tx = self.bed.platform.db.read().await.unwrap();
        let sql = format!(
            "select holds, words from {view} where release_id = $1 and fact = 'findings_within_threshold' and at > 0"
        );
        let row = tx.fetch_optional(sql, &[release.into()]).await.unwrap();
        row.map(|row| (row.get("holds").unwrap(), row.get("words").unwrap()))
    }

    /// The findings of a state, `all` of them or those to do (empty), as (title, identifier).
    async fn list(&mut self, query: &str) -> Vec<(String, String)> {
        let page = self.lead.client.get(&format!("/desk/findings.csv?{query}")).await.expect(200).text();
        page.lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                (cells[10].to_owned(), cells[0].to_owned())
            })
            .collect()
    }
}

/// One result of a SARIF report: rule, file, line, snippet, level.
type Result<'a> = (&'a str, &'a str, u32, &'a str, &'a str);

/// A SARIF report with these results.
fn sarif(results: &[Result<'_>]) -> Vec<u8> {
    let results: Vec<_> = results
        .iter()
        .map(|(rule, file, line, snippet, level)| {
            serde_json::json!({
                "ruleId": rule, "level": level, "message": {"text": format!("{rule} in the code")},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": file},
                    "region": {"startLine": line, "snippet": {"text": snippet}},
                }}],
            })
        })
        .collect();
    serde_json::json!({
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "Semgrep OSS", "version": "1.0"}}, "results": results}],
    })
    .to_string()
    .into_bytes()
}

async fn post(client: &mut Client, path: &str, report: &[u8]) -> Answer {
    client.post_body(path, "application/json", report).await
}

const RELEASE: &str = "/api/v1/products/gate-300/releases/1.0/scans";
const LATER: &str = "/api/v1/products/gate-300/releases/1.1/scans";
const BRANCH: &str = "/api/v1/products/gate-300/branches/feature%2Flogin/scans";
