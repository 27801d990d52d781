//! The main job from end to end: an encrypted mail comes in, a signed advisory and mail go out.
//!
//! The finder uses GnuPG, mail goes through Exim, and people work in Chromium.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use e2e::browser::Browser;
use e2e::mail::MailServer;
use e2e::program::{Program, binary};

const VECTOR: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
const PASSWORD: &str = "four plain words here";

struct World {
    base: String,
    settings: std::path::PathBuf,
    browser: Browser,
    mail: MailServer,
    folder: tempfile::TempDir,
    _program: Program,
}

fn run(program: &str, arguments: &[&str], home: &Path) -> anyhow::Result<String> {
    let output =
        Command::new(program).args(arguments).env("GNUPGHOME", home).output().with_context(|| program.to_owned())?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{program} {arguments:?}: {said}");
    Ok(said)
}

impl World {
    async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mail = MailServer::start().await?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let base = format!("http://127.0.0.1:{port}");
        let settings = folder.path().join("portcullis.toml");
        let text = format!(
            "listen = \"127.0.0.1:{port}\"\nbase_url = \"{base}\"\ndata_dir = \"{}\"\nlog = \"error\"\n\
             [smtp]\nurl = \"{}\"\nfrom = \"psirt@halden.example\"\n",
            folder.path().join("data").display(),
            mail.url()
        );
        std::fs::write(&settings, text)?;
        let program = Program::serve(&settings, &base).await?;
        let browser = Browser::start(1280, false).await?;
        Ok(Self { base, settings, browser, mail, folder, _program: program })
    }

    async fn go(&self, path: &str) -> anyhow::Result<()> {
        self.browser.page.goto(&format!("{}{path}", self.base)).await?;
        Ok(())
    }

    /// Adds a person on the command line and sets their password in the browser.
    async fn person(&self, email: &str, name: &str, role: &str) -> anyhow::Result<()> {
        let output = Command::new(binary()?)
            .args(["user", "add", "--config"])
            .arg(&self.settings)
            .args([email, name, "--role", role])
            .output()?;
        let link = String::from_utf8(output.stdout)?;
        self.browser.page.goto(link.trim()).await?;
        self.browser.fill("password", PASSWORD).await?;
        self.browser.press("Set password").await
    }

    async fn sign_in(&self, email: &str) -> anyhow::Result<()> {
        self.browser.page.delete_all_cookies().await?;
        self.browser.sign_in(&self.base, email, PASSWORD).await
    }

    /// A family, a product and two releases; the product's address.
    async fn products(&self) -> anyhow::Result<String> {
        self.go("/desk/families/new").await?;
        self.browser.send("/desk/families/new", &[("name", "Gates")]).await?;
        self.browser.send("/desk/products/new", &[("name", "Gate 300")]).await?;
        let product = self.browser.path().await?;
        for (version, day) in [("7.1", "2026-01-15"), ("7.2", "2026-10-01")] {
            self.go(&format!("{product}/releases/new")).await?;
            let fields =
                [("version", version), ("state", "released"), ("released_on", day), ("support_ends_on", "2031-12-31")];
            self.browser.send("/releases/new", &fields).await?;
        }
        Ok(product)
    }

    /// Somebody signs up for notices and confirms by the link in the mail.
    async fn subscriber(&self) -> anyhow::Result<()> {
        self.go("/subscribe").await?;
        self.browser.send("/subscribe", &[("address", "reader@example.org")]).await?;
        let mail = self.mail.wait_for(|mail| mail.contains("reader@example.org") && mail.contains("/confirm")).await?;
        let text = String::from_utf8_lossy(&mail).replace("=\r\n", "").replace("=\n", "").replace("=3D", "=");
        let start = text.find(&format!("{}/subscribe/", self.base)).context("no link in the mail")?;
        let link: String = text[start..].chars().take_while(|c| !c.is_whitespace() && *c != '"' && *c != '<').collect();
        self.browser.page.goto(&link).await?;
        self.browser.send("/confirm", &[]).await
    }

    /// The finder writes an encrypted and signed mail with GnuPG, and it is brought in.
    async fn encrypted_mail(&self) -> anyhow::Result<()> {
        let home = self.folder.path().join("gnupg");
        std::fs::create_dir(&home)?;
        std::fs::set_permissions(&home, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let finder = "Vera Lindqvist <vera@example.org>";
        run(
            "gpg",
            &["--batch", "--quiet", "--passphrase", "", "--quick-generate-key", finder, "default", "default", "1y"],
            &home,
        )?;
        self.go("/keys").await?;
        let key = self.browser.page.execute(
            "return fetch(document.querySelector('main a[href$=\".asc\"]').href).then((answer) => answer.text())",
            Vec::new(),
        );
        let path = self.folder.path().join("psirt.asc");
        std::fs::write(&path, key.await?.as_str().context("no key")?)?;
        run("gpg", &["--batch", "--quiet", "--import", &path.display().to_string()], &home)?;
        let (plain, sealed) = (self.folder.path().join("mail.txt"), self.folder.path().join("mail.asc"));
        std::fs::write(
            &plain,
            "Content-Type: text/plain; charset=utf-8\r\n\r\nThe dialler overflows with a long display name.\r\n",
        )?;
        let (plain, out) = (plain.display().to_string(), sealed.display().to_string());
        let seal = [
            "--batch",
            "--quiet",
            "--trust-model",
            "always",
            "--armor",
            "--sign",
            "--encrypt",
            "-r",
            "psirt@halden.example",
            "-o",
            &out,
            &plain,
        ];
        run("gpg", &seal, &home)?;
        let message = format!(
            "From: {finder}\r\nTo: psirt@halden.example\r\nSubject: Gate 300\r\nMessage-ID: <one@example.org>\r\n\
             Date: Sun, 22 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n\
             --b\r\nContent-Type: application/octet-stream\r\n\r\n{}\r\n--b--\r\n",
            std::fs::read_to_string(&sealed)?
        );
        let eml = self.folder.path().join("report.eml");
        std::fs::write(&eml, message)?;
        let arguments =
            ["report", "import", "--config", &self.settings.display().to_string(), &eml.display().to_string()];
        let said = run(&binary()?.display().to_string(), &arguments, &home)?;
        ensure!(said.contains("new report R-"), "{said}");
        let again = run(&binary()?.display().to_string(), &arguments, &home)?;
        ensure!(again.contains("known already"), "{again}");
        Ok(())
    }

    /// From the report to a case that is ready; the case's address.
    async fn case(&self, product: &str) -> anyhow::Result<String> {
        self.go("/desk/reports").await?;
        let report = self
            .browser
            .page
            .execute(
                "return document.querySelector('main tbody a[href*=\"/desk/reports/\"]').getAttribute('href')",
                Vec::new(),
            )
            .await?;
        self.go(report.as_str().context("no report in the inbox")?).await?;
        self.browser.expect("The dialler overflows with a long display name.").await?;
        self.browser.check_page().await?;
        self.browser.send("/case", &[("title", "Overflow in the dialler")]).await?;
        let case = self.browser.path().await?;
        self.go(&format!("{case}/edit")).await?;
        let id = product.rsplit('/').next().unwrap_or_default();
        self.browser.send("/edit", &[("product", id)]).await?;
        self.go(&format!("{case}/vulnerabilities/new")).await?;
        self.browser
            .send("/vulnerabilities/new", &[("title", "Overflow"), ("cwe", "787"), ("cve", "CVE-1900-4242")])
            .await?;
        let flaw = self.browser.path().await?;
        self.browser.send("/score", &[("pasted31", VECTOR), ("reason31", "Reproduced in the lab.")]).await?;
        self.browser.expect("9.8").await?;
        self.go(&case).await?;
        self.step("confirm").await?;
        self.exposure(&case).await?;
        self.go(&flaw).await?;
        self.browser
            .send("/remediation", &[("category", "workaround"), ("details", "Accept calls from known servers only.")])
            .await?;
        self.go(&case).await?;
        self.step("ready").await?;
        self.browser.check_page().await?;
        Ok(case)
    }

    async fn step(&self, name: &str) -> anyhow::Result<()> {
        let script = "const form = [...document.querySelectorAll('main form')].find((one) => one.elements.move?.value === arguments[0]);
                      if (!form) return 'no such move'; form.setAttribute('action', form.getAttribute('action') + '?' ); form.id = 'chosen-move'; return null";
        let problem = self.browser.page.execute(script, vec![serde_json::json!(name)]).await?;
        ensure!(problem.is_null(), "{name}: {problem}: {}", self.browser.text().await?);
        let send = "window.sentForm = true; document.getElementById('chosen-move').requestSubmit()";
        self.browser.page.execute(send, Vec::new()).await?;
        for _ in 0..100 {
            let gone = self
                .browser
                .page
                .execute("return !window.sentForm && document.readyState === 'complete'", Vec::new())
                .await;
            if gone.is_ok_and(|gone| gone == serde_json::Value::Bool(true)) {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        anyhow::bail!("the move {name} was not answered")
    }

    /// 7.1 is affected, 7.2 is fixed.
    async fn exposure(&self, case: &str) -> anyhow::Result<()> {
        for (version, status) in [("7.1", "affected"), ("7.2", "fixed")] {
            self.go(&format!("{case}/exposure")).await?;
            let tick = "for (const box of document.querySelectorAll('main input[type=checkbox]')) {
                          const words = box.closest('label')?.textContent ?? '';
                          box.checked = box.name === 'vulnerability' || (box.name === 'release' && words.includes(arguments[0]));
                        }";
            self.browser.page.execute(tick, vec![serde_json::json!(version)]).await?;
            self.browser.send("/exposure", &[("status", status)]).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn an_encrypted_mail_becomes_a_published_advisory() -> anyhow::Result<()> {
    if !e2e::wanted() {
        return Ok(());
    }
    let world = World::start().await?;
    for (email, name, role) in [
        ("lea@halden.example", "Lea Nordin", "lead"),
        ("kim@halden.example", "Kim Sato", "lead"),
        ("ada@halden.example", "Ada Brandt", "administrator"),
    ] {
        world.person(email, name, role).await?;
    }
    world.sign_in("ada@halden.example").await?;
    world.go("/desk/settings").await?;
    let profile = [
        ("name", "Halden Systems"),
        ("namespace", "https://halden.example"),
        ("contact_email", "psirt@halden.example"),
    ];
    world.browser.send("/desk/settings/vendor", &profile).await?;
    world.go("/desk/settings/keys").await?;
    if !world.browser.text().await?.contains("psirt@halden.example") {
        world.browser.send("/desk/settings/keys", &[]).await?;
    }
    world.sign_in("lea@halden.example").await?;
    let product = world.products().await?;
    world.subscriber().await?;
    world.encrypted_mail().await?;
    world.sign_in("lea@halden.example").await?;
    let case = world.case(&product).await?;

    // Nothing is public before its time.
    for path in ["/", "/advisories", "/feeds/advisories.atom"] {
        world.go(path).await?;
        ensure!(!world.browser.text().await?.contains("dialler"), "{path} speaks of the case");
    }

    world.go(&format!("/desk/advisories/new?case={}", case.rsplit('/').next().unwrap_or_default())).await?;
    world.browser.send("/desk/advisories/new", &[]).await?;
    // The text is checked while it is typed, without sending the form.
    world.browser.fill("links", "words without an address").await?;
    world.browser.expect_soon("A line has no address").await?;
    world.browser.check_page().await?;
    world
        .browser
        .send(
            "/edit",
            &[("title", "Gate 300 stops at a long display name"), ("summary", "Update to 7.2."), ("links", "")],
        )
        .await?;
    let advisory = world.browser.path().await?;
    world.browser.send("/submit", &[]).await?;
    world.sign_in("kim@halden.example").await?;
    world.go(&advisory).await?;
    world.browser.send("/approve", &[]).await?;
    world.browser.send("/publish", &[]).await?;

    world.go("/advisories").await?;
    world.browser.expect("Gate 300 stops at a long display name").await?;
    world.browser.check_page().await?;
    let notice = world
        .mail
        .wait_for(|mail| mail.contains("reader@example.org") && mail.contains("List-Unsubscribe-Post"))
        .await?;
    ensure!(String::from_utf8_lossy(&notice).contains("Gate 300"), "the notice names the product");
    let sent = world.mail.delivered()?;
    let to_reader = sent.iter().filter(|mail| String::from_utf8_lossy(mail).contains("List-Unsubscribe-Post")).count();
    ensure!(to_reader == 1, "each notice is sent once, not {to_reader} times");
    world.browser.page.close().await?;
    Ok(())
}
