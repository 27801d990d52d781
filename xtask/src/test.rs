//! Every check and every test, in the order in which a fault shows soonest.

use crate::run::{exists, run};
use crate::suites::{self, Suite};
use crate::{needs, postgres, tidy};

/// Crates whose tests speak to a database.
const ON_BOTH: &[&str] =
    &["db", "platform", "register", "process", "governance", "design", "verification", "operations", "app"];

/// `cargo xtask test`
pub fn everything() -> anyhow::Result<()> {
    needs::install()?;
    tidy::run()?;
    run("cargo", &["fmt", "--all", "--check"], &[])?;
    let suites = suites::build()?;
    run("cargo", &["test", "--workspace", "--quiet"], &[])?;
    on_postgres(&suites)?;
    for test in ["calculator", "contrast"] {
        run("node", &[&format!("crates/web/assets/tests/{test}.test.mjs")], &[])?;
    }
    run("cargo", &["build", "--workspace", "--quiet"], &[])?;
    for suite in suites.iter().filter(|suite| suite.name == "e2e") {
        suite.run(&["--test-threads=1"], &[("PORTCULLIS_E2E", "1")])?;
    }
    run("cargo", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"], &[])
}

fn on_postgres(suites: &[Suite]) -> anyhow::Result<()> {
    let server = postgres::Server::start()?;
    let url = server.url();
    for suite in suites.iter().filter(|suite| ON_BOTH.contains(&suite.name.as_str())) {
        suite
            .run(&[], &[("PORTCULLIS_TEST_POSTGRES", &url)])
            .inspect_err(|_| eprintln!("the database server's last words:\n{}", server.last_words()))?;
    }
    Ok(())
}

/// `cargo xtask check`
pub fn quick() -> anyhow::Result<()> {
    tidy::run()?;
    run("cargo", &["fmt", "--all", "--check"], &[])?;
    run("cargo", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"], &[])?;
    if exists("cargo-nextest") {
        run("cargo", &["nextest", "run", "--workspace"], &[])
    } else {
        run("cargo", &["test", "--workspace", "--quiet"], &[])
    }
}
