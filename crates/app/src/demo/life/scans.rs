//! Reports of scanners come in, and people judge what they say.

use anyhow::Context;
use kernel::Role;

use super::{Life, reports};
use crate::demo::client::Attached;
use crate::demo::store;

impl Life<'_> {
    /// Somebody imports a report for a release.
    pub(super) async fn scan(&self, product: &str, version: &str, name: &str) -> anyhow::Result<()> {
        let release = self.release(product, version)?;
        let (file, content) = reports::report(name).with_context(|| format!("no report {name}"))?;
        let target = format!("release {release}");
        let file = Attached { name: file, content: &content };
        let fields = [("target", target.as_str())];
        self.site.upload(self.cookie(Role::Tester), "/desk/findings/import", &fields, &file).await.map(|_| ())
    }

    /// A pipeline posts a report for a branch.
    pub(super) async fn branch_scan(&self, product: &str, branch: &str, name: &str) -> anyhow::Result<()> {
        let (_, slug) = self.product(product)?;
        let (file, content) = reports::report(name).with_context(|| format!("no report {name}"))?;
        let at = format!("/api/v1/products/{slug}/branches/{branch}/scans?name={file}");
        self.site.api(&self.token_of(product)?, &at, content).await
    }

    async fn judge(
        &self,
        who: Role,
        (product, version): (&str, &str),
        rules: &[&str],
        fields: &[(&str, &str)],
    ) -> anyhow::Result<()> {
        let release = self.release(product, version)?.to_string();
        let mut ids = Vec::new();
        for rule in rules {
            ids.push(store::finding(self.platform, &release, rule).await.with_context(|| (*rule).to_owned())?);
        }
        let mut all = vec![("step", "2"), ("back", "/desk/findings")];
        all.extend_from_slice(fields);
        all.extend(ids.iter().map(|id| ("finding", id.as_str())));
        self.post(who, "/desk/findings/bulk", &all).await
    }

    /// What people decide about findings, step by step.
    pub(super) async fn triage(&self, product: &str, version: &str, step: u8) -> anyhow::Result<()> {
        let at = (product, version);
        let until = |days: i32| self.today().plus_days(days).to_string();
        match step {
            1 => {
                let real = ["buffer-size", "format-string", "hardcoded-key", "command-injection"];
                self.judge(Role::Developer, at, &real, &[("do", "confirm"), ("reason", "Reproduced in the lab.")])
                    .await?;
                let reason =
                    "The lint knows only the old signature of this function; both arguments are checked above.";
                let wrong = ["null-dereference", "missing-break"];
                self.judge(Role::Developer, at, &wrong, &[("do", "false_positive"), ("reason", reason)]).await?;
                let reason = "The folder belongs to the service alone; nobody else can put a file there.";
                self.judge(Role::Developer, at, &["time-of-check"], &[("do", "not_reachable"), ("reason", reason)])
                    .await?;
                let reason = "Frames and stride come from our own encoder and are bounded there.";
                let rate = [("do", "rate"), ("severity", "low"), ("reason", reason)];
                self.judge(Role::Tester, at, &["integer-overflow"], &rate).await
            }
            2 => {
                let ends = until(45);
                let reason = "The key opens test devices only; it is replaced with the next batch.";
                let ask = [("do", "acceptance"), ("until", ends.as_str()), ("reason", reason)];
                self.judge(Role::Developer, at, &["private-key"], &ask).await?;
                self.judge(Role::SecurityLead, at, &["private-key"], &[("do", "approve"), ("reason", "")]).await?;
                let ends = until(120);
                let reason = "The console is reached from the maintenance network only.";
                let ask = [("do", "acceptance"), ("until", ends.as_str()), ("reason", reason)];
                self.judge(Role::Developer, at, &["path-traversal"], &ask).await?;
                let release = self.release(product, version)?.to_string();
                let original = store::finding(self.platform, &release, "buffer-size").await?;
                let same = [
                    ("do", "duplicate"),
                    ("duplicate_of", original.as_str()),
                    ("reason", "The same buffer; mended together."),
                ];
                self.judge(Role::Tester, at, &["unchecked-return"], &same).await
            }
            3 => {
                let confirm = [("do", "confirm"), ("reason", "Seen with a browser.")];
                self.judge(Role::Tester, at, &["10038", "10020"], &confirm).await
            }
            _ => {
                let reason = "Our build leaves this module out.";
                let rules = ["CVE-1900-20031"];
                self.judge(Role::Developer, at, &rules, &[("do", "not_reachable"), ("reason", reason)]).await
            }
        }
    }
}
