//! Every page that the demo shows, wide and narrow: no broken rule, no error in the console.

use e2e::browser::Browser;
use e2e::program::Program;

const PORTAL: &[&str] =
    &["/", "/advisories", "/report", "/policy", "/privacy", "/keys", "/subscribe", "/documents", "/no-such-page"];
const DESK: &[&str] = &[
    "/desk",
    "/desk/products",
    "/desk/account",
    "/desk/reports",
    "/desk/cases",
    "/desk/advisories",
    "/desk/notices",
    "/desk/contact-keys",
];
const LIFE_CYCLE: &[&str] = &[
    "/desk",
    "/desk/releases",
    "/desk/practices",
    "/desk/practices/heatmap",
    "/desk/practices/coverage",
    "/desk/practices/packs",
    "/desk/practices/security_testing",
    "/desk/findings",
    "/desk/findings/imports",
    "/desk/findings/thresholds",
    "/desk/components",
    "/desk/components/releases",
    "/desk/components/rules",
    "/desk/assessments",
    "/desk/programme",
    "/desk/programme/rows?measure=targets",
    "/desk/programme/improvement",
    "/desk/programme/improvement/escapes",
    "/desk/programme/improvement/actions",
];
/// Pages of one release, behind its address.
const RELEASE: &[&str] = &["", "/gate", "/reviews", "/plan", "?state=lacking"];
const ADMINISTRATION: &[&str] = &[
    "/desk/people",
    "/desk/people/invite",
    "/desk/settings",
    "/desk/settings/policies",
    "/desk/settings/keys",
    "/desk/audit",
    "/desk/jobs",
];

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
        for (role, paths) in [("lead", DESK), ("administrator", ADMINISTRATION)] {
            let (email, password) = program.sign_in(role)?;
            browser.page.delete_all_cookies().await?;
            browser.sign_in(&program.base, &email, &password).await?;
            for path in paths {
                browser.page.goto(&format!("{}{path}", program.base)).await?;
                browser.check_page().await?;
            }
        }
        let (email, password) = program.sign_in("release-manager")?;
        browser.page.delete_all_cookies().await?;
        browser.sign_in(&program.base, &email, &password).await?;
        for path in LIFE_CYCLE {
            browser.page.goto(&format!("{}{path}", program.base)).await?;
            browser.check_page().await?;
        }
        browser.page.goto(&format!("{}/desk/releases?q=Gate+300+8.0", program.base)).await?;
        let script = "return document.querySelector('main tbody a[href^=\"/desk/releases/\"]').getAttribute('href')";
        let release = browser.page.execute(script, Vec::new()).await?;
        let release = release.as_str().unwrap_or_default().trim_end_matches("/gate").to_owned();
        let id = release.rsplit('/').next().unwrap_or_default();
        let more =
            [format!("/desk/findings/summary?release={id}"), format!("/desk/components/releases/{id}/difference")];
        for path in RELEASE.iter().map(|path| format!("{release}{path}")).chain(more) {
            browser.page.goto(&format!("{}{path}", program.base)).await?;
            browser.check_page().await?;
        }
        browser.page.close().await?;
    }
    Ok(())
}
