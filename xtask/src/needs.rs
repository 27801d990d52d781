//! What the tests need beside Rust: PostgreSQL, GnuPG, a mail server, Chromium and Node, from Debian's packages.

use anyhow::bail;

use crate::postgres;
use crate::run::{exists, run};

/// A program that the tests run, and the package that brings it.
const NEEDS: &[(&[&str], &str)] = &[
    (&["gpg"], "gnupg"),
    (&["chromium", "/usr/bin/chromium"], "chromium"),
    (&["chromedriver", "/usr/bin/chromedriver"], "chromium-driver"),
    (&["exim4", "/usr/sbin/exim4"], "exim4-daemon-light"),
    (&["node"], "nodejs"),
    (&["cc"], "gcc"),
];

/// Installs what is missing.
#[expect(clippy::disallowed_methods, reason = "a chore has no settings")]
pub fn install() -> anyhow::Result<()> {
    let mut missing: Vec<&str> = NEEDS
        .iter()
        .filter(|(programs, _)| !programs.iter().any(|program| exists(program)))
        .map(|(_, package)| *package)
        .collect();
    if postgres::programs().is_none() {
        missing.push("postgresql");
    }
    if missing.is_empty() {
        return Ok(());
    }
    if !exists("apt-get") {
        bail!("the tests need these packages of Debian, or what gives the same programs: {}", missing.join(" "));
    }
    println!("installing {}", missing.join(" "));
    let quiet = [("DEBIAN_FRONTEND", "noninteractive")];
    // On a developer's own machine this asks for the password; in CI one is root already.
    let sudo =
        if exists("sudo") && std::env::var("USER").is_ok_and(|user| user != "root") { Some("sudo") } else { None };
    let apt = |arguments: &[&str]| match sudo {
        Some(sudo) => run(sudo, &[&["apt-get"], arguments].concat(), &quiet),
        None => run("apt-get", arguments, &quiet),
    };
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], missing.as_slice()].concat())
}
