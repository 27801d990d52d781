//! A release of the example vendor is carried from its plan to a passed gate, in each way of working, as its release
//! manager and colleagues would do it in the browser and their pipeline by the API.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use e2e::browser::Browser;
use e2e::program::{Program, binary};
use serde_json::{Value, json};

/// A scan of source code with two grave results, one of them wrong.
const SARIF: &str = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Plumbline", "rules": [
  {"id": "buffer-size", "properties": {"security-severity": "9.1"}}, {"id": "null-dereference", "properties": {"security-severity": "7.5"}}]}},
  "results": [
  {"ruleId": "buffer-size", "level": "error", "message": {"text": "The length is not compared."}, "locations": [{"physicalLocation":
    {"artifactLocation": {"uri": "src/display.c"}, "region": {"startLine": 12, "snippet": {"text": "memcpy(a, b, n);"}}}}]},
  {"ruleId": "null-dereference", "level": "error", "message": {"text": "peer may be null."}, "locations": [{"physicalLocation":
    {"artifactLocation": {"uri": "src/mixer.c"}, "region": {"startLine": 40, "snippet": {"text": "mix(peer);"}}}}]}]}]}"#;

/// The running product was scanned, and nothing was found.
const ZAP_CLEAN: &str = r#"<?xml version="1.0"?><OWASPZAPReport programName="ZAP" version="2.15.0" generated="Thu, 1 Jan 2026 09:00:00">
<site name="https://unit.halden.example" host="unit.halden.example" port="443" ssl="true"><alerts></alerts></site></OWASPZAPReport>"#;

/// What the pipeline finds after the flaw is mended.
const SARIF_MENDED: &str = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Plumbline", "rules": [
  {"id": "null-dereference", "properties": {"security-severity": "7.5"}}]}}, "results": [
  {"ruleId": "null-dereference", "level": "error", "message": {"text": "peer may be null."}, "locations": [{"physicalLocation":
    {"artifactLocation": {"uri": "src/mixer.c"}, "region": {"startLine": 44, "snippet": {"text": "mix(peer);"}}}}]}]}]}"#;

const SBOM: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [
  {"type": "library", "bom-ref": "a", "name": "harbour-tls", "version": "2.4.2", "purl": "pkg:cargo/harbour-tls@2.4.2"},
  {"type": "library", "bom-ref": "b", "name": "pebble-json", "version": "1.14.0", "purl": "pkg:cargo/pebble-json@1.14.0"}]}"#;

/// Figures of a run that found nothing.
const POSTS: &[(&str, &[&str])] = &[
    ("secrets", &["found"]),
    ("sca", &["critical", "high", "medium", "low"]),
    ("dast", &["critical", "high", "medium", "low"]),
    ("container", &["critical", "high", "medium", "low"]),
    ("infrastructure", &["critical", "high", "medium", "low"]),
    ("hardening", &["failed"]),
    ("fuzz", &["crashes"]),
    ("security_tests", &["failed"]),
    ("provenance", &[]),
    ("review", &["unreviewed"]),
    ("threat_model", &["open_high", "open_medium"]),
    ("ports", &["undocumented"]),
    ("documents", &["missing"]),
];

struct Journey {
    program: Program,
    browser: Browser,
    folder: tempfile::TempDir,
    slug: String,
    version: &'static str,
    /// `/desk/products/…`
    product: String,
    /// `/desk/releases/…`
    release: String,
    token: String,
}

impl Journey {
    /// A new release of a product, with an answered profile, a plan and owners.
    async fn begin(product: &str, version: &'static str, models: &[&str]) -> anyhow::Result<Self> {
        let program = Program::demo().await?;
        let browser = Browser::start(1440, false).await?;
        let mut journey = Self {
            program,
            browser,
            folder: tempfile::tempdir()?,
            slug: product.to_lowercase().replace(' ', "-"),
            version,
            product: String::new(),
            release: String::new(),
            token: String::new(),
        };
        journey.sign_in("release-manager").await?;
        journey.go("/desk/products").await?;
        journey.product = journey.link(product).await?;
        journey.go(&format!("{}/profile", journey.product)).await?;
        journey.browser.press("Review the answers").await?;
        journey.browser.send("/profile/answer", &[("r-exposure", "Looked at again for the new release.")]).await?;
        journey.browser.expect("Saved:").await?;
        journey.go(&format!("{}/releases/new", journey.product)).await?;
        let fields = [("version", version), ("state", "in_development"), ("support_ends_on", "2034-12-31")];
        journey.browser.send("/releases/new", &fields).await?;
        journey.go(&format!("/desk/releases?q={}", version)).await?;
        journey.release = journey.link(&format!("{product} {version}")).await?;
        journey.go(&journey.release).await?;
        journey.browser.press("Make the plan").await?;
        let mut fields = vec![("up_to_level", "1")];
        fields.extend(models.iter().map(|model| ("models", *model)));
        // The profile ticks the product's ways of working beforehand; here they are chosen anew.
        journey
            .script("for (const box of document.querySelectorAll('main [name=models]')) box.checked = false", &[])
            .await?;
        journey.browser.send("/plan", &fields).await?;
        journey.browser.expect("The plan is made").await?;
        journey.browser.check_page().await?;
        journey.assign().await?;
        journey.make_token().await?;
        Ok(journey)
    }

    async fn go(&self, path: &str) -> anyhow::Result<()> {
        self.browser.page.goto(&format!("{}{path}", self.program.base)).await?;
        Ok(())
    }

    async fn sign_in(&self, role: &str) -> anyhow::Result<()> {
        let (email, password) = self.program.sign_in(role)?;
        self.browser.page.delete_all_cookies().await?;
        self.browser.sign_in(&self.program.base, &email, &password).await
    }

    async fn script(&self, script: &str, arguments: &[Value]) -> anyhow::Result<Value> {
        Ok(self.browser.page.execute(script, arguments.to_vec()).await?)
    }

    /// The address behind the link with these words.
    async fn link(&self, words: &str) -> anyhow::Result<String> {
        let script = "return [...document.querySelectorAll('main a')].find((one) => one.textContent.trim() === arguments[0])?.getAttribute('href')";
        let found = self.script(script, &[json!(words)]).await?;
        Ok(found.as_str().with_context(|| format!("no link {words:?}"))?.to_owned())
    }

    /// Gives all tasks to the developer.
    async fn assign(&self) -> anyhow::Result<()> {
        let script = "const form = [...document.querySelectorAll('main form')].find((one) => one.getAttribute('action')?.endsWith('/tasks'));
          for (const box of document.querySelectorAll('main [name=task]')) box.click();
          return [...form.elements.owner.options].find((one) => one.text === 'Dev Arora').value";
        let owner = self.script(script, &[]).await?;
        let owner = owner.as_str().context("nobody to give tasks to")?;
        self.browser.send("/tasks", &[("owner", owner), ("do", "assign")]).await?;
        self.browser.expect("assigned").await
    }

    async fn make_token(&mut self) -> anyhow::Result<()> {
        self.go(&format!("{}/tokens", self.product)).await?;
        self.browser.send("/tokens", &[("name", "Journey")]).await?;
        let text = self.browser.text().await?;
        let start = text.find("pcl_").context("no token is shown")?;
        self.token = text[start..].chars().take_while(|c| !c.is_whitespace()).collect();
        Ok(())
    }

    /// What the pipeline asks or posts, with the token alone.
    async fn call(&self, path: &str, body: Option<&str>) -> anyhow::Result<(i64, String)> {
        let script = "return fetch(arguments[0], {method: arguments[2] === null ? 'GET' : 'POST', body: arguments[2] ?? undefined,
          credentials: 'omit', headers: {authorization: 'Bearer ' + arguments[1], 'content-type': 'application/json'}})
          .then((answer) => answer.text().then((text) => [answer.status, text]))";
        let path = format!("/api/v1/products/{}/releases/{}/{path}", self.slug, self.version);
        let answer = self.script(script, &[json!(path), json!(self.token), json!(body)]).await?;
        Ok((answer[0].as_i64().unwrap_or(0), answer[1].as_str().unwrap_or_default().to_owned()))
    }

    /// What lacks, as the gate tells pipelines.
    async fn lacking(&self) -> anyhow::Result<Vec<Value>> {
        let (status, text) = self.call("gate?format=json", None).await?;
        ensure!(status == 200, "the gate answered {status}: {text}");
        let answer: Value = serde_json::from_str(&text)?;
        let items = answer["lacking"].as_array().or_else(|| answer["data"]["lacking"].as_array());
        Ok(items.with_context(|| text.clone())?.clone())
    }

    /// The exit status of `portcullis gate`.
    fn gate(&self) -> anyhow::Result<(Option<i32>, String)> {
        let output = Command::new(binary()?)
            .args(["gate", &self.slug, self.version, "--server", &self.program.base])
            .env("PORTCULLIS_TOKEN", &self.token)
            .output()?;
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Ok((output.status.code(), said))
    }

    async fn upload(&self, path: &str, action: &str, file: &str, content: &str) -> anyhow::Result<()> {
        let place = self.file(file, content)?;
        self.go(path).await?;
        self.browser.attach("file", &place).await?;
        self.browser.send(action, &[]).await
    }

    fn file(&self, name: &str, content: &str) -> anyhow::Result<PathBuf> {
        let place = self.folder.path().join(name);
        std::fs::write(&place, content)?;
        Ok(place)
    }

    /// A pipeline run without findings; with `kinds` only those.
    async fn posts(&self, kinds: Option<&[&str]>) -> anyhow::Result<()> {
        for (kind, measures) in POSTS.iter().filter(|(kind, _)| kinds.is_none_or(|kinds| kinds.contains(kind))) {
            let measures: serde_json::Map<String, Value> =
                measures.iter().map(|measure| ((*measure).to_owned(), json!(0))).collect();
            let body = json!({"kind": kind, "producer": "build 12", "measures": measures}).to_string();
            let (status, text) = self.call("evidence", Some(&body)).await?;
            ensure!(status == 201, "{kind}: {status} {text}");
        }
        Ok(())
    }

    /// The scan comes in with two open results; one is confirmed and mended, the other is a mistake of the scanner.
    async fn scans(&self) -> anyhow::Result<()> {
        let id = self.release.rsplit('/').next().unwrap_or_default();
        let import = format!("/desk/findings/import?release={id}");
        self.upload(&import, "/desk/findings/import", "scan.sarif", SARIF).await?;
        self.browser.expect("2 findings: 2 new").await?;
        self.browser.press("The findings of this release or branch").await?;
        self.browser.check_page().await?;
        self.tick("src/mixer.c").await?;
        self.browser.send("/desk/findings/bulk", &[("do", "false_positive")]).await?;
        self.browser.send("/desk/findings/bulk", &[("reason", "peer is checked by the caller.")]).await?;
        self.browser.expect("false positive").await?;
        self.tick("src/display.c").await?;
        self.browser.send("/desk/findings/bulk", &[("do", "confirm")]).await?;
        let (status, said) = self.call("scans?name=scan.sarif", Some(SARIF_MENDED)).await?;
        ensure!(status == 201, "{status} {said}");
        let scan: Value = serde_json::from_str(&said)?;
        ensure!(scan["scan"]["closed"] == 1, "{said}");
        self.upload(&import, "/desk/findings/import", "web.xml", ZAP_CLEAN).await?;
        self.browser.expect("0 findings").await
    }

    async fn tick(&self, words: &str) -> anyhow::Result<()> {
        let script = "for (const row of document.querySelectorAll('main tbody tr')) {
            const box = row.querySelector('[name=finding]'); if (box && box.checked !== row.textContent.includes(arguments[0])) box.click();
          }
          return document.querySelectorAll('main [name=finding]:checked').length";
        let ticked = self.script(script, &[json!(words)]).await?;
        ensure!(ticked == 1, "{ticked} findings of {words}:\n{}", self.browser.text().await?);
        Ok(())
    }

    /// Files and links for all that is missing and that people prove by hand; how many were added.
    async fn papers(&self) -> anyhow::Result<usize> {
        let by_hand = [
            "document",
            "link",
            "file",
            "approved_threat_model",
            "signed-off_review",
            "training_coverage",
            "test_report",
        ];
        let mut added = 0;
        for item in self.lacking().await? {
            let task = item["task"].as_str().context("a task")?;
            let at = format!("{}/tasks/{task}", self.release);
            self.go(&at).await?;
            let script = "const missing = [...document.querySelectorAll('main tbody tr')].filter((row) => row.textContent.includes('Missing')).map((row) => row.textContent.toLowerCase());
              const options = [...(document.querySelector('main [name=slot]')?.options ?? [])];
              return options.filter((one) => missing.some((words) => words.includes(one.text.toLowerCase()))).map((one) => [one.value, one.text])";
            let slots = self.script(script, &[]).await?;
            for (nth, slot) in slots.as_array().into_iter().flatten().enumerate() {
                let (value, words) = (slot[0].as_str().unwrap_or_default(), slot[1].as_str().unwrap_or_default());
                let kind = words.split(':').next().unwrap_or_default().to_lowercase().replace(' ', "_");
                if !by_hand.contains(&kind.as_str()) {
                    continue;
                }
                if nth > 0 {
                    self.go(&at).await?;
                }
                let figures = self.script("for (const one of document.querySelectorAll('main [name^=m-]')) one.value = 0; for (const one of document.querySelectorAll('main [name=percent]')) one.value = 100; return 1", &[]);
                figures.await?;
                if added % 3 == 0 {
                    let place = self.file("proof.txt", &format!("{task} {words}"))?;
                    self.browser.attach("file", &place).await?;
                    self.browser.send("/evidence", &[("slot", value), ("title", "Proof")]).await?;
                } else {
                    let fields = [("slot", value), ("title", "Proof"), ("url", "https://wiki.halden.example/proof")];
                    self.browser.send("/evidence", &fields).await?;
                }
                self.browser.expect("Added.").await?;
                added += 1;
                if item["what"].to_string().contains("One of these") {
                    break;
                }
            }
        }
        Ok(added)
    }

    /// Exceptions for what still lacks: a late case of the product is nothing that a release manager can mend.
    async fn ask_exceptions(&self) -> anyhow::Result<usize> {
        let wanted: Vec<Value> = self.lacking().await?.iter().map(|item| item["task"].clone()).collect();
        if wanted.is_empty() {
            return Ok(0);
        }
        self.go(&self.release).await?;
        let script = "for (const box of document.querySelectorAll('main [name=task]')) if (box.checked !== arguments[0].includes(box.value)) box.click();
          document.querySelector('main [name=expires_on]').value = new Date(Date.now() + 40 * 864e5).toISOString().slice(0, 10);
          return document.querySelectorAll('main [name=task]:checked').length";
        let ticked = self.script(script, &[json!(wanted)]).await?;
        ensure!(ticked == wanted.len(), "{ticked} of {} are on the page", wanted.len());
        let reason = ("reason", "The response team publishes what is late next week.");
        self.browser.send("/tasks", &[reason, ("do", "waiver")]).await?;
        self.browser.expect("asked for; somebody else decides").await?;
        Ok(wanted.len())
    }

    /// A second person decides about all that waits.
    async fn decide_all(&self, box_name: &str, verdict: &str, says: &str) -> anyhow::Result<()> {
        self.go(&format!("{}/reviews", self.release)).await?;
        self.browser.check_page().await?;
        let script = "for (const box of document.querySelectorAll('main [name=' + arguments[0] + ']')) box.click()";
        self.script(script, &[json!(box_name)]).await?;
        self.browser.send("/reviews", &[("do", verdict)]).await?;
        self.browser.expect(says).await
    }

    /// The signed verdict and the key, as files.
    async fn verdict(&self) -> anyhow::Result<(PathBuf, PathBuf)> {
        self.go(&format!("{}/gate", self.release)).await?;
        let script = "return fetch([...document.querySelectorAll('main a')].find((one) => one.textContent.trim() === arguments[0]).href).then((answer) => answer.text())";
        let verdict = self.script(script, &[json!("Signed statement")]).await?;
        let key = self.script(script, &[json!("Public key")]).await?;
        Ok((
            self.file("verdict.json", verdict.as_str().context("no verdict")?)?,
            self.file("gate-key.pem", key.as_str().context("no key")?)?,
        ))
    }

    fn verify(verdict: &Path, key: &Path) -> anyhow::Result<(Option<i32>, String)> {
        let output =
            Command::new(binary()?).args(["verify", "--require-pass", "--key"]).arg(key).arg(verdict).output()?;
        Ok((output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned()))
    }

    /// From the plan to the passed gate and back; `pipeline` names the posts, none: all.
    async fn carry(&self, pipeline: Option<&[&str]>) -> anyhow::Result<()> {
        self.go(&format!("{}/gate", self.release)).await?;
        self.browser.expect("tasks hold the gate").await?;
        self.browser.check_page().await?;
        let (status, said) = self.gate()?;
        ensure!(status == Some(1), "the gate passes before anything is done: {said}");

        self.sign_in("developer").await?;
        self.scans().await?;
        let id = self.release.rsplit('/').next().unwrap_or_default();
        self.upload(&format!("/desk/components/releases/{id}"), "/upload", "bom.json", SBOM).await?;
        self.browser.expect("2 components").await?;
        self.posts(pipeline).await?;
        let papers = self.papers().await?;
        ensure!(papers > 0, "nothing was to be proved by hand");

        self.sign_in("champion").await?;
        self.decide_all("evidence", "accept", &format!("{papers} accepted.")).await?;
        self.sign_in("release-manager").await?;
        let exceptions = self.ask_exceptions().await?;
        ensure!(exceptions <= 1, "{exceptions} tasks need an exception: {:?}", self.lacking().await?);
        if exceptions > 0 {
            self.sign_in("security-lead").await?;
            self.decide_all("waiver", "approve", &format!("{exceptions} approved.")).await?;
        }

        self.sign_in("release-manager").await?;
        self.go(&format!("{}/gate", self.release)).await?;
        self.browser.expect("The gate lets this release pass").await?;
        let choice = if exceptions > 0 { "passed_with_exceptions" } else { "passed" };
        let outcome = [("outcome", choice), ("reason", "All is shown that can be shown today.")];
        self.browser.send("/gate/decide", &outcome).await?;
        self.browser.expect("The decision is recorded").await?;
        let (status, said) = self.gate()?;
        ensure!(status == Some(0), "{said}");
        let (verdict, key) = self.verdict().await?;
        let (status, said) = Self::verify(&verdict, &key)?;
        ensure!(status == Some(0), "{said}");
        let forged = std::fs::read_to_string(&verdict)?.replacen("\"payload\":\"e", "\"payload\":\"f", 1);
        std::fs::write(&verdict, forged)?;
        ensure!(Self::verify(&verdict, &key)?.0 != Some(0), "a changed verdict is taken for genuine");
        self.lose_one().await
    }

    /// One piece of evidence is taken away, and the gate fails again and says which.
    async fn lose_one(&self) -> anyhow::Result<()> {
        self.go(&format!("{}?state=done&practice=operations_enablement", self.release)).await?;
        let script = "return document.querySelector('main tbody a[href*=\"/tasks/\"]')?.getAttribute('href')";
        let task = self.script(script, &[]).await?;
        let Some(task) = task.as_str() else { anyhow::bail!("no task is done:\n{}", self.browser.text().await?) };
        self.go(task).await?;
        self.browser.send("/end", &[("reason", "It was of another release.")]).await?;
        self.browser.expect("Taken away").await?;
        let (status, said) = self.gate()?;
        ensure!(status == Some(1), "the gate passes without the evidence: {said}");
        self.browser.page.clone().close().await?;
        Ok(())
    }
}

#[tokio::test]
async fn a_release_by_phases_passes_its_gate() -> anyhow::Result<()> {
    if !e2e::wanted() {
        return Ok(());
    }
    let journey = Journey::begin("Gate 100", "5.1", &["waterfall"]).await?;
    journey.carry(Some(&["secrets", "sca", "dast", "review", "ports"])).await
}

#[tokio::test]
async fn a_release_in_sprints_passes_its_gate() -> anyhow::Result<()> {
    if !e2e::wanted() {
        return Ok(());
    }
    let journey = Journey::begin("Desk Phone 20", "7.1", &["agile"]).await?;
    journey.carry(Some(&["secrets", "sca", "dast", "review", "ports"])).await
}

#[tokio::test]
async fn a_release_by_pipeline_passes_its_gate() -> anyhow::Result<()> {
    if !e2e::wanted() {
        return Ok(());
    }
    let journey = Journey::begin("Contact Desk", "6.1", &["devops"]).await?;
    journey.carry(None).await
}
