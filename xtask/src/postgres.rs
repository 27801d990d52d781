//! A PostgreSQL server that lives as long as the tests.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// The folder with `initdb` and `pg_ctl`, on the path or where Debian puts them.
pub fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok();
    let debian = versions.into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut found: Vec<PathBuf> = debian.filter(|folder| folder.join("initdb").is_file()).collect();
    found.sort();
    found.pop().or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
    })
}

/// A server on a free port of this machine, without durability; stopped and removed when dropped.
pub struct Server {
    folder: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
}

impl Server {
    /// Makes a cluster in a temporary folder and starts it.
    pub fn start() -> anyhow::Result<Self> {
        let programs = programs().context("PostgreSQL is not installed; run cargo xtask needs")?;
        let folder = tempfile::Builder::new().prefix("portcullis-postgres-").tempdir()?;
        // PostgreSQL refuses to run as root, so a root shell lends the folder to the package's own user.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777))?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let server = Self { folder, programs, port };
        let data = server.folder.path().join("data");
        server.shell(&format!(
            "{} -D {} -U portcullis -A trust -E UTF8 --locale=C.UTF-8 >/dev/null",
            server.program("initdb"),
            data.display()
        ))?;
        server.shell(&format!(
            "{} -D {} -w -l {} -o '-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync=off \
             -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=256MB \
             -c max_connections=500' start >/dev/null",
            server.program("pg_ctl"),
            data.display(),
            server.folder.path().join("log").display(),
            server.folder.path().display(),
        ))?;
        Ok(server)
    }

    /// Where tests connect to.
    pub fn url(&self) -> String {
        format!("postgres://portcullis@127.0.0.1:{}/postgres", self.port)
    }

    /// The last lines of what the server wrote, for when a test could not reach it.
    pub fn last_words(&self) -> String {
        let log = std::fs::read(self.folder.path().join("log")).unwrap_or_default();
        let text = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    fn program(&self, name: &str) -> String {
        self.programs.join(name).display().to_string()
    }

    fn shell(&self, line: &str) -> anyhow::Result<()> {
        let root = Path::new("/proc/self").metadata().is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0);
        let status = if root {
            Command::new("su").args(["postgres", "-s", "/bin/sh", "-c", line]).current_dir("/").status()
        } else {
            Command::new("sh").args(["-c", line]).status()
        };
        if !status.context("no shell")?.success() {
            bail!("PostgreSQL did not start: {line}");
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stop = format!(
            "{} -D {} -m immediate stop >/dev/null",
            self.program("pg_ctl"),
            self.folder.path().join("data").display()
        );
        if let Err(error) = self.shell(&stop) {
            eprintln!("PostgreSQL was left running: {error}");
        }
        let _nothing = self.shell(&format!("rm -rf {}", self.folder.path().join("data").display()));
    }
}
