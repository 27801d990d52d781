//! A new installation: the printed link, the administrator, a mail through a real server.

use e2e::browser::Browser;
use e2e::mail::MailServer;
use e2e::program::Program;

#[tokio::test]
async fn the_first_start_makes_an_administrator() -> anyhow::Result<()> {
    if !e2e::wanted() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let mail = MailServer::start().await?;
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let base = format!("http://127.0.0.1:{port}");
    let settings = folder.path().join("portcullis.toml");
    let text = format!(
        "listen = \"127.0.0.1:{port}\"\nbase_url = \"{base}\"\ndata_dir = \"{}\"\nlog = \"warn\"\n[smtp]\nurl = \"{}\"\n",
        folder.path().join("data").display(),
        mail.url()
    );
    std::fs::write(&settings, text)?;
    let program = Program::serve(&settings, &base).await?;
    let said = program.announced.to_string();
    let token =
        said.split("/desk/welcome/").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned();
    let browser = Browser::start(1280, false).await?;
    browser.page.goto(&format!("{base}/desk/welcome/{token}")).await?;
    browser.check_page().await?;
    browser.fill("name", "Ada Admin").await?;
    browser.fill("email", "ada@halden.example").await?;
    browser.fill("password", "four plain words here").await?;
    browser.press("Set up").await?;
    browser.expect("You can sign in now").await?;
    browser.sign_in(&base, "ada@halden.example", "four plain words here").await?;
    browser.page.goto(&format!("{base}/desk/people")).await?;
    browser.expect("Ada Admin").await?;
    browser.check_page().await?;
    browser.page.close().await?;
    Ok(())
}
