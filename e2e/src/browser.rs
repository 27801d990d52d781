//! A headless Chromium, driven through its driver.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use tokio::process::{Child, Command};

/// A browser and its driver; both end when this is dropped.
pub struct Browser {
    /// The page.
    pub page: Client,
    _driver: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts a browser of this width, light or dark.
    pub async fn start(width: u32, dark: bool) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let profile = tempfile::tempdir()?;
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("chromedriver does not start; run cargo xtask needs")?;
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            format!("--window-size={width},1000"),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        if dark {
            arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        let capabilities = serde_json::json!({
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments, "binary": "/usr/bin/chromium"},
            "goog:loggingPrefs": {"browser": "ALL"},
        });
        let capabilities = capabilities.as_object().cloned().unwrap_or_default();
        let address = format!("http://127.0.0.1:{port}");
        for _ in 0..100 {
            if let Ok(page) =
                ClientBuilder::new(HttpConnector::new()).capabilities(capabilities.clone()).connect(&address).await
            {
                return Ok(Self { page, _driver: driver, _profile: profile });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("Chromium does not start")
    }

    /// Signs in on the desk.
    pub async fn sign_in(&self, base: &str, email: &str, password: &str) -> anyhow::Result<()> {
        self.page.goto(&format!("{base}/desk/sign-in")).await?;
        self.fill("email", email).await?;
        self.fill("password", password).await?;
        self.press("Sign in").await?;
        for _ in 0..100 {
            if self.page.current_url().await?.path() != "/desk/sign-in" {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("signing in as {email} failed: {}", self.text().await?)
    }

    /// Types into the field with this name.
    pub async fn fill(&self, name: &str, value: &str) -> anyhow::Result<()> {
        let field = self
            .page
            .find(Locator::Css(&format!("main [name='{name}']")))
            .await
            .with_context(|| format!("no field {name}"))?;
        field.clear().await?;
        field.send_keys(value).await?;
        Ok(())
    }

    /// Chooses a file for the field with this name.
    pub async fn attach(&self, name: &str, file: &std::path::Path) -> anyhow::Result<()> {
        let field = self
            .page
            .find(Locator::Css(&format!("main input[type=file][name='{name}']")))
            .await
            .with_context(|| format!("no field {name}"))?;
        field.send_keys(&file.display().to_string()).await?;
        Ok(())
    }

    /// Chooses a value of a select.
    pub async fn choose(&self, name: &str, value: &str) -> anyhow::Result<()> {
        let field = self
            .page
            .find(Locator::Css(&format!("main select[name='{name}']")))
            .await
            .with_context(|| format!("no select {name}"))?;
        field.select_by_value(value).await.with_context(|| format!("{name} has no choice {value}"))?;
        Ok(())
    }

    /// Presses the visible button or link with these words.
    pub async fn press(&self, words: &str) -> anyhow::Result<()> {
        let path = format!("//main//*[self::button or self::a or self::summary][normalize-space(.)='{words}']");
        for element in self.page.find_all(Locator::XPath(&path)).await? {
            if element.is_displayed().await? {
                element.click().await?;
                return Ok(());
            }
        }
        bail!("no button {words:?} at {}:\n{}", self.page.current_url().await?, self.text().await?)
    }

    /// Fills the form that posts to an address with this end, and sends it; hidden fields go along as the page has them.
    pub async fn send(&self, action_end: &str, fields: &[(&str, &str)]) -> anyhow::Result<()> {
        let script = include_str!("send_form.js");
        let fields: Vec<_> = fields.iter().map(|(name, value)| serde_json::json!([name, value])).collect();
        let problem = self.page.execute(script, vec![serde_json::json!(action_end), serde_json::json!(fields)]).await?;
        if let Some(words) = problem.as_str() {
            bail!("{}: {words}\n{}", self.page.current_url().await?, self.text().await?);
        }
        for _ in 0..150 {
            let gone =
                self.page.execute("return !window.sentForm && document.readyState === 'complete'", Vec::new()).await;
            if gone.is_ok_and(|gone| gone == serde_json::Value::Bool(true)) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the form to {action_end} was not answered:\n{}", self.text().await?)
    }

    /// The page's address without host and query.
    pub async fn path(&self) -> anyhow::Result<String> {
        Ok(self.page.current_url().await?.path().to_owned())
    }

    /// What a person reads on the page.
    pub async fn text(&self) -> anyhow::Result<String> {
        let read = async || self.page.find(Locator::Css("body")).await?.text().await;
        for _ in 0..20 {
            // While the next page comes in, the body that was found is gone when it is read.
            if let Ok(text) = read().await {
                return Ok(text);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(read().await?)
    }

    /// Fails unless the page says these words, now or within three seconds.
    pub async fn expect(&self, words: &str) -> anyhow::Result<()> {
        for _ in 0..30 {
            if self.text().await?.contains(words) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("{} does not say {words:?}:\n{}", self.page.current_url().await?, self.text().await?)
    }

    /// Fails unless the page says these words within five seconds: for what script brings.
    pub async fn expect_soon(&self, words: &str) -> anyhow::Result<()> {
        for _ in 0..100 {
            if self.text().await?.contains(words) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.expect(words).await
    }

    /// Fails when the page breaks a rule that a program can check: one h1, labels on fields, names on buttons and links,
    /// a language, no element wider than the window, no doubled identifiers.
    pub async fn check_page(&self) -> anyhow::Result<()> {
        let script = include_str!("check_page.js");
        let complaints = self.page.execute(script, Vec::new()).await?;
        match complaints.as_array() {
            Some(list) if list.is_empty() => Ok(()),
            _ => bail!("{}: {complaints}", self.page.current_url().await?),
        }
    }
}
