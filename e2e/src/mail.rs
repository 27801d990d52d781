//! A real SMTP server (Exim) that accepts everything and files it into one folder.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::{Child, Command};

/// A running mail server and its folder.
pub struct MailServer {
    /// Where it listens.
    pub port: u16,
    folder: tempfile::TempDir,
    _child: Child,
}

impl MailServer {
    /// Starts Exim on a free port of this machine.
    pub async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("portcullis-mail-").tempdir()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let at = folder.path().display();
        let user = if is_root() { "Debian-exim" } else { "" };
        let owner = if user.is_empty() { String::new() } else { format!("exim_user = {user}\nexim_group = {user}\n") };
        let as_user = if user.is_empty() { String::new() } else { format!("  user = {user}\n") };
        let configuration = format!(
            "primary_hostname = mail.test.example\n{owner}spool_directory = {at}/spool\nlog_file_path = {at}/log/%slog\n\
             pid_file_path = {at}/exim.pid\nhost_lookup =\nrfc1413_query_timeout = 0s\ntls_advertise_hosts =\n\
             acl_smtp_rcpt = accept_all\nacl_smtp_data = accept_all\nmessage_size_limit = 60M\nkeep_environment =\n\
             begin acl\naccept_all:\n  accept\n\
             begin routers\nall:\n  driver = accept\n  transport = file\n\
             begin transports\nfile:\n  driver = appendfile\n  directory = {at}/maildir\n  maildir_format\n  create_directory\n{as_user}\
             begin retry\nbegin rewrite\nbegin authenticators\n"
        );
        std::fs::write(folder.path().join("exim.conf"), configuration)?;
        for name in ["spool", "log", "maildir", "maildir/new", "maildir/cur", "maildir/tmp"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(&path)?;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o777))?;
        }
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
        let program = if PathBuf::from("/usr/sbin/exim4").is_file() { "/usr/sbin/exim4" } else { "exim4" };
        let child = Command::new(program)
            .args(["-bdf", "-q1m", "-oX", &format!("127.0.0.1.{port}"), "-C"])
            .arg(folder.path().join("exim.conf"))
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("exim4 does not start; run cargo xtask needs")?;
        let server = Self { port, folder, _child: child };
        for _ in 0..100 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the mail server does not answer")
    }

    /// The setting `smtp.url` for this server.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// All mail that was delivered so far, as it came.
    pub fn delivered(&self) -> anyhow::Result<Vec<Vec<u8>>> {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(self.folder.path().join("maildir/new"))?.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths.iter().map(|path| std::fs::read(path).map_err(Into::into)).collect()
    }

    /// Waits until a mail that fits was delivered.
    pub async fn wait_for(&self, fits: impl Fn(&str) -> bool) -> anyhow::Result<Vec<u8>> {
        for _ in 0..150 {
            if let Some(found) = self.delivered()?.into_iter().find(|mail| fits(&String::from_utf8_lossy(mail))) {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let log = std::fs::read_to_string(self.folder.path().join("log/mainlog")).unwrap_or_default();
        bail!("no such mail came; {} others did. The server's log:\n{log}", self.delivered()?.len())
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0)
}
