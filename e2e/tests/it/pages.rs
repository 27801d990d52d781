//! Every page that the demo shows, wide and narrow: no broken rule, no error in the console.

use e2e::browser::Browser;
use e2e::program::Program;

const PORTAL: &[&str] =
    &["/", "/advisories", "/report", "/policy", "/privacy", "/keys", "/subscribe", "/documents", "/no-such-page"];
const DESK: &[&str] = &["/desk", "/desk/products", "/desk/account", "/desk/reports", "/desk/cases", "/desk/advisories"];
/// The programme in figures, and what was learned.
const PROGRAMME: &[&str] = &[
    "/desk/programme",
    "/desk/programme/rows?measure=targets",
    "/desk/programme/improvement",
    "/desk/programme/improvement/escapes",
    "/desk/programme/improvement/actions",
    "/desk/programme/improvement/actions/new",
];
const ADMINISTRATION: &[&str] = &["/desk/people", "/desk/people/invite", "/desk/settings", "/desk/audit", "/desk/jobs"];

#[tokio::test]
async fn pages_keep_the_rules_wide_and_narrow() -> anyhow::Result<()> {
    if !e2e::wanted() {
        return Ok(());
    }
    let program = Program::demo().await?;
    for (width, dark) in [(1280, false), (500, true)] {
        let browser = Browser::start(width, dark).await?;
        for path in PORTAL {
            browser.page.goto(&format!("{}{path}", program.base)).await?;
            browser.check_page().await?;
        }
        for (role, paths) in [("lead", DESK), ("security-lead", PROGRAMME), ("administrator", ADMINISTRATION)] {
            let (email, password) = program.sign_in(role)?;
            browser.page.delete_all_cookies().await?;
            browser.sign_in(&program.base, &email, &password).await?;
            for path in paths {
                browser.page.goto(&format!("{}{path}", program.base)).await?;
                browser.check_page().await?;
            }
        }
        browser.page.close().await?;
    }
    Ok(())
}
