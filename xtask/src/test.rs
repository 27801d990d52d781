//! Every check and every test, in the order in which a fault shows soonest.

use crate::run::{exists, run};
use crate::{needs, postgres, tidy};

/// Crates whose tests speak to a database.
const ON_BOTH: &[&str] =
    &["db", "platform", "register", "process", "governance", "design", "verification", "operations", "app"];

/// `cargo xtask test`
pub fn everything() -> anyhow::Result<()> {
    needs::install()?;
    tidy::run()?;
    run("cargo", &["fmt", "--all", "--check"], &[])?;
    run("cargo", &["test", "--workspace", "--quiet"], &[])?;
    let server = postgres::Server::start()?;
    let mut arguments = vec!["test", "--quiet"];
    arguments.extend(ON_BOTH.iter().flat_map(|name| ["-p", name]));
    run("cargo", &arguments, &[("PORTCULLIS_TEST_POSTGRES", &server.url())])
        .inspect_err(|_| eprintln!("the database server's last words:\n{}", server.last_words()))?;
    drop(server);
    for test in ["calculator", "contrast"] {
        run("node", &[&format!("crates/web/assets/tests/{test}.test.mjs")], &[])?;
    }
    run("cargo", &["build", "--workspace", "--quiet"], &[])?;
    run("cargo", &["test", "--quiet", "-p", "e2e", "--", "--test-threads=1"], &[("PORTCULLIS_E2E", "1")])?;
    run("cargo", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"], &[])
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
